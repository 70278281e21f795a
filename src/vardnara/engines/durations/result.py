"""Distributions with what was taken out of them. No result holds a worker, nor how many observations one has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vardnara.engines.durations.params import DurationParams

VERSION = "1"


class Rule(StrEnum):
    """Why an observation was left out; in this order, the first that fits counts."""

    NO_SPELL = "no_spell"
    BACKWARDS = "backwards"
    FAR_BEYOND_NORM = "far_beyond_norm"
    OVER_SHIFT_END = "over_shift_end"
    OVER_MIDNIGHT = "over_midnight"
    FINISHED_IN_BATCH = "finished_in_batch"
    TOO_SHORT = "too_short"
    OVERLAPPING = "overlapping"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval; ``low`` or ``high`` is None where the observations are too few to bound it.

    ``value`` is None where not even the figure is reached: half of what was asked for is still not begun.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def few(self) -> bool:
        """Whether there are too few observations for an interval."""
        return self.low is None or self.high is None


@dataclass(frozen=True, slots=True)
class Distribution:
    """Minutes: quantiles, three of them with intervals."""

    n: int
    p10: Estimate
    q25: float
    median: Estimate
    q75: float
    p90: Estimate


@dataclass(frozen=True, slots=True)
class Cell:
    """One group. Where it has too few observations or people, ``spread`` is None and nothing else is told of it.

    ``key`` has one value for each dimension of the order: a code, a weekday from 0 Monday, an hour.
    """

    key: tuple[str | int, ...]
    spread: Distribution | None
    removed: Mapping[Rule, int]
    n_seen: int | None

    @property
    def n_removed(self) -> int:
        """How many the rules took."""
        return sum(self.removed.values())


@dataclass(frozen=True, slots=True)
class Durations:
    """What was measured.

    Parameters
    ----------
    cells
        By key.
    n_seen, n_kept, removed
        Observations; ``n_kept`` + all that the rules took = ``n_seen``.
    params
        By which bounds.
    enough
        Whether so many tasks by so many people are behind all of it that the counts may be shown.
    """

    cells: tuple[Cell, ...]
    n_seen: int
    n_kept: int
    removed: Mapping[Rule, int]
    params: DurationParams
    enough: bool
    version: str = VERSION

    @property
    def n_hidden(self) -> int:
        """Cells that are too small to be shown."""
        return sum(cell.spread is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Survival:
    """Minutes until something happens, with what has not happened yet counted as waiting (Kaplan and Meier)."""

    n: int
    n_open: int
    median: Estimate
    p90: Estimate


@dataclass(frozen=True, slots=True)
class WaitCell:
    """One group; both None where it is too small to be shown."""

    key: tuple[str | int, ...]
    response: Survival | None
    turnaround: Survival | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Response (asked for -> begun) and turnaround (asked for -> finished); ``n_backwards`` were begun before asked."""

    cells: tuple[WaitCell, ...]
    n_seen: int
    n_backwards: int
    params: DurationParams
    version: str = VERSION

    @property
    def n_hidden(self) -> int:
        """Cells that are too small to be shown."""
        return sum(cell.response is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Minutes that a norm could have, or why not.

    ``status`` is ``ready``; ``few`` where observations or people are too few; ``doubtful`` where the rules took so many
    that the rest is not trusted. Minutes are None unless it is ready.
    """

    status: str
    n: int
    n_seen: int
    removed: Mapping[Rule, int]
    low: float | None = None
    typical: float | None = None
    high: float | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None
    version: str = VERSION
