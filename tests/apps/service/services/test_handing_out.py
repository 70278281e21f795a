"""Moving work between people: one wins, nothing that runs is taken silently, and everything stands in the history."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from tests.apps.service.services.test_merging import Cast, history
from tests.strategies.messages import at, person

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service import services as work
from vardnara.apps.service.models import Task, TaskEvent
from vardnara.apps.service.queries.hand_out import hand_out_page
from vardnara.kernel.errors import RuleBroken


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def move(cast: Cast, task: Task, seen: Any, to: Any, minute: float = 10, **words: Any) -> Task:
    return work.task_move(
        task_id=task.pk,
        actor=cast.coordinator,
        at=at(minute),
        seen_owner_id=seen and seen.pk,
        owner_id=to and to.pk,
        **words,
    )


def no(code: str, *words: Any, **more: Any) -> None:
    with pytest.raises(RuleBroken) as broken:
        move(*words, **more)
    assert broken.value.code == code


def test_from_nobody_to_one_to_another_and_back(cast: Cast) -> None:
    task = cast.request()
    assert move(cast, task, None, cast.worker).owner_id == cast.worker.pk
    moved = move(cast, task, cast.worker, cast.second, 11)
    assert (moved.owner_id, moved.state) == (cast.second.pk, "claimed")
    back = move(cast, task, cast.second, None, 12)
    assert (back.owner_id, back.state) == (None, "open")
    assert history(task)[1:] == [("reassigned", 10), ("reassigned", 11), ("handed_back", 12)]
    assert move(cast, task, cast.worker, None, 13).state == "open"  # there already: nothing is written
    assert TaskEvent.objects.filter(task=task).count() == 4


def test_a_running_task_is_asked_about(cast: Cast) -> None:
    """The time stops when the leader is sure; the new owner goes on from a pause."""
    task = cast.request()
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(1))
    no("is_running", cast, task, cast.worker, cast.second)
    no("is_running", cast, task, cast.worker, None)
    moved = move(cast, task, cast.worker, cast.second, 11, sure=True)
    assert (moved.owner_id, moved.state, moved.worked_seconds) == (cast.second.pk, "paused", 600)
    assert [str(row) for row in broken_invariants()] == []


def test_who_may_and_to_whom(cast: Cast) -> None:
    task = cast.request()
    with pytest.raises(RuleBroken, match="is service_worker"):
        work.task_move(task_id=task.pk, actor=cast.worker, at=at(1), seen_owner_id=None, owner_id=cast.worker.pk)
    no("out_of_scope", cast, task, None, cast.stranger_worker)
    no("wrong_role", cast, task, None, cast.nurse)
    no("moved_meanwhile", cast, task, cast.second, cast.worker)
    work.task_start(task_id=task.pk, actor=cast.worker, at=at(1))
    work.task_finish(task_id=task.pk, actor=cast.worker, at=at(2))
    no("wrong_state", cast, task, cast.worker, cast.second)


def test_the_page_knows_who_is_there(cast: Cast) -> None:
    """Those who are available first; minutes left by the norm; who neither is there nor has work stands apart."""
    one, two = cast.request(), cast.request()
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="all")
    Task.objects.filter(pk=one.pk).update(norm_minutes=30)
    work.task_start(task_id=one.pk, actor=cast.worker, at=at(0))
    page = hand_out_page(actor=cast.coordinator, at=at(10))
    assert [(row.name, row.status, row.minutes, row.without_norm) for row in page.people] == [
        ("worker", "working", 20, 0)
    ]
    assert [row.name for row in page.away] == ["second"]
    assert [row.id for row in page.nobodys] == [two.pk] and page.n_red == 1
    move(cast, two, None, cast.second)
    page = hand_out_page(actor=cast.coordinator, at=at(10))
    assert [(row.name, row.status, row.without_norm) for row in page.people][1] == ("second", "off", 1)
    assert page.away == () and page.nobodys == ()
    ward = hand_out_page(actor=cast.coordinator, at=at(10), ward_id=999)
    assert ward.people and not ward.nobodys


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_one_wins() -> None:
    """Many times over: both saw nobody, both move at once; one task, one owner, one line in the history."""
    cast = Cast()
    other = person(Role.COORDINATOR, "other", cast.hospital)
    tasks = [cast.request() for _ in range(20)]
    start = Barrier(2)

    def all_tasks(actor: Any, to: Any) -> list[str]:
        told = []
        try:
            for task in tasks:
                start.wait(20)
                try:
                    work.task_move(task_id=task.pk, actor=actor, at=at(5), seen_owner_id=None, owner_id=to.pk)
                    told.append("moved")
                except RuleBroken as broken:
                    told.append(broken.code)
        finally:
            connection.close()
        return told

    with ThreadPoolExecutor(2) as pool:
        pairs = [pool.submit(all_tasks, cast.coordinator, cast.worker), pool.submit(all_tasks, other, cast.second)]
        results = list(zip(*(pair.result(timeout=60) for pair in pairs), strict=True))
    assert all(sorted(pair) == ["moved", "moved_meanwhile"] for pair in results)
    for task, pair in zip(tasks, results, strict=True):
        task.refresh_from_db()
        assert task.owner_id == (cast.worker.pk if pair[0] == "moved" else cast.second.pk)
        assert [kind for kind, _ in history(task)] == ["created", "reassigned"]
