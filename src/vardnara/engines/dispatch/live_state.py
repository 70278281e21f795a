"""The day and the plan that holds, made ready for questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.line import Line, line_make, washes_of
from vardnara.engines.dispatch.plan import orders_of
from vardnara.engines.dispatch.result import Plan
from vardnara.engines.dispatch.schedule import BREAK, Start, late_cost, outside, starts_of


@dataclass(frozen=True)
class Live:
    """A day with the plan that holds, made ready for questions: each worker's line is timed when it is first asked for.

    ``orders`` and ``planned`` are as the plan says; what cannot be done in time any more is in nobody's ``line``.
    """

    day: Day
    starts: tuple[Start, ...]
    orders: tuple[tuple[int, ...], ...]
    planned: Mapping[int, Sequence[int]]
    fixed: Mapping[int, int]
    number_of_task: Mapping[str, int]
    number_of_worker: Mapping[str, int]
    places: tuple[int, ...]
    washes: tuple[int, ...]
    _lines: dict[int, Line] = field(default_factory=dict, repr=False, compare=False)

    def line(self, who: int) -> Line:
        """A worker's order with its times."""
        line = self._lines.get(who)
        if line is None:
            line = self._lines[who] = line_make(self.day, who, self.starts[who], self.orders[who], self.fixed)
        return line

    def holders(self, number: int) -> list[int]:
        """Who has a task in their line."""
        return [who for who in self.planned.get(number, ()) if number in self.line(who).order]

    @cached_property
    def nearest(self) -> int:
        """The shortest way between two places."""
        return min((way for row in self.day.walking.minutes for way in row if way > 0), default=0)


def live_prepare(day: Day, held: Plan) -> Live:
    """Make a state ready: the day as it is now, and the plan that holds.

    What the plan says of tasks that are gone or begun is left out; what cannot be done in time any more has nobody.
    """
    orders, fixed = orders_of(day, held)
    row_of = day.walking.row_of
    planned: dict[int, list[int]] = {}
    for who, order in enumerate(orders):
        for one in order:
            if one > BREAK:
                planned.setdefault(one, []).append(who)
    return Live(
        day=day,
        starts=starts_of(day),
        orders=orders,
        planned=planned,
        fixed=fixed,
        number_of_task={task.code: number for number, task in enumerate(day.tasks)},
        number_of_worker={worker.code: number for number, worker in enumerate(day.workers)},
        places=tuple([row_of[task.place] for task in day.tasks]),
        washes=washes_of(day),
    )


def spared_least(live: Live, number: int) -> int:
    """What the plan is spared at least if somebody else does a task: the way, or the worth of work that nobody has."""
    day, task = live.day, live.day.tasks[number]
    holders = live.holders(number)
    if not holders:
        return day.params.unplanned_minutes[task.priority]
    who = holders[-1]
    line, ways, washes = live.line(who), day.walking.minutes, live.washes
    place = line.order.index(number)
    _, here, carried = line.ready[place]
    ended, there, hygiene = line.ready[place + 1]
    saved = ways[here][there] + (washes[carried] if hygiene < carried else 0)
    saved += day.params.outside_minutes if here != there and outside(day.workers[who], task) else 0
    saved += late_cost(day, task, ended)
    if place + 1 < len(line.order):
        _, then, cleaner = line.ready[place + 2]
        saved += ways[there][then] + (washes[hygiene] if cleaner < hygiene else 0)
        saved -= ways[here][then] + (washes[carried] if cleaner < carried else 0)
    return saved
