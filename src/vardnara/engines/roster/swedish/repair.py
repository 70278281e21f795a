"""Somebody falls away: the standing roster with the fewest changes that keep the need covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np

from vardnara.engines.roster.budget import Budget
from vardnara.engines.roster.data import FREE, Assignment, RosterProblem
from vardnara.engines.roster.lines import row_cost
from vardnara.engines.roster.params import RosterParams
from vardnara.engines.roster.people import Person
from vardnara.engines.roster.search import Search, Where
from vardnara.engines.roster.swedish.candidates import Standing
from vardnara.engines.roster.swedish.data import RosteredPerson, RosterPeriod
from vardnara.engines.roster.swedish.judge import Short, shift_check
from vardnara.engines.roster.swedish.params import REPAIR_WEIGHTS, RosterWeights
from vardnara.engines.roster.swedish.problem import fair_parts, late_kinds, roster_problem
from vardnara.engines.roster.swedish.result import Change, Repair

WEEK = 7
REPAIR_WORK = 250.0  # units: two or three seconds at most
SATURDAY = 5
WEEKS_AT_ONCE = 2
Rows = dict[str, list[str]]  # person to the shift of each day; empty: free


def roster_repair(
    period: RosterPeriod,
    assignments: Iterable[Assignment],
    *,
    held: date,
    budget: Budget | None = None,
    weights: RosterWeights | None = None,
    seed: int = 1,
) -> Repair:
    """Mend a roster after somebody has fallen away.

    Parameters
    ----------
    period
        As it is now: with the days on which people are away, and what else has changed of people and needs.
    assignments
        The roster as it stood, one shift a day for each person.
    held
        The first day on which anything may change.
    budget
        When to stop; by default ``REPAIR_WORK`` units, which repeats exactly.
    weights
        What weighs; by default a person missing is worth three changes, and everything else far less than one.

    Returns
    -------
    Repair
        Lines that are lawful now are lawful after; lines that are not are not touched.

    Raises
    ------
    ValueError
        A line of nobody, of no shift or outside the period, or two on a day.

    Notes
    -----
    Column generation over everybody in the weeks that are touched, all other days standing; its bound proves how few
    changes are enough.
    """
    weights, budget = weights or REPAIR_WEIGHTS, budget or Budget(work=REPAIR_WORK)
    before = _rows(period, assignments)
    rows, lost = _without_lost(period, before, held)
    problem = _problem(_need_as_it_was(period, before), rows, held, weights)
    mending = _Mending(period, problem, rows, held, budget, seed)
    opened = _opened(period, before, rows)
    first = Standing(period, _lines(period, rows), weights.overtime_band)
    mending.run([(one.on - period.first).days for one in opened if one.on >= held])
    after = mending.result()
    now = Standing(period, _lines(period, after), weights.overtime_band)
    short = tuple(one for one in _opened(period, before, after))
    changes = [
        Change(one.id, period.day(n), old, new)
        for one in period.people
        for n, (old, new) in enumerate(zip(rows[one.id], after[one.id], strict=True))
        if old != new
    ]
    return Repair(
        _lines(period, after),
        tuple(lost),
        tuple(sorted(changes, key=lambda one: (one.on, one.person))),
        short,
        tuple(first.candidates(one.on, one.shift) for one in opened),
        tuple(now.candidates(one.on, one.shift) for one in short),
        tuple(sorted(one.id for one, ok in zip(period.people, mending.lawful, strict=True) if not ok)),
        mending.proved,
        round(budget.used),
    )


def _rows(period: RosterPeriod, assignments: Iterable[Assignment]) -> Rows:
    codes = {kind.code for kind in period.kinds}
    rows = {one.id: [FREE] * period.n_days for one in period.people}
    for line in assignments:
        if line.employee not in rows or line.shift not in codes or not 0 <= line.day < period.n_days:
            raise ValueError(f"{line.employee}, day {line.day}, {line.shift}: not in the period")
        if rows[line.employee][line.day]:
            raise ValueError(f"{line.employee}, day {line.day}: two shifts")
        rows[line.employee][line.day] = line.shift
    return rows


def _lines(period: RosterPeriod, rows: Rows) -> tuple[Assignment, ...]:
    return tuple(Assignment(one.id, n, code) for one in period.people for n, code in enumerate(rows[one.id]) if code)


def _without_lost(period: RosterPeriod, before: Rows, held: date) -> tuple[Rows, list[Change]]:
    """The roster without what cannot stand; what lies before the day held is lost only where somebody was away."""
    kinds = {kind.code: kind for kind in period.kinds}
    rows, lost = {}, []
    for one in period.people:
        row = list(before[one.id])
        for n, code in enumerate(row):
            day = period.day(n)
            fixed = one.fixed.get(day, code)
            if code and (
                day in one.away or (day >= held and (fixed != code or any(shift_check(one, day, kinds[code]))))
            ):
                lost.append(Change(one.id, day, code, FREE))
                row[n] = FREE
        rows[one.id] = row
    return rows, lost


def _opened(period: RosterPeriod, before: Rows, after: Rows) -> list[Short]:
    """Shifts that fewer work than are needed, and fewer than before."""
    there = [_count(before), _count(after)]
    return [
        Short(need.on, need.shift, need.wanted, now)
        for need in period.needs
        for past, now in [[rows.get(((need.on - period.first).days, need.shift), 0) for rows in there]]
        if now < need.wanted and now < past
    ]


def _count(rows: Rows) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for row in rows.values():
        for n, code in enumerate(row):
            if code:
                found[n, code] = found.get((n, code), 0) + 1
    return found


def _need_as_it_was(period: RosterPeriod, before: Rows) -> RosterPeriod:
    """What was short already is not what a repair asks people to change their days for."""
    there = _count(before)
    needs = tuple(
        replace(need, wanted=min(need.wanted, there.get(((need.on - period.first).days, need.shift), 0)))
        for need in period.needs
    )
    return replace(period, needs=needs)


def _problem(period: RosterPeriod, rows: Rows, held: date, weights: RosterWeights) -> RosterProblem:
    """The period with the standing roster as published.

    Fair parts and the contract's hours are told as a price by the day, by how each one stands: a few changes move
    nobody far, and sums would cost the search dimensions.
    """
    people = tuple(
        replace(one, published={period.day(n): code for n, code in enumerate(rows[one.id]) if period.day(n) >= held})
        for one in period.people
    )
    problem = roster_problem(replace(period, people=people), replace(weights, weekend=0, evening=0))
    employees = tuple(
        replace(employee, prices=(*employee.prices, *_prices(period, one, rows[one.id], fair, weights)))
        for one, employee, fair in zip(people, problem.employees, fair_parts(period), strict=True)
    )
    return replace(problem, employees=employees)


def _prices(
    period: RosterPeriod, one: RosteredPerson, row: list[str], fair: tuple[float, float], weights: RosterWeights
) -> Iterator[tuple[int, str, int]]:
    """What an hour more, a weekend and an evening cost: more for who has had their part."""
    late = late_kinds(period)
    minutes = {kind.code: kind.minutes for kind in period.kinds}
    worked = [(n, code) for n, code in enumerate(row) if code]
    full = sum(minutes[code] for _, code in worked) + min(minutes.values(), default=0) > one.due_minutes
    weekends = one.weekends_before + len({n // WEEK for n, _ in worked if n % WEEK >= SATURDAY})
    evenings = one.evenings_before + sum(code in late for _, code in worked)
    a_weekend = weights.weekend // 2 * _step(weekends, fair[0])
    an_evening = weights.evening * _step(evenings, fair[1])
    for n in range(period.n_days):
        for code, length in minutes.items():
            price = 2 * weights.undertime * length * full + an_evening * (code in late)
            price += a_weekend * (n % WEEK >= SATURDAY)
            if price and (one.kinds is None or code in one.kinds):
                yield n, code, price


def _step(worked: int, fair: float) -> int:
    """0 below the fair part, 1 at it, 2 above."""
    return 0 if worked + 1 <= fair else 1 if worked <= fair else 2


class _Mending:
    """The engine's search over the weeks that are touched, all else standing."""

    def __init__(
        self, period: RosterPeriod, problem: RosterProblem, rows: Rows, held: date, budget: Budget, seed: int
    ) -> None:
        self.period, self.problem, self.budget = period, problem, budget
        self.first = max((held - period.first).days, 0)
        self.search = Search(problem, budget, RosterParams(whole_portion=0.9, smoothing=0.3), seed)
        number = {FREE: 0} | {duty.shift: place for place, duty in enumerate(problem.duties, 1)}
        self.lawful = []
        for place, one in enumerate(period.people):
            row = np.array([number[code] for code in rows[one.id]], np.int32)
            self.search.row_set(place, row)
            self.lawful.append(bool(np.isfinite(row_cost(self._from_held(self.search.people[place]), row))))
        self.proved = True

    def _from_held(self, person: Person) -> Person:
        """The person with nothing forbidden on days that are past: they were as they were."""
        own = person.own.copy()
        own[: self.first] = 0.0
        return replace(person, own=own)

    def run(self, days: list[int]) -> None:
        """Mend the weeks around these days, in pieces."""
        people = tuple(place for place, ok in enumerate(self.lawful) if ok)
        if not days or not people:
            return
        with ThreadPoolExecutor(self.search.params.threads) as threads:
            pieces = self._pieces(days)
            for left, (start, stop) in zip(range(len(pieces), 0, -1), pieces, strict=True):
                self.search.budget = self._part_of_budget(left)
                for place in self._by_room(people):
                    self.search.improve(place, start, stop)
                solved = self.search.block_solve(Where(people, start, stop), threads=threads)
                before = self.search.cost
                self.search.take(solved)
                gained = before - self.search.cost
                self.proved &= solved.cost - gained < solved.bound + 1
                self.budget.used += self.search.budget.used

    def _pieces(self, days: list[int]) -> list[tuple[int, int]]:
        """Stretches of whole weeks in which the days lie, from the day held on."""
        weeks = sorted({day // WEEK for day in days})
        pieces: list[list[int]] = []
        for week in weeks:
            if pieces and week - pieces[-1][0] < WEEKS_AT_ONCE:
                pieces[-1][1] = week
            else:
                pieces.append([week, week])
        return [(max(self.first, WEEK * first), WEEK * (last + 1)) for first, last in pieces]

    def _part_of_budget(self, left: int) -> Budget:
        """For one of so many pieces that are left."""
        given = self.budget
        work = None if given.work is None else (given.work - given.used) / left
        seconds = None if given.seconds is None else given.clock() + (given.seconds - given.clock()) / left
        return Budget(work, seconds, given.clock, given.stopped)

    def _by_room(self, people: tuple[int, ...]) -> list[int]:
        """People by how much room their contract has left, the most first."""
        rows, room = self.result(), {}
        minutes = {FREE: 0} | {kind.code: kind.minutes for kind in self.period.kinds}
        for place in people:
            one = self.period.people[place]
            room[place] = one.due_minutes - sum(minutes[code] for code in rows[one.id])
        return sorted(people, key=lambda place: (-room[place], place))

    def result(self) -> Rows:
        """The rows as they are now."""
        duties = [FREE, *(duty.shift for duty in self.problem.duties)]
        return {
            one.id: [duties[duty] for duty in row]
            for one, row in zip(self.period.people, self.search.rows.tolist(), strict=True)
        }
