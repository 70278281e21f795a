"""What a roster is made of: shifts, people with their rules, and how many are needed when.

Two kinds of rule carry everything: what may follow what (:class:`SequenceRules`, :class:`Automaton`), and sums over
days (:class:`Tally`). Both are hard or have a price, and no search needs to know which law they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

HARD = -1
FREE = ""
_NONE: Mapping[str, int] = MappingProxyType({})
_NO_DAYS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bounds:
    """From ``least`` to ``most`` (None: no end); each unit outside costs ``weight``, or is forbidden (``HARD``)."""

    least: int = 0
    most: int | None = None
    weight: int = HARD

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and self.most < 0):
            raise ValueError(f"bounds {self.least} to {self.most}, expected 0 or more")
        if self.weight < HARD:
            raise ValueError(f"weight {self.weight}, expected 0 or more, or HARD")

    @property
    def is_hard(self) -> bool:
        return self.weight == HARD

    def outside(self, amount: int) -> int:
        """How many units an amount lies outside."""
        over = 0 if self.most is None else amount - self.most
        return max(self.least - amount, over, 0)


ANY = Bounds()


@dataclass(frozen=True, slots=True)
class Shift:
    """A kind of shift: its length, which shifts may not follow it on the next day, and how many in a row."""

    id: str
    minutes: int
    not_next: frozenset[str] = frozenset()
    run: Bounds = ANY

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a shift without a name")
        if self.minutes < 0:
            raise ValueError(f"shift {self.id}: {self.minutes} minutes, expected 0 or more")


@dataclass(frozen=True, slots=True)
class SequenceRules:
    """Rules of what follows what; people with the same contract share one object.

    Parameters
    ----------
    work_run, off_run
        Days in a row with and without a shift. A run at the last day has no least length; one at the first day
        neither, where nothing is known of the time before.
    whole_weekend
        Price of working only one day of a weekend; HARD: forbidden; None: no such rule.
    """

    work_run: Bounds = ANY
    off_run: Bounds = ANY
    whole_weekend: int | None = None


@dataclass(frozen=True, slots=True)
class Automaton:
    """A rule of sequence in its general form, for rules that :class:`SequenceRules` does not have.

    Parameters
    ----------
    rule
        Its name, told where it is broken.
    kinds
        One number for each day: which table holds on it.
    following
        ``following[kind][state][action]``: the next state, or -1 where that is forbidden. Action 0 is a free day,
        1.. are the shifts in the order of the problem.
    prices
        The same shape: what the step costs; empty: nothing.
    start
        The state before the first day.
    """

    rule: str
    kinds: tuple[int, ...]
    following: tuple[tuple[tuple[int, ...], ...], ...]
    prices: tuple[tuple[tuple[int, ...], ...], ...] = ()
    start: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum over days that has bounds: minutes, shifts of a kind, free days, evenings, Sundays.

    Parameters
    ----------
    rule
        Its name, told where it is broken.
    amounts
        What a day with this shift adds; the empty name is a free day. Shifts not named add nothing.
    bounds
        Of the whole sum.
    first, last
        The days that count, both included; ``last`` None: to the end.
    before
        What was there already.
    """

    rule: str
    amounts: Mapping[str, int]
    bounds: Bounds
    first: int = 0
    last: int | None = None
    before: int = 0

    def __post_init__(self) -> None:
        if any(amount < 0 for amount in self.amounts.values()) or self.before < 0:
            raise ValueError(f"{self.rule}: an amount below 0")

    def counts_on(self, day: int) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class History:
    """The days just before the first: last shift (empty: free), and lengths of the runs that reach to it."""

    last: str = FREE
    same: int = 0
    work: int = 0
    off: int = 0

    def __post_init__(self) -> None:
        if (self.last == FREE) != (self.work == 0) or min(self.same, self.work, self.off) < 0:
            raise ValueError(f"history {self}: does not fit together")


@dataclass(frozen=True, slots=True)
class Request:
    """A wish: a shift, or any (None), on a day is wanted (``wanted``) or not; what it costs to refuse it."""

    day: int
    shift: str | None
    weight: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class Employee:
    """Someone who is rostered.

    Parameters
    ----------
    id
        Name, once in a problem.
    sequence, automata
        What may follow what.
    tallies
        Sums with bounds.
    weekends, weekends_before
        Weekends with a shift on Saturday or Sunday, and those worked already.
    shifts
        Shifts that may be worked; None: every one.
    skills
        What cover that asks for a skill may be filled by.
    days_off
        Days without work.
    closed
        (day, shift) that may not be.
    fixed
        Day to shift (empty: free) that stands already.
    requests
        Wishes.
    prices
        (day, shift, amount): what a shift costs beside, such as kronor, or leaving what was published.
    history
        None: nothing is known of the time before.
    """

    id: str
    sequence: SequenceRules = SequenceRules()
    tallies: tuple[Tally, ...] = ()
    weekends: Bounds = ANY
    weekends_before: int = 0
    shifts: frozenset[str] | None = None
    skills: frozenset[str] = frozenset()
    days_off: frozenset[int] = frozenset()
    closed: frozenset[tuple[int, str]] = frozenset()
    fixed: Mapping[int, str] = field(default_factory=lambda: _NO_DAYS)
    requests: tuple[Request, ...] = ()
    prices: tuple[tuple[int, str, int], ...] = ()
    history: History | None = None
    automata: tuple[Automaton, ...] = ()

    def may_work(self, day: int, shift: str) -> bool:
        """Whether a shift is possible on a day, all sums and sequences aside."""
        if self.shifts is not None and shift not in self.shifts:
            return False
        return day not in self.days_off and (day, shift) not in self.closed and self.fixed.get(day, shift) == shift


@dataclass(frozen=True, slots=True)
class Cover:
    """How many are needed on a day and shift, with a skill where one is named.

    Fewer than ``least`` is forbidden; each one below ``wanted`` costs ``under``, each above it ``over``.
    """

    day: int
    shift: str
    wanted: int
    under: int = 0
    over: int = 0
    least: int = 0
    skill: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.wanted:
            raise ValueError(f"day {self.day}, {self.shift}: least {self.least} of {self.wanted} wanted")
        if min(self.under, self.over) < 0:
            raise ValueError(f"day {self.day}, {self.shift}: a price below 0")


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift, done with a skill where cover asks for one."""

    shift: str
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line of a roster."""

    employee: str
    day: int
    shift: str
    skill: str | None = None


@dataclass(frozen=True)
class RosterProblem:
    """Who may work what, and what is needed.

    Parameters
    ----------
    n_days
        Length; day 0 is the first.
    shifts, employees, cover
        Each shift and employee once, each day, shift and skill once.
    skills
        Names of skills; empty: cover asks for none. With skills every assignment names one.
    first_weekday
        Of day 0; 0 is Monday.
    """

    n_days: int
    shifts: tuple[Shift, ...]
    employees: tuple[Employee, ...]
    cover: tuple[Cover, ...]
    skills: tuple[str, ...] = ()
    first_weekday: int = 0

    def __post_init__(self) -> None:
        if self.n_days < 1 or not 0 <= self.first_weekday <= 6:
            raise ValueError(f"{self.n_days} days from weekday {self.first_weekday}")
        names = {shift.id for shift in self.shifts}
        _once("shift", (shift.id for shift in self.shifts))
        _once("employee", (one.id for one in self.employees))
        _once("cover", ((need.day, need.shift, need.skill) for need in self.cover))
        for need in self.cover:
            if not 0 <= need.day < self.n_days or need.shift not in names:
                raise ValueError(f"cover of day {need.day}, shift {need.shift}: no such day or shift")
            if (need.skill is None) == bool(self.skills) or (need.skill is not None and need.skill not in self.skills):
                raise ValueError(f"cover of day {need.day}, shift {need.shift}: skill {need.skill}")
        for one in self.employees:
            self._check(one, names)

    def _check(self, one: Employee, names: set[str]) -> None:
        told = [*(one.shifts or ()), *(shift for _, shift in one.closed), *(shift for _, shift, _ in one.prices)]
        told += [shift for shift in one.fixed.values() if shift]
        told += [wish.shift for wish in one.requests if wish.shift is not None]
        told += [name for tally in one.tallies for name in tally.amounts if name]
        told += [one.history.last] if one.history and one.history.last else []
        if unknown := set(told) - names:
            raise ValueError(f"{one.id}: no shift {', '.join(sorted(unknown))}")
        if unknown := set(one.skills) - set(self.skills):
            raise ValueError(f"{one.id}: no skill {', '.join(sorted(unknown))}")
        if any(amount < 0 for *_, amount in one.prices) or any(wish.weight < 0 for wish in one.requests):
            raise ValueError(f"{one.id}: a price or weight below 0")
        if any(not 0 <= wish.day < self.n_days for wish in one.requests):
            raise ValueError(f"{one.id}: a wish outside the days")
        if any(not 0 <= day < self.n_days for day in [*one.fixed, *(day for day, _, _ in one.prices)]):
            raise ValueError(f"{one.id}: a day outside the days")
        for automaton in one.automata:
            if len(automaton.kinds) != self.n_days:
                raise ValueError(f"{one.id}, {automaton.rule}: {len(automaton.kinds)} days, expected {self.n_days}")

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """What a person can be given on a day; a roster row holds 0 for free and else a number into this, from 1."""
        return tuple(Duty(shift.id, skill) for shift in self.shifts for skill in (self.skills or (None,)))

    def weekday(self, day: int) -> int:
        return (self.first_weekday + day) % 7

    def assignments(self, rows: Iterable[Iterable[int]]) -> tuple[Assignment, ...]:
        """Rows of duties as lines: by employee, then by day."""
        return tuple(
            Assignment(one.id, day, self.duties[duty - 1].shift, self.duties[duty - 1].skill)
            for one, row in zip(self.employees, rows, strict=True)
            for day, duty in enumerate(row)
            if duty
        )


def _once(what: str, keys: Iterable[object]) -> None:
    seen: set[object] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{what} {key} stands twice")
        seen.add(key)
