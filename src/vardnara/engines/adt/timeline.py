"""A stay under construction: one method for each thing that can happen to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from vardnara.engines.adt.data import TAP_CONTAGION, Event, Place
from vardnara.engines.adt.result import Left, Segment, Status, Stay

Strictest = Callable[[tuple[str, str]], str]


@dataclass(slots=True)
class Timeline:
    """Mutable only inside one fold. Events arrive in order of effect, so a segment never has to be split."""

    strictest: Strictest
    status: Status = Status.OPEN
    patient_class: str = ""
    segments: list[Segment] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    location: Place | None = None
    pending: Place | None = None
    admitted_at: datetime | None = None
    discharge_ordered_at: datetime | None = None
    discharge_confirmed_at: datetime | None = None
    discharged_at: datetime | None = None
    left_at: datetime | None = None
    expected_discharge_at: datetime | None = None
    on_leave_since: datetime | None = None
    leave_until: datetime | None = None
    contagion: str = ""
    last_stated_contagion: str | None = None
    bedless: bool = False
    warnings: list[str] = field(default_factory=list)

    def warn(self, code: str) -> None:
        """Note something that a person should know, once."""
        if code not in self.warnings:
            self.warnings.append(code)

    def describe(self, event: Event) -> None:
        """Take over what the event says beside its meaning. Contagion rises by itself; a person may lower it (C-17)."""
        if event.patient_class:
            self.patient_class = event.patient_class
        if event.expected_discharge_at is not None:
            self.expected_discharge_at = event.expected_discharge_at
        if event.code == "A08" and event.discharged_at is not None and self.discharged_at is not None:
            self.discharged_at = event.discharged_at
        if event.code == TAP_CONTAGION:
            self.contagion = event.contagion or ""
        elif event.contagion is not None and event.contagion != self.last_stated_contagion:
            self.last_stated_contagion = event.contagion
            self.contagion = self.strictest((self.contagion, event.contagion))

    def admit(self, event: Event, *, implied: bool = False) -> None:
        """The patient is in hospital from the event on (or from the admission time that an implied one states)."""
        if self.status is not Status.OPEN or self.admitted_at is None:
            stated = event.admitted_at if implied else None
            self.admitted_at = min(stated, event.effect_at) if stated else event.effect_at
        self.status = Status.OPEN
        self.left_at = None
        self.discharged_at = None
        self.discharge_ordered_at = None
        self.discharge_confirmed_at = None

    def move(self, place: Place | None, event: Event) -> None:
        """The patient is in ``place`` from the event on; leaving the place before makes a departure there."""
        if place is None or not any(place[:3]):
            return
        self.location = place
        current = self.segments[-1] if self.segments else None
        if current is not None and current.end is None:
            if current.place[:3] == place[:3]:
                return
            self.leave(event)
        self.bedless = False
        if place.is_bed:
            self.segments.append(Segment(place, event.effect_at, None, event.serial, None))

    def leave(self, event: Event) -> None:
        """The patient leaves the bed for good. A place held for no time at all leaves no trace."""
        current = self.segments[-1] if self.segments else None
        if current is None or current.end is not None:
            return
        if current.start >= event.effect_at:
            self.segments.pop()
            return
        self.segments[-1] = Segment(current.place, current.start, event.effect_at, current.opened_by, event.serial)
        self.left.append(Left(current.place, event.effect_at, event.serial, self.contagion))

    def left_unseen(self, place: Place | None, event: Event) -> None:
        """A bed that we never saw the patient in was left: only the departure is known."""
        if place is not None and place.is_bed:
            self.left.append(Left(place, event.effect_at, event.serial, self.contagion))

    def end(self, event: Event) -> None:
        """The patient has physically left the hospital; a bed that was held for no time was left all the same."""
        current = self.segments[-1] if self.segments else None
        if current is not None and current.end is None and current.start >= event.effect_at:
            self.left.append(Left(current.place, event.effect_at, event.serial, self.contagion))
        self.leave(event)
        self.status = Status.ENDED
        self.left_at = event.effect_at
        self.on_leave_since = None
        self.leave_until = None
        self.pending = None

    def void(self) -> None:
        """The visit never was."""
        self.status = Status.CANCELLED
        self.segments.clear()
        self.left.clear()
        self.pending = None
        self.left_at = None

    def freeze(self) -> Stay:
        """The finished stay."""
        current = self.segments[-1] if self.segments else None
        in_bed = current is not None and current.end is None
        return Stay(
            status=self.status,
            patient_class=self.patient_class,
            segments=tuple(self.segments),
            left=tuple(self.left),
            location=self.location,
            pending=self.pending,
            needs_place=self.status is Status.OPEN and (in_bed or not self.bedless),
            admitted_at=self.admitted_at,
            discharge_ordered_at=self.discharge_ordered_at,
            discharge_confirmed_at=self.discharge_confirmed_at,
            discharged_at=self.discharged_at,
            left_at=self.left_at,
            expected_discharge_at=self.expected_discharge_at,
            on_leave_since=self.on_leave_since,
            leave_until=self.leave_until,
            contagion=self.contagion,
            warnings=tuple(self.warnings),
        )
