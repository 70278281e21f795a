"""A worker's order with what is needed to say at once where something more has room."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.schedule import BREAK, Start, late_cost, order_time, outside

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
    costs
        What the first 0, 1, ... stops cost; the last of them is the cost of all.
    """

    order: tuple[int, ...]
    begins: tuple[int, ...]
    ready: tuple[tuple[int, int, int], ...]
    latest: tuple[int, ...]
    costs: tuple[int, ...]

    @property
    def cost(self) -> int:
        return self.costs[-1]


def line_make(day: Day, number: int, start: Start, order: Sequence[int], fixed: Mapping[int, int]) -> Line:
    """An order with its times; stops that have become impossible are left out."""
    line = _line(day, number, start, order, fixed)
    if line is None:
        kept: list[int] = []
        for one in order:
            if order_time(day, number, start, [*kept, one], fixed) is not None:
                kept.append(one)
        line = _line(day, number, start, kept, fixed)
    assert line is not None
    return line


def _line(day: Day, number: int, start: Start, order: Sequence[int], fixed: Mapping[int, int]) -> Line | None:
    """An order with its times in one pass forwards and one back, as ``order_time`` has them; None where it cannot be.

    Sixty of these are made before each live answer.
    """
    worker, params, tasks = day.workers[number], day.params, day.tasks
    ways, row_of, washes = day.walking.minutes, day.walking.row_of, washes_of(day)
    leaves, away = worker.ends_minutes, params.outside_minutes
    home, zone = row_of[worker.break_place], worker.zone
    at, here, carried, cost = start.minutes, row_of[start.place], int(start.hygiene), 0
    begins, ready, costs, hard, moves = [], [(at, here, carried)], [0], [], []
    for one in order:
        if one > BREAK:
            task = tasks[one]
            there, hygiene, minutes = row_of[task.place], int(task.hygiene), task.minutes
            opens, closes, held = task.opens_minutes, task.closes_minutes, fixed.get(one, NEVER)
            opens = max(opens, held) if held < NEVER else opens
            cost += away if zone and here != there and outside(worker, task) else 0
        else:
            pause = worker.breaks[BREAK - one]
            there, hygiene, minutes = home, 0, pause.minutes
            opens, closes, held = pause.opens_minutes, pause.closes_minutes, NEVER
        way = ways[here][there]
        if hygiene < carried:
            way += washes[carried]
        at += way
        at = opens if opens > at else at
        last = (closes if closes < leaves else leaves) - minutes
        if at > last or at > held:
            return None
        begins.append(at)
        moves.append(way)
        hard.append(held if held < last else last)
        at += minutes
        cost += way
        if one > BREAK and at > task.soft_end:
            cost += late_cost(day, task, at)
        here, carried = there, hygiene
        ready.append((at, here, carried))
        costs.append(cost)
    latest = [*hard, NEVER]
    for place in range(len(begins) - 2, -1, -1):
        room = latest[place + 1] - moves[place + 1] - (ready[place + 1][0] - begins[place])
        if room < latest[place]:
            latest[place] = room
    return Line(tuple(order), tuple(begins), tuple(ready), tuple(latest), tuple(costs))


@dataclass(frozen=True, slots=True)
class Change:
    """What another order costs more than a line, when what is put in begins, and whether what comes after is later.

    ``begins_minutes`` is None where nothing is put in; ``delays``: its lateness in sum costs more than before.
    """

    cost: int
    begins_minutes: int | None
    delays: bool


def line_change(
    day: Day, who: int, line: Line, place: int, fixed: Mapping[int, int], *, put: int | None = None, skip: int = 0
) -> Change | None:
    """What becomes of a line if a task is put in before a stop, or if ``skip`` stops from there on are left out.

    Exactly what timing the whole order anew says, but only as far as anything changes. None where it cannot be done.
    """
    worker, params, tasks = day.workers[who], day.params, day.tasks
    ways, row_of, washes = day.walking.minutes, day.walking.row_of, washes_of(day)
    leaves, home = worker.ends_minutes, row_of[worker.break_place]
    at, here, carried = line.ready[place]
    cost = line.costs[place] - line.cost
    lateness, begun = 0, None
    stops = line.order[place + skip :]
    for number, one in enumerate(stops if put is None else (put, *stops), place + skip - (put is not None)):
        if one > BREAK:
            task = tasks[one]
            there, hygiene, minutes = row_of[task.place], int(task.hygiene), task.minutes
            opens, closes, held = task.opens_minutes, task.closes_minutes, fixed.get(one, NEVER)
            opens = max(opens, held) if held < NEVER else opens
            cost += params.outside_minutes if here != there and outside(worker, task) else 0
        else:
            pause = worker.breaks[BREAK - one]
            there, hygiene, minutes = home, 0, pause.minutes
            opens, closes, held = pause.opens_minutes, pause.closes_minutes, NEVER
        way = ways[here][there]
        if hygiene < carried:
            way += washes[carried]
        begin = max(at + way, opens)
        at = begin + minutes
        if at > closes or at > leaves or begin > held:
            return None
        cost += way
        late = late_cost(day, task, at) if one > BREAK and at > task.soft_end else 0
        cost += late
        here, carried = there, hygiene
        if number < place + skip:
            begun = begin
        else:
            if one > BREAK:
                lateness += late - late_cost(day, task, line.begins[number] + minutes)
            if begin == line.begins[number]:  # from here on everything is as it was
                cost += line.cost - line.costs[number + 1]
                break
    return Change(cost, begun, lateness > 0)


def washes_of(day: Day) -> tuple[int, int, int]:
    """How long the wash step takes, by what is carried."""
    return 0, day.params.wash_after_clean_minutes, day.params.wash_after_contagion_minutes


def line_places(day: Day, who: int, line: Line, number: int, begin_at: int | None = None) -> Iterator[tuple[int, int]]:
    """Where in an order a task breaks nothing hard, and what that costs at least: (minutes, place).

    ``begin_at`` is the begin of what several do together. Lateness of what comes after is not in it.
    """
    params = day.params
    worker, task = day.workers[who], day.tasks[number]
    ways, washes, there, hygiene = (
        day.walking.minutes,
        washes_of(day),
        day.walking.row_of[task.place],
        int(task.hygiene),
    )
    opens, last = max(task.opens_minutes, day.now_minutes), min(task.closes_minutes, worker.ends_minutes) - task.minutes
    if begin_at is not None:
        opens, last = max(opens, begin_at), min(last, begin_at)
    away = params.outside_minutes if outside(worker, task) else 0
    ready = line.ready
    # before a stop that cannot wait until the task is done there is no room: their latest begins rise
    for place in range(bisect_left(line.latest, opens + task.minutes), len(ready)):
        ended, here, carried = ready[place]
        if ended > last:
            break
        way = ways[here][there] + (washes[carried] if hygiene < carried else 0)
        begin = max(ended + way, opens)
        if begin > last:
            continue
        cost = way + (away if here != there else 0) + late_cost(day, task, begin + task.minutes)
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
