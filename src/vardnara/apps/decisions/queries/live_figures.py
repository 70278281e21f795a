"""Live figures that watch risks: of the whole hospital, a division or a ward; now, and when the case was decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from vardnara.apps.decisions.choices import Indicator
from vardnara.apps.decisions.models import Case, RiskRow
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.service.queries.indicators import weekly_indicators
from vardnara.kernel.local_time import day_bounds

type Place = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Live:
    """A live figure beside the threshold of a risk.

    ``then`` is what it was when the case was decided, or when the risk was last scored after that.
    """

    label: str
    value: Decimal
    threshold: Decimal
    place: str = ""
    then: Decimal | None = None

    @property
    def is_over(self) -> bool:
        return self.value > self.threshold

    @property
    def has_moved(self) -> bool:
        """It went above its threshold and is higher than when the risk was last scored: it is to be scored again."""
        return self.is_over and self.then is not None and self.value > self.then


@dataclass(slots=True)
class LiveFigures:
    """Figures of one case, each place reckoned once."""

    case: Case
    at: datetime
    known: dict[tuple[Place, datetime], dict[str, Decimal]] = field(default_factory=dict)
    names: dict[Place, str] | None = None

    def _at(self, place: Place, at: datetime) -> dict[str, Decimal]:
        if (place, at) not in self.known:
            division, ward = place
            self.known[place, at] = weekly_indicators(
                hospital_id=self.case.hospital_id, division_id=division, ward_id=ward, at=at
            )
        return self.known[place, at]

    def _scored_at(self, row: RiskRow) -> datetime | None:
        """When the risk was last scored after the decision, else the end of the day of the decision."""
        if self.case.decided_on is None:
            return None
        decided = day_bounds(self.case.decided_on)[1]
        return min(self.at, row.residual_at if row.residual_at and row.residual_at > decided else decided)

    def _name(self, place: Place) -> str:
        if self.names is None:
            divisions = organisation(hospital_id=self.case.hospital_id)
            self.names = {(one.id, None): one.name for one in divisions}
            self.names |= {(None, ward.id): ward.name for one in divisions for ward in one.wards}
        return self.names.get(place, "")

    def of(self, row: RiskRow) -> Live | None:
        """The figure that watches a risk, None where none does."""
        if not row.indicator or row.threshold is None:
            return None
        place = (row.indicator_division_id, row.indicator_ward_id)
        scored = self._scored_at(row)
        return Live(
            label=str(Indicator(row.indicator).label),
            value=self._at(place, self.at)[row.indicator],
            threshold=row.threshold,
            place=self._name(place) if any(place) else "",
            then=self._at(place, scored)[row.indicator] if scored else None,
        )


def place_choices(hospital_id: int) -> list[tuple[str, str]]:
    """Divisions and wards that a figure can be of, as keys and names."""
    found = []
    for division in organisation(hospital_id=hospital_id):
        found.append((f"division:{division.id}", division.name))
        found += [(f"ward:{ward.id}", f"\u2003{ward.name}") for ward in division.wards]
    return found
