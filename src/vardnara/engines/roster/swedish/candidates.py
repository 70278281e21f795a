"""Who could take a shift: everybody, with what the judge would say, and what it would do to hours and fairness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from vardnara.engines.hours import Breach, Duty, InconvenientRules, hours_check, inconvenient_minutes, weekly_rests
from vardnara.engines.hours.data import in_order
from vardnara.engines.roster.data import FREE, Assignment
from vardnara.engines.roster.swedish.data import DAY_MINUTES, RosteredPerson, RosterPeriod, ShiftKind
from vardnara.engines.roster.swedish.judge import Broken, extra_check, rules_of, shift_check
from vardnara.engines.roster.swedish.problem import fair_parts, late_kinds

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6
WEEK = timedelta(days=7)
EXTRA_HOURS = 180  # that the autumn's nights can be longer than by the clock: below this nobody need look closely
AVERAGES = frozenset({"week_average", "night_average"})
NEAR = 3  # days on either side whose shifts can touch the rest of a day
DAILY = frozenset({"overlap", "daily_rest_gap", "daily_rest_day", "daily_work", "break", "minor_night"})
CONTRACT = "contract_most"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What it would mean that a person took a shift.

    Parameters
    ----------
    person
        Who.
    broken
        What the judge would say and does not say now; empty where it is lawful.
    works
        The shift that the person has on the day already; empty where it is free.
    minutes_above
        Of the contract over the period, the shift included; below 0 where there is room left.
    weekends_above, evenings_above
        Above the fair part, with the shift and what was worked in earlier periods.
    wish
        Weight of the wishes that it would refuse, less that of those that it would grant.
    """

    person: str
    broken: tuple[Broken, ...]
    works: str
    minutes_above: int
    weekends_above: float
    evenings_above: float
    wish: int

    @property
    def is_lawful(self) -> bool:
        return not self.broken

    @property
    def is_overtime(self) -> bool:
        """Whether the contract alone forbids it: rest, and the caps on overtime (W-08, W-09), do not."""
        return bool(self.broken) and all(one.rule == CONTRACT for one in self.broken)


@dataclass(frozen=True, slots=True)
class ShiftCandidates:
    """Everybody for one shift, the best first; ``inconvenient`` are its minutes by category of inconvenient hours."""

    on: date
    shift: str
    inconvenient: Mapping[str, float]
    people: tuple[Candidate, ...]


def shift_candidates(
    period: RosterPeriod,
    assignments: Iterable[Assignment],
    on: date,
    shift: str,
    *,
    overtime_band: int = 0,
    inconvenient: Mapping[date, InconvenientRules] | None = None,
) -> ShiftCandidates:
    """Who could take a shift on a day beside what everybody works; for several shifts keep a :class:`Standing`.

    Parameters
    ----------
    assignments
        The roster as it stands.
    on, shift
        The shift that is open.
    overtime_band
        Minutes that a roster may go above the contract.
    inconvenient
        Rules of inconvenient hours by the day from which they hold; without, no minutes of them are told.

    Returns
    -------
    ShiftCandidates
        Lawful ones first, then those whom the contract alone keeps from it, then by how many rules do; among equals
        room in the contract, no wish against it, and the fewest weekends and evenings.
    """
    return Standing(period, assignments, overtime_band).candidates(on, shift, inconvenient)


class Standing:
    """A roster prepared to be asked for many shifts.

    Raises
    ------
    ValueError
        A line of nobody, of no shift, or outside the period.
    """

    def __init__(self, period: RosterPeriod, assignments: Iterable[Assignment], overtime_band: int = 0) -> None:
        self.period, self.band = period, overtime_band
        self.kinds = {kind.code: kind for kind in period.kinds}
        self.late = late_kinds(period)
        rows: dict[str, dict[date, list[str]]] = {one.id: {} for one in period.people}
        for line in assignments:
            if line.employee not in rows or line.shift not in self.kinds or not 0 <= line.day < period.n_days:
                raise ValueError(f"{line.employee}, day {line.day}, {line.shift}: not in the period")
            rows[line.employee].setdefault(period.day(line.day), []).append(line.shift)
        self.rows = rows
        self.people = [
            _Person(self, one, rows[one.id], fair) for one, fair in zip(period.people, fair_parts(period), strict=True)
        ]

    def candidates(
        self, on: date, shift: str, inconvenient: Mapping[date, InconvenientRules] | None = None
    ) -> ShiftCandidates:
        """As :func:`shift_candidates`."""
        if shift not in self.kinds or not self.period.first <= on <= self.period.last:
            raise ValueError(f"{shift} on {on}: not in the period")
        kind = self.kinds[shift]
        found = sorted((one.candidate(on, kind) for one in self.people), key=lambda one: _rank(one, on))
        held = [since for since in inconvenient or {} if since <= on]
        minutes = inconvenient_minutes(kind.on(on), (inconvenient or {})[max(held)]) if held else {}
        return ShiftCandidates(on, shift, minutes, tuple(found))


def _rank(one: Candidate, on: date) -> tuple[object, ...]:
    weekend = one.weekends_above if on.weekday() >= SATURDAY else 0.0
    return (
        not one.is_lawful,
        not one.is_overtime,
        len(one.broken),
        one.minutes_above > 0,
        one.wish,
        weekend,
        one.evenings_above,
        one.minutes_above,
        one.person,
    )


class _Person:
    """One person's shifts, and what of them the judge looks at again when one more comes."""

    def __init__(
        self, of: Standing, one: RosteredPerson, row: dict[date, list[str]], fair: tuple[float, float]
    ) -> None:
        self.of, self.one, self.row, self.fair = of, one, row, fair
        self.rules = rules_of(of.period, one)
        self.asked: dict[tuple[object, ...], tuple[Broken, ...]] = {}
        worked = [(day, of.kinds[code]) for day, codes in sorted(row.items()) for code in codes]
        past = [(day, of.kinds[code]) for day, code in sorted(one.before.items()) if code]
        self.duties = sorted(((day, kind.on(day)) for day, kind in [*past, *worked]), key=lambda one: one[1].start)
        self.minutes = sum(kind.minutes for _, kind in worked)
        self.by_week = [0] * of.period.weeks
        for day, kind in worked:
            self.by_week[(day - of.period.first).days // 7] += kind.minutes
        self.taken = {day for start, kind in [*past, *worked] for day in _dates(start, kind)}
        self.evenings = one.evenings_before + sum(kind.code in of.late for _, kind in worked)
        self.weekends = {day - DAY * (day.weekday() - SATURDAY) for day, _ in worked if day.weekday() >= SATURDAY}

    def candidate(self, on: date, kind: ShiftKind) -> Candidate:
        one, late = self.one, kind.code in self.of.late
        weekends = self.weekends | ({on - DAY * (on.weekday() - SATURDAY)} if on.weekday() >= SATURDAY else set())
        works = self.row.get(on, [FREE])[0]
        return Candidate(
            one.id,
            tuple(self._broken(on, kind)),
            works,
            self.minutes + kind.minutes - one.due_minutes,
            one.weekends_before + len(weekends) - self.fair[0],
            self.evenings + late - self.fair[1],
            sum(
                -wish.weight if wish.wanted else wish.weight
                for wish in one.wishes
                if wish.on == on and wish.shift in (None, kind.code)
            ),
        )

    def _broken(self, on: date, kind: ShiftKind) -> Iterator[Broken]:
        """What the judge would say and does not say now, asked of the days, weeks and sums that the shift touches."""
        one = self.one
        yield from shift_check(one, on, kind)
        if self.row.get(on):
            yield Broken("twice", one.id, on, len(self.row[on]) + 1, 1)
            return  # that two shifts on a day break rests besides says nothing
        if on in one.fixed and list(self.row.get(on, [FREE])) == [one.fixed[on]]:
            yield Broken("fixed", one.id, on)
        key = on, kind.start, kind.end, kind.breaks
        if key not in self.asked:  # shifts at the same times are the same to all of these
            duty = kind.on(on)
            self.asked[key] = (
                *self._daily(on, duty), *self._weekly(on, duty), *self._averages(on, duty), *self._free_days(on, kind)
            )  # fmt: skip
        yield from self.asked[key]
        if self.minutes + kind.minutes > one.due_minutes + self.of.band:
            yield Broken(CONTRACT, one.id, self.of.period.first, self.minutes + kind.minutes,
                         one.due_minutes + self.of.band)  # fmt: skip
        if self.minutes + kind.minutes > one.due_minutes:
            now = set(extra_check(self.of.period, one, self.row))
            more = {**self.row, on: [kind.code]}
            yield from (told for told in extra_check(self.of.period, one, more) if told not in now)

    def _said(self, near: int, on: date, duty: Duty, ask: Callable[[list[Duty]], Iterable[Breach]]) -> Iterator[Broken]:
        """Breaches with the shift that are not there without it, or are others: of shifts so many days around it."""
        duties = [other for day, other in self.duties if abs((day - on).days) <= near]
        after = [one for one in ask(in_order([*duties, duty])) if one.on >= self.of.period.first]
        before = list(ask(duties)) if after else []
        for one in after:
            if one not in before:
                yield Broken(one.rule, self.one.id, one.on, one.found, one.limit)

    def _daily(self, on: date, duty: Duty) -> Iterator[Broken]:
        first, last = max(on - DAY, self.of.period.first), min(on + NEAR * DAY, self.of.period.last)

        def ask(duties: list[Duty]) -> Iterator[Breach]:
            found = hours_check(duties, self.rules, first=first, last=last, minor_until=self.one.adult_on)
            return (one for one in found if one.rule in DAILY)

        return self._said(NEAR, on, duty, ask)

    def _weekly(self, on: date, duty: Duty) -> Iterator[Broken]:
        """The weekly rest of the weeks, from week-break to week-break, that the shift can lie in."""
        monday = on - DAY * on.weekday()
        beside = {0: (monday - WEEK,), 6: (monday + WEEK,)}.get(on.weekday(), ())
        for since in (monday, *beside):
            if self.of.period.first <= since <= self.of.period.last:
                yield from self._said(9, on, duty, partial(weekly_rests, rules=self.rules, first=since, last=since))

    def _averages(self, on: date, duty: Duty) -> Iterator[Broken]:
        """The week's average and that of nights, where the weeks around are full enough for it to matter."""
        rules, period = self.rules, self.of.period
        length = min(rules.weeks, period.weeks)
        week = (on - period.first).days // 7
        since = range(max(0, week - length + 1), min(week, period.weeks - length) + 1)
        most = min(rules.week_average_most, 6 * rules.night_average_most) * length
        fullest = max(sum(self.by_week[start : start + length]) for start in since)
        if fullest + duty.minutes + EXTRA_HOURS > most:

            def ask(duties: list[Duty]) -> Iterator[Breach]:
                found = hours_check(duties, rules, first=period.first, last=period.last)
                return (one for one in found if one.rule in AVERAGES)

            yield from self._said(period.n_days, on, duty, ask)

    def _free_days(self, on: date, kind: ShiftKind) -> Iterator[Broken]:
        rules, period = self.rules, self.of.period
        length = rules.free_days_weeks * 7
        for since in {day - DAY * ((day - period.first).days % length) for day in _dates(on, kind)}:
            if since + DAY * (length - 1) > period.last:
                continue
            block = {since + DAY * n for n in range(length)}
            free = len(block - self.taken)
            left = len(block - self.taken - set(_dates(on, kind)))
            if left < free and left < rules.free_days:
                yield Broken("free_days", self.one.id, since, left, rules.free_days)


def _dates(on: date, kind: ShiftKind) -> Iterator[date]:
    """The days on which a shift is worked."""
    yield on
    if kind.end > DAY_MINUTES:
        yield on + DAY
