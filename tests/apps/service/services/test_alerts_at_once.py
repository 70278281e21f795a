"""Many at once: a message is one sender's, a case is opened once, a row on paper counts once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.strategies.stage import AT, Stage, stage_set, task_make

from vardnara.apps.service import services
from vardnara.apps.service.choices import TaskKind
from vardnara.apps.service.models import AlertSend, EscalationCase, PaperEntry, Task, TaskEvent
from vardnara.apps.service.services import PaperLine
from vardnara.apps.service.services.alert_sending import alerts_claim

AT_ONCE = 6
LATER = AT + timedelta(minutes=60)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def at_once(deed: Callable[[], Any]) -> list[Any]:
    """What each of several threads gets that do the same at the same moment, each with a connection of its own."""
    gate = Barrier(AT_ONCE)

    def run(_: int) -> Any:
        try:
            gate.wait(20)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_no_message_is_two_senders_and_none_is_left(stage: Stage) -> None:
    made = [AlertSend(channel="page", target=f"t{n}", made_at=AT, due_at=AT) for n in range(80)]
    AlertSend.objects.bulk_create(made)

    def empty() -> list[int]:
        taken: list[int] = []
        while sends := alerts_claim(at=AT):
            taken += [send.pk for send in sends]
        return taken

    taken = [pk for mine in at_once(empty) for pk in mine]
    assert len(taken) == len(set(taken)) == 80


def test_looks_at_the_same_moment_open_each_case_once(stage: Stage) -> None:
    for _ in range(10):
        task_make(kind=TaskKind.REQUEST, ward_id=stage.ward.pk, bed_id=None, at=AT, reason="request")
    services.demo_ladder_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    assert sum(at_once(lambda: services.escalations_keep(at=LATER))) == 11
    assert EscalationCase.objects.count() == AlertSend.objects.count() == 11


def test_a_row_that_six_enter_counts_once(stage: Stage) -> None:
    ((paper, _),) = services.paper_sheets(at=AT, ward_ids=[stage.ward.pk])
    worker, coordinator = stage.users["service_worker"], stage.users["coordinator"]
    line = PaperLine(1, worker.pk, AT + timedelta(minutes=5), AT + timedelta(minutes=25))
    said = at_once(lambda: services.paper_row_enter(paper_id=paper.pk, line=line, actor=coordinator, at=LATER)[1])
    assert sorted(said) == [False] * 5 + [True]
    assert PaperEntry.objects.get().outcome == "done"
    assert Task.objects.get(pk=stage.task_id).worked_seconds == 20 * 60
    assert TaskEvent.objects.filter(task=stage.task_id, kind="finished").count() == 1
