"""Handing over and notes on the pages, with forms alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services
from vardnara.apps.service.models import Handover, Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def of(stage: Stage, who: str) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users[who])
    return client


def test_sign_read_and_look_back(stage: Stage) -> None:
    """What cannot be signed stays in the field; the next one reads it and says so; the list shows who."""
    page = of(stage, "coordinator").post("/samordning/overlamning/", {"text": "Plats 1: 19121212-1212"})
    assert "personnummer" in page.content.decode() and "Plats 1: 19121212-1212" in page.content.decode()
    assert 'class="faults"' in of(stage, "coordinator").post("/samordning/overlamning/", {"text": ""}).content.decode()
    of(stage, "coordinator").post("/samordning/overlamning/", {"text": "Hissen står still."})
    made = Handover.objects.get()
    page = of(stage, "service_head").get("/samordning/overlamning/").content.decode()
    assert "Hissen står still." in page and "Jag har läst" in page
    address = f"/samordning/overlamning/{made.pk}/"
    assert "Jag har läst" not in of(stage, "coordinator").get(address).content.decode()
    page = of(stage, "service_head").post(address + "last/", follow=True).content.decode()
    assert "Noterat att du har läst." in page and "Så här stod det till" in page
    assert "läst av" in of(stage, "coordinator").get("/samordning/overlamning/").content.decode()
    outsider = Client()
    outsider.force_login(stage.outsider)
    assert outsider.get(address).status_code == 404


def test_a_note_is_seen_by_whom_it_concerns(stage: Stage) -> None:
    """The ward writes it; its board, the worker's card (kept without contact too), the coordinator show it."""
    nurse = of(stage, "ward_staff")
    here = f"/avdelning/{stage.ward.pk}/"
    page = nurse.post("/anteckning/", {"text": "Golvet är halt", "ward_id": stage.ward.pk, "back": here}, follow=True)
    assert page.redirect_chain[-1][0] == here and "Golvet är halt" in page.content.decode()
    asked = {"ward_id": stage.ward.pk, "bed_id": None, "actor": stage.users["ward_staff"], "at": timezone.now()}
    task = services.work_request(note="Mopp", **asked)
    services.task_claim(task_id=task.pk, actor=stage.users["service_worker"], at=timezone.now())
    worker = of(stage, "service_worker")
    for address in ("/arbete/", "/arbete/kvar/", f"/plats/{stage.occupied.token}/"):
        answer = worker.get(address)
        assert "Golvet är halt" in (str(answer.json()) if address == "/arbete/kvar/" else answer.content.decode()), (
            address
        )
    lead = of(stage, "coordinator")
    for address in (f"/samordning/uppgift/{task.pk}/", "/samordning/overlamning/", here + "delar/"):
        assert "Golvet är halt" in lead.get(address).content.decode(), address
    note = Note.objects.get()
    lead.post(f"/anteckning/{note.pk}/ta-bort/", {"back": "//evil.example/"})
    assert "Golvet är halt" not in nurse.get(here).content.decode()


def test_it_leads_nowhere_else(stage: Stage) -> None:
    for back in ("//evil.example/", "https://evil.example/", "\\\\evil", ""):
        answer = of(stage, "ward_staff").post("/anteckning/", {"text": "x", "ward_id": "y", "back": back})
        assert answer["Location"] == "/"
