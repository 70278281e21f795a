"""A bound on what must be missing whatever the roster, and what would help: a linear program over people alike.

People who may work the same shifts on the same days are one class. A class has so many people on a day, so many days in
a week and in four weeks, so many contracted minutes; a shift and what may not follow it have to share them. Every
lawful roster keeps all of this, so no lawful roster misses less than the program does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import ceil, gcd

import numpy as np

from vardnara.engines.roster.swedish.data import DAY_MINUTES, RosteredPerson, RosterPeriod, ShiftKind, clock_at
from vardnara.engines.roster.swedish.problem import PLAIN, closed_shifts, not_next

WEEK = 7
NEAR = 1e-6
A_MINUTE_SHORT = 1000.0  # beside the prices of what would help, so that what is missing comes first


DAY = timedelta(days=1)
Conflicts = list[tuple[frozenset[int], frozenset[int]]]
Extra = Mapping[str, Mapping[int, Mapping[int, float]]]


@dataclass(frozen=True, slots=True)
class Crew:
    """People who may work the same shifts on the same days.

    Parameters
    ----------
    usable
        (day, kind) that they may work.
    there, either, away
        How many are not away on a day, not on both of it and the next, and how many are.
    minutes
        Contracted, the band included, down to what whole shifts come to.
    week_days, block_days
        The most days that they can work in each week, and in each whole block of weeks that asks for free days.
    """

    people: tuple[str, ...]
    usable: frozenset[tuple[int, int]]
    there: tuple[int, ...]
    either: tuple[int, ...]
    away: tuple[int, ...]
    minutes: int
    week_days: tuple[int, ...]
    block_days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the program came to: minutes that must be missing, by day and kind, and how much help was used."""

    short_minutes: float
    short: Mapping[tuple[int, int], float]
    help: float
    by_helper: Mapping[object, float]


class RelaxedPeriod:
    """A period prepared to be asked several times.

    Parameters
    ----------
    period
        As rostered.
    overtime_band
        Minutes that a roster may go above each contract.
    """

    def __init__(self, period: RosterPeriod, overtime_band: int = 0) -> None:
        self.period, self.band = period, overtime_band
        self.kinds = period.kinds
        number = {kind.code: n for n, kind in enumerate(period.kinds)}
        self.need = {
            ((need.on - period.first).days, number[need.shift]): need.wanted
            for need in period.needs
            if need.wanted > 0 and period.first <= need.on <= period.last
        }
        self.conflicts = _conflicts(period, number)
        self.days_a_week = WEEK - _needs_a_free_day(period)
        self.crews = self._crews()

    def _crews(self) -> list[Crew]:
        found: dict[tuple[frozenset[tuple[int, int]], bool], list[RosteredPerson]] = {}
        for one in self.period.people:
            found.setdefault((self._usable(one), one.all_days), []).append(one)
        return [self._crew(usable, people) for (usable, _), people in found.items() if usable]

    def _usable(self, one: RosteredPerson) -> frozenset[tuple[int, int]]:
        """Days and kinds that are needed and that a person may work, leave aside."""
        number = {kind.code: n for n, kind in enumerate(self.kinds)}
        closed = {(day, number[code]) for day, code in closed_shifts(self.period, one)}
        own = {n for n, kind in enumerate(self.kinds) if one.kinds is None or kind.code in one.kinds}
        return frozenset((day, kind) for day, kind in self.need if kind in own and (day, kind) not in closed)

    def _crew(self, usable: frozenset[tuple[int, int]], people: Sequence[RosteredPerson]) -> Crew:
        period, rules = self.period, self.period.rules
        away = [sum(period.day(n) in one.away for one in people) for n in range(period.n_days)]
        both = [sum({period.day(n), period.day(n + 1)} <= one.away for one in people) for n in range(period.n_days)]
        block = WEEK * rules.free_days_weeks
        most = block - rules.free_days if people[0].all_days else block
        unit = gcd(*(self.kinds[kind].minutes for _, kind in usable)) or 1
        return Crew(
            tuple(one.id for one in people),
            usable,
            tuple(len(people) - n for n in away),
            tuple(len(people) - n for n in both),
            tuple(away),
            sum((one.due_minutes + self.band) // unit * unit for one in people),
            tuple(self._days(people, week * WEEK, WEEK, self.days_a_week) for week in range(period.weeks)),
            tuple(self._days(people, n, block, most) for n in range(0, period.n_days - block + 1, block)),
        )

    def _days(self, people: Sequence[RosteredPerson], first: int, length: int, most: int) -> int:
        days = [self.period.day(n) for n in range(first, first + length)]
        return sum(min(most, sum(day not in one.away for day in days)) for one in people)

    def least(self, helper: Helper | None = None) -> Relaxed:
        """The least that must be missing; with a helper, the least of it that makes that least."""
        lp = _Program()
        short = {
            cell: lp.column(self.kinds[cell[1]].minutes * A_MINUTE_SHORT, most) for cell, most in self.need.items()
        }
        cover = {cell: lp.row(float(most), {short[cell]: 1.0}, equal=True) for cell, most in self.need.items()}
        helper = helper or Helper()
        for crew in self.crews:
            self._rows(lp, crew, cover, helper)
        helper.more(self, lp, cover)
        values = lp.solve()
        missing = {cell: values[column] for cell, column in short.items() if values[column] > NEAR}
        minutes = sum(self.kinds[kind].minutes * n for (_, kind), n in missing.items())
        used = {key: values[column] for key, column in helper.columns.items() if values[column] > NEAR}
        return Relaxed(minutes, missing, sum(used.values()), used)

    def _rows(self, lp: _Program, crew: Crew, cover: Mapping[tuple[int, int], int], helper: Helper) -> None:
        """What a class can work."""
        works = {cell: lp.column(0.0, float(self.need[cell]), {cover[cell]: 1.0}) for cell in sorted(crew.usable)}
        self.limits(lp, works, crew, helper.of(self, lp, crew))

    def limits(self, lp: _Program, works: Mapping[tuple[int, int], int], crew: Crew, extra: Extra) -> None:
        """Rows of what some people can work: by day, by what follows what, by week and four weeks, and in sum.

        ``extra`` adds to the right side: what of row, number of the row, column and how much of it.
        """
        by_day: dict[int, list[tuple[int, int]]] = {}
        for (day, kind), column in works.items():
            by_day.setdefault(day, []).append((kind, column))

        def row(what: str, number: int, most: float, columns: Mapping[int, float]) -> None:
            more = extra.get(what, {}).get(number, {})
            if columns:
                lp.row(most, {**columns, **{column: -amount for column, amount in more.items()}})

        for day, cells in by_day.items():
            row("day", day, crew.there[day], {column: 1.0 for _, column in cells})
            after = dict(by_day.get(day + 1, ()))
            for first, second in self.conflicts[day]:
                ours = {column: 1.0 for kind, column in cells if kind in first}
                theirs = {column: 1.0 for kind, column in after.items() if kind in second}
                if ours and theirs:
                    row("day", day, crew.either[day], ours | theirs)
        for week, most in enumerate(crew.week_days):
            days = range(WEEK * week, WEEK * (week + 1))
            row("week", week, most, {column: 1.0 for day in days for _, column in by_day.get(day, ())})
        length = WEEK * self.period.rules.free_days_weeks
        for block, most in enumerate(crew.block_days):
            days = range(length * block, length * (block + 1))
            row("block", block, most, {column: 1.0 for day in days for _, column in by_day.get(day, ())})
        minutes = {column: float(self.kinds[kind].minutes) for (_, kind), column in works.items()}
        row("minutes", 0, crew.minutes, minutes)


@dataclass
class Helper:
    """What would help, as columns of the program; this one is nothing."""

    columns: dict[object, int] = field(default_factory=dict)

    def of(self, relaxed: RelaxedPeriod, lp: _Program, crew: Crew) -> dict[str, dict[int, dict[int, float]]]:
        """What it adds to the rows of a class."""
        return {}

    def more(self, relaxed: RelaxedPeriod, lp: _Program, cover: Mapping[tuple[int, int], int]) -> None:
        """What it adds beside the classes."""


class Overtime(Helper):
    """Minutes above the contract and its band."""

    def of(self, relaxed: RelaxedPeriod, lp: _Program, crew: Crew) -> dict[str, dict[int, dict[int, float]]]:
        column = self.columns[crew.people] = lp.column(1.0, float("inf"))
        return {"minutes": {0: {column: 1.0}}}


class Leave(Helper):
    """Days of leave that are moved to where fewer are needed."""

    def of(self, relaxed: RelaxedPeriod, lp: _Program, crew: Crew) -> dict[str, dict[int, dict[int, float]]]:
        more: dict[str, dict[int, dict[int, float]]] = {"day": {}, "week": {}, "block": {}}
        length = WEEK * relaxed.period.rules.free_days_weeks
        for day, n in enumerate(crew.away):
            if n and any((day, kind) in crew.usable for kind in range(len(relaxed.kinds))):
                column = self.columns[crew.people, day] = lp.column(1.0, float(n))
                more["day"].setdefault(day, {})[column] = 1.0
                more["week"].setdefault(day // WEEK, {})[column] = 1.0
                more["block"].setdefault(day // length, {})[column] = 1.0
        return more


@dataclass
class Training(Helper):
    """People who learn a competence: so many of a class leave it for one that may work more kinds."""

    competence: str = ""

    def of(self, relaxed: RelaxedPeriod, lp: _Program, crew: Crew) -> dict[str, dict[int, dict[int, float]]]:
        if not self._gained(relaxed, crew) - crew.usable:
            return {}
        column = self.columns[crew.people] = lp.column(1.0, float(len(crew.people)))
        return {what: {n: {column: -amount} for n, amount in rows.items()} for what, rows in self._share(crew).items()}

    def more(self, relaxed: RelaxedPeriod, lp: _Program, cover: Mapping[tuple[int, int], int]) -> None:
        for crew in relaxed.crews:
            if crew.people in self.columns:
                usable = self._gained(relaxed, crew) | crew.usable
                works = {cell: lp.column(0.0, float(relaxed.need[cell]), {cover[cell]: 1.0}) for cell in sorted(usable)}
                nobody = replace(
                    crew, people=(), there=(0,) * len(crew.there), either=(0,) * len(crew.there),
                    away=(0,) * len(crew.away), minutes=0,
                    week_days=(0,) * len(crew.week_days), block_days=(0,) * len(crew.block_days),
                )  # fmt: skip
                column = self.columns[crew.people]
                share = {what: {n: {column: amount} for n, amount in rows.items()}
                         for what, rows in self._share(crew).items()}  # fmt: skip
                relaxed.limits(lp, works, nobody, share)

    def _gained(self, relaxed: RelaxedPeriod, crew: Crew) -> frozenset[tuple[int, int]]:
        people = {one.id: one for one in relaxed.period.people}
        one = people[crew.people[0]]
        return relaxed._usable(replace(one, trained={**one.trained, self.competence: None}))

    @staticmethod
    def _share(crew: Crew) -> dict[str, dict[int, float]]:
        """What one average person of the class can work."""
        n = len(crew.people)
        return {
            "day": {day: there / n for day, there in enumerate(crew.there)},
            "week": {week: days / n for week, days in enumerate(crew.week_days)},
            "block": {block: days / n for block, days in enumerate(crew.block_days)},
            "minutes": {0: crew.minutes / n},
        }


@dataclass
class Posts(Helper):
    """More posts: people who may work any of some kinds, of a full measure, without leave."""

    kinds: frozenset[int] = frozenset()
    measure_minutes: int = 0

    def more(self, relaxed: RelaxedPeriod, lp: _Program, cover: Mapping[tuple[int, int], int]) -> None:
        period, rules = relaxed.period, relaxed.period.rules
        column = self.columns["posts"] = lp.column(float(self.measure_minutes * period.weeks), float("inf"))
        works = {
            cell: lp.column(0.0, float(most), {cover[cell]: 1.0})
            for cell, most in relaxed.need.items()
            if cell[1] in self.kinds
        }
        block = WEEK * rules.free_days_weeks
        blocks = len(range(0, period.n_days - block + 1, block))
        none = (0,) * period.n_days
        nobody = Crew((), frozenset(works), none, none, none, 0, (0,) * period.weeks, (0,) * blocks)
        one = {
            "day": {day: {column: 1.0} for day in range(period.n_days)},
            "week": {week: {column: float(relaxed.days_a_week)} for week in range(period.weeks)},
            "block": {n: {column: float(block - rules.free_days)} for n in range(blocks)},
            "minutes": {0: {column: float(self.measure_minutes * period.weeks)}},
        }
        relaxed.limits(lp, works, nobody, one)


def _conflicts(period: RosterPeriod, number: Mapping[str, int]) -> list[Conflicts]:
    """For each day: kinds of it, and those that may follow none of them on the next; the autumn's night has its own."""

    def on(day: date) -> Conflicts:
        after: dict[frozenset[str], set[int]] = {}
        for code, forbidden in not_next(period, day).items():
            if forbidden:
                after.setdefault(forbidden, set()).add(number[code])
        return [(frozenset(kinds), frozenset(number[code] for code in codes)) for codes, kinds in after.items()]

    plain = on(PLAIN)
    days = [period.day(n) for n in range(period.n_days)]
    return [on(day) if clock_at(day, 2 * DAY_MINUTES) - clock_at(day, 0) != 2 * DAY else plain for day in days]


def _needs_a_free_day(period: RosterPeriod) -> bool:
    """Whether no week can have its rest while every day is worked: between two days' shifts there is never so long."""
    ends = min((kind.end for kind in period.kinds), default=0)
    starts = max((kind.start for kind in period.kinds), default=0)
    longest_night = DAY_MINUTES - ends + starts + 60  # the autumn's night has an hour more
    return longest_night < period.rules.weekly_rest


def short_bound(period: RosterPeriod, overtime_band: int = 0) -> int:
    """Minutes that are missing in every lawful roster, at least; 0 where nothing is proved.

    Rounded up to what whole people and shifts can come to.
    """
    relaxed = RelaxedPeriod(period, overtime_band)
    return whole_minutes(period.kinds, relaxed.least().short_minutes)


def whole_minutes(kinds: Sequence[ShiftKind], minutes: float) -> int:
    """The least number of minutes that missing people can add up to and that is not below a bound."""
    unit = gcd(*(kind.minutes for kind in kinds)) or 1
    return ceil((minutes - NEAR * max(minutes, 1.0)) / unit) * unit


class _Program:
    """A linear program, put together row by row and column by column, and solved by HiGHS."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.uppers: list[float] = []
        self.lows: list[float] = []
        self.highs: list[float] = []
        self.entries: list[tuple[int, int, float]] = []

    def column(self, cost: float, most: float, rows: Mapping[int, float] | None = None) -> int:
        """A number from 0 to ``most``, in rows that are there already."""
        self.costs.append(cost)
        self.uppers.append(most)
        self.entries += [(row, len(self.costs) - 1, amount) for row, amount in (rows or {}).items()]
        return len(self.costs) - 1

    def row(self, most: float, columns: Mapping[int, float], *, equal: bool = False) -> int:
        """At most ``most``, or exactly."""
        self.lows.append(most if equal else -float("inf"))
        self.highs.append(most)
        self.entries += [(len(self.highs) - 1, column, amount) for column, amount in columns.items()]
        return len(self.highs) - 1

    def solve(self) -> list[float]:
        """The values of all columns."""
        import highspy

        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        n_rows, n_columns = len(self.highs), len(self.costs)
        if not n_columns:
            return []
        empty = np.zeros(0, np.int32)
        solver.addCols(
            n_columns, np.array(self.costs), np.zeros(n_columns), np.array(self.uppers), 0,
            np.zeros(n_columns, np.int32), empty, np.zeros(0),
        )  # fmt: skip
        self.entries.sort()
        rows = np.array([row for row, _, _ in self.entries], np.int64)
        starts = np.searchsorted(rows, np.arange(n_rows)).astype(np.int32)
        solver.addRows(
            n_rows, np.array(self.lows), np.array(self.highs), len(self.entries), starts,
            np.array([column for _, column, _ in self.entries], np.int32),
            np.array([amount for _, _, amount in self.entries]),
        )  # fmt: skip
        solver.run()
        return [float(value) for value in solver.getSolution().col_value]
