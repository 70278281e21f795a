"""The day and the plan that holds, made ready for questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.line import Line, line_make, washes_of
from vardnara.engines.dispatch.plan import orders_of
from vardnara.engines.dispatch.result import Plan
from vardnara.engines.dispatch.schedule import BREAK, Start, late_cost, outside, starts_of


@dataclass(frozen=True, slots=True)
class Live:
    """A day with the plan that holds, made ready for questions."""

    day: Day
    starts: tuple[Start, ...]
    lines: tuple[Line, ...]
    holder: dict[int, list[int]]
    fixed: dict[int, int]
    number_of_task: dict[str, int]
    number_of_worker: dict[str, int]
    places: tuple[int, ...]
    washes: tuple[int, ...]
    nearest: int
    spared: tuple[int, ...]


def live_prepare(day: Day, held: Plan) -> Live:
    """Make a state ready: the day as it is now, and the plan that holds.

    What the plan says of tasks that are gone or begun is left out; what cannot be done in time any more has nobody.
    """
    starts = starts_of(day)
    orders, fixed = orders_of(day, held)
    lines = tuple(line_make(day, number, starts[number], order, fixed) for number, order in enumerate(orders))
    holder: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        for one in line.order:
            if one > BREAK:
                holder.setdefault(one, []).append(number)
    return Live(
        day=day,
        starts=starts,
        lines=lines,
        holder=holder,
        fixed=fixed,
        number_of_task={task.code: number for number, task in enumerate(day.tasks)},
        number_of_worker={worker.code: number for number, worker in enumerate(day.workers)},
        places=tuple(day.walking.index(task.place) for task in day.tasks),
        washes=washes_of(day),
        nearest=min((way for row in day.walking.minutes for way in row if way > 0), default=0),
        spared=_spared(day, lines),
    )


def _spared(day: Day, lines: Sequence[Line]) -> tuple[int, ...]:
    """What the plan is spared at least if somebody else does a task: the way, or the worth of work that nobody has."""
    found = [day.params.unplanned_minutes[task.priority] for task in day.tasks]
    ways, washes = day.walking.minutes, washes_of(day)
    for number, line in enumerate(lines):
        for place, one in enumerate(line.order):
            if one <= BREAK:
                continue
            task = day.tasks[one]
            _, here, carried = line.ready[place]
            ended, there, hygiene = line.ready[place + 1]
            saved = ways[here][there] + (washes[carried] if hygiene < carried else 0)
            saved += day.params.outside_minutes if here != there and outside(day.workers[number], task) else 0
            saved += late_cost(day.params, task, ended)
            if place + 1 < len(line.order):
                _, then, cleaner = line.ready[place + 2]
                saved += ways[there][then] + (washes[hygiene] if cleaner < hygiene else 0)
                saved -= ways[here][then] + (washes[carried] if cleaner < carried else 0)
            found[one] = saved
    return tuple(found)
