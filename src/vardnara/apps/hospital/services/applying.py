"""Applies what waits in the inbox: in order per visit, once, in batches, restartable anywhere.

A batch is one transaction with its messages' new status, so a process that dies at any point leaves either all of it
or none. A message that cannot be applied is parked with the reason; nothing acknowledged is dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from vardnara.apps.hospital.bridge import message_read
from vardnara.apps.hospital.choices import Cleanliness, MessageStatus, StayStatus
from vardnara.apps.hospital.events import BedDirtied
from vardnara.apps.hospital.models import AdtRecord, BedState, InboxMessage, Occupancy, Patient, Sender, Stay, Stream
from vardnara.apps.hospital.services.contagion_codes import unmapped_code_note
from vardnara.apps.hospital.services.diet_news import DietNews, visit_key
from vardnara.apps.hospital.services.live import changes_gathered, changes_notify
from vardnara.apps.hospital.services.patients import (
    identifier_key,
    identities_update,
    patient_delete,
    patient_identifier_change,
    patient_merge,
    patient_resolve,
    patients_resolve,
    visit_move,
)
from vardnara.apps.hospital.services.places import places_resolve
from vardnara.apps.hospital.services.projection import (
    Projection,
    projection_announce,
    state_lock,
    streams_gather,
)
from vardnara.engines.adt import Event
from vardnara.gateways.hl7.reader import (
    BED_EVENTS,
    IDENTITY_EVENTS,
    PERSON_EVENTS,
    AdtReading,
    Refusal,
    Subject,
)
from vardnara.parameters.contagion import instructions

logger = logging.getLogger(__name__)

BATCH = 100  # messages in one transaction: bounds how long taps on the ward wait for the lock


@dataclass(slots=True)
class Item:
    """A message with what it says and who sent it."""

    message: InboxMessage
    reading: AdtReading
    sender: Sender


def inbox_apply(*, at: datetime, limit: int = BATCH) -> int:
    """Apply the oldest waiting messages; returns how many left the state ``waiting``.

    Where a batch fails as a whole its messages are tried one by one, so that one bad message parks alone.
    """
    try:
        return _apply_oldest(at=at, limit=limit)
    except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError, AssertionError) as error:
        if _passing(error):
            raise
        logger.warning("a batch of messages failed, trying them one by one: %s", error)
    return _apply_one_by_one(at=at, limit=limit)


def _passing(error: Exception) -> bool:
    """Whether trying again later is the answer (a lost connection, a deadlock), not parking."""
    return isinstance(error, (OperationalError, InterfaceError))


def _apply_oldest(*, at: datetime, limit: int) -> int:
    with transaction.atomic():
        state_lock()
        messages = list(InboxMessage.objects.filter(status=MessageStatus.WAITING).order_by("pk")[:limit])
        if messages:
            _apply(messages, at=at)
        return len(messages)


def _apply_one_by_one(*, at: datetime, limit: int) -> int:
    """Each message in its own transaction; one that fails is parked with the error."""
    waiting = InboxMessage.objects.filter(status=MessageStatus.WAITING).order_by("pk")
    oldest = list(waiting.values_list("pk", flat=True)[:limit])
    for pk in oldest:
        try:
            with transaction.atomic():
                state_lock()
                _apply(list(InboxMessage.objects.filter(pk=pk, status=MessageStatus.WAITING)), at=at)
        except (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError, AssertionError) as error:
            if _passing(error):
                raise
            logger.exception("message %s could not be applied", pk)
            InboxMessage.objects.filter(pk=pk).update(
                status=MessageStatus.PARKED, reason=f"error: {type(error).__name__}", applied_at=at
            )
            changes_notify(inbox=True)
    return len(oldest)


def _apply(messages: list[InboxMessage], *, at: datetime) -> None:
    """Apply messages in order. Visit events are gathered and projected together until something needs them done.

    Others react once, at the end, when every bed that this transaction changes is locked.
    """
    senders = _senders(messages)
    gathered: list[Item] = []
    total, diets = Projection(), DietNews()
    with changes_gathered():
        for message in messages:
            sender = senders[message.application, message.facility]
            try:
                reading = message_read(message, sender)
            except Refusal as no:
                _settle([message], MessageStatus.PARKED, str(no)[:400], at=at)
                continue
            item = Item(message, reading, sender)
            diets.gather(message, reading, sender)
            if not reading.effective:
                _settle([message], MessageStatus.IGNORED, "", at=at)
            elif reading.header.message_type != "ADT":
                continue  # a diet order: settled when the stays are known
            elif reading.event in BED_EVENTS or reading.event in IDENTITY_EVENTS or reading.event == "A29":
                _apply_visits(gathered, total, at=at)
                gathered = []
                _apply_alone(item, total, at=at)
            else:
                gathered.append(item)
        _apply_visits(gathered, total, at=at)
        projection_announce(total, at=at)
        diets.announce(at=at)
        changes_notify(inbox=True)


def _senders(messages: Iterable[InboxMessage]) -> dict[tuple[str, str], Sender]:
    """The settings of each sender; a new one is made with defaults and listed for a person."""
    wanted = {(message.application, message.facility) for message in messages}
    found = {
        (row.application, row.facility): row
        for row in Sender.objects.filter(application__in={application for application, _ in wanted})
    }
    for application, facility in sorted(wanted - found.keys()):
        found[application, facility] = Sender.objects.create(application=application, facility=facility)
    return found


def _settle(messages: Iterable[InboxMessage], status: MessageStatus, reason: str, *, at: datetime) -> None:
    InboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        status=status, reason=reason, applied_at=at
    )


def _apply_visits(items: list[Item], total: Projection, *, at: datetime) -> None:
    """Record the events of these messages, project their streams, and settle the messages by what became of them."""
    if not items:
        return
    patients = patients_resolve(subject.patient for item in items for subject in item.reading.subjects)

    def patient_of(subject: Subject) -> Patient:
        return patients[identifier_key(subject.patient)]

    identities_update(
        (patient_of(subject), subject, item.reading.recorded_at) for item in items for subject in item.reading.subjects
    )
    person_only = [item.message for item in items if item.reading.event in PERSON_EVENTS]
    visits = [item for item in items if item.reading.event not in PERSON_EVENTS]
    tried = [item.message.pk for item in visits if item.message.applied_at is not None]
    known = set(AdtRecord.objects.filter(message__in=tried).values_list("message", flat=True)) if tried else set()
    subjects = [
        (item, subject, patient_of(subject))
        for item in visits
        if item.message.pk not in known
        for subject in item.reading.subjects
    ]
    streams = _streams(subjects)
    AdtRecord.objects.bulk_create(
        [_record(item, subject, stream) for (item, subject, _), stream in zip(subjects, streams, strict=True)]
    )
    again = Stream.objects.filter(records__message__in=known) if known else ()
    changed = streams_gather([*streams, *again], total, at=at)
    _settle_by_outcome({item.message.pk for item in visits} | changed, at=at)
    if person_only:
        _settle(person_only, MessageStatus.APPLIED, "", at=at)


def _streams(subjects: list[tuple[Item, Subject, Patient]]) -> list[Stream]:
    """The stream of each subject's event: its visit's, else that of its patient's open stay, else its patient's."""
    keys = [visit_key(subject.visit) if subject.visit else "" for _, subject, _ in subjects]
    loose = {patient.pk for (_, _, patient), key in zip(subjects, keys, strict=True) if not key}
    open_streams: dict[int, set[str]] = {}
    for patient_id, key in Stay.objects.filter(
        patient__in=loose, status__in=[StayStatus.OPEN, StayStatus.EXPECTED]
    ).values_list("patient_id", "stream__key"):
        open_streams.setdefault(patient_id, set()).add(key)
    for index, (_, _, patient) in enumerate(subjects):
        here = open_streams.setdefault(patient.pk, set())
        if not keys[index]:
            keys[index] = next(iter(here)) if len(here) == 1 else f"patient:{patient.pk}"
        elif patient.pk in loose:
            here.add(keys[index])
    found = {stream.key: stream for stream in Stream.objects.filter(key__in=keys)}
    fresh: dict[str, Stream] = {}
    for (_, subject, patient), key in zip(subjects, keys, strict=True):
        if key not in found and key not in fresh:
            fresh[key] = Stream(key=key, patient=patient, by_visit=subject.visit is not None)
    found |= {stream.key: stream for stream in Stream.objects.bulk_create(fresh.values())}
    return [found[key] for key in keys]


def _record(item: Item, subject: Subject, stream: Stream) -> AdtRecord:
    """The record of what a message says about one patient's visit."""
    event = Event(
        serial=0,
        code=item.reading.event,
        recorded_at=item.reading.recorded_at,
        effect_at=item.reading.effect_at,
        location=subject.location,
        prior=subject.prior,
        pending=subject.pending,
        patient_class=subject.patient_class,
        admitted_at=subject.admitted_at,
        discharged_at=subject.discharged_at,
        expected_discharge_at=subject.expected_discharge_at,
        leave_until=subject.leave_until,
        contagion=_contagion(subject.precaution, item.sender),
        administrative=item.sender.a03_administrative and item.reading.event == "A03",
    )
    return AdtRecord(
        stream=stream,
        message=item.message,
        code=event.code,
        recorded_at=event.recorded_at,
        effect_at=event.effect_at,
        payload={**event.to_payload(), "sender": item.sender.pk},
        outcome="",
    )


def _contagion(precaution: str | None, sender: Sender) -> str | None:
    """The class of a sender's precaution code; a code that nobody mapped is treated as class not known (C-17)."""
    if precaution is None:
        return None
    mapped = sender.contagion_codes.get(precaution, precaution)
    if mapped in instructions():
        return mapped
    unmapped_code_note(sender, precaution)
    return "U"


def _settle_by_outcome(touched: set[int], *, at: datetime) -> None:
    """Set each message's status from the outcomes of its records; late events may change those of earlier messages."""
    outcomes: dict[int, list[tuple[str, str]]] = {}
    for message_id, outcome, reason in AdtRecord.objects.filter(message__in=touched).values_list(
        "message_id", "outcome", "reason"
    ):
        outcomes.setdefault(message_id, []).append((outcome, reason))
    by_result: dict[tuple[str, str], list[int]] = {}
    for message_id, results in outcomes.items():
        worst = max(results, key=lambda result: ("applied", "ignored", "parked").index(result[0]))
        by_result.setdefault(worst, []).append(message_id)
    for (outcome, reason), ids in by_result.items():
        InboxMessage.objects.filter(pk__in=ids).exclude(status=MessageStatus.REFUSED).update(
            status=MessageStatus(outcome), reason=reason, applied_at=at
        )


def _apply_alone(item: Item, total: Projection, *, at: datetime) -> None:
    """Events about beds and identities, in their place between the others."""
    event = item.reading.event
    reason = _bed_status(item, total, at=at) if event in BED_EVENTS else _identity(item, at=at)
    parked = reason in ("identifier_in_use", "has_open_stay", "unknown_visit", "bed_is_occupied")
    status = MessageStatus.PARKED if parked else MessageStatus.IGNORED if reason else MessageStatus.APPLIED
    _settle([item.message], status, reason, at=at)


def _identity(item: Item, *, at: datetime) -> str:
    """Merge, change of identifier, visit to another patient, deletion. The first reason that is not empty is kept."""
    reasons = []
    for subject in item.reading.subjects:
        if item.reading.event == "A29":
            reasons.append(patient_delete(patient=patient_resolve(subject.patient), at=at))
            continue
        gone = subject.merged_patient
        assert gone is not None  # the reader refuses these events without MRG-1
        if item.reading.event in ("A34", "A40"):
            reasons.append(patient_merge(gone=gone, surviving=subject.patient, at=at))
        elif item.reading.event == "A47":
            reasons.append(patient_identifier_change(old=gone, new=subject.patient, at=at))
        else:
            reasons.append(_visit_repoint(subject, at=at))
        identities_update([(patient_resolve(subject.patient), subject, item.reading.recorded_at)])
    return next((reason for reason in reasons if reason), "")


def _visit_repoint(subject: Subject, *, at: datetime) -> str:
    """A44, A45: the visit named in MRG-5 or PV1-19 belongs to the patient in PID."""
    patient = patient_resolve(subject.patient)
    visit = subject.merged_visit or subject.visit
    if visit is not None:
        return visit_move(stream_key=visit_key(visit), patient=patient, at=at)
    assert subject.merged_patient is not None
    former = patient_resolve(subject.merged_patient)
    keys = Stream.objects.filter(patient=former).values_list("key", flat=True)
    reasons = [visit_move(stream_key=key, patient=patient, at=at) for key in list(keys)]
    return next((reason for reason in reasons if reason), "" if reasons else "unknown_visit")


def _bed_status(item: Item, total: Projection, *, at: datetime) -> str:
    """A20: what another system says of a bed (H-24, H-25). An older statement never overwrites a newer one."""
    reading = item.reading
    assert reading.bed is not None
    name = (item.sender.pk, reading.bed)
    bed_id = places_resolve([name], at=at)[name].bed_id
    state = BedState.objects.select_for_update().select_related("bed__room").get(bed=bed_id)
    if state.external_at is not None and state.external_at > reading.effect_at:
        return "older_than_known"
    occupied = Occupancy.objects.filter(bed=bed_id, during__upper_inf=True).exists()
    reason = ""
    if reading.bed_status == "C":
        state.closed_at, state.closed_reason = reading.effect_at, "A20"
    elif reading.bed_status in ("H", "K", "I"):
        if reading.bed_status != "H":
            state.contagion_class = state.contagion_class or "U"
        if reading.bed_status != "I" and not occupied and state.cleanliness == Cleanliness.CLEAN:
            state.cleanliness, state.cleanliness_at = Cleanliness.DIRTY, reading.effect_at
        reason = "bed_is_occupied" if occupied and reading.bed_status == "H" else ""
    elif reading.bed_status == "U":
        if occupied:
            return "bed_is_occupied"
        if state.closed_reason == "A20":  # what a person closed, a person opens
            state.closed_at, state.closed_reason = None, ""
        if state.cleanliness != Cleanliness.CLEAN:
            reason = "clean_not_finished"  # only finished work makes a bed ready
    elif reading.bed_status == "O":
        reason = "" if occupied else "nobody_known_in_bed"
    else:
        reason = "unknown_bed_status"
    state.external_at = reading.effect_at
    state.changed_at = at
    state.save()
    ward_id = state.bed.room.ward_id
    if state.cleanliness == Cleanliness.DIRTY and reading.bed_status in ("H", "K"):
        dirtied = BedDirtied(state.bed_id, ward_id, None, "external", reading.effect_at, state.contagion_class)
        total.dirtied.append(dirtied)
    total.beds.add(state.bed_id)
    total.wards.add(ward_id)
    return reason
