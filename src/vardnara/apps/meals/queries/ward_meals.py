"""A ward's meal, patient by patient: what each needs, can have and has; and what the ward must be told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import StayFacts, stays_in_wards
from vardnara.apps.meals.choices import OrderOrigin, OrderState, Portion
from vardnara.apps.meals.models import HelpCall, MealNotice, MealOrder, OrderingAccess, OrderItem, StandingOrder
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.needs import DietLine, NeedsNow, diet_lines, needs_of
from vardnara.apps.meals.queries.offered import (
    KitchenOfWard,
    MealWindow,
    OfferedDish,
    fallbacks,
    kitchen_of,
    meal_windows,
    offered,
)
from vardnara.apps.meals.queries.plates import option_of
from vardnara.engines.diet.data import Fasting
from vardnara.engines.diet.result import Reason
from vardnara.engines.selection import fit

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

MEMORY = timedelta(days=14)  # choices longer ago say little of what one likes now
CHOSEN = (OrderOrigin.PATIENT, OrderOrigin.STAFF)
MAIN = ("menu", "day")
ONE_MAIN = ("lunch", "dinner")  # where choosing another dish of the menu takes the place of the first


@dataclass(frozen=True, slots=True)
class DishFit:
    """A dish for one patient. ``change`` is the variant by name; ``reasons`` speak against it as it is."""

    dish_id: int
    name: str
    names: dict[str, str]
    pictogram: str
    photo: str
    source: str
    energy_kcal: int | None
    protein_g: int | None
    safe: bool
    change: str
    reasons: tuple[Reason, ...]
    chosen: bool
    usual: bool

    @property
    def main(self) -> bool:
        """Whether it is of the menu rather than something that is always there."""
        return self.source in MAIN


@dataclass(frozen=True, slots=True)
class OrderNow:
    """A stay's order of the meal as it stands; ``dishes`` are names."""

    id: int
    state: str
    state_reason: str
    origin: str
    portion: str
    late: bool
    dishes: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class PatientMeal:
    """A patient's row of a ward's meal."""

    stay: StayFacts
    needs: NeedsNow
    lines: tuple[DietLine, ...]
    dishes: tuple[DishFit, ...]
    order: OrderNow | None
    access_code: str
    called_at: datetime | None
    can_change: bool

    @property
    def mains(self) -> list[DishFit]:
        """The dishes that a key chooses: those of the menu that the patient can have."""
        return [dish for dish in self.dishes if dish.main and dish.safe]

    @property
    def others(self) -> list[DishFit]:
        """What else the patient can have."""
        return [dish for dish in self.dishes if not dish.main and dish.safe]

    @property
    def refused(self) -> list[DishFit]:
        """Dishes of the menu that are not for this patient, with their causes."""
        return [dish for dish in self.dishes if dish.main and not dish.safe]

    @property
    def fasting(self) -> bool:
        """Whether the patient may have nothing when the meal is served."""
        return self.needs.needs.fasting is Fasting.NOTHING

    @property
    def usual(self) -> DishFit | None:
        """What "as usual" orders."""
        return next((dish for dish in self.dishes if dish.usual and dish.safe), None)


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the ward must be told."""

    id: int
    code: str
    loud: bool
    at: datetime
    meal: str
    on: date | None
    place: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WardMeal:
    """A ward's meal. ``phase`` is ``open``, ``late`` (late trays only) or ``closed``."""

    ward_id: int
    on: date
    kitchen: KitchenOfWard | None
    windows: tuple[MealWindow, ...]
    window: MealWindow | None
    phase: str
    rows: tuple[PatientMeal, ...]
    notices: tuple[Told, ...]

    @property
    def n_ordered(self) -> int:
        """How many have something on their plate."""
        return sum(row.order is not None and row.order.state == OrderState.OPEN for row in self.rows)

    @property
    def n_waiting(self) -> int:
        """How many can be ordered for and are not."""
        return sum(row.can_change and row.order is None for row in self.rows)


def ward_meal(*, actor: User, ward_id: int, on: date, meal: str, at: datetime, stay_id: int | None = None) -> WardMeal:
    """A ward's meal on a date; ``stay_id`` reads one row only. Raises ``out_of_scope``.

    Without a kitchen, or where the kitchen has no such meal, ``window`` is None and there are no rows.
    """
    ward_require(actor, ward_id)
    kitchen = kitchen_of(ward_id=ward_id, on=on)
    windows = tuple(meal_windows(kitchen_id=kitchen.kitchen_id, on=on)) if kitchen is not None else ()
    window = next((one for one in windows if one.meal == meal), None)
    notices = tuple(told(ward_id=ward_id))
    if kitchen is None or window is None:
        return WardMeal(ward_id, on, kitchen, windows, None, "closed", (), notices)
    phase = phase_of(window, at)
    stays = [stay for stay in stays_in_wards([ward_id]) if stay_id in (None, stay.id)]
    rows = patient_meals(stays=stays, kitchen=kitchen, window=window, on=on, phase=phase, at=at)
    return WardMeal(ward_id, on, kitchen, windows, window, phase, tuple(rows), notices)


def phase_of(window: MealWindow, at: datetime) -> str:
    """Whether a meal can be chosen, is for late trays only, or closed."""
    if at < window.deadline_at:
        return "open"
    return "late" if window.late_until_at is not None and at < window.late_until_at else "closed"


def patient_meals(
    *, stays: Collection[StayFacts], kitchen: KitchenOfWard, window: MealWindow, on: date, phase: str, at: datetime
) -> list[PatientMeal]:
    """The rows of some stays; a fixed number of queries, however many stays."""
    dishes = offered(kitchen_id=kitchen.kitchen_id, on=on, meals=[window.meal])
    house = fallbacks(kitchen_id=kitchen.kitchen_id, on=on, meals=[window.meal])
    needs = needs_of(stays, at=max(at, window.serves_from_at))
    lines = diet_lines(stays, at=at)
    ids = [stay.id for stay in stays]
    orders = {
        row.stay_id: row
        for row in MealOrder.objects.filter(stay__in=ids, on=on, meal=window.meal, extra=False)
        .exclude(state__in=OVER)
        .prefetch_related("items__cell__dish")
    }
    usual = usual_dishes(stay_ids=ids, meal=window.meal, at=at)
    accesses = {row.stay_id: row for row in OrderingAccess.objects.filter(stay__in=ids, closed_at__isnull=True)}
    calls = dict(
        HelpCall.objects.filter(access__stay__in=ids, answered_at__isnull=True).values_list("access__stay", "at")
    )
    rows = []
    for stay in stays:
        order = orders.get(stay.id)
        chosen = {item.cell.dish_id for item in order.items.all()} if order is not None else set()
        fits = [_fit(dish, needs[stay.id], chosen) for dish in dishes]
        fits += [one for one in (_fit(dish, needs[stay.id], chosen) for dish in house) if one.chosen]
        liked = _usual(fits, dishes, usual.get(stay.id, []), needs[stay.id].base)
        rows.append(
            PatientMeal(
                stay=stay,
                needs=needs[stay.id],
                lines=tuple(lines[stay.id]),
                dishes=tuple(replace(one, usual=one.dish_id == liked) for one in fits),
                order=_order(order) if order is not None else None,
                access_code=accesses[stay.id].code if stay.id in accesses else "",
                called_at=calls.get(stay.id),
                can_change=phase != "closed" and (order is None or order.state in ("open", "substitute")),
            )
        )
    return rows


def _fit(dish: OfferedDish, needs: NeedsNow, chosen: Collection[int]) -> DishFit:
    found = fit(option_of(dish), needs.needs)
    change = ""
    if found.verdict.change is not None and found.cell is not None:
        variants = dish.cells[found.cell].variants
        change = next(one["name"] for one in variants if one["id"] == found.verdict.change)
    nutrients = dict(dish.cells[found.cell].nutrients) if found.cell is not None else {}
    energy, protein = nutrients.get("energy_kcal"), nutrients.get("protein_g")
    return DishFit(
        dish_id=dish.dish_id,
        name=dish.names["sv"],
        names=dish.names,
        pictogram=dish.pictogram,
        photo=dish.photo,
        source=dish.source,
        energy_kcal=round(energy) if energy is not None else None,
        protein_g=round(protein) if protein is not None else None,
        safe=found.safe,
        change=change,
        reasons=found.verdict.reasons,
        chosen=dish.dish_id in chosen,
        usual=False,
    )


def _usual(fits: list[DishFit], dishes: list[OfferedDish], liked: list[int], base: str) -> int | None:
    """What "as usual" is: the dish most often chosen that is there and safe, else the default, else the first safe."""
    safe = [one.dish_id for one in fits if one.safe and one.main]
    defaults = [dish.dish_id for dish in dishes if base in dish.default_for and dish.dish_id in safe]
    return next((one for one in (*(dish for dish in liked if dish in safe), *defaults, *safe)), None)


def usual_dishes(*, stay_ids: Collection[int], meal: str, at: datetime) -> dict[int, list[int]]:
    """What each stay has had at this meal: its standing orders first, then its own choices, the most frequent first."""
    found: dict[int, list[int]] = defaultdict(list)
    standing = StandingOrder.objects.filter(stay__in=stay_ids, meal=meal, ended_at__isnull=True).order_by("pk")
    for stay_id, dish_id in standing.values_list("stay", "dish"):
        found[stay_id].append(dish_id)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    items = OrderItem.objects.filter(
        order__stay__in=stay_ids, order__meal=meal, order__origin__in=CHOSEN, order__serves_at__gte=at - MEMORY
    ).exclude(order__state__in=OVER)
    for stay_id, dish_id in items.values_list("order__stay", "cell__dish"):
        counts[stay_id][dish_id] += 1
    for stay_id, counted in counts.items():
        found[stay_id] += [dish for dish, _ in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))]
    return found


def _order(row: MealOrder) -> OrderNow:
    items = sorted(row.items.all(), key=lambda item: item.pk)
    return OrderNow(
        id=row.pk,
        state=row.state,
        state_reason=row.state_reason,
        origin=row.origin,
        portion=row.portion or Portion.NORMAL,
        late=row.late,
        dishes=tuple(item.cell.dish.name for item in items),
        changed_at=row.changed_at,
    )


def told(*, ward_id: int) -> Iterable[Told]:
    """What a ward has not seen yet, loud things first, then the oldest."""
    rows = MealNotice.objects.filter(ward=ward_id, seen_at__isnull=True).select_related("order__bed__room")
    for row in rows.order_by("-loud", "at"):
        bed = row.order.bed if row.order is not None else None
        causes = row.detail.get("causes", [])
        reasons = [one for cause in causes for one in (cause["reasons"] if isinstance(cause, dict) else [cause])]
        yield Told(
            id=row.pk,
            code=row.code,
            loud=row.loud,
            at=row.at,
            meal=row.detail.get("meal", ""),
            on=row.order.on if row.order is not None else None,
            place=f"{bed.room.code}:{bed.code}" if bed is not None else "",
            reasons=tuple(dict.fromkeys(reasons)) or ((row.detail["reason"],) if row.detail.get("reason") else ()),
        )
