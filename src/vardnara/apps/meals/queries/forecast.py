"""Portions that a kitchen will be asked for: its own past, who lies on its wards, what is ordered already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Sum

from vardnara.apps.hospital.queries.census import booked_net, census_at
from vardnara.apps.hospital.queries.stays import stays_in_wards
from vardnara.apps.meals.choices import OrderState
from vardnara.apps.meals.models import Dish, HouseDish, MealOrder, MealTime, Menu, MenuDay, MenuEntry, OrderItem
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.queries.offered import OfferedDish, cycle_week, fallbacks, meal_windows, offered
from vardnara.apps.meals.queries.plates import option_of
from vardnara.apps.meals.queries.sittings import wards_served
from vardnara.engines.diet.data import Needs
from vardnara.engines.forecast import Ahead, DishForecast, History, MealDay, MealForecast, portions_forecast
from vardnara.engines.selection import fit
from vardnara.kernel.local_time import local_date

DAYS = 7
HISTORY_DAYS = 26 * 7
BESIDE = {"always": 900, "supplement": 910, "fallback": 920}  # places on the menu of what stands beside it
UNKNOWN_PLACE = 990
NOT_COOKED = (OrderState.CANCELLED, OrderState.HELD, OrderState.SUBSTITUTE)


@dataclass(frozen=True, slots=True)
class DishAhead:
    """A dish with its forecast."""

    name: str
    found: DishForecast
    on_menu: bool


@dataclass(frozen=True, slots=True)
class MealAhead:
    """A meal ahead: each dish with what to expect, and what the forecast rests on. Empty where nothing is offered."""

    on: date
    meal: str
    dishes: tuple[DishAhead, ...]
    found: MealForecast
    n_ordered: int
    booked: bool

    @property
    def shown(self) -> list[DishAhead]:
        """What a page shows: not what nobody is expected to have, unless it is on the menu."""
        return [one for one in self.dishes if one.on_menu or one.found.expected]

    @property
    def by_dish(self) -> dict[int, DishForecast]:
        """The forecasts by dish."""
        return {one.found.dish: one.found for one in self.dishes}


def portions_expected(*, kitchen_id: int, on: date, meal: str, at: datetime) -> MealAhead:
    """Portions of each dish of a kitchen's meal on one day ahead, seen from ``at``; the caller answers for scope."""
    return meals_expected(kitchen_id=kitchen_id, meal=meal, days=[on], at=at)[0]


def meals_expected(*, kitchen_id: int, meal: str, days: Sequence[date], at: datetime) -> list[MealAhead]:
    """The same for several days, with the past read once."""
    wards = wards_served(kitchen_id=kitchen_id, on=local_date(at))
    menus = _Menus(kitchen_id, meal)
    history = _history(kitchen_id, meal, wards, menus, at)
    serves = [_serves_at(kitchen_id, on, meal) for on in days]
    booked = booked_net(ward_ids=wards, instants=[one for one in serves if one is not None], at=at)
    net = iter(booked or ())
    aheads, counts, names = [], [], dict[int, str]()
    stays = stays_in_wards(wards)
    for on, moment in zip(days, serves, strict=True):
        dishes = [
            *offered(kitchen_id=kitchen_id, on=on, meals=[meal]),
            *fallbacks(kitchen_id=kitchen_id, on=on, meals=[meal]),
        ]
        names |= {dish.dish_id: dish.names["sv"] for dish in dishes}
        ordered, n_ordered = _ordered(kitchen_id, on, meal)
        slots = menus.slots(on) | {
            dish.dish_id: BESIDE.get(dish.source, dish.position) + (dish.position if dish.source in BESIDE else 0)
            for dish in dishes
        }
        slots = {dish: slot for dish, slot in slots.items() if dish in names} | {
            dish: UNKNOWN_PLACE for dish in ordered if dish not in names
        }
        may_eat = {}
        if moment is not None and stays:
            needs = needs_of(stays, at=moment)
            main = [dish for dish in dishes if dish.source in ("menu", "day") and dish.is_food]
            may_eat = {dish.dish_id: _share(dish, [one.needs for one in needs.values()]) for dish in main}
        aheads.append(
            Ahead(
                on=on,
                menu_day=menus.day(on),
                slots=slots,
                booked=float(next(net, 0)) if moment is not None else 0.0,
                ordered=ordered,
                n_ordered=n_ordered,
                may_eat=may_eat,
            )
        )
        counts.append(n_ordered)
    unnamed = {dish for ahead in aheads for dish in ahead.slots if dish not in names}
    names |= dict(Dish.objects.filter(pk__in=unnamed).values_list("pk", "name"))
    return [
        MealAhead(
            on=found.on,
            meal=meal,
            dishes=tuple(
                DishAhead(names.get(one.dish, ""), one, ahead.slots[one.dish] < min(BESIDE.values()))
                for one in found.dishes
            ),
            found=found,
            n_ordered=n,
            booked=booked is not None,
        )
        for found, ahead, n in zip(portions_forecast(history, aheads), aheads, counts, strict=True)
    ]


def _share(dish: OfferedDish, needs: Sequence[Needs]) -> float:
    """The share of patients whose diet lets them have a dish, changed or not."""
    option = option_of(dish)
    return sum(fit(option, one).safe for one in needs) / len(needs)


def _serves_at(kitchen_id: int, on: date, meal: str) -> datetime | None:
    windows = meal_windows(kitchen_id=kitchen_id, on=on)
    return next((one.serves_from_at for one in windows if one.meal == meal), None)


@dataclass(slots=True)
class _Menus:
    """Which day of which menu a date is, and the place of each dish there."""

    kitchen_id: int
    meal: str
    menus: list[Menu] = field(init=False)
    entries: dict[tuple[int, int, int], dict[int, int]] = field(init=False)
    alone: set[date] = field(init=False)
    house: list[HouseDish] = field(init=False)

    def __post_init__(self) -> None:
        self.menus = list(Menu.objects.filter(kitchen=self.kitchen_id, withdrawn_at=None))
        self.entries = defaultdict(dict)
        rows = MenuEntry.objects.filter(menu__in=self.menus, meal=self.meal)
        for menu, week, weekday, dish, position in rows.values_list("menu", "week", "weekday", "dish", "position"):
            self.entries[menu, week, weekday][dish] = position
        days = MenuDay.objects.filter(kitchen=self.kitchen_id)
        self.alone = {day.on for day in days if self.meal in day.instead}
        self.house = list(HouseDish.objects.filter(kitchen=self.kitchen_id, meal__in=["", self.meal]))

    def _key(self, on: date) -> tuple[int, int, int] | None:
        if on in self.alone:
            return None
        for menu in self.menus:
            if menu.from_on <= on and (menu.to_on is None or on < menu.to_on):
                return menu.pk, cycle_week(anchor_on=menu.anchor_on, n_weeks=menu.n_weeks, on=on), on.isoweekday()
        return None

    def day(self, on: date) -> str:
        """A name for the day of the cycle; empty for a date that stands alone."""
        key = self._key(on)
        return "" if key is None else ":".join(map(str, key))

    def slots(self, on: date) -> dict[int, int]:
        """The place of each dish that could be had on a date: of the cycle, and of what stands beside it."""
        key = self._key(on)
        beside = {
            row.dish_id: BESIDE[row.kind] + row.position
            for row in self.house
            if row.from_on <= on and (row.to_on is None or on < row.to_on)
        }
        return beside | (self.entries.get(key, {}) if key is not None else {})


def _ordered(kitchen_id: int, on: date, meal: str) -> tuple[dict[int, int], int]:
    """Portions that are ordered by dish, and of how many patients."""
    orders = MealOrder.objects.filter(kitchen=kitchen_id, on=on, meal=meal, fridge_pack=None).exclude(
        state__in=[*NOT_COOKED, OrderState.STOPPED]
    )
    rows = OrderItem.objects.filter(order__in=orders).values_list("cell__dish").annotate(n=Sum("quantity"))
    return dict(rows), orders.filter(extra=False).count()


def _history(kitchen_id: int, meal: str, wards: Sequence[int], menus: _Menus, at: datetime) -> History:
    """Days on which the meal was ordered: portions that were cooked, by dish; patients in bed when it was served."""
    today = local_date(at)
    orders = MealOrder.objects.filter(
        kitchen=kitchen_id, meal=meal, on__gte=today - timedelta(days=HISTORY_DAYS), on__lt=today, fridge_pack=None
    ).exclude(state__in=NOT_COOKED)
    portions: dict[date, dict[int, int]] = defaultdict(dict)
    rows = OrderItem.objects.filter(order__in=orders).values_list("order__on", "cell__dish")
    for on, dish, n in rows.annotate(n=Sum("quantity")):
        portions[on][dish] = n
    eaters = dict(orders.filter(extra=False).values_list("on").annotate(n=Count("stay", distinct=True)))
    time = MealTime.objects.filter(kitchen=kitchen_id, meal=meal).first()
    days = sorted(portions)
    if time is None:
        return History(())
    moments = [_serves_at(kitchen_id, on, meal) for on in days]
    lying = census_at(ward_ids=wards, instants=[one for one in moments if one is not None])
    return History(
        tuple(
            MealDay(
                on=on,
                menu_day=menus.day(on),
                census=float(max(n, eaters.get(on, 0))),
                portions=dict.fromkeys(menus.slots(on), 0) | portions[on],
                slots=dict.fromkeys(portions[on], UNKNOWN_PLACE) | menus.slots(on),
            )
            for on, n in zip(days, lying, strict=True)
        )
    )
