"""What a feed is made of: the hospital, the order for a feed, and the events that come out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

KINDS = ("inpatient", "emergency", "intensive", "operating", "dialysis", "other")


class FeedPlace(NamedTuple):
    """A location by its codes; ``room`` and ``bed`` are empty for a ward as such."""

    ward: str
    room: str = ""
    bed: str = ""
    facility: str = ""


@dataclass(frozen=True, slots=True)
class FeedBed:
    """A bed place and how many may lie there at once (more than one: mother and child)."""

    place: FeedPlace
    capacity: int = 1

    def __post_init__(self) -> None:
        if self.capacity < 1:
            raise ValueError(f"capacity {self.capacity} of {self.place}, expected at least 1")


@dataclass(frozen=True, slots=True)
class FeedWard:
    """A ward.

    Parameters
    ----------
    code, facility
        Its codes as messages carry them.
    kind
        One of ``KINDS``; decides which patients come and how long they stay.
    beds
        Places in the order that they are filled.
    staffed_beds
        Beds with staff; None where all are staffed. The feed goes beyond only when the whole hospital is full.
    ages
        Youngest and oldest patient in years, both included; None for any.
    sex
        ``F`` or ``M`` where the ward takes one only.
    """

    code: str
    kind: str
    beds: tuple[FeedBed, ...]
    facility: str = ""
    staffed_beds: int | None = None
    ages: tuple[int, int] | None = None
    sex: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"ward kind {self.kind}, expected one of {', '.join(KINDS)}")


@dataclass(frozen=True, slots=True)
class FeedHospital:
    """The wards that the feed plays in."""

    code: str
    wards: tuple[FeedWard, ...]

    def __post_init__(self) -> None:
        places = [bed.place for ward in self.wards for bed in ward.beds]
        if len(places) != len(set(places)):
            raise ValueError("a place stands twice in the hospital, expected each once")


@dataclass(frozen=True, slots=True)
class FeedPresent:
    """Somebody who is in the hospital, or expected, when the feed begins.

    Parameters
    ----------
    place
        The bed, or the ward for somebody without one; None for somebody who is expected (class ``P``).
    since_at
        When the stay began.
    patient, visit
        Numbers of an earlier feed, which goes on with this stay; None for somebody whom the feed leaves alone (and
        whose bed it does not use).
    newborn
        Whether ``patient`` counts newborns.
    on_leave
        Whether the bed is kept for somebody who is on leave.
    """

    place: FeedPlace | None
    since_at: datetime
    patient: int | None = None
    visit: int | None = None
    newborn: bool = False
    patient_class: str = "I"
    precaution: str = ""
    on_leave: bool = False


@dataclass(frozen=True, slots=True)
class FeedOrder:
    """What to make.

    Parameters
    ----------
    hospital
        Where.
    start_at
        First instant (aware).
    days
        Length in local calendar days from the day of ``start_at``.
    seed
        Same order and seed, same events.
    warm
        Whether the hospital opens with patients in its beds, admitted before ``start_at``.
    present
        Who lies there already; with any, the feed goes on from them and makes no opening.
    patient_first, newborn_first, visit_first, serial_first
        First numbers not used by an earlier feed.
    taken
        Beds that nobody may be put in, closed ones for example.
    """

    hospital: FeedHospital
    start_at: datetime
    days: int
    seed: int
    warm: bool = True
    present: tuple[FeedPresent, ...] = ()
    patient_first: int = 1
    newborn_first: int = 1
    visit_first: int = 1
    serial_first: int = 1
    taken: frozenset[FeedPlace] = frozenset()

    def __post_init__(self) -> None:
        if self.start_at.tzinfo is None:
            raise ValueError("start_at has no zone, expected an aware instant")
        if self.days < 0:
            raise ValueError(f"days {self.days}, expected 0 or more")


class FeedPatient(NamedTuple):
    """An invented person. The identifier is a reserve number of an invented issuer, never a personnummer."""

    identifier: str
    family_name: str
    given_name: str
    born_on: date | None
    sex: str


class FeedVisit(NamedTuple):
    """A visit as one event shows it. ``precaution`` is a contagion class, empty for none, None when not spoken of."""

    patient: FeedPatient
    number: str
    patient_class: str
    place: FeedPlace | None
    prior: FeedPlace | None = None
    pending: FeedPlace | None = None
    admitted_at: datetime | None = None
    left_at: datetime | None = None
    expected_discharge_at: datetime | None = None
    leave_until_at: datetime | None = None
    precaution: str | None = None


class FeedEvent(NamedTuple):
    """One event.

    Parameters
    ----------
    serial
        Number of the message; a resent message has the same.
    code
        HL7 trigger event.
    effect_at
        When it happened; on a cancel, when the cancelled event happened.
    recorded_at
        When somebody entered it; strictly rising within a visit.
    sent_at
        When the message left; the feed is in this order.
    visit, second
        Whom it is about, and the other one of a swap.
    merged
        Identifier that is merged into the patient's (A40).
    bed, bed_status
        Place and HL7 table 0116 status of a bed event (A20).
    resent
        The same message once more.
    """

    serial: int
    code: str
    effect_at: datetime
    recorded_at: datetime
    sent_at: datetime
    visit: FeedVisit | None = None
    second: FeedVisit | None = None
    merged: str = ""
    bed: FeedPlace | None = None
    bed_status: str = ""
    resent: bool = False
