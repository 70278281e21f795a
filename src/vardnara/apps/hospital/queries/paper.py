"""Wards with their beds, for the lists on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from vardnara.apps.hospital.models import BedPlace, Ward
from vardnara.apps.hospital.queries.boards import BedRow, _bed_rows, natural


@dataclass(frozen=True, slots=True)
class PaperWard:
    """A ward and its beds as a list shows them; no identity."""

    id: int
    code: str
    name: str
    beds: tuple[BedRow, ...]


def paper_wards(*, ward_ids: Collection[int] | None = None) -> list[PaperWard]:
    """Confirmed wards with beds, by code; for jobs and for callers who have narrowed ``ward_ids`` to a reach."""
    wards = Ward.objects.filter(confirmed=True)
    if ward_ids is not None:
        wards = wards.filter(pk__in=list(ward_ids))
    beds: dict[int, list[BedRow]] = defaultdict(list)
    for bed in _bed_rows(BedPlace.objects.filter(room__ward__in=wards, confirmed=True)):
        beds[bed.ward_id].append(bed)
    rows = sorted(wards.values_list("pk", "code", "name"), key=lambda row: (natural(row[1]), row[0]))
    return [PaperWard(pk, code, name, tuple(beds[pk])) for pk, code, name in rows]
