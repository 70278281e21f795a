"""What is asked about a measure; frozen and checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Benefit(StrEnum):
    """What becomes of what a measure releases (own-3, mech-29); each krona is counted as one of them only."""

    CASH = "cash"  # cost itself changes: a post is gone, hours are not called off; or one is added
    MOVED = "moved"  # used for something else, which is named
    OTHER = "other"  # a benefit that is not money


class Standing(StrEnum):
    """How a measure stands, whatever a region calls it."""

    PROPOSED = "proposed"
    ASSIGNED = "assigned"
    ON_PLAN = "on_plan"
    MULTI_YEAR = "multi_year"  # on plan, and goes on beyond the year
    DEVIATES = "deviates"
    LATE = "late"
    DONE = "done"
    DONE_LESS = "done_less"  # carried out, with less than was promised
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Promised:
    """A promised value of a metric, and its outcome.

    Parameters
    ----------
    promised
        The value that was promised, in the metric's unit.
    check_on
        The day on which it is looked at.
    baseline
        The value before; None counts as 0, as where the metric is an amount that begins with the measure.
    outcome
        The value that came about; None until it was looked at.
    """

    promised: Decimal
    check_on: date
    baseline: Decimal | None = None
    outcome: Decimal | None = None

    @property
    def change(self) -> Decimal:
        """Promised change; below 0 where less is better."""
        return self.promised - (self.baseline or Decimal(0))

    @property
    def kept_share(self) -> Decimal | None:
        """How much of the promised change came about; None without outcome, or where no change was promised."""
        if self.outcome is None or not self.change:
            return None
        return (self.outcome - (self.baseline or Decimal(0))) / self.change

    def is_kept(self, share: Decimal = Decimal(1)) -> bool:
        """Whether at least ``share`` (0 to 1) of the promised change came about, without dividing.

        A promise of no change is kept by exactly the value that was promised.
        """
        if self.outcome is None:
            return False
        if not self.change:
            return self.outcome == self.promised
        came = self.outcome - (self.baseline or Decimal(0))
        return came >= share * self.change if self.change > 0 else came <= share * self.change


@dataclass(frozen=True, slots=True)
class Gate:
    """A measure that must have delivered ``share`` (above 0, at most 1) of each of its promises before another begins.

    ``first`` tells which; ``promises`` are what it promised.
    """

    first: int
    share: Decimal
    promises: tuple[Promised, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share {self.share}, expected above 0, at most 1")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a measure.

    Parameters
    ----------
    has_owner, is_decided, has_begun, is_multi_year
        Whether somebody answers for it, it may be carried out, it is being carried out, and it goes on beyond the year.
    starts_on, ends_on
        Planned first and last day; None where not said.
    promises
        Its promises.
    """

    has_owner: bool
    is_decided: bool
    has_begun: bool
    is_multi_year: bool
    starts_on: date | None = None
    ends_on: date | None = None
    promises: tuple[Promised, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure is expected to give.

    Parameters
    ----------
    group
        Under which it is summed: a status, a kind, a payer.
    short_sek, short_year
        Kronor within a year, and that year; both or none. Above 0 where cost falls.
    long_sek
        Kronor of a full year; None where not said.
    """

    group: str
    short_sek: Decimal | None = None
    short_year: int | None = None
    long_sek: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.short_sek is None) != (self.short_year is None):
            raise ValueError("short_sek and short_year, expected both or none")
