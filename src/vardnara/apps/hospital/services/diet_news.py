"""What messages say of diets, handed to those who serve meals: whose it is, and what becomes of the message.

Nothing of it is kept here. A diet order is used or not by whoever keeps diets; the message says which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from vardnara.apps.hospital.choices import MessageStatus, StayStatus
from vardnara.apps.hospital.events import DietSent, diets_sent
from vardnara.apps.hospital.models import InboxMessage, PatientIdentifier, Sender, Stay
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.hospital.services.patients import identifier_key
from vardnara.gateways.fhir.reader import STANDARD
from vardnara.gateways.hl7.diet import AL1_EVENTS, Allergies
from vardnara.gateways.hl7.reader import AdtReading, Identifier, Subject

WAITING_REASONS = ("unknown_patient", "unknown_visit", "several_stays")
PARKING_REASONS = (*WAITING_REASONS, "unknown_order", "ends_before_it_begins")
PRESENT = (StayStatus.OPEN, StayStatus.EXPECTED)


def visit_key(visit: Identifier) -> str:
    """The stream of a visit number within its issuer's domain."""
    return f"visit:{visit.issuer}:{visit.value}"[:300]


@dataclass(slots=True)
class DietNews:
    """Gathers what the messages of a batch say of diets, until their stays are known."""

    said: list[tuple[InboxMessage, AdtReading, Subject, Allergies | None, Sender]] = field(default_factory=list)

    def gather(self, message: InboxMessage, reading: AdtReading, sender: Sender) -> None:
        """Keep what there is of diets in a message."""
        for subject in reading.subjects:
            allergies = subject.allergies
            if allergies is None and sender.al1_snapshot and reading.event in AL1_EVENTS:
                allergies = Allergies(rows=())
            if reading.orders or allergies is not None or subject.diet_words is not None:
                self.said.append((message, reading, subject, allergies, sender))
            if reading.orders:
                break  # the order of one patient is nobody else's

    def announce(self, *, at: datetime) -> None:
        """Hand it over, in the order of the messages, and settle the diet orders among them."""
        if not self.said:
            return
        patients = _patients([subject.patient for _, _, subject, *_ in self.said])
        events, orders = [], {}
        for message, reading, subject, allergies, sender in self.said:
            ref = identifier_key(subject.patient)
            patient_id = patients.get(ref)
            stay_id, reason = _stay(patient_id, subject.visit)
            fhir = reading.header.message_type == STANDARD
            if reading.orders:
                orders[message.pk] = reason
            elif fhir:
                orders[message.pk] = "unknown_patient" if patient_id is None else ""
            events.append(
                DietSent(
                    message_id=message.pk,
                    source_name=source_name(sender),
                    patient_id=patient_id,
                    stay_id=stay_id,
                    patient_ref=patient_ref(*ref),
                    visit_ref=visit_key(subject.visit) if subject.visit is not None else "",
                    recorded_at=reading.recorded_at,
                    allergies=allergies,
                    diet_words=subject.diet_words,
                    orders=reading.orders,
                    fhir=fhir,
                )
            )
        answers: dict[int, str] = {}
        for _, answer in diets_sent.send(None, events=events, at=at):
            answers |= answer or {}
        diet_messages_settle(reasons={pk: reason or answers.get(pk, "") for pk, reason in orders.items()}, at=at)


def source_name(sender: Sender) -> str:
    """What a sending system is called where its words are kept."""
    return f"{sender.application} {sender.facility}".strip()[:200]


def patient_ref(issuer: str, value: str) -> str:
    """A patient as a message names one."""
    return f"{issuer}:{value}"


def diet_messages_settle(*, reasons: dict[int, str], at: datetime) -> None:
    """Say what became of diet orders: parked where a person must look, or what they refer to must come."""
    for reason in sorted(set(reasons.values())):
        status = (
            MessageStatus.PARKED
            if reason in PARKING_REASONS
            else MessageStatus.IGNORED
            if reason
            else MessageStatus.APPLIED
        )
        ids = [pk for pk, why in reasons.items() if why == reason]
        InboxMessage.objects.filter(pk__in=ids).update(status=status, reason=reason, applied_at=at)
    if reasons:
        changes_notify(inbox=True)


def diet_messages_unpark(*, message_ids: Collection[int], at: datetime) -> None:
    """What these diet orders waited for has come, and they are used."""
    rows = InboxMessage.objects.filter(
        pk__in=message_ids, status=MessageStatus.PARKED, reason__in=[*WAITING_REASONS, "unknown_order"]
    )
    if rows.update(status=MessageStatus.APPLIED, reason="", applied_at=at):
        changes_notify(inbox=True)


@dataclass(frozen=True, slots=True)
class StayNames:
    """What messages may call a stay: its visit's key, and its patient's identifiers."""

    stay_id: int
    patient_id: int
    visit_ref: str
    patient_refs: frozenset[str]


def stays_named(stay_ids: Iterable[int]) -> list[StayNames]:
    """What messages may call these stays, of those that are open or expected."""
    rows = list(
        Stay.objects.filter(pk__in=set(stay_ids), status__in=PRESENT).values_list("pk", "patient_id", "stream__key")
    )
    refs: dict[int, set[str]] = {}
    for patient_id, issuer, value in PatientIdentifier.objects.filter(
        patient__in={patient_id for _, patient_id, _ in rows}
    ).values_list("patient_id", "issuer", "value"):
        refs.setdefault(patient_id, set()).add(patient_ref(issuer, value))
    return [StayNames(pk, patient_id, key, frozenset(refs.get(patient_id, ()))) for pk, patient_id, key in rows]


def stays_present(patient_ids: Iterable[int]) -> dict[int, list[int]]:
    """The open and expected stays of some patients."""
    found: dict[int, list[int]] = {}
    rows = Stay.objects.filter(patient__in=set(patient_ids), status__in=PRESENT).order_by("pk")
    for patient_id, pk in rows.values_list("patient_id", "pk"):
        found.setdefault(patient_id, []).append(pk)
    return found


def _patients(identifiers: list[Identifier]) -> dict[tuple[str, str], int]:
    """The patients that are known; nobody is made for a diet order alone."""
    wanted = {identifier_key(one) for one in identifiers}
    rows = PatientIdentifier.objects.filter(
        issuer__in={issuer for issuer, _ in wanted}, value__in={value for _, value in wanted}
    )
    return {(row.issuer, row.value): row.patient_id for row in rows}


def _stay(patient_id: int | None, visit: Identifier | None) -> tuple[int | None, str]:
    """The stay that is meant, or why it is not known. Without a visit number: the only stay of the patient."""
    if patient_id is None:
        return None, "unknown_patient"
    stays = Stay.objects.filter(patient=patient_id)
    if visit is not None:
        stays = stays.filter(stream__key=visit_key(visit)).exclude(status=StayStatus.CANCELLED)
        latest = stays.order_by("-serial").first()
        return (None, "unknown_visit") if latest is None else (latest.pk, "")
    present = list(stays.filter(Q(status__in=PRESENT)).values_list("pk", flat=True)[:2])
    if len(present) == 1:
        return present[0], ""
    return None, "several_stays" if present else "unknown_visit"
