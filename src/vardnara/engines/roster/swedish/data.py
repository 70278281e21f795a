"""A roster period under Swedish rules: kinds of shifts by the clock, people with contracts, and who is needed when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType

from vardnara.engines.hours import Duty, Extra, HourRules, Span
from vardnara.kernel.local_time import local_to_utc

DAY_MINUTES = 1440
_NO_ROSTER: Mapping[date, str] = MappingProxyType({})
_NO_TRAINING: Mapping[str, date | None] = MappingProxyType({})
_NO_MINUTES: Mapping[date, float] = MappingProxyType({})
_NO_EXTRA: Mapping[date, Extra] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ShiftKind:
    """A kind of shift, in minutes of the local day; ``end`` above 1440 is the next day. Breaks are not working time.

    ``competences`` is what whoever works it must be trained for.

    Raises
    ------
    ValueError
        No name, times that are no shift, breaks outside it or out of order.
    """

    code: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    competences: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.code:
            raise ValueError("a shift without a name")
        if not (0 <= self.start < DAY_MINUTES and self.start < self.end <= self.start + DAY_MINUTES):
            raise ValueError(f"shift {self.code}: {self.start} to {self.end}, expected minutes of a day")
        at = self.start
        for since, until in self.breaks:
            if not at <= since < until <= self.end:
                raise ValueError(f"shift {self.code}: break {since} to {until}, expected inside, in order")
            at = until

    @property
    def minutes(self) -> int:
        """Working time by the clock; the nights of the clock's changes have an hour less and more."""
        return self.end - self.start - sum(until - since for since, until in self.breaks)

    def on(self, day: date) -> Duty:
        """The shift on a day, as instants."""
        return _duty(day, self.start, self.end, self.breaks)


@lru_cache(maxsize=16384)
def _duty(day: date, start: int, end: int, breaks: tuple[tuple[int, int], ...]) -> Duty:
    """One for all who work at the same times."""
    return Duty(
        Span(clock_at(day, start), clock_at(day, end)),
        tuple(Span(clock_at(day, since), clock_at(day, until)) for since, until in breaks),
    )


def clock_at(day: date, minute: int) -> datetime:
    """The instant of a minute of a local day; from 1440 on of the next."""
    days, minute = divmod(minute, DAY_MINUTES)
    return local_to_utc(datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60)))


@dataclass(frozen=True, slots=True)
class Wish:
    """A person wants a shift (any where ``shift`` is None) on a day, or wants it not; ``weight`` is 1 to 3."""

    on: date
    shift: str | None
    wanted: bool
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Never:
    """Minutes of a weekday (0 is Monday) in which a person can never work; ``until`` above 1440 is the next day.

    ``rule`` is what is said to be broken: ``never`` of the own hours, ``weekdays`` of who is employed for those alone.
    """

    weekday: int
    since: int = 0
    until: int = DAY_MINUTES
    first: date = date.min
    last: date = date.max
    rule: str = "never"


@dataclass(frozen=True, slots=True)
class ExtraBasis:
    """What a person's time beyond the contract is reckoned with (W-08, W-09).

    Parameters
    ----------
    full_minutes
        What full time comes to over the period, days of leave taken off; up to it a part-timer's is additional time.
    ordinary
        Minutes by day of the shifts that the roster was published with; empty where it is not yet.
    beyond
        Worked beyond the roster, by day of the period.
    absent
        Rostered and not worked, by day of the period: a shift that was given later and not worked is no overtime.
    elsewhere
        Additional time and overtime of other days: memory, and what is planned already after the period.
    """

    full_minutes: int = 0
    ordinary: Mapping[date, float] = field(default_factory=lambda: _NO_MINUTES)
    beyond: Mapping[date, float] = field(default_factory=lambda: _NO_MINUTES)
    absent: Mapping[date, float] = field(default_factory=lambda: _NO_MINUTES)
    elsewhere: Mapping[date, Extra] = field(default_factory=lambda: _NO_EXTRA)


@dataclass(frozen=True, slots=True)
class RosteredPerson:
    """Somebody who is rostered.

    Parameters
    ----------
    id
        Name or number, once in a period.
    due_minutes
        What the contracts come to over the period (W-30..W-33), days of leave taken off.
    share
        Of full time: what a fair part of weekends and evenings is reckoned by.
    all_days
        Whether the measure is one for Sundays and holidays too (W-34).
    kinds
        Shifts that may be worked; None: every one.
    trained
        Competence to the last day on which it holds, None where it does not end.
    away
        Days of leave.
    never
        Hours that are never worked.
    adult_on
        The day of the eighteenth birthday, of who is younger on the first day.
    wishes
        Wishes.
    before
        Day to shift of the two weeks before the first day.
    weekends_before, evenings_before
        Worked in earlier periods, for fairness that remembers.
    published
        Day to shift (empty: free) of a roster that others know already; leaving it has a price.
    fixed
        Day to shift (empty: free) that must stay.
    extra
        What time beyond the contract is reckoned with.
    """

    id: str
    due_minutes: int
    share: float = 1.0
    all_days: bool = True
    kinds: frozenset[str] | None = None
    trained: Mapping[str, date | None] = field(default_factory=lambda: _NO_TRAINING)
    away: frozenset[date] = frozenset()
    never: tuple[Never, ...] = ()
    adult_on: date | None = None
    wishes: tuple[Wish, ...] = ()
    before: Mapping[date, str] = field(default_factory=lambda: _NO_ROSTER)
    weekends_before: int = 0
    evenings_before: int = 0
    published: Mapping[date, str] = field(default_factory=lambda: _NO_ROSTER)
    fixed: Mapping[date, str] = field(default_factory=lambda: _NO_ROSTER)
    extra: ExtraBasis = ExtraBasis()


@dataclass(frozen=True, slots=True)
class Need:
    """So many are needed on a day and shift."""

    on: date
    shift: str
    wanted: int


@dataclass(frozen=True, slots=True)
class RosterPeriod:
    """Whole weeks from a Monday; a shift that ends after ``evening_from`` (minute of the day) is an evening's.

    Raises
    ------
    ValueError
        A first day that is no Monday, no weeks, or a shift, person or need that stands twice or is of no known shift.
    """

    first: date
    weeks: int
    kinds: tuple[ShiftKind, ...]
    people: tuple[RosteredPerson, ...]
    needs: tuple[Need, ...]
    rules: HourRules
    evening_from: int = 1140

    def __post_init__(self) -> None:
        if self.first.weekday() or self.weeks < 1:
            raise ValueError(f"{self.weeks} weeks from {self.first}, expected whole weeks from a Monday")
        codes = {kind.code for kind in self.kinds}
        if len(codes) != len(self.kinds) or len({one.id for one in self.people}) != len(self.people):
            raise ValueError("a shift or a person stands twice")
        told = {need.shift for need in self.needs}
        for one in self.people:
            told |= set(one.kinds or ()) | set(one.before.values()) | {wish.shift or "" for wish in one.wishes}
            told |= set(one.published.values()) | set(one.fixed.values())
        if unknown := told - codes - {""}:
            raise ValueError(f"no shift {', '.join(sorted(unknown))}")

    @property
    def n_days(self) -> int:
        return 7 * self.weeks

    @property
    def last(self) -> date:
        return self.day(self.n_days - 1)

    def day(self, n: int) -> date:
        """The date of the ``n``-th day, from 0."""
        return self.first + timedelta(days=n)

    def kind(self, code: str) -> ShiftKind:
        return next(kind for kind in self.kinds if kind.code == code)
