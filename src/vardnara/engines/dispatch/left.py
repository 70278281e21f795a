"""Why a task is in nobody's plan."""

from __future__ import annotations

from collections.abc import Sequence

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.result import LeftReason
from vardnara.engines.dispatch.schedule import Start, may, order_time


def left_reason(day: Day, starts: Sequence[Start], one: int) -> LeftReason:
    """The first of the reasons for which a task can be left that holds."""
    task = day.tasks[one]
    first = max(task.opens_minutes, day.now_minutes)
    if task.closes_minutes - first < task.minutes:
        return LeftReason.WINDOW_SHORT
    room = [
        number
        for number, worker in enumerate(day.workers)
        if min(task.closes_minutes, worker.ends_minutes) - max(first, starts[number].minutes) >= task.minutes
    ]
    if not room:
        return LeftReason.NOBODY_THERE
    skilled = [number for number in room if task.skills <= day.workers[number].skills]
    if not skilled:
        return LeftReason.NO_SKILL
    able = [
        number
        for number in skilled
        if may(day.workers[number], task) and order_time(day, number, starts[number], [one], {}) is not None
    ]
    if task.owners and not set(task.owners) <= {day.workers[number].code for number in able}:
        return LeftReason.OWNER_CANNOT
    if not able:
        return LeftReason.NOBODY_THERE
    return LeftReason.TOO_FEW if len(able) < task.n_people else LeftReason.NO_TIME
