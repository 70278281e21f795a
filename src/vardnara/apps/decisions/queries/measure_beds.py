"""Places, occupancy and guide values beside a measure that touches beds (S-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from vardnara.apps.decisions.choices import GuideKind
from vardnara.apps.decisions.models import GuideValue, Measure
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.apps.hospital.queries.occupancy import PlaceUse, hospital_region, place_use
from vardnara.engines.measures import Beds, beds_after
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class PlaceBeds:
    """A place with its use now and after a change; ``after`` is None where more places would go than there are."""

    name: str
    use: PlaceUse
    now: Beds | None
    after: Beds | None
    places_after: int

    @property
    def occupancy(self) -> Decimal | None:
        return self.now.occupancy_share if self.now else None

    @property
    def occupancy_after(self) -> Decimal | None:
        return self.after.occupancy_share if self.after else None


@dataclass(frozen=True, slots=True)
class BedsPage:
    """The measure's own place and the whole hospital, the region's guide values, and the period that was asked for."""

    rows: tuple[PlaceBeds, ...]
    region: str
    guides: dict[str, GuideValue]
    since: date
    until: date


def guide_values(*, actor: User) -> tuple[str, tuple[GuideValue, ...]]:
    """The region's name, and all that was entered for it, the newest of a kind and year first."""
    region_id, name, _ = hospital_region(hospital_id=_hospital(actor))
    rows = GuideValue.objects.filter(region=region_id).select_related("by")
    return name, tuple(rows.order_by("kind", "-year", "-at", "-pk"))


def _hospital(actor: User) -> int:
    reach = hospitals_in_reach(actor)
    if not reach:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no whole hospital")
    return min(reach)


def guides_of(*, hospital_id: int, year: int) -> dict[str, GuideValue]:
    """The guide value of each kind that holds in a year: of that year, else of the last year before it."""
    region_id, _, _ = hospital_region(hospital_id=hospital_id)
    found: dict[str, GuideValue] = {}
    for one in GuideValue.objects.filter(region=region_id, year__lte=year).order_by("year", "at", "pk"):
        found[GuideKind(one.kind).value] = one
    return found


def measure_beds(*, measure: Measure, since: date, until: date) -> BedsPage | None:
    """Places and occupancy from ``since`` until before ``until``; None where the measure touches no beds."""
    if measure.beds_change is None:
        return None
    _, region, hospital = hospital_region(hospital_id=measure.hospital_id)
    rows = []
    if measure.ward_id or measure.division_id:
        place = measure.ward or measure.division
        assert place is not None
        own = place_use(
            hospital_id=measure.hospital_id,
            since=since,
            until=until,
            division_id=measure.division_id,
            ward_id=measure.ward_id,
        )
        rows.append(_row(place.name, own, measure.beds_change))
    whole = place_use(hospital_id=measure.hospital_id, since=since, until=until)
    rows.append(_row(hospital, whole, measure.beds_change))
    return BedsPage(tuple(rows), region, guides_of(hospital_id=measure.hospital_id, year=until.year), since, until)


def _row(name: str, use: PlaceUse, change: int) -> PlaceBeds:
    now = Beds(use.staffed, use.bed_days, use.days) if use.days else None
    places = use.staffed + change
    after = beds_after(now, change) if now and places >= 0 else None
    return PlaceBeds(name, use, now, after, places)
