"""What durations are measured from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vardnara.engines.durations.params import DurationParams


class Dimension(StrEnum):
    """What figures may be told apart by. There is no worker among them, and none may be added (invariant 7)."""

    KIND = "kind"
    UNIT = "unit"
    WEEKDAY = "weekday"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of work by one person, ``[start_at, stop_at)``, aware.

    ``worker`` tells people apart and is in no result. ``shift_ends_at`` is None where the shift is not known.
    """

    worker: int
    start_at: datetime
    stop_at: datetime
    shift_ends_at: datetime | None = None

    @property
    def seconds(self) -> float:
        return (self.stop_at - self.start_at).total_seconds()


@dataclass(frozen=True, slots=True)
class Work:
    """A finished task with its spells, in order.

    Parameters
    ----------
    key
        Tells tasks apart.
    kind, unit
        Codes of the kind of task and of the ward.
    finished_at
        When it was reported as done.
    spells
        May be empty, overlap or run backwards: the rules see to that.
    norm_minutes
        What was expected of it, None where no norm was known.
    """

    key: int
    kind: str
    unit: str
    finished_at: datetime
    spells: tuple[Spell, ...]
    norm_minutes: float | None = None

    @property
    def minutes(self) -> float:
        """Time worked, without the pauses."""
        return sum(spell.seconds for spell in self.spells) / 60


@dataclass(frozen=True, slots=True)
class DurationOrder:
    """Tasks to measure, and what to tell them apart by; without dimensions they are one cell.

    ``kinds`` and ``units`` narrow what is told (None: all), never what the rules look at: a worker who overlaps does so
    between two wards as well.
    """

    works: tuple[Work, ...]
    by: tuple[Dimension, ...] = (Dimension.KIND,)
    kinds: frozenset[str] | None = None
    units: frozenset[str] | None = None
    params: DurationParams = field(default_factory=DurationParams)

    def told(self) -> tuple[Work, ...]:
        """The tasks that the figures are about."""
        return tuple(
            work
            for work in self.works
            if (self.kinds is None or work.kind in self.kinds) and (self.units is None or work.unit in self.units)
        )


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that was asked for and what became of it until ``seen_to``.

    ``begun_at`` and ``finished_at`` are None where that has not happened. ``seen_to`` is now, or when it was withdrawn.
    """

    kind: str
    unit: str
    asked_at: datetime
    seen_to: datetime
    begun_at: datetime | None = None
    finished_at: datetime | None = None
    worker: int | None = None


@dataclass(frozen=True, slots=True)
class WaitOrder:
    """Waits, and what to tell them apart by: kind and unit."""

    waits: tuple[Wait, ...]
    by: tuple[Dimension, ...] = (Dimension.KIND,)
    params: DurationParams = field(default_factory=DurationParams)

    def __post_init__(self) -> None:
        if set(self.by) - {Dimension.KIND, Dimension.UNIT}:
            raise ValueError(f"waits by {self.by}, expected kind and unit only")
