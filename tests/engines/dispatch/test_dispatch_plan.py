"""The day plan by example: nobody, one person, what is left and why, what next; walking; the routing core."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vardnara.engines.dispatch import (
    Break,
    Day,
    DispatchParams,
    Figures,
    Hygiene,
    LeftReason,
    Plan,
    Policy,
    Spot,
    Status,
    Step,
    StepKind,
    Task,
    Timeline,
    Walking,
    Why,
    Worker,
    hygiene_of,
    live_prepare,
    plan_check,
    plan_day,
    plan_greedy,
    replan,
    suggest_next,
    suggest_worker,
    task_explain,
    walking_derive,
)
from vardnara.engines.dispatch.live import SHOWN, TRIED
from vardnara.engines.dispatch.routing import Instance, Stop, routes_faults, routes_solve
from vardnara.kernel.errors import InputError

PARAMS = DispatchParams(iterations=60)
WALKING = Walking(("base", "W1", "W2"), ((0, 3, 5), (3, 0, 4), (5, 4, 0)))
LUNCH = Task("lunch", "W1", 40, 690, 780, 760, skills=frozenset({"food"}), hygiene=Hygiene.FOOD)
ANNA = Worker("anna", 420, 900, "base", frozenset({"food", "contagion"}), (Break("rast", 600, 700, 30),))


def day(*tasks: Task, workers: tuple[Worker, ...] = (ANNA,), now: int = 0) -> Day:
    return Day(workers, tasks, WALKING, now, PARAMS)


def test_nobody_and_nothing() -> None:
    """A day without people leaves everything, one without work has empty timelines; neither is an error."""
    alone = plan_day(day(LUNCH, workers=()))
    assert alone.status is Status.NOTHING_TO_DO and [left.reason for left in alone.left] == [LeftReason.NOBODY_THERE]
    idle = plan_day(day())
    assert idle.status is Status.NOTHING_TO_DO and idle.left == ()
    assert [step.kind for step in idle.timelines[0].steps] == [StepKind.WAIT, StepKind.BREAK]


def test_one_person_washes_between_contagion_and_food() -> None:
    """Where the meal must come after the contagion clean, the wash step stands between them, before the walk."""
    clean = Task("smitta", "W2", 50, 600, 690, skills=frozenset({"contagion"}), hygiene=Hygiene.CONTAGION)
    order = day(clean, LUNCH, workers=(replace(ANNA, breaks=()),))
    plan = plan_day(order)
    kinds = [step.kind for step in plan.timelines[0].steps if step.kind is not StepKind.WAIT]
    assert kinds == [StepKind.WALK, StepKind.TASK, StepKind.WASH, StepKind.WALK, StepKind.TASK]
    assert plan.figures.washed_minutes == PARAMS.wash_after_contagion_minutes and plan_check(plan, order) == ()


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (replace(LUNCH, skills=frozenset({"crane"})), LeftReason.NO_SKILL),
        (replace(LUNCH, opens_minutes=880, closes_minutes=960, due_minutes=None), LeftReason.NOBODY_THERE),
        (replace(LUNCH, n_people=2), LeftReason.TOO_FEW),
        (replace(LUNCH, minutes=100), LeftReason.WINDOW_SHORT),
        (replace(LUNCH, skills=frozenset(), owners=("bo",), n_people=1), LeftReason.OWNER_CANNOT),
    ],
)
def test_what_is_left_says_why(task: Task, reason: LeftReason) -> None:
    """Work never vanishes from a plan: it stands there with the reason."""
    workers = (ANNA, Worker("bo", 420, 500, "base")) if task.owners else (ANNA,)
    plan = plan_day(day(task, workers=workers))
    assert [(left.task, left.reason) for left in plan.left] == [("lunch", reason)]


@pytest.mark.parametrize(
    ("tasks", "now", "late"),
    [
        ((Task("old", "W1", 20, 0, 1440, 60),), 480, 443),  # it was due when nobody was there
        ((Task("long", "W1", 330, 423, 755, priority=0), Task("old", "W1", 20, 420, 1440, 443)), 420, 330),
    ],
)
def test_whoever_is_free_does_what_is_late_however_late(tasks: tuple[Task, ...], now: int, late: int) -> None:
    """Nothing is left for being late alone, and all its minutes are told."""
    worker = replace(ANNA, breaks=())
    of = day(*tasks, workers=(worker,), now=now)
    plan = plan_day(of)
    assert plan.left == () and plan_check(plan, of) == ()
    assert (plan.figures.n_late, plan.figures.late_minutes) == (1, late)


def test_of_two_that_are_late_the_older_does_not_wait_for_the_younger() -> None:
    """What waited all day is as urgent as what became late just now: the way decides."""
    old, young = Task("old", "W1", 20, 0, 1440, 60), Task("young", "W2", 20, 0, 1440, 480)
    plan = plan_day(day(old, young, workers=(replace(ANNA, breaks=()),), now=480))
    assert [step.code for step in plan.timelines[0].steps if step.kind is StepKind.TASK] == ["old", "young"]


def test_the_clock_ends_a_search_and_the_plan_says_so() -> None:
    """By work a plan repeats, by the clock it may not: its status tells which."""
    slow = day(LUNCH)
    assert plan_day(slow).status is Status.WORK_DONE
    hurried = plan_day(replace(slow, params=DispatchParams(iterations=10_000_000, seconds=0.01)))
    assert hurried.status is Status.TIME_UP and hurried.workers_of("lunch") == ("anna",)


def test_a_change_has_to_be_worth_it() -> None:
    """What another would save by less than the threshold stays where it was; with more at stake it moves."""
    bo = replace(ANNA, code="bo", place="W1", breaks=())
    held = plan_day(day(LUNCH, workers=(replace(ANNA, breaks=()),)))
    both = day(LUNCH, workers=(replace(ANNA, breaks=()), bo), now=425)
    assert replan(both, held).workers_of("lunch") == ("anna",)
    keen = replace(both, params=replace(PARAMS, change_minutes=1))
    assert replan(keen, held).workers_of("lunch") == ("bo",)
    assert suggest_worker(live_prepare(both, held), "lunch").answers[0].worker == "anna"
    assert suggest_worker(live_prepare(keen, held), "lunch").answers[0].worker == "bo"
    told = task_explain(both, held, "lunch")
    assert told.workers == ("anna",) and told.left is None
    (mine,), (other,) = told.mine, told.others
    assert (mine.worker, other.worker) == ("anna", "bo") and mine.cost - other.cost == WALKING.between("base", "W1")


def test_what_next_by_policy() -> None:
    """The plan's own next, unless something nobody has is worth more; by own choice the urgent one first."""
    held = plan_day(day(LUNCH))
    spill = Task("spill", "W2", 10, 420, 480, priority=0)
    live = live_prepare(day(LUNCH, spill, now=425), held)
    first, second = suggest_next(live, "anna").answers
    assert (first.task, second.task) == ("spill", "lunch") and {Why.NOT_PLANNED, Why.NOW} <= set(first.why)
    assert Why.PLANNED in second.why
    assert [one.task for one in suggest_next(live, "anna", policy=Policy.OWN_CHOICE).answers] == ["spill", "lunch"]
    assert suggest_next(live, "anna", policy=Policy.AUTOMATIC).given


def test_every_fault_of_a_day_is_told() -> None:
    """Not only the first: places, windows, owners, codes that stand twice."""
    with pytest.raises(InputError) as caught:
        day(LUNCH, LUNCH, replace(LUNCH, code="x", place="moon", minutes=0, owners=("eva",)))
    assert {fault.place for fault in caught.value.faults} == {"lunch", "x"} and len(caught.value.faults) == 4
    with pytest.raises(InputError):
        DispatchParams(unplanned_minutes=(0, 1, 1))


def test_walking_from_building_and_floor() -> None:
    """Further up is further away, another building further still, what nobody knows is neither."""
    walking = walking_derive(
        {"a": Spot("H1", "3"), "b": Spot("H1", "plan 3"), "c": Spot("H1", "7"), "d": Spot("H2", "BV"), "e": Spot()}
    )
    assert [walking.between("a", place) for place in "abcde"] == [0, 2, 5, 10, 4]
    assert walking.between("d", "a") == walking.between("a", "d")
    assert [hygiene_of(order) for order in (10, 20, 21, 79, 80)] == [0, 0, 1, 1, 2]


@pytest.mark.shared_data
def test_the_routing_core_finds_the_best_known_routes(shared_data: Path) -> None:
    """A Solomon instance of 100 customers by work, judged in double precision, the same twice."""
    rows = (shared_data / "vrptw" / "solomon" / "C101.txt").read_text().splitlines()
    numbers = [[int(word) for word in row.split()] for row in rows if row.split() and row.split()[0].isdigit()]
    (vehicles, capacity), stops = numbers[0], [Stop(*row[1:]) for row in numbers[1:]]
    instance = Instance("C101", vehicles, capacity, tuple(stops))
    found = routes_solve(instance, iterations=150)
    assert routes_faults(instance, found.routes) == () and found.distance == pytest.approx(828.94, abs=0.005)
    assert routes_solve(instance, iterations=150).routes == found.routes
    assert routes_faults(instance, found.routes[1:]) != ()


def test_the_plain_floor_waits_for_no_opening() -> None:
    """Whoever is free takes what can be begun, though something that opens later is nearer."""
    near, far = Task("near", "W1", 20, 600, 900), Task("far", "W2", 20, 420, 900)
    start = replace(ANNA, place="W1", breaks=(), skills=frozenset())
    plan = plan_greedy(day(near, far, workers=(start,)))
    assert plan.timelines[0].tasks == ("far", "near")
    assert plan.timelines[0].steps[1].begins_minutes == 424


def many_places(n: int) -> tuple[Walking, tuple[Task, ...]]:
    """So many places with work each, the first the furthest from the base."""
    names = ("base", *(f"P{number}" for number in range(n)))
    rows = [
        [0 if a == b else n + 1 - b if a == 0 else n + 1 - a if b == 0 else 9 for b in range(n + 1)]
        for a in range(n + 1)
    ]
    work = tuple(Task(f"t{number}", f"P{number}", 10, 420, 900) for number in range(n))
    return Walking(names, tuple(tuple(row) for row in rows)), work


def test_of_many_tasks_the_best_is_worked_out_wherever_it_stands() -> None:
    """Only some are worked out to the end: by what they save about, not by where they stand in the day."""
    walking, work = many_places(3 * TRIED)
    anna = replace(ANNA, breaks=(), skills=frozenset())
    nobody = Plan((), (), Figures(), Status.NOTHING_TO_DO, 0, 0, 0.0)
    live = live_prepare(Day((anna,), work, walking, 420, PARAMS), nobody)
    answers = suggest_next(live, "anna").answers
    assert [one.task for one in answers] == [f"t{3 * TRIED - 1 - n}" for n in range(SHOWN)]
    assert answers[0].cost == 1 - PARAMS.unplanned_minutes[2]


def test_what_others_would_walk_far_for_is_offered_to_who_is_near() -> None:
    """Of many that a colleague has, the one is offered whose way it spares, wherever it stands."""
    n = 2 * TRIED
    names = ("base", *(f"P{number}" for number in range(n)), "annex")
    last = n + 1
    rows = [[0 if a == b else 30 if last in (a, b) else 2 for b in range(n + 2)] for a in range(n + 2)]
    walking = Walking(names, tuple(tuple(row) for row in rows))
    work = tuple(Task(f"t{number}", f"P{number}", 5, 420, 1200) for number in range(n))
    work += (Task("annex", "annex", 5, 420, 1200),)
    bo = Worker("bo", 420, 1300, "base")
    anna = Worker("anna", 420, 1300, "annex")
    steps = tuple(Step(StepKind.TASK, 0, 0, task.place, task.code) for task in work)
    held = Plan((Timeline("bo", steps),), (), Figures(), Status.WORK_DONE, 0, 0, 0.0)
    live = live_prepare(Day((bo, anna), work, walking, 420, PARAMS), held)
    [found] = suggest_next(live, "anna").answers
    assert (found.task, found.cost) == ("annex", -30)
