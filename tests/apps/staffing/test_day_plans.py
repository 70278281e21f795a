"""Plans of a day: asked for, made, frozen, replaced, stopped, chosen, and followed through the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.day_stage import DayStage
from tests.strategies.refusals import refused
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service import services as work
from vardnara.apps.staffing.models import DispatchPlan, RosterChange
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions
from vardnara.apps.staffing.queries.day_plans import plan_held
from vardnara.apps.staffing.services import day_plans, people
from vardnara.engines.dispatch import LeftReason

ON = date(2026, 3, 12)
AT = datetime(2026, 3, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def made(stage: Stage) -> DayStage:
    return DayStage(stage, ON, AT)


def ask(made: DayStage, at: datetime = AT, **more: Any) -> DispatchPlan:
    """Asked for and made at once."""
    row = day_plans.plan_ask(on=ON, actor=more.pop("actor", made.head), at=at, work=more.pop("rounds", 60), **more)
    day_plans.plan_do(plan_id=row.pk, clock=lambda: at)
    row.refresh_from_db()
    return row


def two_people(made: DayStage) -> tuple[Any, Any]:
    """Two of the ward with a shift, three pieces of work of which one asks for a training that nobody has."""
    kind = made.kind("D", 420, 930, [(660, 690)])
    people = made.person(1), made.person(2, user=made.stage.second_worker)
    for one in people:
        made.shift(one, kind)
    made.task("07:00", "08:00", 50)
    made.task("07:00", "08:00", 50)
    made.task("08:00", "09:00", 20, task_type=made.kind_of_task("smitta", competence="contagion", hygiene_order=90))
    return people


def test_a_plan_is_made_kept_and_frozen(made: DayStage) -> None:
    """Who does what, what is left and why, beside the plain floor; afterwards nothing of it changes."""
    first, second = two_people(made)
    row = ask(made)
    assert (row.state, row.fault, row.percent) == ("done", "", 100)
    held = plan_held(hospital_id=made.hospital_id, on=ON)
    assert held is not None and held.row.pk == row.pk
    assert {line.worker: len(line.tasks) for line in held.plan.timelines} == {f"p{first.pk}": 1, f"p{second.pk}": 1}
    assert [(held.tasks[one.task].name, one.reason) for one in held.plan.left] == [("Smitta", LeftReason.NO_SKILL)]
    assert held.greedy["n_left"] == 1 and row.cost == held.plan.figures.cost
    assert held.workers[f"p{first.pk}"].name == "Person 01"
    again = ask(made, rounds=60)
    assert again.result["plan"]["timelines"] == row.result["plan"]["timelines"], "the same day and seed, the same plan"
    for change in ({"cost": 0}, {"result": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            DispatchPlan.objects.filter(pk=row.pk).update(**change)


def test_one_at_a_time_and_stopped(made: DayStage) -> None:
    """A second one is refused while the first waits; one that has not begun is dropped; a stopped search is kept."""
    two_people(made)
    row = day_plans.plan_ask(on=ON, actor=made.head, at=AT)
    with refused("day_plan_under_way"):
        day_plans.plan_ask(on=ON, actor=made.head, at=AT)
    day_plans.plan_stop(plan_id=row.pk, actor=made.head, at=AT)
    row.refresh_from_db()
    assert row.state == "cancelled"
    with refused("run_ended"):
        day_plans.plan_stop(plan_id=row.pk, actor=made.head, at=AT)
    row = day_plans.plan_ask(on=ON, actor=made.head, at=AT, work=100_000)
    ticks = [AT]

    def clock() -> datetime:
        ticks.append(ticks[-1] + timedelta(seconds=1))
        if len(ticks) == 5:
            day_plans.plan_stop(plan_id=row.pk, actor=made.head, at=AT)
        return ticks[-1]

    day_plans.plan_do(plan_id=row.pk, clock=clock)
    row.refresh_from_db()
    assert (row.state, row.result["plan"]["status"]) == ("done", "stopped")
    assert row.result["plan"]["iterations"] < 1_000


def test_who_may_and_when(made: DayStage) -> None:
    """Coordinator, head and administrator of the hospital; nobody elsewhere; no day that is over."""
    with refused("wrong_role"):
        day_plans.plan_ask(on=ON, actor=made.stage.users["service_worker"], at=AT)
    elsewhere = day_plans.plan_ask(on=ON, actor=made.stage.outsider, at=AT)
    assert elsewhere.hospital_id != made.hospital_id
    with refused("unknown_day_plan"):
        day_plans.plan_stop(plan_id=elsewhere.pk, actor=made.head, at=AT)
    with refused("day_is_over"):
        day_plans.plan_ask(on=ON - timedelta(days=2), actor=made.head, at=AT)
    with refused("day_far_ahead"):
        day_plans.plan_ask(on=ON + timedelta(days=90), actor=made.head, at=AT)
    with refused("bad_work"):
        day_plans.plan_ask(on=ON, actor=made.head, at=AT, work=0)
    with refused("no_day_plan"):
        day_plans.plan_choose(on=ON, options=DayOptions(), actor=made.head, at=AT)


def test_a_chosen_day_holds_and_stays_chosen(made: DayStage) -> None:
    """Without one of two, the other takes what there is time for; the next plan of the day goes on without them."""
    first, second = two_people(made)
    ask(made)
    options = DayOptions(without=(f"p{first.pk}",))
    day_plans.plan_choose(on=ON, options=options, actor=made.head, at=AT)
    held = plan_held(hospital_id=made.hospital_id, on=ON)
    assert held is not None and (held.row.cause, held.options) == ("chosen", options)
    [line] = held.plan.timelines
    assert (line.worker, len(line.tasks)) == (f"p{second.pk}", 2)
    assert held.plan.figures.late_minutes >= 40, "the second of them ends forty minutes late at the earliest"
    again = ask(made)
    assert again.options == {"without": [f"p{first.pk}"], "added": []}
    assert len(ask(made, options=DayOptions()).result["plan"]["timelines"]) == 2


def test_the_day_is_followed(made: DayStage) -> None:
    """The first plan is asked for by itself; new work is planned in; where nothing changes, nothing is kept."""
    morning = made.clock("06:00")
    assert day_plans.plans_follow(at=morning) == 0, "nobody is there"
    first, _ = two_people(made)
    assert day_plans.plans_follow(at=morning) == 1
    row = DispatchPlan.objects.get(hospital=made.hospital_id)
    assert (row.cause, row.asked_by_id, row.on) == ("morning", None, ON)
    assert day_plans.plans_follow(at=morning) == 0, "it waits for the worker"
    day_plans.plan_do(plan_id=row.pk, clock=lambda: morning)
    assert day_plans.plans_follow(at=made.clock("06:01")) == 0
    new = made.task("09:00", "10:00", 30)
    type(new).objects.filter(pk=new.pk).update(changed_at=made.clock("06:02"))
    assert day_plans.plans_follow(at=made.clock("06:02")) == 1
    held = plan_held(hospital_id=made.hospital_id, on=ON)
    assert held is not None and held.row.cause == "event"
    assert str(new.pk) in {code for line in held.plan.timelines for code in line.tasks}
    work.task_claim(task_id=new.pk, actor=made.stage.second_worker, at=made.clock("06:10"))
    day_plans.plans_follow(at=made.clock("06:10"))
    held = plan_held(hospital_id=made.hospital_id, on=ON)
    assert held is not None and held.plan.workers_of(str(new.pk)) != (f"p{first.pk}",), "claimed: with whoever has it"


def test_whoever_falls_away_makes_the_rest_planned_anew(made: DayStage) -> None:
    """Marked as absent, on leave, or taken off the published roster: within the minute the day goes on without them."""
    first, second = two_people(made)
    third = made.person(3)
    line = made.shift(third, made.kind("E", 420, 930))
    day_plans.plan_ask(on=ON, actor=made.head, at=made.clock("06:00"), work=40)
    day_plans.plan_do(plan_id=DispatchPlan.objects.get().pk, clock=lambda: made.clock("06:00"))

    def there() -> set[str]:
        held = plan_held(hospital_id=made.hospital_id, on=ON)
        assert held is not None
        return {who.name for who in held.workers.values()}

    assert there() == {"Person 01", "Person 02", "Person 03"}
    work.absence_mark(user_id=second.user_id, actor=made.stage.users["coordinator"], at=made.clock("06:10"))
    assert day_plans.plans_follow(at=made.clock("06:10")) == 1 and there() == {"Person 01", "Person 03"}
    away = {"kind": "sick", "from_on": ON, "to_on": ON + timedelta(days=1)}
    people.leave_add(person_id=first.pk, actor=made.head, at=made.clock("06:20"), **away)
    assert day_plans.plans_follow(at=made.clock("06:20")) == 1 and there() == {"Person 03"}
    gone = {"roster": made.roster, "person": third, "on": ON, "before": line.kind, "batch": uuid4(), "by": made.head}
    RosterChange.objects.create(cause="hand", was_published=True, at=made.clock("06:30"), **gone)
    line.delete()
    assert day_plans.plans_follow(at=made.clock("06:30")) == 1 and there() == set()
    assert day_plans.plans_follow(at=made.clock("06:40")) == 0
