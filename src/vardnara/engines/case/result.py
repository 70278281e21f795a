"""What an examination of a case found; every amount is a Decimal of kronor, to the öre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from vardnara.engines.case.data import Case, Figure
from vardnara.engines.economy import Effect, HourBalance, Ledger, PostGroup

VERSION = "1"


@dataclass(frozen=True, slots=True)
class FigureValue:
    """A figure and what it comes to.

    ``value`` is rounded as it is shown; ``reckoned`` is what the formula of a quoted figure gives, where it has one.
    """

    figure: Figure
    value: Decimal
    reckoned: Decimal | None = None

    @property
    def agrees(self) -> bool:
        return self.reckoned is None or self.reckoned == self.value


@dataclass(frozen=True, slots=True)
class Posts:
    """Full-time posts: ``removed`` is negative where posts are added, ``in_frame`` those of them in anybody's frame."""

    removed: Decimal
    in_frame: Decimal
    reaimed: Decimal


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that a reader must be told.

    ``code`` is stable; ``facts`` are what the sentence about it is made of (see ``explain``).
    """

    code: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Examination:
    """The answer; parts that the case has no data for are None.

    Parameters
    ----------
    figures
        Every figure with its value, in the case's order.
    groups, posts, effect, ledger, balance
        Posts by group and in all, money, the two ledgers and the hours.
    concerns
        By the case's own data, in a fixed order.
    may_be_executed
        Whether every consultation is closed (invariant 8).
    """

    case: Case
    figures: tuple[FigureValue, ...]
    groups: tuple[PostGroup, ...]
    posts: Posts | None
    effect: Effect | None
    ledger: Ledger | None
    balance: HourBalance | None
    concerns: tuple[Concern, ...]
    may_be_executed: bool
    version: str = VERSION

    def value(self, figure: str) -> Decimal:
        """The value of a figure by its name."""
        return next(found.value for found in self.figures if found.figure.id == figure)
