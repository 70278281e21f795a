"""What comes out of the fold: stays with their timeline, departures, and what became of each event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vardnara.engines.adt.data import Place

VERSION = "1"


class Status(StrEnum):
    """Where a stay stands."""

    EXPECTED = "expected"
    OPEN = "open"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What became of an event. Parked ones wait for a person, or for the event that they refer to."""

    APPLIED = "applied"
    PARKED = "parked"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An event's verdict and, unless plainly applied, a stable reason code."""

    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """The patient was in ``place`` from ``start`` until ``end`` (half-open; None: still there)."""

    place: Place
    start: datetime
    end: datetime | None
    opened_by: int
    closed_by: int | None


@dataclass(frozen=True, slots=True)
class Left:
    """The patient left ``place`` for good at ``at``, by the event ``by``: what makes a bed dirty."""

    place: Place
    at: datetime
    by: int
    contagion: str


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay, with everything that its events say.

    ``segments`` are in time order and do not overlap; the last one may be open. ``needs_place`` is false for those who
    lie in no bed (outpatients, expected, ended). ``location`` is the last place named, a ward without bed included.
    """

    status: Status
    patient_class: str
    segments: tuple[Segment, ...]
    left: tuple[Left, ...]
    location: Place | None
    pending: Place | None
    needs_place: bool
    admitted_at: datetime | None
    discharge_ordered_at: datetime | None
    discharge_confirmed_at: datetime | None
    discharged_at: datetime | None
    left_at: datetime | None
    expected_discharge_at: datetime | None
    on_leave_since: datetime | None
    leave_until: datetime | None
    contagion: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """The result for one stream of events: its stays in order, and each event's outcome by serial."""

    stays: tuple[Stay, ...]
    outcomes: Mapping[int, Outcome]
    version: str = VERSION
