"""Portions that were wasted, by cause, ward, meal and week; each figure with the way to its rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.hospital.queries.place_page import ward_list
from vardnara.apps.meals.choices import MealKind, WasteCause
from vardnara.apps.meals.models import Kitchen, PortionCost, WasteFinding
from vardnara.apps.meals.queries.offered import MEAL_ORDER, kitchen_of
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS = (
    Role.KITCHEN,
    Role.SERVICE_HEAD,
    Role.ADMINISTRATOR,
    Role.CONTROLLER,
    Role.COORDINATOR,
    Role.AUDITOR,
)
QUARTER = Decimal("0.25")
ROWS = 500  # on one page


def kitchens_reached(*, actor: User) -> list[Kitchen]:
    """The kitchens of the hospitals that the reader reaches whole."""
    return list(Kitchen.objects.filter(hospital__in=user_reach(actor).hospital_ids).order_by("name", "pk"))


def kitchens_all() -> list[Kitchen]:
    """Every kitchen. Only the command line may ask."""
    return list(Kitchen.objects.order_by("hospital", "code"))


def kitchen_reached(*, actor: User, kitchen_id: int) -> Kitchen:
    """One of them; raises ``unknown_kitchen``."""
    for kitchen in kitchens_reached(actor=actor):
        if kitchen.pk == kitchen_id:
            return kitchen
    raise RuleBroken("unknown_kitchen", str(kitchen_id))


def ward_kitchen(*, ward_id: int, on: date) -> Kitchen | None:
    """The kitchen that cooks for a ward on a date; the caller answers for the ward."""
    found = kitchen_of(ward_id=ward_id, on=on)
    return None if found is None else Kitchen.objects.get(pk=found.kitchen_id)


@dataclass(slots=True)
class Tally:
    """Portions of one cause, ward, meal or week: ``n`` were wasted whole or in part, and come to ``portions``.

    ``sek`` is None where no cost is entered for some of them.
    """

    key: str
    name: str
    cooked: int = 0
    noted: int = 0
    n: int = 0
    portions: Decimal = Decimal(0)
    untouched: int = 0
    joined: int = 0
    said: int = 0
    unknown: int = 0
    told_late: int = 0
    in_time: int = 0
    contradicted: int = 0
    sek: Decimal | None = Decimal(0)

    @property
    def share(self) -> float | None:
        """Wasted portions of those of which it is known; None where that is less than half: a stopped tray is always
        known, an eaten one only where somebody noted it, so few notes would make the share too high.
        """
        return float(self.portions / self.noted) if self.noted * 2 >= self.cooked and self.noted else None

    @property
    def untouched_share(self) -> float | None:
        """Untouched trays of those of which it is known."""
        return self.untouched / self.noted if self.noted * 2 >= self.cooked and self.noted else None

    def add(self, row: WasteFinding, sek: Decimal | None) -> None:
        """Count a finding."""
        self.cooked += row.cooked
        self.noted += row.cooked and row.noted
        self.untouched += row.untouched
        if not row.quarters:
            return
        self.n += 1
        self.portions += row.quarters * QUARTER
        self.joined += row.sure == "joined"
        self.said += row.sure == "said"
        self.unknown += row.sure == "unknown"
        self.told_late += row.timing == "told_late"
        self.in_time += row.timing == "in_time"
        self.contradicted += row.contradicted
        self.sek = None if self.sek is None or sek is None else self.sek + row.quarters * QUARTER * sek


@dataclass(slots=True)
class WasteReport:
    """A kitchen's wasted portions from ``since`` until before ``until``."""

    kitchen: Kitchen
    since: date
    until: date
    whole: Tally
    causes: list[Tally] = field(default_factory=list)
    wards: list[Tally] = field(default_factory=list)
    meals: list[Tally] = field(default_factory=list)
    weeks: list[Tally] = field(default_factory=list)
    costs: list[PortionCost] = field(default_factory=list)

    @property
    def last(self) -> date:
        """The last day."""
        return self.until - timedelta(days=1)


def findings_now(*, kitchen: Kitchen, since: date, until: date) -> QuerySet[WasteFinding]:
    """The findings that hold, of meals of the period."""
    return WasteFinding.objects.filter(kitchen=kitchen, on__gte=since, on__lt=until, superseded_at__isnull=True)


def waste_report(*, kitchen: Kitchen, since: date, until: date, names: dict[int, str]) -> WasteReport:
    """What was wasted and why; ``names`` are the wards' names."""
    costs = list(PortionCost.objects.filter(kitchen=kitchen).order_by("from_on", "pk"))
    whole = Tally("", "")
    groups: dict[str, dict[str, Tally]] = defaultdict(dict)
    meals, causes = dict(MealKind.choices), dict(WasteCause.choices)
    for row in findings_now(kitchen=kitchen, since=since, until=until).defer("evidence").iterator():
        sek = _cost(costs, row)
        year, week, _ = row.on.isocalendar()
        named = [
            ("wards", str(row.ward_id), names.get(row.ward_id, str(row.ward_id))),
            ("meals", row.meal, meals[row.meal]),
            ("weeks", f"{year}-{week:02}", f"{year} v. {week}"),
        ]
        if row.cause:
            named.append(("causes", row.cause, causes[row.cause]))
        whole.add(row, sek)
        for group, key, name in named:
            groups[group].setdefault(key, Tally(key, name)).add(row, sek)
    return WasteReport(
        kitchen=kitchen,
        since=since,
        until=until,
        whole=whole,
        causes=sorted(groups["causes"].values(), key=lambda one: (-one.portions, one.key)),
        wards=sorted(groups["wards"].values(), key=lambda one: (-one.portions, one.name)),
        meals=sorted(groups["meals"].values(), key=lambda one: MEAL_ORDER[one.key]),
        weeks=sorted(groups["weeks"].values(), key=lambda one: one.key),
        costs=costs,
    )


def _cost(costs: list[PortionCost], row: WasteFinding) -> Decimal | None:
    """What a portion cost then: the meal's own before any meal's, the latest of each."""
    valid = [one for one in costs if one.from_on <= row.on and one.meal in ("", row.meal)]
    return max(valid, key=lambda one: (one.meal != "", one.from_on, one.pk)).sek if valid else None


def ward_names(*, actor: User) -> dict[int, str]:
    """Names of the wards that the reader reaches."""
    return {row.id: row.name for row in ward_list(actor=actor, confirmed=True)}


def finding_rows(
    *, kitchen: Kitchen, since: date, until: date, cause: str = "", ward_id: int | None = None, meal: str = ""
) -> list[WasteFinding]:
    """The wasted portions behind a figure, newest first."""
    rows = findings_now(kitchen=kitchen, since=since, until=until).filter(quarters__gt=0)
    if cause:
        rows = rows.filter(cause=cause)
    if ward_id is not None:
        rows = rows.filter(ward=ward_id)
    if meal:
        rows = rows.filter(meal=meal)
    return list(rows.order_by("-on", "meal", "order")[:ROWS])
