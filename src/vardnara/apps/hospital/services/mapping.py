"""Places that only messages know: confirmed as they are, or mapped to the place that was meant."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.models import BedPlace, BedState, LocationAlias, Room, Stay, Ward
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
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
def place_map(*, bed_id: int, to_bed_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """What the sender calls by one name is another place here. Everybody recorded in the first moves to the second.

    The unconfirmed place is closed, not deleted: its history stays readable. Raises ``bed_has_work`` while it has
    unfinished work.
    """
    bed = _bed(bed_id, actor)
    target = _bed(to_bed_id, actor)
    if bed.pk == target.pk:
        raise RuleBroken("same_place", str(bed_id))
    if bed.confirmed:
        raise RuleBroken("place_is_confirmed", str(bed_id))
    state_lock()
    LocationAlias.objects.update_or_create(
        sender=None,
        point_of_care=bed.room.ward.code,
        room="" if bed.room.code == "?" else bed.room.code,
        bed=bed.code,
        defaults={"ward": target.room.ward, "bed_place": target},
    )
    streams = set(
        Stay.objects.filter(
            Q(occupancies__bed=bed) | Q(departures__bed=bed) | Q(wanted_bed=bed) | Q(pending_bed=bed)
        ).values_list("stream_id", flat=True)
    )
    streams_project(streams, at=at)
    BedState.objects.filter(bed=bed).update(closed_at=at, closed_reason="mapped", changed_at=at)
    changes_notify(beds=[bed.pk, target.pk], wards=[bed.room.ward_id, target.room.ward_id])


def _bed(bed_id: int, actor: AbstractBaseUser) -> BedPlace:
    role_require(actor, PLACE_ROLES)
    bed = BedPlace.objects.select_related("room__ward").filter(pk=bed_id).first()
    if bed is None:
        raise RuleBroken("unknown_bed", str(bed_id))
    ward_require(actor, bed.room.ward_id)
    return bed
