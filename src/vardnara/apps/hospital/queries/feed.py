"""What a feed needs to know of the hospital: its places, and who lies there already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from vardnara.apps.hospital.choices import MessageStatus, StayStatus
from vardnara.apps.hospital.models import (
    BedPlace,
    BedState,
    Hospital,
    InboxMessage,
    Occupancy,
    PatientIdentifier,
    Stay,
    Ward,
)
from vardnara.engines.feed import FeedBed, FeedHospital, FeedPlace, FeedPresent, FeedWard
from vardnara.kernel.errors import RuleBroken

CHILDREN = re.compile(r"barn|pediatr|neonat", re.IGNORECASE)
WOMEN = re.compile(r"\bBB\b|förlossning|kvinn|gyneko", re.IGNORECASE)
NUMBER = re.compile(r"([PBV])(\d{8,})")
ADULTS, MINORS = (18, 130), (0, 17)


@dataclass(frozen=True, slots=True)
class FeedStanding:
    """Where an earlier feed got to, and who lies in which bed."""

    present: tuple[FeedPresent, ...]
    taken: frozenset[FeedPlace]
    patient_first: int
    newborn_first: int
    visit_first: int
    serial_first: int


def feed_hospital(code: str = "") -> FeedHospital:
    """The hospital with this code, or the only confirmed one, as a feed sees it. Only the command line may ask."""
    hospitals = Hospital.objects.filter(code=code) if code else Hospital.objects.filter(confirmed=True)
    found = list(hospitals.order_by("pk")[:2])
    if not found:
        raise RuleBroken(
            "no_hospital", f"no hospital {code} in the database" if code else "no hospital in the database"
        )
    if len(found) > 1:
        raise RuleBroken("which_hospital", "more than one hospital in the database; name one with --hospital CODE")
    hospital = found[0]
    wards = list(Ward.objects.filter(division__hospital=hospital, confirmed=True).order_by("code", "pk"))
    beds: dict[int, list[FeedBed]] = {}
    rows = BedPlace.objects.filter(room__ward__in=wards, confirmed=True).order_by("room__code", "code", "pk")
    for ward_id, ward, room, bed, capacity in rows.values_list(
        "room__ward_id", "room__ward__code", "room__code", "code", "capacity"
    ):
        beds.setdefault(ward_id, []).append(FeedBed(FeedPlace(ward, room, bed, hospital.code), capacity))
    any_children = any(CHILDREN.search(ward.name) for ward in wards)
    return FeedHospital(
        hospital.code, tuple(_ward(ward, hospital.code, beds.get(ward.pk, []), any_children) for ward in wards)
    )


def _ward(ward: Ward, facility: str, beds: list[FeedBed], any_children: bool) -> FeedWard:
    """Whom a ward takes is read from its name, for want of anything better, so that the feed looks right."""
    inpatient = ward.kind == "inpatient"
    children = bool(CHILDREN.search(ward.name)) and inpatient
    women = bool(WOMEN.search(ward.name)) and inpatient and not children
    ages = MINORS if children else ADULTS if any_children and inpatient else None
    return FeedWard(ward.code, ward.kind, tuple(beds), facility, ward.staffed_beds, ages, "F" if women else "")


def feed_standing(*, application: str, issuer: str, run: str, at: datetime) -> FeedStanding:
    """Who lies where or is expected, and the first numbers not used yet. Only the command line may ask."""
    own = dict(
        PatientIdentifier.objects.filter(issuer=issuer, value__regex=r"^[PB]\d{8}$")
        .filter(patient__stays__status__in=[StayStatus.OPEN, StayStatus.EXPECTED])
        .values_list("patient_id", "value")
    )
    lying = {
        row.stay_id: row
        for row in Occupancy.objects.filter(during__upper_inf=True).select_related(
            "bed__room__ward__division__hospital"
        )
    }
    stays = Stay.objects.filter(status__in=[StayStatus.OPEN, StayStatus.EXPECTED]).select_related(
        "ward__division__hospital"
    )
    present = tuple(
        _present(stay, lying.get(stay.pk), own.get(stay.patient_id, ""), at) for stay in stays.order_by("pk")
    )
    return FeedStanding(
        present,
        _taken(),
        _next(PatientIdentifier.objects.filter(issuer=issuer, value__regex=r"^P\d{8}$"), "value"),
        _next(PatientIdentifier.objects.filter(issuer=issuer, value__regex=r"^B\d{8}$"), "value"),
        _next(Stay.objects.filter(visit_number__regex=r"^V\d{9}$"), "visit_number"),
        _serial_next(application, run),
    )


def _present(stay: Stay, occupancy: Occupancy | None, identifier: str, at: datetime) -> FeedPresent:
    """One stay as the feed goes on with it, or leaves it alone where it is not the feed's own."""
    person, visit = NUMBER.fullmatch(identifier), NUMBER.fullmatch(stay.visit_number)
    ours = person is not None and visit is not None
    place = None
    if occupancy is not None:
        room = occupancy.bed.room
        place = FeedPlace(room.ward.code, room.code, occupancy.bed.code, room.ward.division.hospital.code)
    elif stay.status == StayStatus.OPEN and stay.ward is not None:
        _, room_code, bed_code = (*stay.location_text.split("^"), "", "")[:3]
        place = FeedPlace(stay.ward.code, room_code, bed_code, stay.ward.division.hospital.code)
    return FeedPresent(
        place,
        stay.admitted_at or (occupancy.during.lower if occupancy is not None else at),
        int(person[2]) if ours else None,
        int(visit[2]) if ours else None,
        newborn=ours and person[1] == "B",
        patient_class="P" if stay.status == StayStatus.EXPECTED else stay.patient_class or "I",
        precaution=stay.contagion_class,
        on_leave=stay.on_leave_since is not None,
    )


def _taken() -> frozenset[FeedPlace]:
    """Beds that nobody may be put in: closed, blocked, or wanted by somebody who has no place."""
    out = BedState.objects.filter(
        Q(closed_at__isnull=False) | Q(blocked_at__isnull=False) | Q(reserved_at__isnull=False)
    ).values_list("bed_id", flat=True)
    wanted = Stay.objects.filter(without_place=True, wanted_bed__isnull=False).values_list("wanted_bed_id", flat=True)
    rows = BedPlace.objects.filter(Q(pk__in=out) | Q(pk__in=wanted)).values_list(
        "room__ward__code", "room__code", "code", "room__ward__division__hospital__code"
    )
    return frozenset(FeedPlace(*row) for row in rows)


def _next(rows: object, column: str) -> int:
    """One more than the highest number; all have the same number of digits, so the highest text is the highest."""
    highest = rows.aggregate(highest=Max(column))["highest"]  # type: ignore[attr-defined]
    return int(highest[1:]) + 1 if highest else 1


def _serial_next(application: str, run: str) -> int:
    """One more than the highest serial among this run's control ids."""
    ids = InboxMessage.objects.filter(application=application, control_id__startswith=f"{run}-")
    serials = (text.rpartition("-")[2] for text in ids.values_list("control_id", flat=True).iterator())
    return max((int(serial) for serial in serials if serial.isdigit()), default=0) + 1


def feed_messages_waiting() -> int:
    """How many accepted messages are not applied yet."""
    return InboxMessage.objects.filter(status=MessageStatus.WAITING).count()
