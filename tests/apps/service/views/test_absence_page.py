"""Absence on the pages: two presses, all proposals in one, and back again."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services
from vardnara.apps.service.models import Absence, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def test_mark_hand_out_undo(stage: Stage) -> None:
    """What is on the page is enough to do it: mark, accept all, take it back."""
    now = timezone.now()
    worker, other = stage.users["service_worker"], stage.second_worker
    asked = {"ward_id": stage.ward.pk, "bed_id": None, "actor": stage.users["ward_staff"], "at": now}
    tasks = [services.work_request(note=f"Kuddar {n}", **asked).pk for n in range(3)]
    for task in tasks:
        services.task_claim(task_id=task, actor=worker, at=now)
    services.shift_sign_on(actor=other, at=now, zones="all")
    lead = Client(headers={"accept-language": "sv"})
    lead.force_login(stage.users["coordinator"])
    page = lead.get("/samordning/fordela/").content.decode()
    assert f'name="user" value="{worker.pk}"' in page and "3 uppgifter blir ingens" in page
    page = lead.post("/samordning/franvaro/", {"user": worker.pk}, follow=True).content.decode()
    absence = Absence.objects.get(user=worker)
    assert "Godta alla 3 förslag" in page and "sparas inte" in page
    moves = re.findall(r'name="move" value="([^"]+)"', page)
    assert sorted(moves) == [f"{task}:0:{other.pk}" for task in sorted(tasks)]
    data = {"move": moves[:2], "absence": absence.pk}
    page = lead.post("/samordning/fordela/flytta/", data, follow=True).content.decode()
    assert "2 uppgifter flyttade." in page and "Godta förslaget" in page
    page = lead.post(f"/samordning/franvaro/{absence.pk}/angra/", follow=True).content.decode()
    assert "Ångrat. 1 uppgift är tillbaka." in page
    assert Task.objects.filter(owner=worker).count() == 1 and Task.objects.filter(owner=other).count() == 2


@pytest.mark.parametrize("user", ["", "x", "999999", "-1"])
def test_nonsense_is_answered_in_words(stage: Stage, user: str) -> None:
    lead = Client()
    lead.force_login(stage.users["coordinator"])
    page = lead.post("/samordning/franvaro/", {"user": user}, follow=True)
    assert page.status_code == 200 and b'class="notes"' in page.content
