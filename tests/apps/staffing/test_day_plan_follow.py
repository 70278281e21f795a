"""What each minute's look sees, what it does not do twice, and what may not keep it from looking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.apps.staffing.test_day_plan_gives import ON, Cast, staged
from tests.strategies.dispatched import WALKING
from tests.strategies.stage import stage_set

from vardnara.apps.service import services as work
from vardnara.apps.service.models import Task
from vardnara.apps.staffing.models import DispatchPlan
from vardnara.apps.staffing.queries.day_plans import plan_held
from vardnara.apps.staffing.services import day_plans
from vardnara.apps.staffing.services.day_plan_gives import Asked, _wanted
from vardnara.engines.dispatch import Answer, Day, Worker, live_prepare, plan_greedy
from vardnara.engines.dispatch import Task as Work


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.DEMO = True
    return staged(stage_set())


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The hospitals whose day was planned anew, one for each look that went so far."""
    seen: list[int] = []
    look = day_plans._look
    monkeypatch.setattr(
        day_plans, "_look", lambda hospital_id, on, at: seen.append(hospital_id) or look(hospital_id, on, at)
    )
    return seen


def test_each_thing_that_happened_is_looked_at_once(cast: Cast, looks: list[int]) -> None:
    """The first look, and one after each change; a plan that came of it is no change, nor is what was given."""
    cast.follow("07:00")
    assert len(looks) == 1 and len(cast.has()) == 2
    cast.follow("07:01")
    cast.made.task("07:00", "07:30", 10, priority=0)
    assert cast.follow("07:02") == 1 and len(looks) == 2
    for clock in ("07:03", "07:04"):
        cast.follow(clock)
    assert len(looks) == 2


def test_what_a_phone_sends_late_is_seen(cast: Cast, looks: list[int]) -> None:
    """Done an hour ago without contact and heard of now: the day is looked at, whatever time the phone wrote down."""
    cast.follow("08:00")
    before = len(looks)
    cast.follow("08:05")
    assert len(looks) == before
    task = Task.objects.get(state="claimed", owner=cast.bo)
    deeds = [
        work.Command(seq=1, deed="start", at=cast.made.clock("08:01"), task_id=task.pk),
        work.Command(seq=2, deed="finish", at=cast.made.clock("08:02"), task_id=task.pk),
    ]
    answers = list(work.commands_merge(actor=cast.bo, device="x", commands=deeds, received_at=cast.made.clock("08:30")))
    assert [one.outcome for one in answers] == ["done", "done"]
    Task.objects.filter(pk=task.pk).update(changed_at=cast.made.clock("06:00"))
    cast.follow("08:31")
    assert len(looks) == before + 1


def test_somebody_who_never_signed_on_is_missed(cast: Cast, looks: list[int]) -> None:
    """Marked as absent before the shift: nothing else tells of it, and the day is planned without them."""
    made = cast.made
    absent = type(cast.anna).objects.get(username="absent")
    made.shift(made.person(7, user=absent), made.kind("L", 720, 1200))
    cast.follow("07:00")
    before = len(looks)
    work.absence_mark(user_id=absent.pk, actor=made.stage.users["coordinator"], at=made.clock("07:05"))
    assert cast.follow("07:06") == 1 and len(looks) == before + 1
    held = plan_held(hospital_id=made.hospital_id, on=ON)
    assert held is not None and "Person 07" not in {who.name for who in held.workers.values()}


def test_a_plan_without_a_worker_stands_in_nobodys_way(cast: Cast) -> None:
    """Silent for five minutes it is set aside, and the day goes on; a first plan that was lost is asked for again."""
    row = day_plans.plan_ask(on=ON, actor=cast.made.head, at=cast.made.clock("07:00"))
    DispatchPlan.objects.filter(pk=row.pk).update(state="running", beat_at=cast.made.clock("07:00"))
    cast.made.task("07:00", "07:30", 10, priority=0)
    assert cast.follow("07:04") == 0, "it may still be at work"
    assert cast.follow("07:06") == 1
    row.refresh_from_db()
    assert (row.state, row.fault) == ("failed", "abandoned")


def test_a_lost_first_plan_is_asked_for_again(cast: Cast) -> None:
    """Tomorrow has none yet: the first is asked for once, and again only where its worker went away."""
    tomorrow = cast.made.clock("06:00") + timedelta(days=1)
    made = cast.made
    made.shift(made.person(8), made.group.kinds.get(code="D"), ON + timedelta(days=1))
    work.day_plan_sync(hospital_id=made.hospital_id, on=ON + timedelta(days=1), at=tomorrow)
    assert day_plans.plans_follow(at=tomorrow) == 1
    first = DispatchPlan.objects.latest("pk")
    assert (first.cause, first.on) == ("morning", ON + timedelta(days=1))
    DispatchPlan.objects.filter(pk=first.pk).update(state="running", beat_at=tomorrow)
    assert day_plans.plans_follow(at=tomorrow + timedelta(minutes=6)) == 1
    again = DispatchPlan.objects.latest("pk")
    DispatchPlan.objects.filter(pk=again.pk).update(
        state="failed", fault="unexpected", ended_at=tomorrow + timedelta(minutes=7)
    )
    assert day_plans.plans_follow(at=tomorrow + timedelta(minutes=8)) == 0


def test_one_hospitals_fault_is_not_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first hospital's day cannot be read: the second's is looked at all the same, and the fault is told."""
    other = cast.made.stage.foreign.room.ward.division.hospital_id
    seen = []

    def follow(hospital_id: int, on: Any, at: Any) -> bool:
        seen.append(hospital_id)
        if hospital_id == cast.made.hospital_id:
            raise ValueError("a day that cannot be read")
        return False

    monkeypatch.setattr(day_plans, "_follow", follow)
    with pytest.raises(ValueError, match="cannot be read"):
        cast.follow("07:00")
    assert seen == [cast.made.hospital_id, other]


def test_handed_back_at_the_end_of_a_shift_is_no_no(cast: Cast) -> None:
    """Signed off by mistake and on again: what was theirs may be given to them again, and is planned with them."""
    cast.give()
    at = cast.made.clock("07:02")
    work.shift_sign_off(actor=cast.anna, at=at, leave="hand_back")
    work.shift_sign_on(actor=cast.anna, at=cast.made.clock("07:03"), zones="all")
    cast.follow("07:04")
    assert cast.has()["second"] == [cast.near.pk]


def test_ones_own_begun_work_goes_first(cast: Cast) -> None:
    """Paused work is theirs already: nothing is given before it."""
    at = cast.made.clock("07:01")
    work.task_start(task_id=cast.near.pk, actor=cast.anna, at=at)
    work.task_pause(task_id=cast.near.pk, actor=cast.anna, at=at, reason="material")
    cast.follow("07:02")
    assert "second" not in cast.has()


def test_what_is_hours_away_is_not_given(cast: Cast) -> None:
    """Within the hour, and not before."""
    Task.objects.exclude(pk=cast.near.pk).update(state="withdrawn", finished_at=cast.made.at, owner=None)
    Task.objects.filter(pk=cast.near.pk).update(starts_at=cast.made.clock("10:00"), due_at=cast.made.clock("11:00"))
    cast.follow("07:02")
    assert cast.has() == {}
    cast.follow("09:05")
    assert [task for tasks in cast.has().values() for task in tasks] == [cast.near.pk]


def test_what_was_declined_and_then_taken_is_theirs(cast: Cast) -> None:
    """A no can be taken back: claimed by hand it stands in their plan."""
    cast.give()
    work.task_hand_back(task_id=cast.near.pk, actor=cast.anna, at=cast.made.clock("07:01"), reason="decline_busy")
    work.task_claim(task_id=cast.near.pk, actor=cast.anna, at=cast.made.clock("07:02"))
    cast.made.task("08:00", "08:30", 10)
    cast.follow("07:03")
    held = plan_held(hospital_id=cast.made.hospital_id, on=ON)
    assert held is not None and held.plan.workers_of(str(cast.near.pk)) == (f"p{cast.anna.person.pk}",)


def test_what_was_given_stays_unless_another_saves_enough() -> None:
    """A task that costs nine minutes less changes nothing, one of ten does; nobody's first is another's."""
    tasks = tuple(Work(str(number), "A", 20, 400, 900) for number in (1, 2, 3))
    day = Day((Worker("w", 400, 900, "A"),), tasks, WALKING, 420)
    live = live_prepare(day, plan_greedy(day))

    def wanted(saves: int, taken: set[int]) -> dict[int, list[int]]:
        answers = tuple(Answer("w", code, cost, 430, 0, ()) for code, cost in (("2", -saves), ("1", 0)))
        return _wanted(live, [Asked(7, 1, answers), Asked(8, None, answers)], taken)

    assert wanted(9, set()) == {7: [1], 8: [2]}
    assert wanted(10, set()) == {7: [2, 1], 8: [1]}
    assert wanted(10, {2}) == {7: [1]}
