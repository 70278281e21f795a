"""What a sender calls a place, as a ward and a bed place here. What nobody knows is made, unconfirmed, and listed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.choices import MAPPED, RoomKind
from vardnara.apps.hospital.models import (
    BedPlace,
    BedState,
    Division,
    HeardName,
    Hospital,
    LocationAlias,
    Region,
    Room,
    Ward,
)
from vardnara.engines.adt import Place, SentPlace

UNKNOWN = "?"
CODE_LENGTH = 60  # of the codes of wards, rooms and beds
NAME_LENGTH = 200  # of each part of a name in LocationAlias and HeardName


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A place here: always a ward, a bed place only where the sender named one."""

    ward_id: int
    bed_id: int | None


Named = tuple[int | None, Place]  # sender of the visit, place; a place that knows who wrote it is that sender's
Key = tuple[int | None, str, str, str]  # sender, point of care, room, bed as written


def shortened(text: str, length: int) -> str:
    """A text that fits a column and still tells two long names apart."""
    return text if len(text) <= length else f"{text[: length - 9]}~{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def name_key(sender_id: int | None, place: Place) -> Key:
    """What an alias is looked up by: who wrote it and the words, not the facility and not our codes."""
    point, room, bed = (shortened(text, NAME_LENGTH) for text in place[:3])
    return sender_id, point, room, bed


def places_resolve(names: Iterable[Named], *, at: datetime) -> dict[Named, ResolvedPlace]:
    """Resolve places as senders name them, making unconfirmed ones for those that nobody knows.

    An alias of the sender wins, then an alias for all senders; a bed that has none is looked for in the ward that its
    ward's alias names, else by the codes of the master data.
    """
    wanted = {(sender, place) for sender, place in names if any(place[:3])}
    if not wanted:
        return {}
    keys = {name: name_key(name[1].sender if isinstance(name[1], SentPlace) else name[0], name[1]) for name in wanted}
    aliases = {
        (alias.sender_id, alias.point_of_care, alias.room, alias.bed): ResolvedPlace(alias.ward_id, alias.bed_place_id)
        for alias in LocationAlias.objects.filter(point_of_care__in={key[1] for key in keys.values()})
    }
    found: dict[Named, ResolvedPlace] = {}
    ward_ids: dict[Named, int] = {}
    for name, (sender_id, *words) in keys.items():
        hit = aliases.get((sender_id, *words)) or aliases.get((None, *words))
        if hit is not None and (hit.bed_id is not None or not name[1].is_bed):
            found[name] = hit
            continue
        ward = aliases.get((sender_id, words[0], "", "")) or aliases.get((None, words[0], "", ""))
        if ward is not None and ward.bed_id is None:
            ward_ids[name] = ward.ward_id
    by_code, unconfirmed = _by_code(wanted - found.keys(), ward_ids)
    found |= by_code
    for name in sorted(wanted - found.keys(), key=lambda name: (name[0] or 0, name[1])):
        found[name] = _make_unconfirmed(name[1], ward_ids.get(name), at=at)
        unconfirmed.add(name)
    if unconfirmed:
        _note({(keys[name], found[name]) for name in unconfirmed}, at=at)
    return found


def _by_code(wanted: set[Named], ward_ids: dict[Named, int]) -> tuple[dict[Named, ResolvedPlace], set[Named]]:
    """Codes as in the master data, in the ward of ``ward_ids`` where an alias names it; which of them are unconfirmed.

    The facility decides between hospitals that share a ward code.
    """
    if not wanted:
        return {}, set()
    points = {shortened(place.point_of_care or UNKNOWN, CODE_LENGTH) for _, place in wanted}
    wards: dict[str, list[tuple[str, int]]] = {}
    doubtful: set[int] = set()
    for code, ward_id, hospital, confirmed in (
        Ward.objects.filter(code__in=points)
        .order_by("pk")
        .values_list("code", "pk", "division__hospital__code", "confirmed")
    ):
        wards.setdefault(code, []).append((hospital, ward_id))
        if not confirmed:
            doubtful.add(ward_id)
    in_ward = dict(ward_ids)
    for name in wanted - ward_ids.keys():
        place = name[1]
        candidates = wards.get(shortened(place.point_of_care or UNKNOWN, CODE_LENGTH), [])
        ward = next((pk for hospital, pk in candidates if hospital == place.facility), None)
        if ward is None and candidates:
            ward = candidates[0][1]
        if ward is not None:
            in_ward[name] = ward
    beds: dict[tuple[int, str], list[tuple[str, int, bool]]] = {}
    for ward_id, room, bed, bed_id, confirmed in (
        BedPlace.objects.filter(
            room__ward__in=set(in_ward.values()),
            code__in={shortened(place.bed, CODE_LENGTH) for _, place in in_ward if place.is_bed},
        )
        .order_by("pk")
        .values_list("room__ward_id", "room__code", "code", "pk", "confirmed")
    ):
        beds.setdefault((ward_id, bed), []).append((room, bed_id, confirmed))
    found: dict[Named, ResolvedPlace] = {}
    unconfirmed: set[Named] = set()
    for name, ward_id in in_ward.items():
        place = name[1]
        if not place.is_bed:
            found[name] = ResolvedPlace(ward_id, None)
            if ward_id in doubtful:
                unconfirmed.add(name)
            continue
        rooms = beds.get((ward_id, shortened(place.bed, CODE_LENGTH)), [])
        hit = next((row for row in rooms if row[0] == shortened(place.room, CODE_LENGTH)), None)
        if hit is None and not place.room and len(rooms) == 1:
            hit = rooms[0]
        if hit is not None:
            found[name] = ResolvedPlace(ward_id, hit[1])
            if not hit[2]:
                unconfirmed.add(name)
    return found, unconfirmed


def _make_unconfirmed(place: Place, ward_id: int | None, *, at: datetime) -> ResolvedPlace:
    """A place that only a message knows: usable at once, listed for a person to confirm or map (CONTRACT 1.6)."""
    if ward_id is None:
        ward_id = _ward_unconfirmed(place).pk
    if not place.is_bed:
        return ResolvedPlace(ward_id, None)
    room, _ = Room.objects.get_or_create(
        ward_id=ward_id,
        code=shortened(place.room or UNKNOWN, CODE_LENGTH),
        defaults={"kind": RoomKind.OTHER, "confirmed": False},
    )
    code = shortened(place.bed, CODE_LENGTH)
    bed, made = BedPlace.objects.get_or_create(room=room, code=code, defaults={"confirmed": False})
    if made:
        BedState.objects.create(bed=bed, changed_at=at)
    return ResolvedPlace(ward_id, bed.pk)


def _ward_unconfirmed(place: Place) -> Ward:
    """The ward of a name that no code fits, in the hospital of its facility, else in the first one."""
    hospital = Hospital.objects.filter(code=place.facility).first() or Hospital.objects.order_by("pk").first()
    if hospital is None:
        region, _ = Region.objects.get_or_create(code=UNKNOWN, defaults={"name": UNKNOWN})
        code = shortened(place.facility or UNKNOWN, 40)
        hospital = Hospital.objects.create(region=region, code=code, name=code, confirmed=False)
    point = shortened(place.point_of_care or UNKNOWN, CODE_LENGTH)
    ward = Ward.objects.filter(division__hospital=hospital, code=point).order_by("pk").first()
    if ward is None:
        division, _ = Division.objects.get_or_create(hospital=hospital, code=UNKNOWN, defaults={"name": UNKNOWN})
        ward = Ward.objects.create(division=division, code=point, name=point, confirmed=False)
    return ward


def _note(heard: set[tuple[Key, ResolvedPlace]], *, at: datetime) -> None:
    """Remember who named these unconfirmed places how. One that was mapped away and is named anew is opened again."""
    wards = {place.ward_id for _, place in heard}
    known = set(
        HeardName.objects.filter(ward__in=wards).values_list(
            "sender_id", "point_of_care", "room", "bed", "ward_id", "bed_place_id"
        )
    )
    fresh = {(*key, place.ward_id, place.bed_id) for key, place in heard if key[0] is not None} - known
    if not fresh:
        return
    HeardName.objects.bulk_create(
        [
            HeardName(
                sender_id=sender_id,
                point_of_care=point,
                room=room,
                bed=bed,
                ward_id=ward_id,
                bed_place_id=bed_id,
                first_at=at,
            )
            for sender_id, point, room, bed, ward_id, bed_id in sorted(fresh, key=str)
        ],
        ignore_conflicts=True,
    )
    beds = {row[5] for row in fresh if row[5] is not None}
    BedState.objects.filter(bed__in=beds, closed_reason=MAPPED).update(closed_at=None, closed_reason="", changed_at=at)
