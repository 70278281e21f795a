"""The laid-out day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Planned:
    """One task of the day.

    Parameters
    ----------
    key
        Names the occurrence: the same whenever the day is laid out again, so that nothing is made twice.
    line_id
        The agreement's line, None where no agreement speaks of the day.
    type_id, ward_id, bed_id
        What and where.
    party
        Whose it is; empty: nobody's.
    starts_at, due_at
        Aware, UTC: not before, and done by.
    minutes
        Typical minutes, None where no norm is known.
    """

    key: str
    line_id: int | None
    type_id: int
    ward_id: int
    bed_id: int | None
    party: str
    starts_at: datetime
    due_at: datetime
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The tasks of a local date, by time, ward and key."""

    on: date
    planned: tuple[Planned, ...]
    version: str = VERSION
