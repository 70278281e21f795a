"""A patient's diet as rows to the engine's restrictions."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.apps.meals.choices import DietPart, DietSource, FastingRule
from vardnara.apps.meals.models import Restriction as Row
from vardnara.engines.diet.data import Fasting
from vardnara.engines.diet.orders import Ending, Restriction, RestrictionKind, Source

KINDS = {
    DietPart.BASE: RestrictionKind.BASE_DIET,
    DietPart.SPECIAL: RestrictionKind.SPECIAL_DIET,
    DietPart.TEXTURE: RestrictionKind.TEXTURE,
    DietPart.IDDSI: RestrictionKind.FOOD_LEVEL,
    DietPart.FLUID: RestrictionKind.FLUID_LEVEL,
    DietPart.ALLERGEN: RestrictionKind.ALLERGEN,
    DietPart.EXCLUSION: RestrictionKind.EXCLUSION,
    DietPart.PORTION: RestrictionKind.PORTION,
    DietPart.FASTING: RestrictionKind.FASTING,
}  # supplements and aids restrict nothing
SOURCES = {
    DietSource.ORDER: Source.HL7_ORDER,
    DietSource.FHIR: Source.FHIR,
    DietSource.ADMISSION: Source.PV1_38,
    DietSource.ALLERGY_LIST: Source.HL7_ALLERGY,
    DietSource.LOCAL: Source.LOCAL,
    DietSource.PATIENT: Source.PATIENT,
}
FASTING = {FastingRule.NOTHING: Fasting.NOTHING, FastingRule.CLEAR_FLUIDS: Fasting.CLEAR_FLUIDS}


def restrictions(rows: Iterable[Row]) -> list[Restriction]:
    """Rows as the engine reads them. What nobody has put into codes makes the diet one that is not known."""
    return [_restriction(row) for row in rows if row.part in KINDS]


def _restriction(row: Row) -> Restriction:
    kind = KINDS[DietPart(row.part)] if row.code else RestrictionKind.UNMAPPED
    value = row.code or row.text
    if kind is RestrictionKind.FASTING:
        value = FASTING[FastingRule(row.code)].value
    who = f"user {row.set_by_id}" if row.set_by_id is not None else row.source_name or row.source
    ended = None
    if row.ended_at is not None:
        ended = Ending(at=row.ended_at, who=str(row.ended_by_id or row.source), why=row.ended_reason)
    return Restriction(
        kind=kind,
        value=value,
        source=SOURCES[DietSource(row.source)],
        who=who,
        role=row.set_profession or row.source,
        recorded_at=row.set_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        why=row.reason,
        source_name=row.source_name,
        traces_tolerated=row.traces_tolerated,
        ended=ended,
    )
