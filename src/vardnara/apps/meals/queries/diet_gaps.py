"""Where the diets of a ward have gaps: what to go and ask about each day (edge-20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.queries.stays import StayFacts, stays_in_wards
from vardnara.apps.meals.choices import DietPart, DietSource
from vardnara.apps.meals.models import Restriction
from vardnara.apps.meals.queries.needs import needs_of

SENT = (DietSource.ORDER, DietSource.FHIR, DietSource.ADMISSION, DietSource.ALLERGY_LIST)


@dataclass(frozen=True, slots=True)
class DietGap:
    """What is missing of one stay's diet.

    ``unmapped`` are words that nobody has given a meaning, ``contradictions`` parts of which sources say two things,
    ``only_here`` allergens written here or said by the patient that no system sent, ``only_sent`` the other way.
    """

    stay: StayFacts
    no_base: bool
    unmapped: tuple[str, ...]
    contradictions: tuple[str, ...]
    only_here: tuple[str, ...]
    only_sent: tuple[str, ...]


def diet_gaps(ward_ids: Collection[int], at: datetime) -> list[DietGap]:
    """The stays of these wards whose diets have a gap, in the order of beds; five queries, however many stays."""
    stays = stays_in_wards(ward_ids)
    needs = needs_of(stays, at=at)
    rows: dict[int, list[Restriction]] = defaultdict(list)
    for row in Restriction.objects.filter(patient__in={stay.patient_id for stay in stays}, ended_at__isnull=True):
        if row.valid_from <= at and (row.valid_until is None or at < row.valid_until):
            rows[row.patient_id].append(row)
    gaps = []
    for stay in stays:
        held = [row for row in rows[stay.patient_id] if row.stay_id in (None, stay.id)]
        sent = {row.code for row in held if row.part == DietPart.ALLERGEN and row.code and row.source in SENT}
        here = {row.code for row in held if row.part == DietPart.ALLERGEN and row.source not in SENT}
        gap = DietGap(
            stay=stay,
            no_base=DietPart.BASE in needs[stay.id].missing,
            unmapped=tuple(sorted({row.text for row in held if not row.code})),
            contradictions=needs[stay.id].contradictions,
            only_here=tuple(sorted(here - sent)),
            only_sent=tuple(sorted(sent - here)),
        )
        if gap.no_base or gap.unmapped or gap.contradictions or gap.only_here or gap.only_sent:
            gaps.append(gap)
    return gaps
