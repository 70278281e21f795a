"""The day plan's promises, for days that Hypothesis makes up, judged by ``plan_check``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.dispatched import PLACES, WALKING, days

from vardnara.engines.dispatch import (
    Day,
    DispatchParams,
    Hygiene,
    Task,
    Worker,
    live_prepare,
    plan_check,
    plan_day,
    plan_greedy,
    plan_keep,
    replan,
)
from vardnara.engines.dispatch.live import SHOWN, suggest_next, suggest_worker
from vardnara.engines.dispatch.reference import best_cost, gains_by_trying, workers_by_trying

MANY = settings(deadline=None, max_examples=40)


@MANY
@given(days())
def test_the_judge_accepts_what_the_planner_returns(day: Day) -> None:
    """Nothing is overlapped, skipped, moved from whom it belongs to, or done unwashed; the figures add up."""
    floor, plan = plan_greedy(day), plan_day(day)
    assert plan_check(floor, day) == () and plan_check(plan, day) == ()
    assert plan.figures.cost <= floor.figures.cost
    assert replace(plan_day(day), seconds=0.0) == replace(plan, seconds=0.0)


@MANY
@given(days(), st.data())
def test_the_judge_accepts_what_becomes_of_a_plan(day: Day, data: st.DataObject) -> None:
    """Work comes, goes and is claimed, somebody goes home: the plan that holds is kept or improved, never broken."""
    held = plan_day(day)
    gone = data.draw(st.sets(st.sampled_from([task.code for task in day.tasks] or [""])))
    moved = {task.code for task in day.tasks if data.draw(st.booleans())}
    tasks = tuple(
        replace(task, closes_minutes=task.closes_minutes + 30)
        if task.code in moved and task.begun_minutes is None
        else task
        for task in day.tasks
        if task.code not in gone
    )
    people = {owner for task in tasks for owner in task.owners}
    stay = tuple(worker for worker in day.workers if worker.code in people or data.draw(st.booleans()))
    later = Day(stay, tasks, day.walking, day.now_minutes + data.draw(st.sampled_from([0, 15, 60])), day.params)
    kept, anew = plan_keep(later, held), replan(later, held)
    assert plan_check(kept, later) == () and plan_check(anew, later) == ()
    assert anew.figures.cost <= kept.figures.cost


def drawn(rng: np.random.Generator) -> Day:
    """A small day drawn at random: two people, four tasks."""
    zones = [frozenset(), frozenset({"A"}), frozenset({"B", "C"})]
    people = [
        Worker(
            f"w{one}", 360, 560, PLACES[rng.integers(3)], zone=zones[rng.integers(3)], hygiene=Hygiene(rng.integers(3))
        )
        for one in range(2)
    ]
    work = []
    for one in range(4):
        minutes, opens, room = (int(rng.integers(*bounds)) for bounds in ((5, 40), (360, 500), (40, 160)))
        due = opens + min(room, minutes + int(rng.integers(0, 60)))
        hygiene, priority = Hygiene(rng.integers(3)), int(rng.integers(3))
        place = PLACES[rng.integers(3)]
        work.append(Task(f"t{one}", place, minutes, opens, opens + room, due, priority=priority, hygiene=hygiene))
    return Day(tuple(people), tuple(work), WALKING, params=DispatchParams(iterations=100))


def test_small_days_are_planned_as_well_as_they_can_be() -> None:
    """Against trying every way to give the work out and every order: never better, and hardly ever worse."""
    rng = np.random.default_rng(7)
    pairs = [(plan_day(day).figures.cost, best_cost(day)) for day in (drawn(rng) for _ in range(40))]
    assert all(found >= least for found, least in pairs)
    assert sum(1 for found, least in pairs if found == least) >= 38


@MANY
@given(days(n_tasks=7, plain=True))
def test_the_live_answer_is_what_trying_everything_finds(day: Day) -> None:
    """Who should take it, and what next: the same workers and tasks with the same costs as the slow twin."""
    held = plan_day(day)
    live = live_prepare(day, held)
    for task in day.tasks:
        answers = suggest_worker(live, task.code).answers
        twin = workers_by_trying(day, held, task.code)
        assert sorted(answer.cost for answer in answers) == [cost for cost, _ in twin][:SHOWN]
        assert all((answer.cost, answer.worker) in twin for answer in answers)
        holder = held.workers_of(task.code)
        if holder and answers[0].worker not in holder:
            assert {who: cost for cost, who in twin}[holder[0]] - answers[0].cost >= day.params.change_minutes
    for worker in day.workers:
        gains = gains_by_trying(day, held, worker.code)
        answers = suggest_next(live, worker.code).answers
        beside = {
            answer.task: -answer.cost for answer in answers if answer.task not in held.timeline(worker.code).tasks
        }
        assert sorted(beside.values(), reverse=True) == sorted(gains.values(), reverse=True)[: len(beside)]
        assert beside.items() <= gains.items() and len(beside) >= min(len(gains), SHOWN - 1)
        planned = held.timeline(worker.code).tasks
        if planned and answers[0].task != planned[0]:
            assert -answers[0].cost >= day.params.change_minutes
