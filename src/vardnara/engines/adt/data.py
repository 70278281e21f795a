"""What goes into the fold: one visit's events, from messages and from taps on the ward, in no particular order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class Place(NamedTuple):
    """A location as its sender names it (HL7 PL): point of care, room, bed, facility."""

    point_of_care: str = ""
    room: str = ""
    bed: str = ""
    facility: str = ""

    @property
    def is_bed(self) -> bool:
        """Whether it names a bed place, not only a ward or corridor."""
        return bool(self.bed)

    def __str__(self) -> str:
        return "^".join((self.point_of_care, self.room, self.bed))


class SentPlace(Place):
    """A place with the caller's number of who wrote it: events of one visit may come from several senders.

    The fold hands it on and compares names only; one that others wrote is another key to look up.
    """

    sender: int

    def __new__(cls, place: Place, sender: int) -> SentPlace:
        self = super().__new__(cls, *place)
        self.sender = sender
        return self

    def __eq__(self, other: object) -> bool:
        return tuple.__eq__(self, other) is True and getattr(other, "sender", 0) == self.sender

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)

    def __hash__(self) -> int:
        return hash((*self, self.sender))


# Taps on the ward, in the same record as the messages.
TAP_CONFIRMED = "CONFIRMED"  # the discharge is confirmed, the patient is still in the bed
TAP_LEFT = "LEFT"  # the patient has physically left
TAP_CONTAGION = "CONTAGION"  # a person set the contagion class, up or down
UNDO_LEFT = "UNDO_LEFT"
UNDO_CONFIRMED = "UNDO_CONF"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a visit.

    Parameters
    ----------
    serial
        Order of arrival; unique within the visit.
    code
        HL7 trigger event (``A01``) or a tap (``LEFT``).
    recorded_at
        When it was recorded (EVN-2, else MSH-7): decides which event a cancel refers to.
    effect_at
        When it took effect (EVN-6, else as recorded): decides where in the timeline it belongs.
    location, prior, pending
        PV1-3, PV1-6, PV1-42.
    patient_class
        PV1-2; ``O`` lies in no bed.
    admitted_at, discharged_at, expected_discharge_at, leave_until
        PV1-44, PV1-45, PV2-9, PV2-47.
    contagion
        Contagion class that the event states; None when it says nothing.
    administrative
        A03 of a sender whose discharge is administrative: a tap says when the patient has left.
    """

    serial: int
    code: str
    recorded_at: datetime
    effect_at: datetime
    location: Place | None = None
    prior: Place | None = None
    pending: Place | None = None
    patient_class: str = ""
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    expected_discharge_at: datetime | None = None
    leave_until: datetime | None = None
    contagion: str | None = None
    administrative: bool = False

    def to_payload(self) -> dict[str, Any]:
        """The fields that are not columns of the record, as JSON; empty fields are left out."""
        payload: dict[str, Any] = {}
        for name in ("location", "prior", "pending"):
            place = getattr(self, name)
            if place is not None:
                payload[name] = list(place)
        for name in ("admitted_at", "discharged_at", "expected_discharge_at", "leave_until"):
            instant = getattr(self, name)
            if instant is not None:
                payload[name] = instant.isoformat()
        if self.patient_class:
            payload["patient_class"] = self.patient_class
        if self.contagion is not None:
            payload["contagion"] = self.contagion
        if self.administrative:
            payload["administrative"] = True
        return payload

    @classmethod
    def from_payload(
        cls, serial: int, code: str, recorded_at: datetime, effect_at: datetime, payload: dict[str, Any]
    ) -> Event:
        """The event of a stored record; the inverse of :meth:`to_payload`. ``payload["sender"]`` wrote its places."""

        def place(name: str) -> Place | None:
            if name not in payload:
                return None
            named = Place(*payload[name])
            return SentPlace(named, payload["sender"]) if payload.get("sender") else named

        def instant(name: str) -> datetime | None:
            return datetime.fromisoformat(payload[name]) if name in payload else None

        return cls(
            serial=serial,
            code=code,
            recorded_at=recorded_at,
            effect_at=effect_at,
            patient_class=payload.get("patient_class", ""),
            contagion=payload.get("contagion"),
            administrative=payload.get("administrative", False),
            location=place("location"),
            prior=place("prior"),
            pending=place("pending"),
            admitted_at=instant("admitted_at"),
            discharged_at=instant("discharged_at"),
            expected_discharge_at=instant("expected_discharge_at"),
            leave_until=instant("leave_until"),
        )
