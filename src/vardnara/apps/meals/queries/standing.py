"""What a patient has standing orders of and could have, the extra trays, and what a ward's guests and staff eat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.models import MealOrder, OtherMeal, StandingOrder
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.queries.offered import MEAL_ORDER, MealWindow, kitchen_of, meal_windows, offered
from vardnara.apps.meals.queries.plates import option_of
from vardnara.engines.selection import fit

AHEAD = 7  # days in which a dish must be on offer to be ordered standing


@dataclass(frozen=True, slots=True)
class Choosable:
    """A dish of a meal, and whether this patient could have it now."""

    dish_id: int
    name: str
    safe: bool


@dataclass(frozen=True, slots=True)
class PatientMore:
    """A patient's standing orders, the extra trays of today and tomorrow, and what there is to choose from."""

    standing: tuple[StandingOrder, ...]
    extras: tuple[MealOrder, ...]
    dishes: dict[str, tuple[Choosable, ...]]
    windows: tuple[tuple[date, MealWindow], ...]


def dishes_ahead(*, ward_id: int, on: date) -> dict[str, dict[int, str]]:
    """Names of the dishes that the ward's kitchen offers in the coming days, by meal."""
    found: dict[str, dict[int, str]] = {}
    for day in (on + timedelta(days=n) for n in range(AHEAD)):
        kitchen = kitchen_of(ward_id=ward_id, on=day)
        if kitchen is None:
            continue
        for dish in offered(kitchen_id=kitchen.kitchen_id, on=day):
            found.setdefault(dish.meal, {})[dish.dish_id] = dish.names["sv"]
    return {meal: found[meal] for meal in sorted(found, key=lambda one: MEAL_ORDER[one])}


def patient_more(*, stay: StayFacts, on: date, at: datetime) -> PatientMore:
    """Everything for the page; empty where no kitchen cooks for the ward."""
    standing = StandingOrder.objects.filter(stay=stay.id, ended_at__isnull=True).select_related("dish")
    days = [on, on + timedelta(days=1)]
    extras = MealOrder.objects.filter(stay=stay.id, on__in=days, extra=True).exclude(state__in=OVER)
    if stay.ward_id is None:
        return PatientMore(tuple(standing), (), {}, ())
    needs = needs_of([stay], at=at)[stay.id].needs
    dishes: dict[str, dict[int, Choosable]] = {}
    windows = []
    for day in (on + timedelta(days=n) for n in range(AHEAD)):
        kitchen = kitchen_of(ward_id=stay.ward_id, on=day)
        if kitchen is None:
            continue
        if day in days:
            windows += [(day, one) for one in meal_windows(kitchen_id=kitchen.kitchen_id, on=day)]
        for dish in offered(kitchen_id=kitchen.kitchen_id, on=day):
            safe = fit(option_of(dish), needs).safe
            dishes.setdefault(dish.meal, {})[dish.dish_id] = Choosable(dish.dish_id, dish.names["sv"], safe)
    return PatientMore(
        standing=tuple(sorted(standing, key=lambda row: (MEAL_ORDER[row.meal], row.pk))),
        extras=tuple(extras.prefetch_related("items__cell__dish").order_by("serves_at", "pk")),
        dishes={meal: tuple(dishes[meal].values()) for meal in sorted(dishes, key=lambda one: MEAL_ORDER[one])},
        windows=tuple(one for one in windows if at < (one[1].late_until_at or one[1].deadline_at)),
    )


@dataclass(frozen=True, slots=True)
class OtherMeals:
    """A ward's meals of guests and staff at one meal, and what can be ordered."""

    windows: tuple[MealWindow, ...]
    window: MealWindow | None
    rows: tuple[OtherMeal, ...]
    dishes: tuple[tuple[int, str], ...]
    open: bool


def other_meals(*, ward_id: int, on: date, meal: str, at: datetime) -> OtherMeals:
    """One meal; without ``meal`` the next that can be ordered. The caller answers for the ward."""
    kitchen = kitchen_of(ward_id=ward_id, on=on)
    windows = tuple(meal_windows(kitchen_id=kitchen.kitchen_id, on=on)) if kitchen is not None else ()
    open_ = [one for one in windows if at < one.deadline_at]
    window = next((one for one in windows if one.meal == meal), (open_ or list(windows) or [None])[0])
    if kitchen is None or window is None:
        return OtherMeals(windows, None, (), (), open=False)
    rows = OtherMeal.objects.filter(ward=ward_id, on=on, meal=window.meal, portions__gt=0).select_related("dish")
    dishes = offered(kitchen_id=kitchen.kitchen_id, on=on, meals=[window.meal])
    return OtherMeals(
        windows=windows,
        window=window,
        rows=tuple(rows.order_by("who", "dish__name")),
        dishes=tuple((dish.dish_id, dish.names["sv"]) for dish in dishes),
        open=at < window.deadline_at,
    )
