"""What drives the work of wards now: beds, and who lies in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count

from vardnara.apps.hospital.models import Hospital, Occupancy, Ward


@dataclass(frozen=True, slots=True)
class WardNow:
    """A ward with its beds and the places that somebody lies in and is not on leave from."""

    ward_id: int
    n_beds: int
    occupied_beds: tuple[int, ...]


def hospital_ids() -> list[int]:
    """Every hospital, for work that is laid out for each; not limited to a person."""
    return list(Hospital.objects.order_by("pk").values_list("pk", flat=True))


def wards_now(*, hospital_id: int, ward_ids: Collection[int] | None = None) -> list[WardNow]:
    """The confirmed wards of a hospital, or some of them; staffed beds where the number is known, else places."""
    wards = Ward.objects.filter(division__hospital=hospital_id, confirmed=True)
    if ward_ids is not None:
        wards = wards.filter(pk__in=list(ward_ids))
    rows = list(wards.annotate(n_places=Count("rooms__beds")).values_list("pk", "staffed_beds", "n_places"))
    lying: dict[int, set[int]] = defaultdict(set)
    for ward_id, bed_id in Occupancy.objects.filter(
        during__upper_inf=True, stay__on_leave_since__isnull=True, bed__room__ward__in=[pk for pk, _, _ in rows]
    ).values_list("bed__room__ward_id", "bed_id"):
        lying[ward_id].add(bed_id)
    return [
        WardNow(pk, n_places if staffed is None else staffed, tuple(sorted(lying[pk])))
        for pk, staffed, n_places in rows
    ]
