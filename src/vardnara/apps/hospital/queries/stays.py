"""Stays as those see them whose work follows the patient: where one lies, on leave or not, gone or not. No names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from vardnara.apps.hospital.choices import StayStatus
from vardnara.apps.hospital.models import Occupancy, Stay
from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class StayFacts:
    """A stay now. ``bed_id`` and the words for it are empty where it has no place."""

    id: int
    patient_id: int
    patient_key: str
    status: str
    ward_id: int | None
    ward_code: str
    bed_id: int | None
    room: str
    bed: str
    admitted_at: datetime | None
    expected_discharge_at: datetime | None
    discharge_ordered_at: datetime | None
    on_leave_since: datetime | None
    leave_until: datetime | None
    left_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether the patient is in the hospital's care."""
        return self.status == StayStatus.OPEN

    def away_at(self, at: datetime) -> bool:
        """Whether the patient is on leave at an instant; a leave without a stated end goes on."""
        return self.on_leave_since is not None and (self.leave_until is None or at < self.leave_until)


COLUMNS = (
    "id",
    "patient_id",
    "patient__key",
    "status",
    "ward_id",
    "ward__code",
    "admitted_at",
    "expected_discharge_at",
    "discharge_ordered_at",
    "on_leave_since",
    "leave_until",
    "left_at",
)


def _facts(stays: QuerySet[Stay]) -> list[StayFacts]:
    """Two queries, however many stays."""
    rows: list[dict[str, Any]] = list(stays.values(*COLUMNS))
    places = {
        stay_id: (bed_id, room, bed)
        for stay_id, bed_id, room, bed in Occupancy.objects.filter(
            stay__in=[row["id"] for row in rows], during__upper_inf=True
        ).values_list("stay_id", "bed_id", "bed__room__code", "bed__code")
    }
    facts = []
    for row in rows:
        bed_id, room, bed = places.get(row["id"], (None, "", ""))
        facts.append(
            StayFacts(
                id=row["id"],
                patient_id=row["patient_id"],
                patient_key=str(row["patient__key"]),
                status=row["status"],
                ward_id=row["ward_id"],
                ward_code=row["ward__code"] or "",
                bed_id=bed_id,
                room=room,
                bed=bed,
                **{name: row[name] for name in COLUMNS[6:]},
            )
        )
    return facts


def stays_by_id(stay_ids: Iterable[int]) -> dict[int, StayFacts]:
    """Stays by their ids, whatever their state."""
    return {stay.id: stay for stay in _facts(Stay.objects.filter(pk__in=set(stay_ids)))}


def stays_of_patients(patient_ids: Iterable[int]) -> list[StayFacts]:
    """The open stays of some patients."""
    return _facts(Stay.objects.filter(patient__in=set(patient_ids), status=StayStatus.OPEN))


def stays_in_wards(ward_ids: Collection[int]) -> list[StayFacts]:
    """Everybody who is on these wards, in the order of rooms and beds; those without a place last."""
    stays = _facts(Stay.objects.filter(ward__in=set(ward_ids), status=StayStatus.OPEN))
    return sorted(stays, key=lambda stay: (stay.bed_id is None, natural(stay.room), natural(stay.bed), stay.id))


def stay_in_reach(*, actor: User, stay_id: int) -> StayFacts:
    """A stay on a ward that the actor reaches; raises ``unknown_stay``."""
    found = _facts(Stay.objects.filter(pk=stay_id, ward__in=wards_in_reach(actor)))
    if not found:
        raise RuleBroken("unknown_stay", f"stay {stay_id}")
    return found[0]


def stay_at_bed(*, bed_id: int, stay_id: int | None = None) -> list[StayFacts]:
    """Whoever lies in a bed now, or one stay if it does; more than one in a bed for mother and child."""
    lying = Occupancy.objects.filter(bed=bed_id, during__upper_inf=True).values_list("stay_id", flat=True)
    return _facts(Stay.objects.filter(pk__in=lying, **({"pk": stay_id} if stay_id is not None else {})))
