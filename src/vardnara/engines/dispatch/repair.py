"""Puts into an order what the search left out: work past its soft time, what several do together, breaks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.line import Line, line_change, line_make, line_places
from vardnara.engines.dispatch.schedule import BREAK, Start, breaks_possible, may, order_time

SMALL = 40  # tasks of a day on which each is tried anew
TIMES = 24  # common begins that are tried for what several do together


@dataclass(slots=True)
class Draft:
    """Orders under work, with the begins of what several do together.

    ``refused``: tasks that are not worth what they cost in an order with its begins, handed on from draft to draft.
    """

    day: Day
    starts: tuple[Start, ...]
    orders: list[list[int]]
    fixed: dict[int, int]
    refused: dict[tuple[int, tuple[int, ...], tuple[int, ...]], set[tuple[int, int | None]]] = field(
        default_factory=dict
    )
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number in range(len(self.orders)):
            self.lines.append(line_make(self.day, number, self.starts[number], (), {}))
            self._settle(number)
        self._whole()

    def _settle(self, number: int) -> None:
        """Times of one order; what cannot be done in time or may not be done goes out, breaks come in."""
        day, start = self.day, self.starts[number]
        worker = day.workers[number]
        order = [one for one in self.orders[number] if one <= BREAK or may(worker, day.tasks[one])]
        if start.minutes >= worker.ends_minutes:
            order = []
        kept = list(line_make(day, number, start, order, self.fixed).order)
        for pause in breaks_possible(day, number, start):
            if pause not in kept:
                kept = self._with_break(number, kept, pause)
        self._set(number, kept)

    def _set(self, number: int, order: list[int]) -> None:
        line = line_make(self.day, number, self.starts[number], order, self.fixed)
        self.orders[number], self.lines[number] = list(line.order), line

    def _with_break(self, number: int, order: list[int], pause: int) -> list[int]:
        """An order with a break, giving up as little as it can; at worst nothing but breaks is left."""
        for given_up in (None, *reversed([place for place, one in enumerate(order) if one > BREAK])):
            rest = [one for place, one in enumerate(order) if place != given_up]
            tries = [[*rest[:place], pause, *rest[place:]] for place in range(len(rest) + 1)]
            timings = [(order_time(self.day, number, self.starts[number], tried, self.fixed), tried) for tried in tries]
            found = min(((timing.cost, tried) for timing, tried in timings if timing), default=None)
            if found is not None:
                return found[1]
        return list(breaks_possible(self.day, number, self.starts[number]))

    def _whole(self) -> None:
        """What needs several people and has too few goes out, until nothing changes."""
        while True:
            where: dict[int, list[int]] = {}
            for number, order in enumerate(self.orders):
                for one in order:
                    if one > BREAK:
                        where.setdefault(one, []).append(number)
            broken = [one for one, who in where.items() if not self._complete(one, who)]
            if not broken:
                return
            for one in broken:
                for number in where[one]:
                    self.take_out(number, one)

    def _complete(self, one: int, who: list[int]) -> bool:
        task = self.day.tasks[one]
        owners = {self.day.workers[number].code for number in who}
        return len(who) == task.n_people and set(task.owners) <= owners and (len(who) == 1 or one in self.fixed)

    def take_out(self, number: int, one: int) -> None:
        """Take a task out of somebody's order; without it everything else is no later, or goes out as well."""
        self._set(number, [other for other in self.orders[number] if other != one])
        if any(pause not in self.orders[number] for pause in self._pauses(number)):
            self._settle(number)

    def _pauses(self, number: int) -> tuple[int, ...]:
        return breaks_possible(self.day, number, self.starts[number])

    def cheapest(
        self, number: int, one: int, begin: int | None = None, below: float = inf
    ) -> tuple[int, list[int]] | None:
        """What it costs to put a task into an order, and the order with it; None where it fits nowhere below a cost."""
        line, best = self.lines[number], None
        for least, place in sorted(line_places(self.day, number, line, one, begin)):
            # what comes after can only become later, so no exact cost is below its bound
            if least >= below:
                break
            change = line_change(self.day, number, line, place, self.fixed, put=one)
            if change is not None and change.cost < below:
                below, best = change.cost, place
        return None if best is None else (int(below), [*line.order[:best], one, *line.order[best:]])

    @property
    def cost(self) -> int:
        """Of everything that is in the orders."""
        return sum(line.cost for line in self.lines)

    @property
    def n_stops(self) -> int:
        """Tasks and breaks in the orders."""
        return sum(len(order) for order in self.orders)

    def left(self) -> list[int]:
        """Tasks that nobody has, the most urgent first."""
        planned = {one for order in self.orders for one in order}
        tasks = self.day.tasks
        found = [one for one, task in enumerate(tasks) if one not in planned and task.begun_minutes is None]
        return sorted(found, key=lambda one: (tasks[one].priority, tasks[one].closes_minutes, one))

    def insert(self, one: int) -> bool:
        """Put a task where it costs least, if that is less than leaving it."""
        task = self.day.tasks[one]
        worth = self.day.params.unplanned_minutes[task.priority] * task.n_people
        best: tuple[int, int | None, list[tuple[int, list[int]]]] = (worth, None, [])
        for begin in self._begins(one):
            if begin is not None:
                self.fixed[one] = begin
            found = []
            for number in self._who(one):
                line = self.lines[number]
                refused = self.refused.setdefault((number, line.order, line.begins), set())
                if (one, begin) in refused:
                    continue
                option = self.cheapest(number, one, begin, worth if task.n_people == 1 else inf)
                if option is None:
                    refused.add((one, begin))
                else:
                    own = self.day.workers[number].code in task.owners
                    found.append((not own, option[0], number, option[1]))
            chosen = sorted(found, key=lambda row: row[:3])[: task.n_people]
            owned = sum(1 for row in chosen if not row[0])
            if len(chosen) < task.n_people or owned < len(task.owners):
                continue
            cost = sum(row[1] for row in chosen)
            if cost < best[0]:
                best = cost, begin, [(row[2], row[3]) for row in chosen]
        self.fixed.pop(one, None)
        if not best[2]:
            return False
        if best[1] is not None:
            self.fixed[one] = best[1]
        for number, order in best[2]:
            self.put(number, order)
        return True

    def put(self, number: int, order: list[int]) -> None:
        """Give somebody an order that is known to hold."""
        self._set(number, order)

    def _who(self, one: int) -> Iterator[int]:
        task = self.day.tasks[one]
        for number, worker in enumerate(self.day.workers):
            start = self.starts[number].minutes
            room = min(task.closes_minutes, worker.ends_minutes) - max(task.opens_minutes, start)
            if room >= task.minutes and start < worker.ends_minutes and may(worker, task):
                yield number

    def _begins(self, one: int) -> list[int | None]:
        """Common begins to try; None: each as early as it can be."""
        task = self.day.tasks[one]
        if task.n_people == 1:
            return [None]
        first, last = max(task.opens_minutes, self.day.now_minutes), task.closes_minutes - task.minutes
        if last < first:
            return []
        step = max(1, -(-(last - first) // TIMES))
        return list(range(first, last + 1, step))


def draft_fill(draft: Draft, ones: Sequence[int] | None = None) -> None:
    """Put in what nobody has, as far as it goes."""
    for one in draft.left() if ones is None else ones:
        draft.insert(one)


def draft_retime(draft: Draft) -> None:
    """Take each thing that several do together out and put it in again where it costs least."""
    for one in sorted(draft.fixed):
        who = [number for number, order in enumerate(draft.orders) if one in order]
        if not who:
            continue
        before = [(number, draft.orders[number]) for number in who]
        begin, stops, cost = draft.fixed[one], draft.n_stops, draft.cost
        for number in who:
            draft.take_out(number, one)
        if draft.insert(one) and draft.n_stops == stops and draft.cost <= cost:
            continue
        for number in [number for number, order in enumerate(draft.orders) if one in order]:
            draft.take_out(number, one)
        draft.fixed[one] = begin
        for number, order in before:
            draft.put(number, order)


def draft_polish(draft: Draft, most: int | None = None) -> None:
    """Take each task that stands ill out and put it in where it costs least, until nothing becomes better.

    Ill stands what is late; on a small day everything is tried. ``most``: so many are tried, on a day on which much is.
    """
    tasks, tried = draft.day.tasks, 0
    small = len(tasks) <= SMALL
    better = True
    while better:
        better = False
        for number, line in enumerate(list(draft.lines)):
            for one, begin in zip(line.order, line.begins, strict=True):
                if one <= BREAK or tasks[one].n_people > 1 or one not in draft.orders[number]:
                    continue
                if small or begin + tasks[one].minutes > tasks[one].soft_end:
                    if most is not None and tried >= most:
                        return
                    tried += 1
                    better |= _again(draft, number, one)


def _again(draft: Draft, number: int, one: int) -> bool:
    """Put one task of an order where it costs least; False where it stands there already."""
    before, stops, cost = draft.orders[number], draft.n_stops, draft.cost
    draft.take_out(number, one)
    if draft.insert(one) and draft.n_stops == stops and draft.cost < cost:
        return True
    for other, order in enumerate(draft.orders):
        if one in order:
            draft.take_out(other, one)
    draft.put(number, before)
    return False
