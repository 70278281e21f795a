"""A plan as rows and back, what another plan changes, and a search that is told to stop."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from tests.strategies.dispatched import days

from vardnara.engines.dispatch import (
    Day,
    DispatchParams,
    Left,
    LeftReason,
    Status,
    Task,
    Walking,
    Worker,
    plan_check,
    plan_day,
    plan_greedy,
)
from vardnara.engines.dispatch import plan as planning
from vardnara.engines.dispatch.difference import plan_difference
from vardnara.engines.dispatch.document import plan_read, plan_row

WALKING = Walking(("W1", "W2"), ((0, 4), (4, 0)))
BUSY = Day(
    (Worker("anna", 420, 900, "W1"), Worker("bo", 420, 900, "W2")),
    (
        Task("one", "W1", 50, 420, 900, 470),
        Task("other", "W2", 50, 420, 900, 470),
        Task("together", "W1", 20, 600, 700, 640, n_people=2),
    ),
    WALKING,
    0,
    DispatchParams(iterations=100),
)


@given(days())
@settings(max_examples=40, deadline=None)
def test_a_plan_survives_json(day: Day) -> None:
    """Rows through JSON make the same plan, but for the clock's last digits."""
    plan = plan_greedy(day)
    assert plan_read(json.loads(json.dumps(plan_row(plan)))) == replace(plan, seconds=round(plan.seconds, 3))


@given(days())
@settings(max_examples=40, deadline=None)
def test_a_plan_differs_from_itself_in_nothing(day: Day) -> None:
    """Nothing moves, gets late, is left or taken."""
    plan = plan_greedy(day)
    assert plan_difference(day, plan, plan).is_none


def test_what_another_plan_changes_is_named() -> None:
    """Without one of two, what they did moves, is late or is left; back again it is taken."""
    both = plan_day(BUSY)
    alone = replace(BUSY, workers=BUSY.workers[:1])
    less = plan_day(alone)
    found = plan_difference(alone, both, less)
    assert {one.after for one in found.moved} == {("anna",)}
    assert [(one.task, one.before_minutes, one.after_minutes) for one in found.later] == [("other", 0, 54)]
    assert found.left == (Left("together", LeftReason.TOO_FEW),)
    assert plan_difference(BUSY, less, both).taken == ("together",)


def test_a_search_stops_when_it_is_told() -> None:
    """It is told how far it is, ends at once, and what it has is a plan."""
    long = replace(BUSY, params=DispatchParams(iterations=100_000))
    heard: list[float] = []

    def asked(share: float) -> bool:
        heard.append(share)
        return len(heard) == 3

    plan = plan_day(long, asked=asked)
    assert plan.status is Status.STOPPED and len(heard) == 3 and plan.iterations < 1_000
    assert heard == sorted(heard) and plan_check(plan, long) == ()
    whole: list[float] = []
    done = plan_day(replace(long, params=DispatchParams(iterations=400)), asked=lambda share: bool(whole.append(share)))
    assert done.status is Status.WORK_DONE and whole == sorted(whole) and whole[-1] >= 0.9


def test_a_fault_in_what_is_asked_ends_both_searches() -> None:
    """The one in the other thread does not go on for its 10,000,000 rounds."""

    def asked(share: float) -> bool:
        raise RuntimeError("the database is away")

    before = set(threading.enumerate())  # another test's may still be there
    with pytest.raises(RuntimeError, match="away"):
        plan_day(replace(BUSY, params=DispatchParams(iterations=10_000_000)), asked=asked)
    assert set(threading.enumerate()) <= before


def test_of_two_searches_the_better_goes_on() -> None:
    """One that brings nothing holds nothing back, whichever it is; and only this thread is asked."""
    tasks = tuple(Task(f"t{n}", ("W1", "W2", "W1")[n], 10, 420, 900, 800, priority=n) for n in range(3))
    day = replace(BUSY, workers=BUSY.workers[:1], tasks=tasks)
    tried = planning._tried
    best, floor = plan_day(day).figures.cost, plan_greedy(day).figures.cost
    assert best < floor
    for lame in (0, planning.ANOTHER):
        threads, asked_in = set(), set()

        def noted(draft: Any, seed: int, *words: Any, lame: int = lame, threads: set[str] = threads) -> Any:
            threads.add(threading.current_thread().name)
            after, found = tried(draft, seed, *words)
            if (seed >= planning.ANOTHER) == (lame > 0):
                after = planning.Draft(day, draft.starts, [[] for _ in day.workers], {})
            return after, found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(planning, "_tried", noted)
            made = plan_day(day, asked=lambda _, asked_in=asked_in: bool(asked_in.add(threading.current_thread().name)))
        assert made.figures.cost == best
        assert len(threads) > 1 and asked_in == {threading.current_thread().name}
