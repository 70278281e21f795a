"""The page of a shift: begins with wards, breaks, ends without leaving work behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service.models import Shift, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    settings.LANGUAGE_CODE = "sv"
    return stage_set()


@pytest.fixture
def worker(stage: Stage) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["service_worker"])
    return client


def read(client: Client, where: str, **data: object) -> str:
    response = client.post(where, data, follow=True) if data else client.get(where)
    return str(response.content.decode())


def test_a_shift_from_the_wards_to_the_end(stage: Stage, worker: Client) -> None:
    """Choose wards, lunch, back, sign off with work in hand: each by a plain form, each said on the page."""
    assert "Börja passet: välj avdelningar" in read(worker, "/arbete/")
    page = read(worker, "/arbete/pass/borja/", zones="some", wards=[stage.ward.pk])
    assert "Avdelning K1" in page and "En av dina avdelningar." in page
    worker.post(f"/arbete/{stage.task_id}/starta/")
    page = read(worker, "/arbete/pass/lunch/", x=1)
    assert "Lunch sedan" in page and "Pausad" in page
    lead = Client(headers={"accept-language": "sv"})
    lead.force_login(stage.users["coordinator"])
    assert "Service_Worker · på lunch" in read(lead, f"/samordning/uppgift/{stage.task_id}/")
    assert "Lunch sedan" not in read(worker, "/arbete/pass/tillbaka/", x=1)
    page = read(worker, "/arbete/pass/sluta/", x=1)
    assert "Du har 1 uppgift kvar." in page and "Gör klart först" in page
    page = read(worker, "/arbete/pass/sluta/", leave="next_shift", note="Golvet kvar")
    assert "Tack för i dag" in page
    assert Task.objects.get().state == "paused" and Shift.objects.get().signed_off_at is not None
    chosen = f'name="wards" value="{stage.ward.pk}" checked'
    assert chosen in read(worker, "/arbete/pass/")


def test_some_wards_needs_a_ward(worker: Client) -> None:
    assert "Välj minst en avdelning" in read(worker, "/arbete/pass/borja/", zones="some")
    assert "Försök igen" in read(worker, "/arbete/pass/borja/", zones="x", wards=["a", "9" * 30])
    assert worker.post("/arbete/pass/dansa/").status_code == 404
