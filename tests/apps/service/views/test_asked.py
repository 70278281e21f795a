"""The ward follows what it asked for, and cancels it with a reason (feat-A30)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services
from vardnara.apps.service.models import Task, TaskEvent
from vardnara.apps.service.queries.requests import FEWEST, request_page
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import day_bounds, local_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def nurse(stage: Stage) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["ward_staff"])
    return client


def ask(stage: Stage, note: str, at: Any = None) -> int:
    words = {"ward_id": stage.ward.pk, "bed_id": None, "actor": stage.users["ward_staff"]}
    return services.work_request(note=note, at=at or timezone.now(), **words).pk


def done(stage: Stage, task: int, began: Any, ended: Any) -> None:
    services.task_start(task_id=task, actor=stage.users["service_worker"], at=began)
    services.task_finish(task_id=task, actor=stage.users["service_worker"], at=ended)


def test_ask_follow_and_have_it(stage: Stage, nurse: Client) -> None:
    """Asked on the page it is followed there: nobody has it, somebody has it, delivered."""
    here = f"/avdelning/{stage.ward.pk}/onskat/"
    asked = {"note": "Fem kuddar", "priority": 2, "follow": 1}
    answer = nurse.post(f"/avdelning/{stage.ward.pk}/onska/", asked, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == here and "Skickat." in page
    assert "Fem kuddar" in page and "Ingen har den" in page and "tid okänd" in page
    task = Task.objects.get(note="Fem kuddar").pk
    services.task_claim(task_id=task, actor=stage.users["service_worker"], at=timezone.now())
    assert "Tagen · Service_Worker" in nurse.get(here + "delar/").content.decode()
    done(stage, task, timezone.now(), timezone.now())
    page = nurse.get(here).content.decode()
    assert "Levererat i dag <b" in page and "klart" in page and "Inget som avdelningen har bett om väntar." in page


def test_cancel_with_a_reason(stage: Stage, nurse: Client) -> None:
    """Waiting or begun; kept in the history with its time; not twice, not without a reason, not other work."""
    now = timezone.now()
    waiting, begun = ask(stage, "Kuddar"), ask(stage, "Lakan")
    services.task_start(task_id=begun, actor=stage.users["service_worker"], at=now - timedelta(minutes=5))
    here = f"/avdelning/{stage.ward.pk}/onskat/"
    for task in (waiting, begun):
        page = nurse.post(f"{here}{task}/avbestall/", {"reason": "cancel_not_needed"}, follow=True).content.decode()
        assert "Avbeställt." in page
    kinds = dict(TaskEvent.objects.filter(reason="cancel_not_needed").values_list("task", "kind"))
    assert kinds == {waiting: "withdrawn", begun: "closed"}
    row = Task.objects.get(pk=begun)
    assert row.state == "withdrawn" and row.worked_seconds >= 300 and row.spell_started_at is None
    assert "Avbeställt i dag" in page and "Behövs inte längre" in page
    for data, task in (
        ({"reason": "cancel_twice"}, waiting),
        ({}, ask(stage, "x")),
        ({"reason": "why"}, ask(stage, "y")),
    ):
        assert 'class="error"' in nurse.post(f"{here}{task}/avbestall/", data, follow=True).content.decode()
    words = {"actor": stage.users["ward_staff"], "at": now, "reason": "cancel_mistake"}
    for code, task_id in (("not_a_request", stage.task_id), ("unknown_task", 0)):
        with pytest.raises(RuleBroken) as broken:
            services.request_cancel(task_id=task_id, **words)
        assert broken.value.code == code
    with pytest.raises(RuleBroken):
        services.request_cancel(task_id=ask(stage, "z"), **(words | {"actor": stage.users["service_worker"]}))


def test_expected_time_is_measured_or_not_told(stage: Stage) -> None:
    """The median of enough finished requests of the hospital; past it nothing is promised; by norm once it runs."""
    now = timezone.now()
    actor = stage.users["ward_staff"]
    see = {"actor": actor, "at": now, "ward_id": stage.ward.pk}
    for n in range(FEWEST):
        asked_at = now - timedelta(days=2, minutes=n)
        done(stage, ask(stage, "old", asked_at), asked_at, asked_at + timedelta(minutes=20 + 5 * n))
        if n == FEWEST - 2:
            ask(stage, "first", now - timedelta(minutes=10))
            assert [row.expected_at for row in request_page(**see).going] == [None]
    ask(stage, "late", now - timedelta(hours=3))
    by_note = {row.task.note: row.expected_at for row in request_page(**see).going}
    assert by_note["late"] is None
    assert by_note["first"] == now - timedelta(minutes=10) + timedelta(minutes=30)


def test_only_what_was_delivered_today(stage: Stage) -> None:
    """Today ends at local midnight."""
    since, _ = day_bounds(local_date(timezone.now()))
    for note, ended in (("yesterday", since - timedelta(minutes=1)), ("today", since)):
        task = ask(stage, note, since - timedelta(hours=1))
        done(stage, task, ended, ended)
    see = {"actor": stage.users["ward_staff"], "at": since + timedelta(hours=2), "ward_id": stage.ward.pk}
    assert [row.note for row in request_page(**see).delivered] == ["today"]
    with pytest.raises(RuleBroken):
        request_page(**(see | {"ward_id": stage.other_ward.pk}))
