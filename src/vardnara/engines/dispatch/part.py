"""Plans some people's rest of a day anew, at some places; everybody else's and everything elsewhere stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from vardnara.engines.dispatch.data import Day, Task
from vardnara.engines.dispatch.plan import draft_plan, orders_of, replan
from vardnara.engines.dispatch.repair import Draft, draft_fill
from vardnara.engines.dispatch.result import Plan, Status, StepKind
from vardnara.engines.dispatch.schedule import starts_of


@dataclass(frozen=True, slots=True)
class _Visits:
    """Who does a task of a plan, and from when until when."""

    workers: tuple[str, ...]
    begins_minutes: int
    ends_minutes: int


def replan_part(
    day: Day,
    held: Plan,
    *,
    workers: Collection[str],
    places: Collection[str],
    asked: Callable[[float], bool] | None = None,
) -> Plan:
    """The rest of the day at some places anew, with some of its people.

    Parameters
    ----------
    day
        As it is now, whole.
    held
        The plan that holds.
    workers
        Codes of those whose work at the places may change. What they do elsewhere stays theirs, and no later.
    places
        Where work may change hands. What is done there by or together with somebody else stays.
    asked
        Told now and then how much of the work is done, 0 to 1; says whether to stop with the best so far.

    Returns
    -------
    Plan
        Of the whole day. Everybody else does what they do in the plan that holds; what is new elsewhere is put in where
        it costs least, what is new at the places only with these people. It never costs more than leaving all as it is.
    """
    began = time.perf_counter()
    kept = part_keep(day, held, places=places)
    own = frozenset(workers)
    part = _part(day, kept, own, frozenset(places))
    lines = tuple(line for line in kept.timelines if line.worker in own)
    found = replan(part, replace(kept, timelines=lines), asked=asked)
    pinned = {task.code for task in part.tasks if task.begun_minutes is None and task.owners}
    if not pinned <= {code for line in found.timelines for code in line.tasks}:
        return replace(kept, seconds=time.perf_counter() - began)
    anew = {line.worker: line for line in found.timelines}
    merged = replace(kept, timelines=tuple(anew.get(line.worker, line) for line in kept.timelines))
    orders, fixed = orders_of(day, merged)
    whole = Draft(day, starts_of(day), [list(order) for order in orders], fixed)
    plan = draft_plan(whole, found.iterations, found.status, time.perf_counter() - began)
    return plan if plan.figures.cost <= kept.figures.cost else replace(kept, seconds=plan.seconds)


def part_keep(day: Day, held: Plan, *, places: Collection[str]) -> Plan:
    """The plan that holds without what is gone, and with what is new elsewhere where it costs least. No search."""
    began = time.perf_counter()
    orders, fixed = orders_of(day, held)
    draft = Draft(day, starts_of(day), [list(order) for order in orders], fixed)
    draft_fill(draft, [one for one in draft.left() if day.tasks[one].place not in places])
    return draft_plan(draft, 0, Status.WORK_DONE, time.perf_counter() - began)


def _visits(plan: Plan) -> dict[str, _Visits]:
    found: dict[str, _Visits] = {}
    for line in plan.timelines:
        for step in line.steps:
            if step.kind is StepKind.TASK:
                before = found.get(step.code)
                who = (*before.workers, line.worker) if before else (line.worker,)
                found[step.code] = _Visits(who, step.begins_minutes, step.ends_minutes)
    return found


def _part(day: Day, kept: Plan, workers: frozenset[str], places: frozenset[str]) -> Day:
    """The day of these people: what may change hands as it is, what they do beside it as theirs at its time."""
    visits = _visits(kept)
    tasks = []
    for task in day.tasks:
        visit = visits.get(task.code)
        holders = visit.workers if visit else ()
        if task.begun_minutes is not None:
            owners = tuple(owner for owner in task.owners if owner in workers)
            if owners:
                tasks.append(replace(task, owners=owners, n_people=len(owners)))
        elif task.place in places and workers.issuperset((*holders, *task.owners)):
            tasks.append(task)
        elif visit is not None and workers.intersection(holders):
            tasks.append(_pinned(task, visit, tuple(one for one in holders if one in workers)))
    crew = tuple(worker for worker in day.workers if worker.code in workers)
    return replace(day, workers=crew, tasks=tuple(tasks))


def _pinned(task: Task, visit: _Visits, owners: tuple[str, ...]) -> Task:
    """Theirs, at its time: nothing is worth more than it."""
    return replace(
        task,
        opens_minutes=visit.begins_minutes,
        closes_minutes=visit.ends_minutes,
        due_minutes=None,
        priority=0,
        n_people=len(owners),
        owners=owners,
    )
