"""How many patients lie on some wards at given instants, and who is booked to come and to leave. Numbers only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection

from vardnara.apps.hospital.choices import StayStatus
from vardnara.apps.hospital.models import AdtRecord, Stay

LYING = """
SELECT moment.number, count(lying.id)
FROM unnest(%(instants)s::timestamptz[]) WITH ORDINALITY AS moment(at, number)
LEFT JOIN (
    hospital_occupancy lying
    JOIN hospital_bedplace bed ON bed.id = lying.bed_id
    JOIN hospital_room room ON room.id = bed.room_id AND room.ward_id = ANY(%(wards)s)
) ON lying.during @> moment.at
GROUP BY 1 ORDER BY 1
"""


def census_at(*, ward_ids: Collection[int], instants: Sequence[datetime]) -> list[int]:
    """Patients in a bed of some wards at each instant, in their order; the caller answers for scope."""
    if not instants:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LYING, {"instants": list(instants), "wards": list(ward_ids)})
        return [int(n) for _, n in cursor.fetchall()]


def booked_net(*, ward_ids: Collection[int], instants: Sequence[datetime], at: datetime) -> list[int] | None:
    """Patients who are booked to come to some wards by each instant, less those expected to have left.

    None where only one of the two is told of at all: the other half would be missing in every number.
    """
    leaving = list(
        Stay.objects.filter(ward__in=ward_ids, status=StayStatus.OPEN, expected_discharge_at__gt=at).values_list(
            "expected_discharge_at", flat=True
        )
    )
    expected = Stay.objects.filter(ward__in=ward_ids, status=StayStatus.EXPECTED)
    records = AdtRecord.objects.filter(
        stream__stays__in=expected, outcome="applied", payload__has_key="admitted_at"
    ).order_by("effect_at", "pk")
    told = dict(records.values_list("stream", "payload__admitted_at"))
    coming = [moment for moment in map(datetime.fromisoformat, told.values()) if moment > at]
    if not leaving or not coming:
        return None
    return [
        sum(one <= instant for one in coming) - sum(one <= instant for one in leaving) for instant in instants
    ]  # fmt: skip
