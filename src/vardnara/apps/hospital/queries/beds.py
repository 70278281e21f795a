"""Reads about beds that work on them needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Exists, Func, Max, OuterRef, Q

from vardnara.apps.hospital.choices import RoomKind
from vardnara.apps.hospital.events import BedChanged
from vardnara.apps.hospital.models import BedPlace, BedState, Occupancy, Stay
from vardnara.parameters.contagion import strictest


@dataclass(frozen=True, slots=True)
class TurnoverFacts:
    """What a turnover clean of a bed depends on beside who lay there."""

    single_room: bool  # alone in its room, hygiene room included in the clean
    wanted: bool  # a stay without a place, one that is to move there, or a reservation waits for it


def turnover_facts(bed_ids: Iterable[int]) -> dict[int, TurnoverFacts]:
    """The facts of each bed."""
    waiting = Stay.objects.filter(wanted_bed=OuterRef("pk"), without_place=True)
    coming = Stay.objects.filter(pending_bed=OuterRef("pk"))
    beds = BedPlace.objects.filter(pk__in=set(bed_ids)).values_list(
        "pk", "room__kind", Exists(waiting) | Exists(coming) | Q(state__reserved_at__isnull=False)
    )
    return {
        pk: TurnoverFacts(single_room=kind in (RoomKind.SINGLE, RoomKind.ISOLATION), wanted=wanted)
        for pk, kind, wanted in beds
    }


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


def beds_last_left(bed_ids: Iterable[int]) -> dict[int, datetime]:
    """When somebody last left each bed for good, of those that anybody has left."""
    ended = Occupancy.objects.filter(bed__in=set(bed_ids), during__upper_inf=False)
    upper = Func("during", function="upper", output_field=DateTimeField())
    return dict(ended.values_list("bed_id").annotate(last=Max(upper)))
