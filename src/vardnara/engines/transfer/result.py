"""Hours that leave, and what becomes of them; in every row leaving = received + released + homeless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vardnara.engines.workload import Spread

VERSION = "1"
Grid = tuple[tuple[float, ...], ...]
"""Typical minutes of an average week: 7 weekdays, Monday first, of 24 hours."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Minutes of an average week, with all norms low, typical, high; each of the three adds up by itself."""

    leaving: Spread
    received: Spread
    released: Spread
    homeless: Spread


@dataclass(frozen=True, slots=True)
class Grids:
    """The typical minutes by weekday and hour."""

    leaving: Grid
    received: Grid
    released: Grid
    homeless: Grid


@dataclass(frozen=True, slots=True)
class HomeUse:
    """How much of an item's work a home takes: never more than it says, never more than there is."""

    home: int
    used: Spread
    grid: Grid


@dataclass(frozen=True, slots=True)
class ItemBalance:
    """One item; ``homes`` in the order in which they took their part."""

    item: int
    ward: str
    sums: Sums
    grids: Grids
    homes: tuple[HomeUse, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader should know.

    Codes: ``HOURS_WITHOUT_HOME TASK_MOVES_BOTH_WAYS UNKNOWN_MINUTES HOME_TOO_LARGE NOTHING_ADDED``.
    """

    code: str
    items: tuple[int, ...] = ()
    tasks: tuple[str, ...] = ()
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Balance:
    """What a transfer does to the hours of an average week.

    Parameters
    ----------
    items
        Each item whose minutes are known.
    unknown
        Ids of the others: they move as well, and are in no sum.
    total, by_ward, by_kind
        Sums; of homes by kind the typical minutes used.
    grid_by_ward
        Minutes by weekday and hour.
    notices
        What the reader should know.
    """

    items: tuple[ItemBalance, ...]
    unknown: tuple[int, ...]
    total: Sums
    by_ward: Mapping[str, Sums]
    by_kind: Mapping[str, Spread]
    grid_by_ward: Mapping[str, Grids]
    notices: tuple[Notice, ...]
    version: str = VERSION
