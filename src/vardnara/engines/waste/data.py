"""What is known of one ordered meal when it is over. Instants are aware; nothing needs to be in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """Why food was not eaten: the one list (CONTRACT 2.5)."""

    DISCHARGED = "discharged"
    MOVED = "moved"
    FASTING = "fasting"
    WRONG_DIET = "wrong_diet"
    LATE = "late"
    WRONG_PORTION = "wrong_portion"
    DISLIKED = "disliked"
    UNWELL = "unwell"
    AWAY = "away"
    KITCHEN = "kitchen"
    OTHER = "other"


class OrderKind(StrEnum):
    """What can happen to an order; kinds that say nothing about the food are left out by the caller or ignored."""

    PLACED = "placed"
    CHANGED = "changed"
    MOVED = "moved"
    RELEASED = "released"
    REPLACED = "replaced"
    HELD = "held"
    SUBSTITUTE = "substitute"
    TICKETED = "ticketed"
    PACKED = "packed"
    CHECKED = "checked"
    REFUSED = "refused"
    SENT = "sent"
    ARRIVED = "arrived"
    SERVED = "served"
    EATEN = "eaten"
    RETURNED = "returned"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class BedKind(StrEnum):
    """What can happen to a stay that decides whether a meal finds its eater."""

    ADMITTED = "admitted"
    MOVED = "moved"
    LEAVE = "leave"
    BACK = "back"
    DISCHARGED = "discharged"


@dataclass(frozen=True, slots=True, order=True)
class OrderStep:
    """One line of an order's history.

    Parameters
    ----------
    at
        When it was written.
    id
        Its number; orders what was written at the same instant.
    kind
        One of :class:`OrderKind`; others are ignored.
    reason
        A code of the record; one of :class:`Cause` where it says why.
    """

    at: datetime
    id: int
    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BedStep:
    """One step of a stay.

    Parameters
    ----------
    at
        When it took effect.
    known_at
        When the message or the tap came.
    ref
        What record says so.
    ward
        Where the patient is from then on; None where it changes nothing about that.
    until
        Of a leave: the stated end, from which the patient counts as back.
    """

    at: datetime
    known_at: datetime
    kind: BedKind
    ref: str
    ward: int | None = None
    until: datetime | None = None

    @property
    def key(self) -> tuple[datetime, datetime, str, str, int, str]:
        """Orders steps in time, the same way whatever order they came in."""
        return (self.at, self.known_at, self.kind, self.ref, self.ward or 0, str(self.until))


@dataclass(frozen=True, slots=True)
class Fast:
    """Nothing to eat ``[at, until)``, written at ``known_at``."""

    at: datetime
    until: datetime | None
    known_at: datetime
    ref: str

    def holds(self, at: datetime) -> bool:
        """Whether nothing may be eaten at an instant."""
        return self.at <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody noted on the ward: quarters eaten (0-4), whether the tray came back untouched, and why."""

    at: datetime
    ref: str
    quarters: int
    untouched: bool = False
    cause: Cause | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.quarters <= 4:
            raise ValueError(f"{self.quarters} quarters, expected 0 to 4")
        if self.untouched and self.quarters:
            raise ValueError(f"untouched with {self.quarters} quarters eaten")
        if self.quarters == 4 and self.cause is not None:
            raise ValueError(f"all eaten, and yet {self.cause}")


@dataclass(frozen=True, slots=True)
class Meal:
    """One ordered meal that is over.

    Parameters
    ----------
    id
        The order.
    ward
        Where it was to be eaten, as the order stands now.
    serves_at
        When the meal is served.
    act_until
        The instant from which the kitchen could no longer take it back.
    state
        What the order ended as: ``open``, ``held``, ``substitute``, ``ticketed``, ``sent``, ``served``, ``stopped``
        or ``cancelled``.
    steps, bed, fasts
        Histories, in any order; the same line twice counts once.
    said
        What was noted of the eating, None where nobody noted anything.
    """

    id: int
    ward: int
    serves_at: datetime
    act_until: datetime
    state: str
    steps: tuple[OrderStep, ...]
    bed: tuple[BedStep, ...] = ()
    fasts: tuple[Fast, ...] = ()
    said: Said | None = None

    def __post_init__(self) -> None:
        if self.act_until > self.serves_at:
            raise ValueError(f"meal {self.id}: the kitchen can act until {self.act_until}, served {self.serves_at}")
