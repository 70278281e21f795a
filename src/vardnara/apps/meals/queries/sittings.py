"""A stay's meal: who cooks it, when it closes, what is offered, and what the patient needs then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.choices import OrderOrigin
from vardnara.apps.meals.models import KitchenWard, StandingOrder
from vardnara.apps.meals.queries.needs import NeedsNow, needs_of
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
from vardnara.engines.selection import Step
from vardnara.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Sitting:
    """A stay's meal: where it is eaten, who cooks it, when it closes, what is offered, and what the patient needs."""

    stay: StayFacts
    on: date
    ward_id: int
    kitchen: KitchenOfWard
    window: MealWindow
    offered: tuple[OfferedDish, ...]
    needs: NeedsNow

    def dish(self, dish_id: int) -> OfferedDish:
        """An offered dish; raises ``not_offered``."""
        for one in self.offered:
            if one.dish_id == dish_id:
                return one
        raise RuleBroken("not_offered", f"dish {dish_id}")


def sitting_of(*, stay: StayFacts, on: date, meal: str) -> Sitting:
    """What a stay can have at a meal; raises ``stay_ended``, ``no_kitchen``, ``no_such_meal``."""
    if not stay.open or stay.ward_id is None:
        raise RuleBroken("stay_ended")
    kitchen = kitchen_of(ward_id=stay.ward_id, on=on)
    if kitchen is None:
        raise RuleBroken("no_kitchen", f"ward {stay.ward_id}")
    window = next((one for one in meal_windows(kitchen_id=kitchen.kitchen_id, on=on) if one.meal == meal), None)
    if window is None:
        raise RuleBroken("no_such_meal", meal)
    dishes = offered(kitchen_id=kitchen.kitchen_id, on=on, meals=[meal])
    needs = needs_of([stay], at=window.serves_from_at)[stay.id]
    return Sitting(stay, on, stay.ward_id, kitchen, window, tuple(dishes), needs)


def wards_served(*, kitchen_id: int, on: date) -> list[int]:
    """The wards that a kitchen cooks for on a date."""
    rows = KitchenWard.objects.filter(Q(to_on=None) | Q(to_on__gt=on), kitchen=kitchen_id, from_on__lte=on)
    return list(rows.values_list("ward_id", flat=True))


def house_dishes(sitting: Sitting) -> list[OfferedDish]:
    """The kitchen's fallbacks for a sitting."""
    return fallbacks(kitchen_id=sitting.kitchen.kitchen_id, on=sitting.on, meals=[sitting.window.meal])


def ladder(sitting: Sitting, house: list[OfferedDish], wanted: tuple[int, ...] = ()) -> list[Step]:
    """The rungs that are tried, best first: what was wanted, the standing order, the default of the patient's base
    diet, any other dish of the menu, the kitchen's fallbacks (mech-15).
    """
    standing = StandingOrder.objects.filter(stay=sitting.stay.id, meal=sitting.window.meal, ended_at__isnull=True)
    by_id = {dish.dish_id: dish for dish in sitting.offered}
    menu = [dish for dish in sitting.offered if dish.source in ("menu", "day")]
    defaults = [dish for dish in menu if sitting.needs.base in dish.default_for]
    return [
        Step(name, tuple(option_of(dish) for dish in dishes))
        for name, dishes in (
            ("choice", [by_id[dish_id] for dish_id in wanted if dish_id in by_id]),
            (OrderOrigin.STANDING, [by_id[row.dish_id] for row in standing if row.dish_id in by_id]),
            (OrderOrigin.DEFAULT, defaults),
            (OrderOrigin.DEFAULT, [dish for dish in menu if dish not in defaults]),
            (OrderOrigin.FALLBACK, house),
        )
    ]
