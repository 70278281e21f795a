"""Somebody is absent: the shift ends, nothing they had is lost, nobody hands them more, and it can be taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.apps.service.services.test_merging import Cast
from tests.strategies.messages import at

from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service import services as work
from vardnara.apps.service.bridge.proposals import UNKNOWN_MINUTES, Candidate, Left, hand_out_propose
from vardnara.apps.service.models import Absence, AbsenceTask, Shift, Task, TaskEvent
from vardnara.apps.service.queries.absence import absence_list, absence_page
from vardnara.apps.service.queries.shifts import worker_rows
from vardnara.apps.service.views.absence import left_rows
from vardnara.kernel.errors import RuleBroken


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def no(code: str, step: object, **words: object) -> None:
    with pytest.raises(RuleBroken) as broken:
        step(**words)  # type: ignore[operator]
    assert broken.value.code == code


def mark(cast: Cast, minute: float = 20) -> Absence:
    return work.absence_mark(user_id=cast.worker.pk, actor=cast.coordinator, at=at(minute))


def states(*tasks: Task) -> list[tuple[str, int | None]]:
    return [(task.state, task.owner_id) for task in (Task.objects.get(pk=one.pk) for one in tasks)]


def test_everything_is_nobodys_and_the_shift_ends(cast: Cast) -> None:
    """Claimed, running and paused work alike, its time kept, each with the reason; tomorrow's stays."""
    claimed, running, done, tomorrow = (cast.request() for _ in range(4))
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="all")
    for task in (claimed, tomorrow):
        work.task_claim(task_id=task.pk, actor=cast.worker, at=at(1))
    Task.objects.filter(pk=tomorrow.pk).update(planned_on=(at(0) + timedelta(days=1)).date())
    work.task_start(task_id=done.pk, actor=cast.worker, at=at(2))
    work.task_finish(task_id=done.pk, actor=cast.worker, at=at(3))
    work.task_start(task_id=running.pk, actor=cast.worker, at=at(5))
    absence = mark(cast)
    assert states(claimed, running) == [("open", None), ("open", None)]
    assert states(done, tomorrow) == [("done", cast.worker.pk), ("claimed", cast.worker.pk)]
    assert Task.objects.get(pk=running.pk).worked_seconds == 15 * 60
    assert Shift.objects.get().signed_off_at == at(20) and absence.shift is not None
    said = TaskEvent.objects.filter(reason="absent").values_list("task", "kind", "actor")
    assert set(said) == {(task.pk, "handed_back", cast.coordinator.pk) for task in (claimed, running)}
    assert [row.name for row in absence_list(actor=cast.coordinator, at=at(30))] == ["worker"]
    assert [str(row) for row in broken_invariants()] == []


def test_who_is_absent_is_handed_nothing_and_does_not_sign_on(cast: Cast) -> None:
    """Until it is undone, or the day is over; others hand them nothing either."""
    task = cast.request()
    absence = mark(cast)
    words = {"task_id": task.pk, "actor": cast.coordinator, "owner_id": cast.worker.pk}
    no("person_absent", work.task_move, at=at(21), seen_owner_id=None, **words)
    no("person_absent", work.task_reassign, at=at(21), **words)
    no("marked_absent", work.shift_sign_on, actor=cast.worker, at=at(21), zones="all")
    no("already_absent", work.absence_mark, user_id=cast.worker.pk, actor=cast.coordinator, at=at(22))
    assert {row.name: row.status for row in worker_rows(hospital_ids=[cast.hospital.pk], at=at(22))}[
        "worker"
    ] == "absent"
    work.shift_sign_on(actor=cast.worker, at=at(24 * 60), zones="all")
    no("nothing_to_cancel", work.absence_undo, absence_id=absence.pk, actor=cast.coordinator, at=at(24 * 60))
    no("unknown_user", work.absence_mark, user_id=cast.worker.pk, actor=cast.stranger, at=at(1))
    no("unknown_user", work.absence_mark, user_id=cast.nurse.pk, actor=cast.coordinator, at=at(1))
    no("unknown_absence", work.absence_undo, absence_id=absence.pk, actor=cast.stranger, at=at(23))
    no("wrong_role", work.absence_mark, user_id=cast.second.pk, actor=cast.worker, at=at(1))


def test_undone_what_nobody_took_is_theirs_again(cast: Cast) -> None:
    """The shift goes on; what ran is paused; what somebody took stays with them; once only."""
    claimed, running, taken = (cast.request() for _ in range(3))
    work.shift_sign_on(actor=cast.worker, at=at(0), zones="all")
    for task in (claimed, taken):
        work.task_claim(task_id=task.pk, actor=cast.worker, at=at(1))
    work.task_start(task_id=running.pk, actor=cast.worker, at=at(5))
    absence = mark(cast)
    work.task_claim(task_id=taken.pk, actor=cast.second, at=at(21))
    undo = {"absence_id": absence.pk, "actor": cast.coordinator}
    assert work.absence_undo(at=at(25), **undo) == 2
    mine, others = cast.worker.pk, cast.second.pk
    assert states(claimed, running, taken) == [("claimed", mine), ("paused", mine), ("claimed", others)]
    assert Shift.objects.get().signed_off_at is None
    no("nothing_to_cancel", work.absence_undo, at=at(26), **undo)
    assert mark(cast, 30).pk != absence.pk


def test_what_was_left_is_listed_with_who_could_take_it(cast: Cast) -> None:
    """By urgency; those on a break are not proposed; accepted, it is settled."""
    calm, urgent = cast.request(), cast.request()
    work.task_reprioritise(task_id=urgent.pk, actor=cast.nurse, at=at(0), priority=0)
    for task in (calm, urgent):
        work.task_claim(task_id=task.pk, actor=cast.worker, at=at(1))
    absence = mark(cast)
    see = {"actor": cast.coordinator, "absence_id": absence.pk}
    page = absence_page(at=at(21), **see)
    assert [(row.task.id, row.proposal) for row in left_rows(page)] == [(urgent.pk, None), (calm.pk, None)]
    work.shift_sign_on(actor=cast.second, at=at(22), zones="all")
    page = absence_page(at=at(23), **see)
    assert [row.proposal.id for row in left_rows(page) if row.proposal] == [cast.second.pk] * 2
    work.shift_break_begin(actor=cast.second, at=at(24), kind="break")
    assert not any(row.proposal for row in left_rows(absence_page(at=at(25), **see)))
    work.task_move(task_id=calm.pk, actor=cast.coordinator, at=at(26), seen_owner_id=None, owner_id=cast.second.pk)
    page = absence_page(at=at(27), **see)
    assert [row.id for row in page.settled] == [calm.pk] and len(page.waiting) == 1
    no("unknown_absence", absence_page, actor=cast.stranger, at=at(27), absence_id=absence.pk)


def test_the_database_keeps_it(cast: Cast) -> None:
    """No SQL rewrites who was absent when, doubles it, deletes it, or undoes it twice; what was left is kept."""
    task = cast.request()
    work.task_claim(task_id=task.pk, actor=cast.worker, at=at(1))
    absence = mark(cast)
    rows = Absence.objects.filter(pk=absence.pk)
    lead, second = cast.coordinator.pk, cast.second.pk
    for change in ({"user": second}, {"at": at(0)}, {"marked_by": second}, {"undone_at": at(30)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    twin = {"user_id": cast.worker.pk, "hospital_id": absence.hospital_id, "on": absence.on, "at": at(2)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(marked_by_id=lead, **twin)
    rows.update(undone_at=at(30), undone_by=lead)
    for refused in (lambda: rows.update(undone_at=at(31)), rows.delete, AbsenceTask.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    with pytest.raises(DatabaseError), transaction.atomic():
        AbsenceTask.objects.update(state="open")


@pytest.mark.django_db(transaction=True)
def test_nobody_hands_them_work_in_the_same_moment() -> None:
    """Marked and handed work at once, many times: whichever is first, nothing stays with who is absent."""
    cast = Cast()
    tasks = [cast.request() for _ in range(12)]
    gate = Barrier(2)

    def hand(task: Task) -> str:
        try:
            gate.wait(20)
            words = {"seen_owner_id": None, "owner_id": cast.worker.pk, "at": at(20)}
            work.task_move(task_id=task.pk, actor=cast.coordinator, **words)
        except RuleBroken as broken:
            return broken.code
        finally:
            connection.close()
        return "moved"

    def away() -> int:
        try:
            gate.wait(20)
            return mark(cast).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for task in tasks:
            moved, marked = pool.submit(hand, task), pool.submit(away)
            assert moved.result(60) in ("moved", "person_absent")
            absence_id = marked.result(60)
            assert not Task.objects.filter(owner=cast.worker.pk).exists()
            Absence.objects.filter(pk=absence_id).update(undone_at=at(21), undone_by=cast.coordinator.pk)


STATUSES = ["available", "working", "break", "lunch", "off", "absent"]
PEOPLE = st.lists(
    st.builds(
        Candidate,
        id=st.integers(1, 30),
        status=st.sampled_from(STATUSES),
        ward_ids=st.frozensets(st.integers(1, 4), max_size=3),
        minutes=st.integers(0, 300),
    ),
    max_size=8,
    unique_by=lambda person: person.id,
)
LEFT = st.lists(
    st.builds(Left, task_id=st.integers(1, 99), ward_id=st.integers(1, 4), minutes=st.none() | st.integers(0, 90)),
    max_size=12,
    unique_by=lambda task: task.task_id,
)


@given(LEFT, PEOPLE, st.randoms())
def test_proposals(left: list[Left], people: list[Candidate], dice: object) -> None:
    """Everything has somebody as soon as anybody is free; never one on a break or away; near before far, the
    least laden before the others; the order in which people are named does not matter."""
    found = hand_out_propose(left, people)
    free = {one.id: one for one in people if one.status in ("available", "working")}
    assert set(found) == ({task.task_id for task in left} if free else set())
    load = {who: one.minutes for who, one in free.items()}
    for task in left[: len(left) if free else 0]:
        chosen = free[found[task.task_id]]
        near = [one for one in free.values() if task.ward_id in one.ward_ids]
        assert not near or chosen in near
        assert load[chosen.id] == min(load[one.id] for one in near or free.values())
        load[chosen.id] += UNKNOWN_MINUTES if task.minutes is None else task.minutes
    shuffled = list(people)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert hand_out_propose(left, shuffled) == found
