"""What a repair came to, and what an explanation says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vardnara.engines.roster.data import Assignment
from vardnara.engines.roster.explained import Clash
from vardnara.engines.roster.swedish.candidates import ShiftCandidates
from vardnara.engines.roster.swedish.judge import Short


@dataclass(frozen=True, slots=True)
class Change:
    """What a person works on a day that is not what stood: shifts before and after, empty for a free day."""

    person: str
    on: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired roster.

    Parameters
    ----------
    assignments
        The whole roster as it is now.
    lost
        Shifts that can no longer stand: of who is away, or may not work them any more.
    changes
        What is asked of others (and of the same people on other days), by day, then person.
    short
        Shifts that fewer work than are needed, and fewer than before.
    open
        For each shift that became short, who could take it at once, if nothing else were changed, and why the others
        cannot: as things stood before the changes.
    still_open
        The same for what is ``short``, as things stand after the changes.
    stuck
        People whose own standing shifts break a rule: nothing of theirs is changed.
    is_proved
        Whether no other roster from the day held on misses less, or changes less, in the weeks looked at.
    work
        Units of work used.
    """

    assignments: tuple[Assignment, ...]
    lost: tuple[Change, ...]
    changes: tuple[Change, ...]
    short: tuple[Short, ...]
    open: tuple[ShiftCandidates, ...]
    still_open: tuple[ShiftCandidates, ...]
    stuck: tuple[str, ...]
    is_proved: bool
    work: int


@dataclass(frozen=True, slots=True)
class WeekBalance:
    """A week in minutes: needed, contracted (each contract spread over the days on which its person is there), missing
    in the roster, and missing in the program that proves the bound.
    """

    monday: date
    needed_minutes: int
    contract_minutes: int
    short_minutes: int
    least_short_minutes: int


@dataclass(frozen=True, slots=True)
class CompetenceBalance:
    """The period in minutes, of shifts that ask for a competence, and of contracts of those who are trained for it."""

    competence: str
    needed_minutes: int
    contract_minutes: int


@dataclass(frozen=True, slots=True)
class WhyShort:
    """Why a kind of shift has too few in a week.

    Parameters
    ----------
    monday, shift
        Week and kind.
    missing
        People and shifts that are missing.
    reasons
        How often somebody is kept from one of them, by the first reason in the order of ``REASONS``.
    alone
        The same, of people whom nothing but that reason keeps.
    """

    monday: date
    shift: str
    missing: int
    minutes: int
    reasons: Mapping[str, int]
    alone: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A way out: ``posts``, ``overtime``, ``training``, ``leave`` or ``need``.

    Parameters
    ----------
    kind
        Which.
    amount
        Posts of full time, minutes of overtime, people, days of leave, or people and shifts that are not needed.
    what
        Kinds of shifts that new posts are for, the competence, or (Monday, shift, how many) of needs.
    price
        By ``RelaxationPrices``.
    left_minutes
        What must be missing even so.
    """

    kind: str
    amount: float
    what: tuple[object, ...]
    price: float
    left_minutes: int


@dataclass(frozen=True, slots=True)
class Headline:
    """What one sentence says: ``covered``, ``contracts``, ``competence``, ``same_time`` or ``search``.

    Parameters
    ----------
    kind
        ``contracts``: of ``needed_minutes`` in the week contracts reach ``reached_minutes``. ``competence``: the same
        of shifts that ask for it, over the period. ``same_time``: contracts would do, but so many are needed on the
        same days or after one another that at most ``reached_minutes`` of the week can be covered. ``search``: nothing
        proves that anything must be missing.
    """

    kind: str
    monday: date | None = None
    competence: str = ""
    needed_minutes: int = 0
    reached_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a roster is short, and what would help.

    Parameters
    ----------
    needed_minutes, short_minutes
        Over the period: needed, and missing in the roster.
    bound_minutes
        Missing in every lawful roster, at least.
    headline
        What one sentence says; ``text`` is it in English.
    weeks, competences, why
        Balances, and the reasons by week and kind.
    relaxations
        Ways out, the cheapest first: those after which nothing must be missing, then by price for what they bring.
    clashes
        People whose rules cannot be kept together.
    """

    needed_minutes: int
    short_minutes: int
    bound_minutes: int
    headline: Headline
    text: str
    weeks: tuple[WeekBalance, ...]
    competences: tuple[CompetenceBalance, ...]
    why: tuple[WhyShort, ...]
    relaxations: tuple[Relaxation, ...]
    clashes: tuple[Clash, ...]

    @property
    def is_within(self) -> float:
        """The share of the need by which the roster misses more than is proved."""
        return (self.short_minutes - self.bound_minutes) / self.needed_minutes if self.needed_minutes else 0.0
