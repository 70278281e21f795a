"""Places of a hospital, a division or a ward, and how they were used over a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Min, Q, Sum

from vardnara.apps.hospital.choices import WardKind
from vardnara.apps.hospital.models import Departure, Hospital, Ward
from vardnara.kernel.local_time import day_bounds, local_date

BED_DAYS = """
SELECT coalesce(sum(extract(epoch FROM least(upper(lying.during), %(until)s) - greatest(lower(lying.during), %(since)s))
                    / 86400), 0)
FROM hospital_occupancy lying
JOIN hospital_bedplace bed ON bed.id = lying.bed_id
JOIN hospital_room room ON room.id = bed.room_id
WHERE lying.during && tstzrange(%(since)s, %(until)s) AND room.ward_id = ANY(%(wards)s)
"""


@dataclass(frozen=True, slots=True)
class PlaceUse:
    """Staffed (disponibla) and budgeted (fastställda) places, and bed days from ``since`` until before ``until``.

    ``n_unstated`` wards have no number of staffed places, and their places are counted as they exist. ``since`` is
    later than was asked where the record begins later, that is on the day after its first departure, which is its first
    whole day; None where it holds no day of the period.
    """

    n_wards: int
    staffed: int
    budgeted: int | None
    n_unstated: int
    since: date | None
    until: date
    bed_days: Decimal

    @property
    def days(self) -> int:
        return (self.until - self.since).days if self.since else 0


def place_use(
    *, hospital_id: int, since: date, until: date, division_id: int | None = None, ward_id: int | None = None
) -> PlaceUse:
    """Care places (inpatient and intensive) and their use; the caller answers for scope."""
    wards = Ward.objects.filter(
        division__hospital=hospital_id, confirmed=True, kind__in=(WardKind.INPATIENT, WardKind.INTENSIVE)
    )
    if division_id is not None:
        wards = wards.filter(division=division_id)
    if ward_id is not None:
        wards = wards.filter(pk=ward_id)
    rows = list(
        wards.annotate(
            n_capacity=Sum("rooms__beds__capacity", filter=Q(rooms__beds__confirmed=True)),
        ).values_list("pk", "staffed_beds", "budgeted_beds", "n_capacity")
    )
    ids = [pk for pk, *_ in rows]
    budgeted = [number for _, _, number, _ in rows if number is not None]
    first: datetime | None = Departure.objects.filter(bed__room__ward__division__hospital=hospital_id).aggregate(
        first=Min("left_at")
    )["first"]  # who lay there before the record began came in before it, and would make it look longer
    begun = max(since, local_date(first) + timedelta(days=1)) if first is not None else None
    if begun is not None and begun >= until:
        begun = None
    return PlaceUse(
        n_wards=len(rows),
        staffed=sum((there or 0) if staffed is None else staffed for _, staffed, _, there in rows),
        budgeted=sum(budgeted) if budgeted else None,
        n_unstated=sum(staffed is None for _, staffed, _, _ in rows),
        since=begun,
        until=until,
        bed_days=_bed_days(ids, begun, until) if begun is not None else Decimal(0),
    )


def _bed_days(ward_ids: list[int], since: date, until: date) -> Decimal:
    with connection.cursor() as cursor:
        cursor.execute(BED_DAYS, {"since": day_bounds(since)[0], "until": day_bounds(until)[0], "wards": ward_ids})
        found: Decimal = cursor.fetchone()[0]
    return found


def hospital_region(*, hospital_id: int) -> tuple[int, str, str]:
    """Id and name of a hospital's region, and the hospital's name."""
    found = Hospital.objects.select_related("region").get(pk=hospital_id)
    return found.region_id, found.region.name, found.name
