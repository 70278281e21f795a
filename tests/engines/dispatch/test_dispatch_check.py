"""The judge: a plan by hand that is right, and the same plan with each rule broken once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vardnara.engines.dispatch import (
    Break,
    Day,
    Figures,
    Hygiene,
    Left,
    LeftReason,
    Plan,
    Status,
    Step,
    StepKind,
    Task,
    Timeline,
    Walking,
    Worker,
    plan_check,
)
from vardnara.engines.dispatch.check import RULES

WALK, WAIT, WASH, TASK, BREAK = StepKind.WALK, StepKind.WAIT, StepKind.WASH, StepKind.TASK, StepKind.BREAK
WALKING = Walking(("base", "W1", "W2"), ((0, 3, 5), (3, 0, 4), (5, 4, 0)))
ANNA = Worker("anna", 420, 720, "base", frozenset({"food", "clean", "contagion"}), (Break("lunch", 560, 640, 30),))
BO = Worker("bo", 420, 720, "base", frozenset({"clean"}))
DAY = Day(
    (ANNA, BO),
    (
        Task("contagion", "W1", 50, 420, 600, skills=frozenset({"contagion"}), hygiene=Hygiene.CONTAGION),
        Task("breakfast", "W1", 40, 480, 560, 520, skills=frozenset({"food"}), hygiene=Hygiene.FOOD),
        Task("move", "W2", 10, 600, 700, n_people=2),
        Task("daily", "W1", 15, 420, 700, owners=("bo",)),
        Task("going", "W2", 20, 400, 480, owners=("bo",), begun_minutes=420),
        Task("late lunch", "W2", 30, 690, 730),
    ),
    WALKING,
)


def steps(*rows: tuple[StepKind, int, int, str] | tuple[StepKind, int, int, str, str]) -> tuple[Step, ...]:
    return tuple(Step(*row) for row in rows)


ANNAS = steps(
    (WALK, 420, 423, "W1"),
    (TASK, 423, 473, "W1", "contagion"),
    (WASH, 473, 481, "W1"),
    (TASK, 481, 521, "W1", "breakfast"),
    (WALK, 521, 524, "base"),
    (WAIT, 524, 560, "base"),
    (BREAK, 560, 590, "base", "lunch"),
    (WALK, 590, 595, "W2"),
    (WAIT, 595, 600, "W2"),
    (TASK, 600, 610, "W2", "move"),
)
BOS = steps(
    (TASK, 420, 440, "W2", "going"),
    (WALK, 440, 444, "W1"),
    (TASK, 444, 459, "W1", "daily"),
    (WALK, 459, 463, "W2"),
    (WAIT, 463, 600, "W2"),
    (TASK, 600, 610, "W2", "move"),
)
GOOD = Plan(
    (Timeline("anna", ANNAS), Timeline("bo", BOS)),
    (Left("late lunch", LeftReason.NO_TIME),),
    Figures(walked_minutes=19, washed_minutes=8, n_outside=0, late_minutes=1, n_late=1, n_left=1, cost=328),
    Status.WORK_DONE,
    1,
    0,
    0.0,
)


def with_steps(worker: str, *rows: tuple[int, Step | None]) -> Plan:
    """The good plan with some steps replaced, or taken out."""
    lines = []
    for line in GOOD.timelines:
        changed = dict(rows) if line.worker == worker else {}
        kept = (changed.get(number, step) for number, step in enumerate(line.steps))
        lines.append(Timeline(line.worker, tuple(step for step in kept if step is not None)))
    return replace(GOOD, timelines=tuple(lines))


def rules(plan: Plan, day: Day = DAY) -> set[str]:
    return {violation.rule for violation in plan_check(plan, day)}


def test_the_good_plan_is_accepted() -> None:
    """The judge has nothing to say where all is well."""
    assert plan_check(GOOD, DAY) == ()


def anna(number: int, **changed: object) -> tuple[int, Step]:
    return number, replace(ANNAS[number], **changed)


def changed_day(code: str, **changed: object) -> Day:
    tasks = tuple(replace(task, **changed) if task.code == code else task for task in DAY.tasks)
    return replace(DAY, tasks=tasks)


BROKEN = {
    "unknown": (replace(GOOD, left=(*GOOD.left, Left("nothing", LeftReason.NO_TIME))), DAY),
    "gap": (with_steps("anna", anna(5, ends_minutes=558)), DAY),
    "before_now": (GOOD, replace(DAY, now_minutes=421)),
    "outside_shift": (GOOD, replace(DAY, workers=(replace(ANNA, ends_minutes=609), BO))),
    "place": (with_steps("anna", anna(1, place="W2")), DAY),
    "walk_short": (with_steps("anna", anna(0, begins_minutes=421)), DAY),
    "wash_missing": (with_steps("anna", (2, Step(WAIT, 473, 481, "W1"))), DAY),
    "wash_short": (with_steps("anna", anna(2, ends_minutes=480), anna(3, begins_minutes=480)), DAY),
    "skill": (GOOD, replace(DAY, workers=(replace(ANNA, skills=frozenset({"food"})), BO))),
    "too_early": (GOOD, changed_day("breakfast", opens_minutes=490)),
    "too_late": (GOOD, changed_day("breakfast", closes_minutes=520)),
    "wrong_length": (GOOD, changed_day("breakfast", minutes=41)),
    "break_missing": (with_steps("anna", (6, Step(WAIT, 560, 590, "base"))), DAY),
    "break_window": (GOOD, replace(DAY, workers=(replace(ANNA, breaks=(Break("lunch", 565, 640, 30),)), BO))),
    "break_length": (GOOD, replace(DAY, workers=(replace(ANNA, breaks=(Break("lunch", 560, 640, 31),)), BO))),
    "task_twice": (replace(GOOD, left=(*GOOD.left, Left("daily", LeftReason.NO_TIME))), DAY),
    "task_lost": (replace(GOOD, left=()), DAY),
    "pair_apart": (with_steps("anna", anna(8, ends_minutes=601), anna(9, begins_minutes=601, ends_minutes=611)), DAY),
    "pair_incomplete": (with_steps("anna", (9, None)), DAY),
    "claim_moved": (GOOD, changed_day("daily", owners=("anna",))),
    "begun_moved": (with_steps("bo", (0, Step(TASK, 421, 440, "W2", "going"))), DAY),
    "figures": (replace(GOOD, figures=replace(GOOD.figures, cost=327)), DAY),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_broken_once_is_named(rule: str) -> None:
    """What is wrong with a plan is said by the name of its rule."""
    plan, day = BROKEN[rule]
    assert rule in rules(plan, day)


def test_two_things_at_once_are_not_one_after_the_other() -> None:
    """Whoever is in two places at the same time is told so."""
    double = Timeline("bo", (*BOS[:3], Step(TASK, 450, 465, "W1", "daily"), *BOS[3:]))
    assert {"gap", "task_twice"} <= rules(replace(GOOD, timelines=(GOOD.timelines[0], double)))


def test_a_meal_after_contagion_needs_the_wash_step_also_by_a_detour() -> None:
    """What was done between does not wash anybody: contagion, a wait, then food."""
    day = replace(DAY, workers=(replace(ANNA, hygiene=Hygiene.CONTAGION), BO))
    first = with_steps("anna", (1, Step(WAIT, 423, 473, "W1")), (2, Step(WAIT, 473, 481, "W1")))
    assert "wash_missing" in rules(first, day)
