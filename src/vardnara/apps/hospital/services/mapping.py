"""Places that only messages know: confirmed as they are, or mapped to the place that the sender means; and back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.choices import MAPPED
from vardnara.apps.hospital.models import AdtRecord, BedPlace, BedState, HeardName, LocationAlias, Room, Stay, Ward
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.hospital.services.places import NAME_LENGTH
from vardnara.apps.hospital.services.projection import state_lock, streams_project
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

PLACE_ROLES = (Role.INTEGRATOR, Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR)


@transaction.atomic
def place_confirm(*, bed_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """A person says that the place exists as the message named it, with its room and ward."""
    bed = _bed(bed_id, actor)
    BedPlace.objects.filter(pk=bed.pk).update(confirmed=True)
    Room.objects.filter(pk=bed.room_id).update(confirmed=True)
    Ward.objects.filter(pk=bed.room.ward_id).update(confirmed=True)
    changes_notify(beds=[bed.pk], wards=[bed.room.ward_id])


@transaction.atomic
def ward_confirm(*, ward_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """A person says that the ward exists as the message named it; its beds are looked at one by one."""
    ward = _ward(ward_id, actor)
    Ward.objects.filter(pk=ward.pk).update(confirmed=True)
    changes_notify(wards=[ward.pk])


@transaction.atomic
def place_map(
    *,
    bed_id: int,
    to_bed_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    sender_id: int | None = None,
    for_all: bool = False,
) -> None:
    """What a sender calls the unconfirmed place means another one. Whom it placed there moves, history included.

    For one sender; without ``sender_id`` for each that named it; ``for_all`` for every sender, later ones too. A place
    that nobody names any more is closed, not deleted: its history stays readable.
    """
    bed, target = _bed(bed_id, actor), _bed(to_bed_id, actor)
    if bed.pk == target.pk:
        raise RuleBroken("same_place", str(bed_id))
    if bed.confirmed:
        raise RuleBroken("place_is_confirmed", str(bed_id))
    if not target.confirmed:
        raise RuleBroken("confirm_first", str(to_bed_id))
    state_lock()
    heard = _heard(HeardName.objects.filter(bed_place=bed), sender_id)
    words = {(name.point_of_care, name.room, name.bed) for name in heard}
    for sender, *name in {(None if for_all else row.sender_id, row.point_of_care, row.room, row.bed) for row in heard}:
        _alias(sender, name, actor, at, ward=target.room.ward, bed_place=target)
    exact = Q()
    for point, room, code in words:
        exact |= Q(point_of_care=point, room=room, bed=code)
    _read_again(_of_sender(HeardName.objects.filter(exact), heard, for_all=for_all), at=at)
    changes_notify(beds=[bed.pk, target.pk], wards=[bed.room.ward_id, target.room.ward_id])


@transaction.atomic
def ward_map(
    *,
    ward_id: int,
    to_ward_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    sender_id: int | None = None,
    for_all: bool = False,
) -> None:
    """What a sender calls the unconfirmed ward means another one; beds that it names there are looked for in that one.

    Whom it concerns is chosen as in :func:`place_map`.
    """
    ward, target = _ward(ward_id, actor), _ward(to_ward_id, actor)
    if ward.pk == target.pk:
        raise RuleBroken("same_place", str(ward_id))
    if ward.confirmed:
        raise RuleBroken("place_is_confirmed", str(ward_id))
    if not target.confirmed:
        raise RuleBroken("confirm_first", str(to_ward_id))
    state_lock()
    heard = _heard(HeardName.objects.filter(ward=ward), sender_id)
    for sender, point in {(None if for_all else row.sender_id, row.point_of_care) for row in heard}:
        _alias(sender, [point, "", ""], actor, at, ward=target, bed_place=None)
    points = HeardName.objects.filter(point_of_care__in={row.point_of_care for row in heard})
    _read_again(_of_sender(points, heard, for_all=for_all), at=at)
    changes_notify(wards=[ward.pk, target.pk])


@transaction.atomic
def alias_remove(*, alias_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """The name means again what it meant before. Whom it placed moves back; what nobody knows is listed again."""
    role_require(actor, PLACE_ROLES)
    alias = LocationAlias.objects.filter(pk=alias_id).first()
    if alias is None:
        raise RuleBroken("unknown_alias", str(alias_id))
    ward_require(actor, alias.ward_id)
    state_lock()
    beds = [alias.bed_place_id] if alias.bed_place_id else BedPlace.objects.filter(room__ward=alias.ward_id)
    touching = Q() if alias.bed_place_id else Q(ward=alias.ward_id)
    named = AdtRecord.objects.filter(stream__in=_streams(beds, touching))
    if len(alias.point_of_care) < NAME_LENGTH:  # a longer name is kept shortened
        named = named.filter(
            Q(payload__location__0=alias.point_of_care)
            | Q(payload__prior__0=alias.point_of_care)
            | Q(payload__pending__0=alias.point_of_care)
        )
    if alias.sender_id is not None:
        named = named.filter(payload__sender=alias.sender_id)
    streams = set(named.values_list("stream_id", flat=True))
    alias.delete()
    streams_project(streams, at=at)
    changes_notify(wards=[alias.ward_id])


def _heard(names: QuerySet[HeardName], sender_id: int | None) -> list[HeardName]:
    """Who named the place how; raises ``nobody_named_it`` where there is nothing to map by."""
    if sender_id is not None:
        names = names.filter(sender=sender_id)
    heard = list(names)
    if not heard:
        raise RuleBroken("nobody_named_it", str(sender_id or ""))
    return heard


def _of_sender(names: QuerySet[HeardName], heard: list[HeardName], *, for_all: bool) -> QuerySet[HeardName]:
    return names if for_all else names.filter(sender__in={row.sender_id for row in heard})


def _alias(
    sender_id: int | None,
    name: list[str],
    actor: AbstractBaseUser,
    at: datetime,
    *,
    ward: Ward,
    bed_place: BedPlace | None,
) -> None:
    point, room, bed = name
    LocationAlias.objects.update_or_create(
        sender_id=sender_id,
        point_of_care=point,
        room=room,
        bed=bed,
        defaults={"ward": ward, "bed_place": bed_place, "actor": actor, "made_at": at},
    )


def _read_again(names: QuerySet[HeardName], *, at: datetime) -> None:
    """Forget where these names led and project whom they placed; what still leads to such a place is noted anew.

    An unconfirmed bed place that nobody names any more is closed.
    """
    rows = list(names.values_list("ward_id", "bed_place_id"))
    beds = {bed for _, bed in rows if bed is not None}
    wards = {ward for ward, bed in rows if bed is None}
    streams = set(_streams(beds, Q(ward__in=wards)))
    names.delete()
    streams_project(streams, at=at)
    BedState.objects.filter(bed__in=beds, bed__confirmed=False, bed__heard_names__isnull=True).update(
        closed_at=at, closed_reason=MAPPED, changed_at=at
    )


def _streams(beds: object, also: Q) -> QuerySet[Stay]:
    """The streams of stays that lay, left, wait or are to lie in these beds."""
    touching = (
        Q(occupancies__bed__in=beds) | Q(departures__bed__in=beds) | Q(wanted_bed__in=beds) | Q(pending_bed__in=beds)
    )
    return Stay.objects.filter(touching | also if also else touching).values_list("stream_id", flat=True)


def _bed(bed_id: int, actor: AbstractBaseUser) -> BedPlace:
    role_require(actor, PLACE_ROLES)
    bed = BedPlace.objects.select_related("room__ward").filter(pk=bed_id).first()
    if bed is None:
        raise RuleBroken("unknown_bed", str(bed_id))
    ward_require(actor, bed.room.ward_id)
    return bed


def _ward(ward_id: int, actor: AbstractBaseUser) -> Ward:
    role_require(actor, PLACE_ROLES)
    ward = Ward.objects.filter(pk=ward_id).first()
    if ward is None:
        raise RuleBroken("unknown_ward", str(ward_id))
    ward_require(actor, ward.pk)
    return ward
