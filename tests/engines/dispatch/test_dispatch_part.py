"""A part of a day planned anew: the rest stays as it is, and the judge accepts the whole."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.dispatched import PLACES, WALKING, days

from vardnara.engines.dispatch import (
    Day,
    DispatchParams,
    Plan,
    StepKind,
    Task,
    Worker,
    part_keep,
    plan_check,
    plan_greedy,
    replan_part,
)

MANY = settings(deadline=None, max_examples=40)


def ends(plan: Plan) -> dict[tuple[str, str], int]:
    """By worker and task, when it ends."""
    return {
        (line.worker, step.code): step.ends_minutes
        for line in plan.timelines
        for step in line.steps
        if step.kind is StepKind.TASK
    }


@MANY
@given(days(), st.data())
def test_the_rest_stays_and_the_judge_accepts_the_whole(day: Day, data: st.DataObject) -> None:
    """Whoever is not of the part does what they did; what is done elsewhere stays with whom it was, and no later."""
    held = plan_greedy(day)
    fewer = data.draw(st.booleans())
    now = replace(
        day,
        tasks=tuple(
            task
            for task in day.tasks
            if not fewer or task.begun_minutes is not None or task.owners or data.draw(st.booleans())
        ),
    )
    own = data.draw(st.frozensets(st.sampled_from([worker.code for worker in day.workers] or ["-"])))
    places = data.draw(st.frozensets(st.sampled_from(PLACES)))
    kept, plan = part_keep(now, held, places=places), replan_part(now, held, workers=own, places=places)
    assert plan_check(plan, now) == ()
    assert plan.figures.cost <= kept.figures.cost
    for line in kept.timelines:
        if line.worker not in own:
            assert plan.timeline(line.worker) == line
    place = {task.code: task.place for task in now.tasks}
    before, after = ends(kept), ends(plan)
    elsewhere = {key: end for key, end in before.items() if place[key[1]] not in places}
    assert {key for key in after if place[key[1]] not in places} == elsewhere.keys()
    assert all(after[key] <= end for key, end in elsewhere.items())


def test_a_part_is_planned_with_its_own_people() -> None:
    """What somebody of the part leaves goes to the others of the part, not to somebody who is nearer and not theirs."""
    people = tuple(Worker(name, 420, 900, place) for name, place in (("a", "A"), ("b", "A"), ("c", "A")))
    work = tuple(Task(f"t{number}", "A", 30, 420, 900, priority=2) for number in range(6))
    elsewhere = Task("away", "B", 30, 480, 510)
    day = Day(people, (*work, elsewhere), WALKING, params=DispatchParams(iterations=60))
    held = plan_greedy(day)
    rest = replace(day, workers=people[1:])
    plan = replan_part(rest, held, workers={"b"}, places={"A"})
    assert plan.timeline("c") == part_keep(rest, held, places={"A"}).timeline("c")
    gone = {code for code in held.timeline("a").tasks if code != "away"}
    assert gone and gone <= set(plan.timeline("b").tasks) and plan_check(plan, rest) == ()
    asked: list[float] = []
    replan_part(rest, held, workers={"b"}, places={"A"}, asked=lambda share: asked.append(share) or False)  # type: ignore[func-returns-value]
    assert asked and max(asked) <= 1
