"""Who a patient is: identifiers to keys, names kept apart, and merges that keep history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vardnara.apps.hospital.choices import StayStatus
from vardnara.apps.hospital.events import PatientMerged, StayChanged, patients_merged, stays_changed
from vardnara.apps.hospital.models import Patient, PatientIdentifier, PatientIdentity, Stay, Stream
from vardnara.apps.hospital.services.bulk import rows_update
from vardnara.gateways.hl7.reader import Identifier, Subject

DELETE = '""'


def identifier_key(identifier: Identifier) -> tuple[str, str]:
    """What identifies a patient here: issuer and value, cut to what the columns hold."""
    return identifier.issuer[:120], identifier.value[:120]


def patients_resolve(identifiers: Iterable[Identifier]) -> dict[tuple[str, str], Patient]:
    """The surviving patient of each ``identifier_key``; unknown ones are made."""
    wanted = {identifier_key(identifier): identifier for identifier in identifiers}
    rows = PatientIdentifier.objects.filter(
        issuer__in={issuer for issuer, _ in wanted}, value__in={value for _, value in wanted}
    ).select_related("patient")
    found = {(row.issuer, row.value): row.patient for row in rows if (row.issuer, row.value) in wanted}
    missing = [key for key in wanted if key not in found]
    if missing:
        patients = Patient.objects.bulk_create([Patient() for _ in missing])
        PatientIdentifier.objects.bulk_create(
            [
                PatientIdentifier(patient=patient, issuer=key[0], value=key[1], kind=wanted[key].kind[:20])
                for patient, key in zip(patients, missing, strict=True)
            ]
        )
        found |= dict(zip(missing, patients, strict=True))
    return found


def patient_resolve(identifier: Identifier) -> Patient:
    """The surviving patient of one identifier, made where unknown."""
    return patients_resolve([identifier])[identifier_key(identifier)]


def identities_update(subjects: Iterable[tuple[Patient, Subject, datetime]]) -> None:
    """Take over names and dates, newest message first; an empty field changes nothing, ``""`` deletes (H-10)."""
    newest: dict[int, tuple[Patient, Subject, datetime]] = {}
    for patient, subject, recorded_at in subjects:
        held = newest.get(patient.pk)
        if held is None or held[2] <= recorded_at:
            newest[patient.pk] = (patient, subject, recorded_at)
    known = {row.patient_id: row for row in PatientIdentity.objects.filter(patient__in=newest)}
    changed, made = [], []
    for pk, (patient, subject, recorded_at) in newest.items():
        row = known.get(pk)
        if row is None:
            row = PatientIdentity(patient=patient, as_of=recorded_at)
            _take_over(row, subject)
            made.append(row)
        elif row.as_of <= recorded_at:
            before = (row.family_name, row.given_name, row.born_on, row.sex)
            _take_over(row, subject)
            if before != (row.family_name, row.given_name, row.born_on, row.sex):
                row.as_of = recorded_at
                changed.append(row)
    PatientIdentity.objects.bulk_create(made)
    rows_update(changed, ["family_name", "given_name", "born_on", "sex", "as_of"])


def _take_over(row: PatientIdentity, subject: Subject) -> None:
    for name, limit in (("family_name", 200), ("given_name", 200), ("sex", 10)):
        stated = getattr(subject, name)
        if stated == DELETE:
            setattr(row, name, "")
        elif stated:
            setattr(row, name, stated[:limit])
    if subject.born_on is not None:
        row.born_on = subject.born_on


def patient_merge(*, gone: Identifier, surviving: Identifier, at: datetime) -> str:
    """Make ``surviving`` the one record of both identifiers; returns a reason where nothing was to be done.

    Stays keep their streams, so history stays as it was told; only whose it is changes (A34, A40).
    """
    issuer, value = identifier_key(gone)
    known = PatientIdentifier.objects.select_related("patient").filter(issuer=issuer, value=value).first()
    survivor = patient_resolve(surviving)
    if known is None:
        PatientIdentifier.objects.create(patient=survivor, issuer=issuer, value=value, kind=gone.kind[:20])
        return ""
    old = known.patient
    if old.pk == survivor.pk:
        return "already_merged"
    PatientIdentifier.objects.filter(patient=old).update(patient=survivor)
    Stream.objects.filter(patient=old).update(patient=survivor)
    Stay.objects.filter(patient=old).update(patient=survivor)
    Patient.objects.filter(merged_into=old).update(merged_into=survivor)
    old.merged_into = survivor
    old.save(update_fields=["merged_into"])
    if PatientIdentity.objects.filter(patient=survivor).exists():
        PatientIdentity.objects.filter(patient=old).delete()
    else:
        PatientIdentity.objects.filter(patient=old).update(patient=survivor)
    patients_merged.send(None, events=[PatientMerged(gone_id=old.pk, surviving_id=survivor.pk)], at=at)
    return ""


def patient_identifier_change(*, old: Identifier, new: Identifier, at: datetime) -> str:
    """The same patient under another identifier (A47); one that is somebody else's already is left for a person."""
    known = PatientIdentifier.objects.filter(issuer=identifier_key(old)[0], value=identifier_key(old)[1]).first()
    taken = PatientIdentifier.objects.filter(issuer=identifier_key(new)[0], value=identifier_key(new)[1]).first()
    if known is None:
        return patient_merge(gone=old, surviving=new, at=at)
    if taken is not None:
        return "already_merged" if taken.patient_id == known.patient_id else "identifier_in_use"
    issuer, value = identifier_key(new)
    PatientIdentifier.objects.create(patient=known.patient, issuer=issuer, value=value, kind=new.kind[:20])
    return ""


def visit_move(*, stream_key: str, patient: Patient, at: datetime) -> str:
    """Another patient's visit after all (A44, A45): repoint the visit with its stays."""
    stream = Stream.objects.filter(key=stream_key).first()
    if stream is None:
        return "unknown_visit"
    if stream.patient_id == patient.pk:
        return "already_so"
    stream.patient = patient
    stream.save(update_fields=["patient"])
    Stay.objects.filter(stream=stream).update(patient=patient)
    moved = Stay.objects.filter(stream=stream).values_list("pk", flat=True)
    stays_changed.send(None, events=[StayChanged(stay_id, at) for stay_id in moved])
    return ""


def patient_delete(*, patient: Patient, at: datetime) -> str:
    """A29. A patient who lies in a bed is not deleted by a message: a person must look."""
    if Stay.objects.filter(patient=patient, status=StayStatus.OPEN).exists():
        return "has_open_stay"
    patient.deleted_at = at
    patient.save(update_fields=["deleted_at"])
    PatientIdentity.objects.filter(patient=patient).delete()
    return ""
