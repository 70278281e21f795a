"""A worker's order with what is needed to say at once where something more has room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vardnara.engines.dispatch.data import Day, Hygiene
from vardnara.engines.dispatch.schedule import BREAK, Start, late_cost, order_time, outside, wash_minutes

NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Line:
    """A worker's order with its times.

    Attributes
    ----------
    ready
        When, where (row of the matrix) and carrying what the worker is free after 0, 1, ... stops.
    latest
        The latest begin of each stop that keeps it and all after it within their hard ends; one more at the end.
    """

    order: tuple[int, ...]
    begins: tuple[int, ...]
    ready: tuple[tuple[int, int, int], ...]
    latest: tuple[int, ...]
    cost: int


def line_make(day: Day, number: int, start: Start, order: Sequence[int], fixed: Mapping[int, int]) -> Line:
    """An order with its times; stops that have become impossible are left out."""
    kept = list(order)
    timing = order_time(day, number, start, kept, fixed)
    if timing is None:
        kept = []
        for one in order:
            if order_time(day, number, start, [*kept, one], fixed) is not None:
                kept.append(one)
        timing = order_time(day, number, start, kept, fixed)
    assert timing is not None
    worker, ways = day.workers[number], day.walking.minutes
    home = day.walking.index(worker.break_place)
    ready = [(start.minutes, day.walking.index(start.place), int(start.hygiene))]
    hard: list[int] = []
    for one, begin in zip(kept, timing.begins, strict=True):
        if one <= BREAK:
            pause = worker.breaks[BREAK - one]
            ready.append((begin + pause.minutes, home, 0))
            hard.append(min(pause.closes_minutes, worker.ends_minutes) - pause.minutes)
        else:
            task = day.tasks[one]
            ready.append((begin + task.minutes, day.walking.index(task.place), int(task.hygiene)))
            hard.append(min(fixed.get(one, NEVER), min(task.closes_minutes, worker.ends_minutes) - task.minutes))
    latest = [*hard, NEVER]
    washes = washes_of(day)
    for place in range(len(kept) - 2, -1, -1):
        ended, here, carried = ready[place + 1]
        _, there, hygiene = ready[place + 2]
        way = ways[here][there] + (washes[carried] if hygiene < carried else 0)
        latest[place] = min(latest[place], latest[place + 1] - way - (ended - timing.begins[place]))
    return Line(tuple(kept), timing.begins, tuple(ready), tuple(latest), timing.cost)


def washes_of(day: Day) -> tuple[int, ...]:
    return tuple(wash_minutes(day.params, one) for one in Hygiene)


def line_places(day: Day, who: int, line: Line, number: int, begin_at: int | None = None) -> Iterator[tuple[int, int]]:
    """Where in an order a task breaks nothing hard, and what that costs at least: (minutes, place).

    ``begin_at`` is the begin of what several do together. Lateness of what comes after is not in it.
    """
    params = day.params
    worker, task = day.workers[who], day.tasks[number]
    ways, washes, there, hygiene = day.walking.minutes, washes_of(day), day.walking.index(task.place), int(task.hygiene)
    opens, last = max(task.opens_minutes, day.now_minutes), min(task.closes_minutes, worker.ends_minutes) - task.minutes
    if begin_at is not None:
        opens, last = max(opens, begin_at), min(last, begin_at)
    away = params.outside_minutes if outside(worker, task) else 0
    for place, (ended, here, carried) in enumerate(line.ready):
        way = ways[here][there] + (washes[carried] if hygiene < carried else 0)
        begin = max(ended + way, opens)
        if begin > last:
            continue
        cost = way + (away if here != there else 0) + late_cost(params, task, begin + task.minutes)
        if place < len(line.order):
            _, then, cleaner = line.ready[place + 1]
            after = ways[there][then] + (washes[hygiene] if cleaner < hygiene else 0)
            if begin + task.minutes + after > line.latest[place]:
                continue
            cost += after - ways[here][then] - (washes[carried] if cleaner < carried else 0)
            cost -= _left_again(day, who, line.order[place], here, there, then)
        yield cost, place


def _left_again(day: Day, who: int, one: int, here: int, there: int, then: int) -> int:
    """What the next stop is spared of leaving one's own places, if whoever comes to it is already there."""
    if one <= BREAK or here == then or there != then:
        return 0
    return day.params.outside_minutes if outside(day.workers[who], day.tasks[one]) else 0
