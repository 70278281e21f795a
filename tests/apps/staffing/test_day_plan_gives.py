"""Where tasks are given: one ahead for each worker, by the steps of handing out, back again while nobody has begun."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests.strategies.day_stage import DayStage
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services as work
from vardnara.apps.service.choices import Zones
from vardnara.apps.service.models import Task, TaskEvent
from vardnara.apps.service.queries.next_task import worker_page
from vardnara.apps.staffing.models import DispatchPlan
from vardnara.apps.staffing.queries.day_plans import plan_held
from vardnara.apps.staffing.services import day_plan_gives, day_plans
from vardnara.apps.staffing.services.day_plan_gives import day_gives
from vardnara.apps.staffing.services.dispatch_settings import policy_set

ON = date(2026, 3, 12)
AT = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@dataclass
class Cast:
    """Two at work on wards apart, each with work of the day near; tasks are given in the whole hospital."""

    made: DayStage
    anna: Any
    bo: Any
    near: Task
    later: Task
    far: Task

    def give(self, clock: str = "07:00") -> int:
        return day_gives(hospital_id=self.made.hospital_id, at=self.made.clock(clock))

    def follow(self, clock: str) -> int:
        return day_plans.plans_follow(at=self.made.clock(clock))

    def has(self) -> dict[str, list[int]]:
        """Who has what that has not begun."""
        rows = Task.objects.filter(state="claimed").order_by("pk").values_list("owner__username", "pk")
        found: dict[str, list[int]] = {}
        for name, task in rows:
            found.setdefault(name, []).append(task)
        return found

    def told(self, task: Task) -> list[tuple[str, str, Any]]:
        """The history of a task since it was made."""
        return list(task.events.order_by("pk").values_list("kind", "reason", "actor__username"))


def staged(stage: Stage) -> Cast:
    made = DayStage(stage, ON, AT)
    Task.objects.filter(pk=stage.task_id).update(state="withdrawn", finished_at=AT)
    for ward, floor in ((stage.ward, "1"), (stage.other_ward, "9")):
        ward.building, ward.floor = "A", floor
        ward.save()
    anna, bo = stage.second_worker, stage.users["service_worker"]
    made.shift(made.person(1, user=anna), made.kind("D", 420, 930))
    made.shift(made.person(2, user=bo), made.kind("F", 420, 930, ward=stage.other_ward))
    near, later = made.task("07:00", "07:40", 30), made.task("07:40", "08:30", 30)
    far = made.task("07:00", "08:30", 30, ward=stage.other_ward)
    row = day_plans.plan_ask(on=ON, actor=made.head, at=AT, work=50)
    day_plans.plan_do(plan_id=row.pk, clock=lambda: AT)
    policy_set(policy="automatic", actor=made.head, at=AT)
    for user in (anna, bo):
        work.shift_sign_on(actor=user, at=made.clock("06:55"), zones=Zones.ALL)
    return Cast(made, anna, bo, near, later, far)


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.DEMO = True
    return staged(stage_set())


def test_each_gets_the_next_of_the_plan(cast: Cast) -> None:
    """Claimed, nobody its actor, the history says so; the phone shows it as given; not again, and one ahead only."""
    assert cast.give() == 2
    assert cast.has() == {"second": [cast.near.pk], "service_worker": [cast.far.pk]}
    assert cast.told(cast.near) == [("reassigned", "day_plan", None)]
    assert cast.give("07:01") == 0
    page = worker_page(actor=cast.anna, at=cast.made.clock("07:01"))
    assert page.current is not None and page.current.is_given and cast.near.pk == page.current.id
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.anna)
    text = client.get("/arbete/").text
    assert "Given to you" in text and "by the day plan" in text and "I am not trained for it" in text
    client.force_login(cast.made.stage.users["coordinator"])
    assert "by the day plan" in client.get(f"/samordning/uppgift/{cast.near.pk}/").text


def test_when_one_is_begun_the_one_after_it_is_given(cast: Cast) -> None:
    """While a worker is at it, the next is theirs already, and the phone says what comes next."""
    cast.give()
    work.task_start(task_id=cast.near.pk, actor=cast.anna, at=cast.made.clock("07:01"))
    assert cast.give("07:02") == 1
    assert cast.has()["second"] == [cast.later.pk]
    page = worker_page(actor=cast.anna, at=cast.made.clock("07:02"))
    assert [task.id for task in page.given_next] == [cast.later.pk] and page.put_aside == []
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.anna)
    assert "Next for you" in client.get("/arbete/").text


def test_only_who_is_there_and_has_nothing_ahead(cast: Cast) -> None:
    """Not on a break, not signed off, not with something ahead that they chose; nowhere where the worker chooses."""
    work.shift_break_begin(actor=cast.anna, at=cast.made.clock("06:58"), kind="break")
    work.task_claim(task_id=cast.later.pk, actor=cast.bo, at=cast.made.clock("06:59"))
    assert cast.give() == 0
    work.shift_break_end(actor=cast.anna, at=cast.made.clock("07:01"))
    policy_set(policy="suggested", ward_id=cast.made.stage.ward.pk, actor=cast.made.head, at=AT)
    policy_set(policy="own_choice", actor=cast.made.head, at=AT)
    assert cast.give("07:02") == 0
    policy_set(policy="automatic", ward_id=cast.made.stage.ward.pk, actor=cast.made.head, at=AT)
    assert cast.give("07:03") == 1 and cast.has()["second"] == [cast.near.pk]
    policy_set(policy="own_choice", ward_id=cast.made.stage.ward.pk, actor=cast.made.head, at=AT)
    assert cast.give("07:04") == 1 and "second" not in cast.has(), "the worker chooses again"
    policy_set(policy="automatic", ward_id=cast.made.stage.ward.pk, actor=cast.made.head, at=AT)
    cast.give("07:05")
    work.shift_break_begin(actor=cast.anna, at=cast.made.clock("07:06"), kind="break")
    assert cast.give("07:07") == 0 and cast.has()["second"] == [cast.near.pk], "a break is no reason to lose it"


def test_whoever_goes_home_has_nothing_given(cast: Cast) -> None:
    """What was given is taken back and handed to whoever the plan has for it now, by the same steps."""
    cast.give()
    work.absence_mark(user_id=cast.bo.pk, actor=cast.made.stage.users["coordinator"], at=cast.made.clock("07:05"))
    assert "service_worker" not in cast.has()
    assert cast.follow("07:06") == 1
    held = plan_held(hospital_id=cast.made.hospital_id, on=ON)
    assert held is not None and held.plan.workers_of(str(cast.far.pk)) == (f"p{cast.anna.person.pk}",)
    for task, clock in ((cast.near, "07:10"), (cast.later, "07:50")):
        cast.follow(clock)
        work.task_start(task_id=task.pk, actor=cast.anna, at=cast.made.clock(clock))
        work.task_finish(task_id=task.pk, actor=cast.anna, at=cast.made.clock(clock))
    cast.follow("08:05")
    assert cast.has() == {"second": [cast.far.pk]}


def test_what_is_urgent_goes_before_what_was_given(cast: Cast) -> None:
    """Taken back and given on as the plan changes; what has begun, or was handed out by a person, stays."""
    cast.give()
    urgent = cast.made.task("07:00", "07:20", 10, priority=0)
    assert cast.follow("07:02") == 1
    assert cast.has()["second"] == [urgent.pk]
    assert cast.told(cast.near) == [("reassigned", "day_plan", None), ("handed_back", "day_plan_back", None)]
    work.task_start(task_id=urgent.pk, actor=cast.anna, at=cast.made.clock("07:03"))
    cast.follow("07:04")
    assert cast.has()["second"] == [cast.near.pk]
    more = cast.made.task("07:00", "07:20", 10, priority=0)
    lead = cast.made.stage.users["coordinator"]
    work.task_reassign(task_id=cast.near.pk, actor=lead, at=cast.made.clock("07:05"), owner_id=cast.bo.pk)
    work.task_reassign(task_id=cast.near.pk, actor=lead, at=cast.made.clock("07:05"), owner_id=cast.anna.pk)
    cast.follow("07:06")
    assert cast.has()["second"] == [cast.near.pk], "a person has handed it out: that is theirs to undo"
    urgent.refresh_from_db()
    assert (urgent.state, urgent.owner_id) == ("started", cast.anna.pk)
    more.refresh_from_db()
    assert more.owner_id != cast.anna.pk


def test_no_is_an_answer(cast: Cast) -> None:
    """Handed back with a reason it is not given to them again today; others get it; left, the reason is told."""
    cast.give()
    no = {"reason": "decline_not_trained", "actor": cast.anna}
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.anna)
    work.task_hand_back(task_id=cast.near.pk, at=cast.made.clock("07:01"), **no)
    assert cast.told(cast.near)[-1] == ("handed_back", "decline_not_trained", "second")
    cast.follow("07:02")
    assert cast.has() == {"second": [cast.later.pk], "service_worker": [cast.near.pk]}, "somebody else is asked"
    held = plan_held(hospital_id=cast.made.hospital_id, on=ON)
    assert held is not None and held.plan.workers_of(str(cast.near.pk)) == (f"p{cast.bo.person.pk}",)
    work.task_hand_back(task_id=cast.near.pk, at=cast.made.clock("07:05"), reason="decline_busy", actor=cast.bo)
    cast.follow("07:06")
    assert cast.has() == {"second": [cast.later.pk], "service_worker": [cast.far.pk]}
    client.force_login(cast.made.stage.users["coordinator"])
    assert "Somebody has said no to it" in client.get(f"/dagsplan/?dag={ON.isoformat()}").text
    work.task_start(task_id=cast.near.pk, actor=cast.anna, at=cast.made.clock("07:07"))
    cast.follow("07:08")
    held = plan_held(hospital_id=cast.made.hospital_id, on=ON)
    assert held is not None and held.plan.workers_of(str(cast.near.pk)) == (f"p{cast.anna.person.pk}",)


def test_only_what_was_given_is_taken_back(cast: Cast) -> None:
    """Begun, chosen or another's it is refused; the steps are the system's, no person's; others' work is not given."""
    lead, at = cast.made.stage.users["coordinator"], cast.made.clock("07:01")
    work.task_claim(task_id=cast.near.pk, actor=cast.anna, at=at)
    with refused("not_given"):
        work.task_take_back(task_id=cast.near.pk, actor=None, at=at, owner_id=cast.anna.pk)
    with refused("not_open"):
        work.task_give(task_id=cast.near.pk, actor=None, at=at, owner_id=cast.bo.pk)
    work.task_give(task_id=cast.far.pk, actor=None, at=at, owner_id=cast.bo.pk)
    with refused("not_given"):
        work.task_take_back(task_id=cast.far.pk, actor=None, at=at, owner_id=cast.anna.pk)
    with refused("has_next"):
        work.task_give(task_id=cast.later.pk, actor=None, at=at, owner_id=cast.bo.pk)
    work.task_start(task_id=cast.far.pk, actor=cast.bo, at=at)
    with refused("not_given"):
        work.task_take_back(task_id=cast.far.pk, actor=None, at=at, owner_id=cast.bo.pk)
    theirs = cast.made.task("07:00", "08:00", 10, party="care")
    with refused("not_ours"):
        work.task_give(task_id=theirs.pk, actor=None, at=at, owner_id=cast.bo.pk)
    with refused("wrong_role"):
        work.task_give(task_id=cast.later.pk, actor=lead, at=at, owner_id=cast.bo.pk)
    with refused("wrong_role"):
        work.task_claim(task_id=cast.later.pk, actor=None, at=at)


def test_the_database_holds_one_given_task_for_each_worker(cast: Cast) -> None:
    """Without any of our code nobody has two, and nobody's task is claimed."""
    given = {"state": "claimed", "reason": "day_plan"}
    Task.objects.filter(pk=cast.near.pk).update(**given, owner=cast.anna)
    with pytest.raises(IntegrityError, match="service_one_given_ahead"), transaction.atomic():
        Task.objects.filter(pk=cast.later.pk).update(**given, owner=cast.anna)
    with pytest.raises(IntegrityError, match="owner_matches_state"), transaction.atomic():
        Task.objects.filter(pk=cast.later.pk).update(**given)


def test_a_phone_without_contact_meets_what_the_plan_took_back(cast: Cast) -> None:
    """Begun on the phone before it was taken back and given on: a conflict as with any claim, and nothing is lost."""
    cast.give()
    work.task_take_back(task_id=cast.near.pk, actor=None, at=cast.made.clock("07:03"), owner_id=cast.anna.pk)
    work.task_give(task_id=cast.near.pk, actor=None, at=cast.made.clock("07:03"), owner_id=cast.anna.pk)
    begun = work.Command(seq=1, deed="start", at=cast.made.clock("07:02"), task_id=cast.near.pk)
    [answer] = work.commands_merge(
        actor=cast.anna, device="phone", commands=[begun], received_at=cast.made.clock("07:04")
    )
    assert answer.outcome == "done", "it is theirs again"
    work.task_take_back(task_id=cast.far.pk, actor=None, at=cast.made.clock("07:05"), owner_id=cast.bo.pk)
    work.task_reassign(
        task_id=cast.far.pk, actor=cast.made.stage.users["coordinator"], at=cast.made.clock("07:05"),
        owner_id=cast.anna.pk,
    )  # fmt: skip
    begun = work.Command(seq=1, deed="start", at=cast.made.clock("07:02"), task_id=cast.far.pk)
    [answer] = work.commands_merge(
        actor=cast.bo, device="other", commands=[begun], received_at=cast.made.clock("07:06")
    )
    assert (answer.outcome, answer.code) == ("conflict", "taken")


def both(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Two threads with connections of their own."""

    def alone(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [one.result(timeout=60) for one in [pool.submit(alone, first), pool.submit(alone, second)]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_of_the_job_at_once_and_one_that_dies(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the same day before either gives: each task gets one owner, each worker one task, once told.

    One that dies after the row is written and before its history has done nothing, and the next look does it.
    """
    settings.DEMO = True
    cast = staged(stage_set())
    ready, give = threading.Barrier(2, timeout=30), day_plan_gives._give

    def together(*args: Any) -> int:
        if ready.n_waiting < 2 and not ready.broken:
            ready.wait()
        return give(*args)

    def dies(*args: Any, **words: Any) -> None:
        raise RuntimeError("the worker was killed")

    with monkeypatch.context() as fault:
        fault.setattr("vardnara.apps.service.services.recording.steps_append", dies)
        with pytest.raises(RuntimeError):
            cast.give()
    assert cast.has() == {} and not TaskEvent.objects.filter(reason="day_plan").exists()
    with monkeypatch.context() as racing:
        racing.setattr(day_plan_gives, "_give", together)
        moved = both(cast.give, cast.give)
    assert sum(moved) == 2
    assert cast.has() == {"second": [cast.near.pk], "service_worker": [cast.far.pk]}
    assert TaskEvent.objects.filter(reason="day_plan").count() == 2


def test_a_look_costs_nothing_where_nothing_happened(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """A second look at the same day reads what it needs to compare, and plans and gives nothing."""
    cast.follow("07:00")
    n_plans, n_events = DispatchPlan.objects.count(), TaskEvent.objects.count()
    with django_assert_max_num_queries(30):
        assert cast.follow("07:01") == 0
    assert (DispatchPlan.objects.count(), TaskEvent.objects.count()) == (n_plans, n_events)
