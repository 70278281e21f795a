"""Reads about beds that work on them needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from vardnara.apps.hospital.choices import RoomKind
from vardnara.apps.hospital.events import BedChanged
from vardnara.apps.hospital.models import BedPlace, BedState, Occupancy, Stay
from vardnara.parameters.contagion import strictest


def bed_is_wanted(bed_id: int) -> bool:
    """Whether somebody waits for the bed: a stay without a place, one that is to move there, or a reservation."""
    return (
        Stay.objects.filter(wanted_bed=bed_id, without_place=True).exists()
        or Stay.objects.filter(pending_bed=bed_id).exists()
        or BedState.objects.filter(bed=bed_id, reserved_at__isnull=False).exists()
    )


def bed_room_is_single(bed_id: int) -> bool:
    """Whether the bed is alone in its room, hygiene room included in its clean."""
    return BedPlace.objects.filter(pk=bed_id, room__kind__in=[RoomKind.SINGLE, RoomKind.ISOLATION]).exists()


def bed_facts(bed_ids: Iterable[int], *, at: datetime) -> list[BedChanged]:
    """What work on these beds must know of them now."""
    beds = {bed.pk: bed for bed in BedPlace.objects.filter(pk__in=set(bed_ids)).select_related("room", "state")}
    now: dict[int, list[Stay]] = defaultdict(list)
    for row in Occupancy.objects.filter(bed__in=beds, during__upper_inf=True).select_related("stay"):
        now[row.bed_id].append(row.stay)
    return [
        BedChanged(
            bed_id=bed_id,
            ward_id=bed.room.ward_id,
            occupied=bool(now[bed_id]),
            contagion_class=strictest(
                [bed.state.contagion_class, bed.room.contagion_class, *(stay.contagion_class for stay in now[bed_id])]
            ),
            discharge_pending=any(stay.discharge_ordered_at or stay.discharge_confirmed_at for stay in now[bed_id]),
            at=at,
        )
        for bed_id, bed in sorted(beds.items())
    ]


def occupied_beds(*, at: datetime) -> list[BedChanged]:
    """The same facts for every bed that somebody lies in now and is not on leave from."""
    rows = Occupancy.objects.filter(during__upper_inf=True, stay__on_leave_since__isnull=True)
    return bed_facts(rows.values_list("bed_id", flat=True), at=at)


def bed_cleanliness() -> list[tuple[int, str]]:
    """Every bed with its cleanliness."""
    return list(BedState.objects.order_by("bed_id").values_list("bed_id", "cleanliness"))
