"""What of beds and parts may have to be told to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Func

from vardnara.apps.hospital.choices import Cleanliness
from vardnara.apps.hospital.models import Hospital, Occupancy
from vardnara.apps.hospital.queries.parts import STALE_SECONDS, part_list


@dataclass(frozen=True, slots=True)
class UncleanBed:
    """Somebody lies in a bed that was not cleaned, since when."""

    bed_id: int
    ward_id: int
    since: datetime


def unclean_occupied(*, hospital_id: int) -> list[UncleanBed]:
    """Every such bed of a hospital (CONTRACT 1.6)."""
    lower = Func("during", function="lower", output_field=DateTimeField())
    rows = (
        Occupancy.objects.filter(during__upper_inf=True, bed__room__ward__division__hospital=hospital_id)
        .exclude(bed__state__cleanliness=Cleanliness.CLEAN)
        .filter(bed__state__isnull=False)
        .values_list("bed_id", "bed__room__ward_id", lower)
    )
    found: dict[int, UncleanBed] = {}
    for bed, ward, since in rows.order_by("bed_id", "slot"):
        found.setdefault(bed, UncleanBed(bed, ward, since))
    return list(found.values())


def parts_silent(*, at: datetime) -> list[tuple[str, datetime]]:
    """Parts of which no instance has done a round lately: name, and when one last did."""
    newest: dict[str, datetime] = {}
    for row in part_list(at=at):
        newest[str(row.part)] = max(row.beat_at, newest.get(str(row.part), row.beat_at))
    return [(part, beat) for part, beat in sorted(newest.items()) if (at - beat).total_seconds() > STALE_SECONDS]


def hospital_names() -> dict[int, str]:
    """Every hospital by key, with its name."""
    return dict(Hospital.objects.values_list("pk", "name"))


def hospital_invented(hospital_id: int) -> bool:
    """Whether a hospital is the demo's."""
    return Hospital.objects.filter(pk=hospital_id, invented=True).exists()
