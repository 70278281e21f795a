"""What a sender calls a place, as a ward and a bed place here. What nobody knows is made, unconfirmed, and listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.choices import RoomKind
from vardnara.apps.hospital.models import BedPlace, BedState, Division, Hospital, LocationAlias, Region, Room, Ward
from vardnara.engines.adt import Place

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A place here: always a ward, a bed place only where the sender named one."""

    ward_id: int
    bed_id: int | None


Named = tuple[int | None, Place]  # sender id, place as that sender writes it


def places_resolve(names: Iterable[Named], *, at: datetime) -> dict[Named, ResolvedPlace]:
    """Resolve places as senders name them, making unconfirmed ones for those that nobody knows.

    An alias of the sender wins, then an alias for all senders, then codes as they are in the master data.
    """
    wanted = {(sender, place) for sender, place in names if any(place[:3])}
    if not wanted:
        return {}
    found = _by_alias(wanted)
    found |= _by_code(wanted - found.keys())
    for name in sorted(wanted - found.keys(), key=lambda name: (name[0] or 0, name[1])):
        found[name] = _make_unconfirmed(name[1], at=at)
    return found


def _by_alias(wanted: set[Named]) -> dict[Named, ResolvedPlace]:
    """Aliases of the sender itself, else those for all."""
    points = {place.point_of_care for _, place in wanted}
    aliases = {
        (alias.sender_id, alias.point_of_care, alias.room, alias.bed): ResolvedPlace(alias.ward_id, alias.bed_place_id)
        for alias in LocationAlias.objects.filter(point_of_care__in=points)
    }
    found = {}
    for sender, place in wanted:
        hit = aliases.get((sender, *place[:3])) or aliases.get((None, *place[:3]))
        if hit is not None:
            found[sender, place] = hit
    return found


def _by_code(wanted: set[Named]) -> dict[Named, ResolvedPlace]:
    """Codes as in the master data; the facility decides between hospitals that share a ward code."""
    if not wanted:
        return {}
    points = {place.point_of_care for _, place in wanted}
    wards: dict[str, list[tuple[str, int]]] = {}
    for code, ward_id, hospital in (
        Ward.objects.filter(code__in=points).order_by("pk").values_list("code", "pk", "division__hospital__code")
    ):
        wards.setdefault(code, []).append((hospital, ward_id))
    beds: dict[tuple[int, str], list[tuple[str, int]]] = {}
    for ward_id, room, bed, bed_id in (
        BedPlace.objects.filter(room__ward__code__in=points, code__in={place.bed for _, place in wanted})
        .order_by("pk")
        .values_list("room__ward_id", "room__code", "code", "pk")
    ):
        beds.setdefault((ward_id, bed), []).append((room, bed_id))
    found = {}
    for sender, place in wanted:
        candidates = wards.get(place.point_of_care, [])
        ward_id = next((pk for hospital, pk in candidates if hospital == place.facility), None)
        if ward_id is None and candidates:
            ward_id = candidates[0][1]
        if ward_id is None:
            continue
        if not place.is_bed:
            found[sender, place] = ResolvedPlace(ward_id, None)
            continue
        rooms = beds.get((ward_id, place.bed), [])
        bed_id = next((pk for room, pk in rooms if room == place.room), None)
        if bed_id is None and not place.room and len(rooms) == 1:
            bed_id = rooms[0][1]
        if bed_id is not None:
            found[sender, place] = ResolvedPlace(ward_id, bed_id)
    return found


def _make_unconfirmed(place: Place, *, at: datetime) -> ResolvedPlace:
    """A place that only a message knows: usable at once, listed for a person to confirm or map (CONTRACT 1.6)."""
    hospital = Hospital.objects.filter(code=place.facility).first() or Hospital.objects.order_by("pk").first()
    if hospital is None:
        region, _ = Region.objects.get_or_create(code=UNKNOWN, defaults={"name": UNKNOWN})
        hospital = Hospital.objects.create(
            region=region, code=(place.facility or UNKNOWN)[:40], name=place.facility or UNKNOWN, confirmed=False
        )
    point = (place.point_of_care or UNKNOWN)[:60]
    ward = Ward.objects.filter(division__hospital=hospital, code=point).order_by("pk").first()
    if ward is None:
        division, _ = Division.objects.get_or_create(hospital=hospital, code=UNKNOWN, defaults={"name": UNKNOWN})
        ward = Ward.objects.create(division=division, code=point, name=point, confirmed=False)
    if not place.is_bed:
        return ResolvedPlace(ward.pk, None)
    room, _ = Room.objects.get_or_create(
        ward=ward, code=(place.room or UNKNOWN)[:60], defaults={"kind": RoomKind.OTHER, "confirmed": False}
    )
    bed, made = BedPlace.objects.get_or_create(room=room, code=place.bed[:60], defaults={"confirmed": False})
    if made:
        BedState.objects.create(bed=bed, changed_at=at)
    return ResolvedPlace(ward.pk, bed.pk)
