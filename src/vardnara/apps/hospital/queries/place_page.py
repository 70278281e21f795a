"""Places that a message named and nobody has looked at yet, and the labels of those that exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from vardnara.apps.hospital.models import BedPlace, LocationAlias, Occupancy
from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.hospital.queries.reach import wards_in_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A bed place by name; ``occupied`` so that nobody maps away a patient unseen."""

    id: int
    token: str
    ward_id: int
    ward_code: str
    ward_name: str
    room_code: str
    code: str
    occupied: bool
    ward_confirmed: bool
    aliases: tuple[str, ...] = ()


def place_list(*, actor: User, confirmed: bool, ward_id: int | None = None) -> list[PlaceRow]:
    """Confirmed or unconfirmed places within reach, in the order of the house."""
    beds = (
        BedPlace.objects.filter(confirmed=confirmed, room__ward__in=wards_in_reach(actor))
        .select_related("room__ward")
        .annotate(occupied=Exists(Occupancy.objects.filter(bed=OuterRef("pk"), during__upper_inf=True)))
    )
    if ward_id is not None:
        beds = beds.filter(room__ward=ward_id)
    names: dict[int, list[str]] = {}
    for alias in LocationAlias.objects.filter(bed_place__in=beds.values("pk")).select_related("sender"):
        names.setdefault(alias.bed_place_id, []).append(
            " ".join(part for part in (alias.point_of_care, alias.room, alias.bed) if part)
        )
    rows = [
        PlaceRow(
            id=bed.pk,
            token=bed.token,
            ward_id=bed.room.ward_id,
            ward_code=bed.room.ward.code,
            ward_name=bed.room.ward.name,
            room_code=bed.room.code,
            code=bed.code,
            occupied=bed.occupied,
            ward_confirmed=bed.room.ward.confirmed,
            aliases=tuple(names.get(bed.pk, ())),
        )
        for bed in beds
    ]
    return sorted(rows, key=lambda row: (row.ward_id, natural(row.room_code), natural(row.code), row.id))
