"""What happens in the hospital that others may react to, in the same transaction.

A lower app never calls a higher one: ``hospital`` sends, ``cleaning`` and later ``meals`` receive. Each signal carries
a list, so that a batch of messages costs one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal

from vardnara.engines.diet.sent import Word
from vardnara.gateways.hl7.diet import Allergies, DietOrder

CHANGES_CHANNEL = "vardnara_changes"
INBOX_CHANNEL = "vardnara_inbox"


@dataclass(frozen=True, slots=True)
class BedDirtied:
    """A bed must be cleaned: somebody left it for good, another system said so, or a person found it so."""

    bed_id: int
    ward_id: int
    departure_id: int | None
    cause: str  # departure | external | found
    at: datetime
    contagion_class: str


@dataclass(frozen=True, slots=True)
class DepartureVoided:
    """A departure did not happen after all (cancelled transfer or discharge).

    ``bed_dirty`` is true where the bed is to be cleaned all the same, for a cause before this one.
    """

    departure_id: int
    bed_id: int
    ward_id: int
    bed_dirty: bool
    contagion_class: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class BedChanged:
    """Something else about the bed changed that work on it may depend on (occupancy, contagion, pending discharge)."""

    bed_id: int
    ward_id: int
    occupied: bool
    contagion_class: str
    discharge_pending: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class StayChanged:
    """A stay began, moved, went on leave, came back, ended or did not happen: what follows the patient follows it."""

    stay_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PatientMerged:
    """Two records were one person: whatever is kept by patient is the survivor's now."""

    gone_id: int
    surviving_id: int


@dataclass(frozen=True, slots=True)
class DietSent:
    """What a message says of what a patient may eat, as it was written; ``stay_id`` and ``patient_id`` where known.

    ``patient_ref`` and ``visit_ref`` are what the message calls them, so that a stay that comes later can be found.
    ``allergies`` and ``diet_words`` None: nothing said. ``fhir``: it came as a resource, whose message waits for its
    patient as an order does.
    """

    message_id: int
    source_name: str
    patient_id: int | None
    stay_id: int | None
    patient_ref: str
    visit_ref: str
    recorded_at: datetime
    allergies: Allergies | None = None
    diet_words: tuple[Word, ...] | None = None
    orders: tuple[DietOrder, ...] = ()
    fhir: bool = False


bed_dirtied = Signal()  # events: list[BedDirtied]
departure_voided = Signal()  # events: list[DepartureVoided]
bed_changed = Signal()  # events: list[BedChanged]
stays_changed = Signal()  # events: list[StayChanged]
patients_merged = Signal()  # events: list[PatientMerged], at: datetime
# Receivers answer with a dict of message id to why it was not used, for messages that order diets.
diets_sent = Signal()  # events: list[DietSent], at: datetime
