"""Places that a message named and nobody has looked at yet, places that exist, and what senders' names mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from vardnara.apps.hospital.choices import MAPPED
from vardnara.apps.hospital.models import BedPlace, BedState, HeardName, LocationAlias, Occupancy
from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.hospital.queries.inbox_page import sender_name
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class HeardBy:
    """A sending system that named a place, and how it wrote it (PL: point of care, room, bed)."""

    sender_id: int
    name: str
    words: tuple[str, ...]


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
    confirmed: bool
    ward_confirmed: bool
    heard: tuple[HeardBy, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedWard:
    """A ward that nobody has confirmed, with those who lie there without a bed place."""

    id: int
    code: str
    name: str
    hospital_name: str
    n_stays: int
    confirmed: bool
    heard: tuple[HeardBy, ...] = ()


@dataclass(frozen=True, slots=True)
class AliasRow:
    """What a name means: ``sender`` empty for all systems, ``code`` empty where it names a ward."""

    id: int
    sender: str
    words: str
    ward_code: str
    ward_name: str
    room_code: str
    code: str
    actor: str
    made_at: datetime | None


def written(point_of_care: str, room: str, bed: str) -> str:
    """A name as it stands in a message, without what is empty at its end."""
    return "^".join((point_of_care, room, bed)).rstrip("^")


def _heard(names: Iterable[HeardName]) -> tuple[HeardBy, ...]:
    """Who wrote what, by system."""
    by_sender: dict[tuple[str, int], list[str]] = defaultdict(list)
    for row in names:
        key = sender_name(row.sender.application, row.sender.facility), row.sender_id
        by_sender[key].append(written(row.point_of_care, row.room, row.bed))
    return tuple(HeardBy(pk, name, tuple(sorted(set(words)))) for (name, pk), words in sorted(by_sender.items()))


def place_list(
    *, actor: User, confirmed: bool, ward_id: int | None = None, bed_id: int | None = None
) -> list[PlaceRow]:
    """Confirmed or unconfirmed places within reach, in the order of the house; not those that were mapped away."""
    beds = (
        BedPlace.objects.filter(confirmed=confirmed, room__ward__in=wards_in_reach(actor))
        .select_related("room__ward")
        .annotate(occupied=Exists(Occupancy.objects.filter(bed=OuterRef("pk"), during__upper_inf=True)))
    )
    if ward_id is not None:
        beds = beds.filter(room__ward=ward_id)
    if bed_id is not None:
        beds = beds.filter(pk=bed_id)
    names: dict[int, list[HeardName]] = defaultdict(list)
    if not confirmed:
        beds = beds.filter(~Exists(BedState.objects.filter(bed=OuterRef("pk"), closed_reason=MAPPED)))
        for name in HeardName.objects.filter(bed_place__in=beds.values("pk")).select_related("sender"):
            names[name.bed_place_id].append(name)
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
            confirmed=bed.confirmed,
            ward_confirmed=bed.room.ward.confirmed,
            heard=_heard(names[bed.pk]) if bed.pk in names else (),
        )
        for bed in beds
    ]
    return sorted(rows, key=lambda row: (row.ward_id, natural(row.room_code), natural(row.code), row.id))


def place_one(*, actor: User, bed_id: int) -> PlaceRow:
    """One unconfirmed place; raises ``unknown_bed``."""
    rows = place_list(actor=actor, confirmed=False, bed_id=bed_id)
    if not rows:
        raise RuleBroken("unknown_bed", str(bed_id))
    return rows[0]


def ward_list(*, actor: User, confirmed: bool = False, ward_id: int | None = None) -> list[NamedWard]:
    """Confirmed or unconfirmed wards within reach; not those that were mapped away, bed by bed or as a whole."""
    wards = wards_in_reach(actor).filter(confirmed=confirmed).select_related("division__hospital")
    if ward_id is not None:
        wards = wards.filter(pk=ward_id)
    names: dict[int, list[HeardName]] = defaultdict(list)
    if not confirmed:
        mapped = BedState.objects.filter(bed__room__ward=OuterRef("pk"), closed_reason=MAPPED)
        heard = HeardName.objects.filter(ward=OuterRef("pk"))
        aliased = LocationAlias.objects.filter(bed_place=None, room="", bed="", point_of_care=OuterRef("code"))
        wards = wards.filter(Exists(heard) | ~(Exists(mapped) | Exists(aliased))).annotate(
            n_stays=Count("stays", filter=Q(stays__without_place=True))
        )
        for name in HeardName.objects.filter(ward__in=wards.values("pk")).select_related("sender"):
            names[name.ward_id].append(name)
    return [
        NamedWard(
            id=ward.pk,
            code=ward.code,
            name=ward.name,
            hospital_name=ward.division.hospital.name,
            n_stays=getattr(ward, "n_stays", 0),
            confirmed=ward.confirmed,
            heard=_heard(names[ward.pk]) if ward.pk in names else (),
        )
        for ward in wards.order_by("division__hospital", "division", "pk")
    ]


def ward_one(*, actor: User, ward_id: int) -> NamedWard:
    """One unconfirmed ward; raises ``unknown_ward``."""
    rows = ward_list(actor=actor, ward_id=ward_id)
    if not rows:
        raise RuleBroken("unknown_ward", str(ward_id))
    return rows[0]


def alias_list(*, actor: User) -> list[AliasRow]:
    """What senders' names mean, for places within reach, by sender and name."""
    rows = [
        AliasRow(
            id=row.pk,
            sender=sender_name(row.sender.application, row.sender.facility) if row.sender else "",
            words=written(row.point_of_care, row.room, row.bed),
            ward_code=row.ward.code,
            ward_name=row.ward.name,
            room_code=row.bed_place.room.code if row.bed_place else "",
            code=row.bed_place.code if row.bed_place else "",
            actor=(row.actor.get_full_name() or row.actor.username) if row.actor else "",
            made_at=row.made_at,
        )
        for row in LocationAlias.objects.filter(ward__in=wards_in_reach(actor)).select_related(
            "sender", "ward", "bed_place__room", "actor"
        )
    ]
    return sorted(rows, key=lambda row: (row.sender == "", row.sender, natural(row.words), row.id))
