"""What drives the work of wards in an average week: patients and discharges, as measured, else beds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Count, Min, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from vardnara.apps.hospital.choices import RoomKind
from vardnara.apps.hospital.models import Departure, Hospital, Ward
from vardnara.kernel.local_time import STOCKHOLM, day_bounds, local_date

LEAST_DAYS = 14  # whole days of record without which no weekday has a mean
WEEK, DAY_HOURS = 7, 24
ALONE = (RoomKind.SINGLE, RoomKind.ISOLATION)  # rooms for one, as a turnover clean knows them

PATIENT_DAYS = """
SELECT room.ward_id, extract(isodow FROM day)::int,
       sum(extract(epoch FROM least(upper(lying.during), upper(span)) - greatest(lower(lying.during), lower(span)))
           / extract(epoch FROM upper(span) - lower(span)))::float8
FROM (SELECT day, tstzrange(day AT TIME ZONE %(zone)s, (day + interval '1 day') AT TIME ZONE %(zone)s) AS span
      FROM generate_series(%(since)s::timestamp, %(until)s::timestamp - interval '1 day', interval '1 day') AS day
     ) AS days
JOIN hospital_occupancy lying ON lying.during && span
JOIN hospital_bedplace bed ON bed.id = lying.bed_id
JOIN hospital_room room ON room.id = bed.room_id
WHERE room.ward_id = ANY(%(wards)s)
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class WardDemand:
    """A ward in an average week, Monday first.

    ``basis`` says where patients and discharges come from: ``measured`` from stays on ``n_days`` whole days; else the
    patients are all ``staffed`` or ``budgeted`` beds, or all ``places``, and discharges are not known and stand as 0.
    ``discharges`` is every time that somebody left a bed for good, ``single_share`` those of them from single rooms.
    """

    ward_id: int
    code: str
    name: str
    beds: float
    patients: tuple[float, ...]
    discharges: tuple[float, ...]
    discharge_hours: tuple[float, ...] | None
    contagion_share: float
    single_share: float
    basis: str
    n_days: int


def ward_demand(*, ward_ids: Collection[int], today: date, weeks: int) -> list[WardDemand]:
    """What drives the work of some wards, in the order of a list of wards; the caller has checked who may ask.

    Counted from the first departure that the hospital's record holds: of whoever left before it nothing is known.
    """
    wards = list(
        Ward.objects.filter(pk__in=list(ward_ids))
        .select_related("division")
        .annotate(
            n_places=Count("rooms__beds", filter=Q(rooms__beds__confirmed=True)),
            n_single=Count("rooms__beds", filter=Q(rooms__beds__confirmed=True, rooms__kind__in=ALONE)),
        )
        .order_by("division_id", "pk")
    )
    periods = {
        hospital_id: _period(hospital_id, today, weeks) for hospital_id in {ward.division.hospital_id for ward in wards}
    }
    found: dict[int, WardDemand] = {}
    for since in set(periods.values()):
        own = [ward for ward in wards if periods[ward.division.hospital_id] == since]
        for demand in _measured(own, since, today) if since else map(_by_beds, own):
            found[demand.ward_id] = demand
    return [found[ward.pk] for ward in wards]


def hospital_one(code: str = "") -> tuple[int, str] | None:
    """Id and name of the hospital with this code, or of the only confirmed one. Only the command line may ask."""
    hospitals = Hospital.objects.filter(code=code) if code else Hospital.objects.filter(confirmed=True)
    found = list(hospitals.order_by("pk").values_list("pk", "name")[:2])
    return found[0] if len(found) == 1 else None


def ward_ids_confirmed(*, hospital_id: int) -> list[int]:
    """Wards of a hospital that somebody has confirmed. Only the command line may ask."""
    return list(Ward.objects.filter(division__hospital=hospital_id, confirmed=True).values_list("pk", flat=True))


def wards_confirmed(*, ward_ids: Collection[int]) -> set[int]:
    """Those of some wards that somebody has confirmed."""
    return set(Ward.objects.filter(pk__in=list(ward_ids), confirmed=True).values_list("pk", flat=True))


def _period(hospital_id: int, today: date, weeks: int) -> date | None:
    """The first whole day of the record within the period, None where too few days are left."""
    first = Departure.objects.filter(bed__room__ward__division__hospital=hospital_id).aggregate(first=Min("left_at"))
    if first["first"] is None:
        return None
    since = max(today - timedelta(days=WEEK * weeks), local_date(first["first"]) + timedelta(days=1))
    return since if (today - since).days >= LEAST_DAYS else None


def _beds(ward: Ward) -> tuple[float, str]:
    for number, basis in ((ward.staffed_beds, "staffed"), (ward.budgeted_beds, "budgeted")):
        if number is not None:
            return float(number), basis
    return float(ward.n_places), "places"


def _by_beds(ward: Ward) -> WardDemand:
    beds, basis = _beds(ward)
    single = ward.n_single / ward.n_places if ward.n_places else 0.0
    nothing = (0.0,) * WEEK
    return WardDemand(ward.pk, ward.code, ward.name, beds, (beds,) * WEEK, nothing, None, 0.0, single, basis, 0)


def _measured(wards: list[Ward], since: date, until: date) -> list[WardDemand]:
    ids = [ward.pk for ward in wards]
    n_days = (until - since).days
    weekdays = [sum((since + timedelta(days=day)).weekday() == one for day in range(n_days)) for one in range(WEEK)]
    patients: dict[int, list[float]] = defaultdict(lambda: [0.0] * WEEK)
    with connection.cursor() as cursor:
        cursor.execute(PATIENT_DAYS, {"zone": STOCKHOLM.key, "since": since, "until": until, "wards": ids})
        for ward_id, weekday, days in cursor.fetchall():
            patients[ward_id][weekday - 1] = days / weekdays[weekday - 1]
    departures = Departure.objects.filter(
        bed__room__ward__in=ids,
        voided_at__isnull=True,
        left_at__gte=day_bounds(since)[0],
        left_at__lt=day_bounds(until)[0],
    ).values_list(
        "bed__room__ward_id",
        ExtractIsoWeekDay("left_at", tzinfo=STOCKHOLM),
        ExtractHour("left_at", tzinfo=STOCKHOLM),
        "bed__room__kind",
    )
    left: dict[int, list[float]] = defaultdict(lambda: [0.0] * WEEK)
    hours: dict[int, list[float]] = defaultdict(lambda: [0.0] * DAY_HOURS)
    contagious: dict[int, int] = defaultdict(int)
    single: dict[int, int] = defaultdict(int)
    for ward_id, weekday, hour, room, n, n_contagious in departures.annotate(
        n=Count("pk"), n_contagious=Count("pk", filter=~Q(contagion_class=""))
    ):
        left[ward_id][weekday - 1] += n
        hours[ward_id][hour] += n
        contagious[ward_id] += n_contagious
        single[ward_id] += n if room in ALONE else 0
    found = []
    for ward in wards:
        total = sum(left[ward.pk])
        found.append(
            WardDemand(
                ward.pk,
                ward.code,
                ward.name,
                _beds(ward)[0],
                tuple(patients[ward.pk]),
                tuple(number / days for number, days in zip(left[ward.pk], weekdays, strict=True)),
                tuple(hours[ward.pk]) if total else None,
                contagious[ward.pk] / total if total else 0.0,
                single[ward.pk] / total if total else 0.0,
                "measured",
                n_days,
            )
        )
    return found
