"""A stay's meal: who cooks it, when it closes, what is offered, and what the patient needs then."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
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

REMEMBERED_MOST = 200  # meals


@dataclass(frozen=True, slots=True)
class Sitting:
    """A stay's meal: where it is eaten, who cooks it, when it closes, what is offered, and what the patient needs."""

    stay: StayFacts
    on: date
    ward_id: int
    kitchen: KitchenOfWard
    window: MealWindow
    offered: tuple[OfferedDish, ...]
    house: tuple[OfferedDish, ...]
    needs: NeedsNow

    def dish(self, dish_id: int) -> OfferedDish:
        """An offered dish; raises ``not_offered``."""
        for one in self.offered:
            if one.dish_id == dish_id:
                return one
        raise RuleBroken("not_offered", f"dish {dish_id}")


@dataclass(frozen=True, slots=True)
class MealMenu:
    """A kitchen's meal of a date: read once for all who eat it."""

    window: MealWindow
    offered: tuple[OfferedDish, ...]
    house: tuple[OfferedDish, ...]


def meal_menu(*, kitchen_id: int, on: date, meal: str) -> MealMenu:
    """What a kitchen has at a meal; raises ``no_such_meal``."""
    window = next((one for one in meal_windows(kitchen_id=kitchen_id, on=on) if one.meal == meal), None)
    if window is None:
        raise RuleBroken("no_such_meal", meal)
    return MealMenu(
        window,
        tuple(offered(kitchen_id=kitchen_id, on=on, meals=[meal])),
        tuple(fallbacks(kitchen_id=kitchen_id, on=on, meals=[meal])),
    )


_remembered: dict[tuple[int, date, str], tuple[float, MealMenu]] = {}


def meal_menu_lately(*, kitchen_id: int, on: date, meal: str) -> MealMenu:
    """A meal as it was at most ``MENU_REMEMBERED_SECONDS`` ago, for pages that many look at in the same minutes.

    For showing alone: whoever orders is checked against what is there at that moment (:func:`meal_menu`).
    """
    key, now = (kitchen_id, on, meal), time.monotonic()
    kept = _remembered.get(key)
    if kept is not None and now - kept[0] < settings.MENU_REMEMBERED_SECONDS:
        return kept[1]
    menu = meal_menu(kitchen_id=kitchen_id, on=on, meal=meal)
    if len(_remembered) >= REMEMBERED_MOST:
        _remembered.clear()
    _remembered[key] = (now, menu)
    return menu


def sitting_of(
    *,
    stay: StayFacts,
    on: date,
    meal: str,
    menu: MealMenu | None = None,
    needs: NeedsNow | None = None,
    menu_read: Callable[..., MealMenu] = meal_menu,
) -> Sitting:
    """What a stay can have at a meal; raises ``stay_ended``, ``no_kitchen``, ``no_such_meal``.

    ``menu`` and ``needs`` are given where many stays are asked about; the menu is that of the kitchen of their ward.
    """
    if not stay.open or stay.ward_id is None:
        raise RuleBroken("stay_ended")
    kitchen = kitchen_of(ward_id=stay.ward_id, on=on)
    if kitchen is None:
        raise RuleBroken("no_kitchen", f"ward {stay.ward_id}")
    menu = menu or menu_read(kitchen_id=kitchen.kitchen_id, on=on, meal=meal)
    needs = needs or needs_of([stay], at=menu.window.serves_from_at)[stay.id]
    return Sitting(stay, on, stay.ward_id, kitchen, menu.window, menu.offered, menu.house, needs)


def wards_served(*, kitchen_id: int, on: date) -> list[int]:
    """The wards that a kitchen cooks for on a date."""
    rows = KitchenWard.objects.filter(Q(to_on=None) | Q(to_on__gt=on), kitchen=kitchen_id, from_on__lte=on)
    return list(rows.values_list("ward_id", flat=True))


def ladder(sitting: Sitting, wanted: tuple[int, ...] = ()) -> list[Step]:
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
            (OrderOrigin.FALLBACK, sitting.house),
        )
    ]
