"""What boards show of beds and stays: bed places, states and warnings, never a name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from vardnara.apps.hospital.choices import BedStatus, Cleanliness, ContagionClass, StayStatus, WardKind
from vardnara.apps.hospital.models import BedPlace, Hospital, Occupancy, Stay
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class StayBrief:
    """A stay as a board may show it: no identity. ``discharge`` is "", "ordered" or "confirmed"."""

    id: int
    discharge: str
    expected_discharge_at: datetime | None
    on_leave_since: datetime | None
    leave_until: datetime | None
    contagion: ContagionClass
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BedRow:
    """A bed place and all that is true of it now."""

    id: int
    token: str
    code: str
    room_code: str
    room_name: str
    ward_id: int
    ward_code: str
    ward_name: str
    hospital_name: str
    confirmed: bool
    status: BedStatus
    cleanliness: Cleanliness
    contagion: ContagionClass
    stays: tuple[StayBrief, ...]
    closed_reason: str
    blocked_reason: str
    reserved_reason: str
    is_closed: bool
    is_blocked: bool
    is_reserved: bool
    is_awaited: bool
    changed_at: datetime | None

    @property
    def discharge(self) -> str:
        """The furthest stage of discharge of whoever lies here."""
        stages = {stay.discharge for stay in self.stays}
        return "confirmed" if "confirmed" in stages else "ordered" if "ordered" in stages else ""

    @property
    def on_leave(self) -> bool:
        return any(stay.on_leave_since for stay in self.stays)

    @property
    def is_occupied(self) -> bool:
        return bool(self.stays)

    @property
    def unclean_patient(self) -> bool:
        """Somebody lies in a place that has not been cleaned (CONTRACT 1.6)."""
        return self.is_occupied and self.cleanliness != Cleanliness.CLEAN


@dataclass(frozen=True, slots=True)
class WaitingStay:
    """A stay without a place: somebody is on the ward and no bed is theirs."""

    id: int
    ward_id: int | None
    ward_name: str
    wanted_bed_id: int | None
    wanted_room: str
    wanted_bed: str
    location_text: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class WardRow:
    """A ward with its beds, in the order in which a board shows them."""

    id: int
    code: str
    name: str
    kind: WardKind
    division: str
    hospital_id: int
    hospital_name: str
    invented: bool
    budgeted_beds: int | None
    staffed_beds: int | None
    beds: list[BedRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Beds by status, every status named."""
        counts = {str(status): 0 for status in BedStatus}
        for bed in self.beds:
            counts[str(bed.status)] += 1
        return counts

    @property
    def sums(self) -> list[tuple[BedStatus, int]]:
        """Number of beds of each status, in the order of the statuses."""
        return [(status, self.counts[str(status)]) for status in BedStatus]

    @property
    def rooms(self) -> list[tuple[str, str, list[BedRow]]]:
        """(code, name, beds) of each room, in order."""
        groups: dict[str, list[BedRow]] = defaultdict(list)
        for bed in self.beds:
            groups[bed.room_code].append(bed)
        return [(code, beds[0].room_name, beds) for code, beds in groups.items()]


@lru_cache(maxsize=10_000)
def natural(text: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key that puts place 2 before place 10."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.findall(r"\d+|\D+", text))


def bed_status(*, closed: bool, blocked: bool, occupied: bool, cleanliness: str, reserved: bool) -> BedStatus:
    """What a board shows of a bed, exclusive, in the order of CONTRACT 3."""
    if closed:
        return BedStatus.CLOSED
    if blocked:
        return BedStatus.BLOCKED
    if occupied:
        return BedStatus.OCCUPIED
    if cleanliness == Cleanliness.CLEANING:
        return BedStatus.CLEANING
    if cleanliness == Cleanliness.DIRTY:
        return BedStatus.DIRTY
    return BedStatus.RESERVED if reserved else BedStatus.READY


# Plain columns, not rows of five joined tables each: a board reads hundreds of beds several times a second.
BED_COLUMNS = (
    "pk",
    "token",
    "code",
    "confirmed",
    "room__code",
    "room__name",
    "room__ward_id",
    "room__ward__code",
    "room__ward__name",
    "room__ward__division__hospital__name",
    "state__cleanliness",
    "state__contagion_class",
    "state__closed_at",
    "state__closed_reason",
    "state__blocked_at",
    "state__blocked_reason",
    "state__reserved_at",
    "state__reserved_reason",
    "state__changed_at",
)
STAY_COLUMNS = (
    "bed_id",
    "stay_id",
    "stay__discharge_ordered_at",
    "stay__discharge_confirmed_at",
    "stay__expected_discharge_at",
    "stay__on_leave_since",
    "stay__leave_until",
    "stay__contagion_class",
    "stay__warnings",
)


def _stay_brief(row: Any) -> StayBrief:
    """The stay of an occupancy read by ``STAY_COLUMNS``."""
    discharge = "confirmed" if row.stay__discharge_confirmed_at else "ordered" if row.stay__discharge_ordered_at else ""
    return StayBrief(
        id=row.stay_id,
        discharge=discharge,
        expected_discharge_at=row.stay__expected_discharge_at,
        on_leave_since=row.stay__on_leave_since,
        leave_until=row.stay__leave_until,
        contagion=ContagionClass(row.stay__contagion_class),
        warnings=tuple(row.stay__warnings),
    )


def _bed_row(row: Any, stays: tuple[StayBrief, ...], *, awaited: bool) -> BedRow:
    """A bed read by ``BED_COLUMNS``; one without a row of state is clean and free."""
    cleanliness = Cleanliness(row.state__cleanliness or Cleanliness.CLEAN)
    contagion = next((c for c in (row.state__contagion_class, *(stay.contagion for stay in stays)) if c), "")
    return BedRow(
        id=row.pk,
        token=row.token,
        code=row.code,
        room_code=row.room__code,
        room_name=row.room__name,
        ward_id=row.room__ward_id,
        ward_code=row.room__ward__code,
        ward_name=row.room__ward__name,
        hospital_name=row.room__ward__division__hospital__name,
        confirmed=row.confirmed,
        status=bed_status(
            closed=row.state__closed_at is not None,
            blocked=row.state__blocked_at is not None,
            occupied=bool(stays),
            cleanliness=cleanliness,
            reserved=row.state__reserved_at is not None or awaited,
        ),
        cleanliness=cleanliness,
        contagion=ContagionClass(contagion),
        stays=stays,
        closed_reason=row.state__closed_reason or "",
        blocked_reason=row.state__blocked_reason or "",
        reserved_reason=row.state__reserved_reason or "",
        is_closed=row.state__closed_at is not None,
        is_blocked=row.state__blocked_at is not None,
        is_reserved=row.state__reserved_at is not None,
        is_awaited=awaited,
        changed_at=row.state__changed_at,
    )


def _bed_rows(beds: QuerySet[BedPlace]) -> list[BedRow]:
    """Rows of some beds: three queries however many there are."""
    found = list(beds.values_list(*BED_COLUMNS, named=True))
    ids = [bed.pk for bed in found]
    lying: dict[int, list[StayBrief]] = defaultdict(list)
    now_in = Occupancy.objects.filter(during__upper_inf=True, bed__in=ids).order_by("slot")
    for row in now_in.values_list(*STAY_COLUMNS, named=True):
        lying[row.bed_id].append(_stay_brief(row))
    pending = Stay.objects.filter(pending_bed__in=ids, status__in=[StayStatus.OPEN, StayStatus.EXPECTED])
    awaited = set(pending.values_list("pending_bed_id", flat=True))
    rows = [_bed_row(bed, tuple(lying.get(bed.pk, ())), awaited=bed.pk in awaited) for bed in found]
    return sorted(rows, key=lambda row: (natural(row.room_code), natural(row.code), row.id))


def bed_by_token(*, actor: User, token: str) -> BedRow:
    """The bed behind a QR code; raises ``unknown_bed`` for one that does not exist or is out of reach."""
    rows = _bed_rows(BedPlace.objects.filter(token=token, room__ward__in=wards_in_reach(actor)))
    if not rows:
        raise RuleBroken("unknown_bed")
    return rows[0]


def board_wards(
    *, actor: User, ward_ids: Collection[int] | None = None, bed_ids: Collection[int] = (), with_beds: bool = True
) -> list[WardRow]:
    """Wards within the actor's reach with their beds, all or some and those of some beds.

    Four queries for a ward or a hospital.
    """
    wards = wards_in_reach(actor).select_related("division__hospital")
    if ward_ids is not None:
        wards = wards.filter(Q(pk__in=list(ward_ids)) | Q(rooms__beds__in=list(bed_ids))).distinct()
    rows = {
        ward.pk: WardRow(
            id=ward.pk,
            code=ward.code,
            name=ward.name,
            kind=WardKind(ward.kind),
            division=ward.division.name,
            hospital_id=ward.division.hospital_id,
            hospital_name=ward.division.hospital.name,
            invented=ward.division.hospital.invented,
            budgeted_beds=ward.budgeted_beds,
            staffed_beds=ward.staffed_beds,
        )
        for ward in wards.order_by("division_id", "pk")
    }
    if with_beds:
        for bed in _bed_rows(BedPlace.objects.filter(room__ward__in=list(rows))):
            rows[bed.ward_id].beds.append(bed)
    return list(rows.values())


def board_ward(*, actor: User, ward_id: int) -> WardRow:
    """One ward; raises ``out_of_scope`` when the actor does not reach it."""
    rows = board_wards(actor=actor, ward_ids=[ward_id])
    if not rows:
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach ward {ward_id}")
    return rows[0]


def board_waiting(*, actor: User, ward_ids: Collection[int] | None = None) -> list[WaitingStay]:
    """Open stays without a place: shown in red until somebody finds one."""
    stays = Stay.objects.filter(
        status=StayStatus.OPEN, without_place=True, ward__in=wards_in_reach(actor)
    ).select_related("ward", "wanted_bed__room")
    if ward_ids is not None:
        stays = stays.filter(ward__in=list(ward_ids))
    return [
        WaitingStay(
            id=stay.pk,
            ward_id=stay.ward_id,
            ward_name=stay.ward.name if stay.ward else "",
            wanted_bed_id=stay.wanted_bed_id,
            wanted_room=stay.wanted_bed.room.code if stay.wanted_bed else "",
            wanted_bed=stay.wanted_bed.code if stay.wanted_bed else "",
            location_text=stay.location_text,
            since=stay.admitted_at,
        )
        for stay in stays.order_by("admitted_at", "pk")
    ]


@dataclass(frozen=True, slots=True)
class Pressure:
    """Where a cleaned bed is needed most: beds that somebody waits for, wards without a ready bed."""

    wanted_bed_ids: frozenset[int]
    ward_ids_without_ready: frozenset[int]


def bed_pressure(*, actor: User) -> Pressure:
    """What makes one clean more urgent than another, over all that the actor reaches."""
    waiting = Stay.objects.filter(
        Q(without_place=True, wanted_bed__isnull=False) | Q(pending_bed__isnull=False),
        status__in=[StayStatus.OPEN, StayStatus.EXPECTED],
    )
    rows = waiting.values_list("without_place", "wanted_bed_id", "pending_bed_id")
    wanted = {bed for lost, wants, pending in rows for bed in (wants if lost else None, pending) if bed}
    beds = BedPlace.objects.filter(room__ward__in=wards_in_reach(actor))
    ready = beds.exclude(
        Exists(Occupancy.objects.filter(bed=OuterRef("pk"), during__upper_inf=True))
        | Exists(Stay.objects.filter(pending_bed=OuterRef("pk")))
        | Q(state__closed_at__isnull=False)
        | Q(state__blocked_at__isnull=False)
        | Q(state__reserved_at__isnull=False)
        | ~Q(state__cleanliness=Cleanliness.CLEAN)
    )
    wards = set(beds.values_list("room__ward_id", flat=True).distinct())
    with_ready = set(ready.values_list("room__ward_id", flat=True).distinct())
    return Pressure(frozenset(wanted), frozenset(wards - with_ready))


def hospitals_in_reach(*, actor: User) -> list[Hospital]:
    """Hospitals that hold at least one ward within reach."""
    return list(Hospital.objects.filter(divisions__wards__in=wards_in_reach(actor)).distinct().order_by("pk"))


def bed_wards() -> dict[int, int]:
    """Ward of every bed place, for those who sort announcements of change by reach."""
    return dict(BedPlace.objects.values_list("pk", "room__ward_id"))


def ward_ids_in_reach(*, actor: User) -> frozenset[int]:
    """Ids of the wards that the actor reaches."""
    return frozenset(wards_in_reach(actor).values_list("pk", flat=True))


def ward_ids_of_division(*, actor: User, division_id: int) -> frozenset[int]:
    """Ids of the wards of a division that the actor reaches; none where it is not the actor's."""
    return frozenset(wards_in_reach(actor).filter(division=division_id).values_list("pk", flat=True))
