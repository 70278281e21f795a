"""Menus, holidays and the house's own dishes. Kitchen, head of ward service, administrator."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.meals.choices import HouseDishKind, MealKind, Portion
from vardnara.apps.meals.constants import CYCLE_WEEKS_MOST
from vardnara.apps.meals.models import Dish, DishCell, HouseDish, Menu, MenuDay, MenuDayEntry, MenuEntry
from vardnara.apps.meals.services.recording import kitchen_lock
from vardnara.apps.meals.services.states import dishes_changed
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class MenuWords:
    """A cycle of ``n_weeks`` weeks from a day; ``anchor_on`` is any day of a week that is its first."""

    name: str
    n_weeks: int
    anchor_on: date
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class OfferWords:
    """A dish of a meal; ``default_for`` are the diet codes that get it where nobody has chosen."""

    meal: str
    dish_id: int
    position: int = 1
    default_for: frozenset[str] = frozenset()
    portions: frozenset[str] = frozenset(str(one) for one in Portion)


@transaction.atomic
def menu_add(*, kitchen_id: int, words: MenuWords, actor: User, at: datetime) -> Menu:
    """A new menu. One that holds until further notice ends where this one begins; no two ever hold at once."""
    kitchen = kitchen_lock(kitchen_id, actor)
    open_one = Menu.objects.filter(kitchen=kitchen, withdrawn_at=None, to_on=None, from_on__lt=words.from_on).first()
    if open_one is not None:
        open_one.to_on = words.from_on
        open_one.save(update_fields=["to_on"])
        dishes_changed_offer(own_cells(menu_id=open_one.pk), at)
    return _saved(Menu(kitchen=kitchen, made_at=at, made_by=actor), words)


@transaction.atomic
def menu_change(*, menu_id: int, words: MenuWords, actor: User, at: datetime) -> Menu:
    """Say anew what a menu is called and when it holds. Weeks that hold dishes are not cut off."""
    menu = menu_lock(menu_id, actor)
    if MenuEntry.objects.filter(menu=menu, week__gt=words.n_weeks).exists():
        raise RuleBroken("menu_weeks_in_use")
    menu = _saved(menu, words)
    dishes_changed_offer(own_cells(menu_id=menu.pk), at)
    return menu


@transaction.atomic
def menu_withdraw(*, menu_id: int, actor: User, at: datetime) -> None:
    """Take a menu away: it holds on no day."""
    menu = menu_lock(menu_id, actor)
    menu.withdrawn_at = at
    menu.save(update_fields=["withdrawn_at"])
    dishes_moved(menu_id=menu.pk, at=at)


@transaction.atomic
def menu_entry_put(*, menu_id: int, week: int, weekday: int, words: OfferWords, actor: User, at: datetime) -> MenuEntry:
    """Put a dish on a weekday of a week of the cycle, or say anew how it is offered there."""
    menu = menu_lock(menu_id, actor)
    if not (1 <= week <= menu.n_weeks and 1 <= weekday <= 7):
        raise RuleBroken("no_such_day", f"{week} {weekday}")
    offers_require([words], menu.kitchen.hospital_id)
    entry, _ = MenuEntry.objects.update_or_create(
        menu=menu, week=week, weekday=weekday, meal=words.meal, dish_id=words.dish_id, defaults=offer_fields(words)
    )
    return entry


@transaction.atomic
def menu_entry_remove(*, entry_id: int, actor: User, at: datetime) -> int:
    """Take a dish off a weekday; returns the menu. Orders of it are looked at again."""
    entry = MenuEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise RuleBroken("unknown_menu", str(entry_id))
    menu_lock(entry.menu_id, actor)
    entry.delete()
    dishes_changed_offer({entry.dish_id}, at)
    return entry.menu_id


@transaction.atomic
def menu_week_copy(*, menu_id: int, from_week: int, to_week: int, actor: User, at: datetime) -> int:
    """Make a week of the cycle what another is; returns how many dishes it has."""
    menu = menu_lock(menu_id, actor)
    if from_week == to_week or not all(1 <= week <= menu.n_weeks for week in (from_week, to_week)):
        raise RuleBroken("no_such_day", f"{from_week} {to_week}")
    gone = MenuEntry.objects.filter(menu=menu, week=to_week)
    dish_ids = set(gone.values_list("dish_id", flat=True))
    gone.delete()
    rows = list(MenuEntry.objects.filter(menu=menu, week=from_week))
    for row in rows:
        row.pk, row.week = None, to_week
    MenuEntry.objects.bulk_create(rows)
    dishes_changed_offer(dish_ids, at)
    return len(rows)


@transaction.atomic
def menu_day_set(
    *,
    kitchen_id: int,
    on: date,
    name: str,
    instead: Collection[str],
    offers: Sequence[OfferWords],
    actor: User,
    at: datetime,
) -> MenuDay:
    """Say what a kitchen cooks on a date: instead of the cycle for the meals of ``instead``, beside it for others."""
    kitchen = kitchen_lock(kitchen_id, actor)
    if not name.strip():
        raise RuleBroken("food_unnamed")
    if not set(instead) <= set(MealKind.values):
        raise RuleBroken("unknown_meal")
    offers_require(offers, kitchen.hospital_id)
    kept = {"name": name.strip(), "instead": sorted(instead), "made_at": at, "made_by": actor}
    day, _ = MenuDay.objects.update_or_create(kitchen=kitchen, on=on, defaults=kept)
    before = set(MenuDayEntry.objects.filter(day=day).values_list("dish_id", flat=True))
    MenuDayEntry.objects.filter(day=day).delete()
    try:
        with transaction.atomic():
            MenuDayEntry.objects.bulk_create(
                MenuDayEntry(day=day, meal=one.meal, dish_id=one.dish_id, **offer_fields(one)) for one in offers
            )
    except IntegrityError as error:
        raise RuleBroken("dish_twice") from error
    dishes_changed_offer(before - {one.dish_id for one in offers}, at)
    return day


@transaction.atomic
def menu_day_offer_add(
    *, kitchen_id: int, on: date, name: str, instead: bool, words: OfferWords, actor: User, at: datetime
) -> MenuDay:
    """Add a dish to a date, instead of the cycle for its meal or beside it; what the date has already stays."""
    kitchen = kitchen_lock(kitchen_id, actor)
    day = MenuDay.objects.filter(kitchen=kitchen, on=on).first()
    kept = [] if day is None else list(day.entries.exclude(meal=words.meal, dish=words.dish_id))
    offers = [
        OfferWords(one.meal, one.dish_id, one.position, frozenset(one.default_for), frozenset(one.portions))
        for one in kept
    ]
    meals = set() if day is None else set(day.instead)
    meals = meals | {words.meal} if instead else meals - {words.meal}
    return menu_day_set(
        kitchen_id=kitchen_id, on=on, name=name, instead=meals, offers=[*offers, words], actor=actor, at=at
    )


@transaction.atomic
def menu_day_remove(*, day_id: int, actor: User, at: datetime) -> None:
    """Let the cycle hold on a date again."""
    day = MenuDay.objects.filter(pk=day_id).first()
    if day is None:
        raise RuleBroken("unknown_menu", str(day_id))
    kitchen_lock(day.kitchen_id, actor)
    dish_ids = set(day.entries.values_list("dish_id", flat=True))
    day.delete()
    dishes_changed_offer(dish_ids, at)


@transaction.atomic
def house_dish_add(
    *, kitchen_id: int, kind: str, meal: str, dish_id: int, position: int, from_on: date, actor: User, at: datetime
) -> HouseDish:
    """Have a dish beside the menu from a day: a fallback, always on offer, or a supplement; ``meal`` empty: at all."""
    kitchen = kitchen_lock(kitchen_id, actor)
    if kind not in HouseDishKind.values or (meal and meal not in MealKind.values):
        raise RuleBroken("unknown_meal", f"{kind} {meal}")
    offers_require([OfferWords(meal or str(MealKind.LUNCH), dish_id)], kitchen.hospital_id)
    row, _ = HouseDish.objects.update_or_create(
        kitchen=kitchen, kind=kind, meal=meal, dish_id=dish_id, from_on=from_on,
        defaults={"position": position, "to_on": None},
    )  # fmt: skip
    return row


@transaction.atomic
def house_dish_end(*, house_dish_id: int, to_on: date, actor: User, at: datetime) -> None:
    """Have a house dish no longer from a day; one that has not begun is gone."""
    row = HouseDish.objects.select_for_update().filter(pk=house_dish_id).first()
    if row is None:
        raise RuleBroken("unknown_menu", str(house_dish_id))
    kitchen_lock(row.kitchen_id, actor)
    if to_on <= row.from_on:
        row.delete()
    else:
        row.to_on = to_on
        row.save(update_fields=["to_on"])
    dishes_changed_offer({row.dish_id}, at)


def menu_lock(menu_id: int, actor: User) -> Menu:
    """Lock a menu that the actor may write; raises ``unknown_menu``."""
    menu = Menu.objects.select_for_update().filter(pk=menu_id, withdrawn_at=None).first()
    if menu is None:
        raise RuleBroken("unknown_menu", str(menu_id))
    kitchen_lock(menu.kitchen_id, actor)
    return menu


def offers_require(offers: Sequence[OfferWords], hospital_id: int) -> None:
    """Raise unless meals, sizes and dishes are there, and the dishes are the hospital's."""
    ids = {one.dish_id for one in offers}
    if Dish.objects.filter(pk__in=ids, hospital=hospital_id).count() != len(ids):
        raise RuleBroken("unknown_dish")
    for one in offers:
        if one.meal not in MealKind.values:
            raise RuleBroken("unknown_meal", one.meal)
        if not one.portions or not one.portions <= set(Portion.values):
            raise RuleBroken("unknown_portion")


def offer_fields(words: OfferWords) -> dict[str, object]:
    """The columns of an offer beside its meal and dish."""
    return {
        "position": words.position,
        "default_for": sorted(words.default_for),
        "portions": [one for one in Portion.values if one in words.portions],
    }


def dishes_moved(*, menu_id: int, at: datetime) -> None:
    """Tell that the dishes of a menu are offered otherwise, and those that it has a cell of its own of."""
    entered = MenuEntry.objects.filter(menu=menu_id).values_list("dish_id", flat=True)
    dishes_changed_offer({*entered, *own_cells(menu_id=menu_id)}, at)


def own_cells(*, menu_id: int) -> set[int]:
    """Dishes that a menu has a cell of its own of: what they are is another where the menu's days are."""
    return set(DishCell.objects.filter(menu=menu_id, retired_at=None).values_list("dish_id", flat=True))


def dishes_changed_offer(dish_ids: Collection[int], at: datetime) -> None:
    """Tell that dishes are offered otherwise; they stay what they are, so no list of safe dishes loses them."""
    from_menu = frozenset(dish_ids)
    if from_menu:
        dishes_changed(dish_ids=from_menu, at=at, still_safe=True)


def _saved(menu: Menu, words: MenuWords) -> Menu:
    if not words.name.strip():
        raise RuleBroken("food_unnamed")
    if not 1 <= words.n_weeks <= CYCLE_WEEKS_MOST:
        raise RuleBroken("bad_cycle", str(words.n_weeks))
    if words.to_on is not None and words.to_on <= words.from_on:
        raise RuleBroken("bad_dates", f"{words.from_on} {words.to_on}")
    menu.name, menu.n_weeks = words.name.strip(), words.n_weeks
    menu.anchor_on = words.anchor_on - timedelta(days=words.anchor_on.weekday())
    menu.from_on, menu.to_on = words.from_on, words.to_on
    try:
        with transaction.atomic():
            menu.save()
    except IntegrityError as error:
        raise RuleBroken("menus_overlap") from error
    return menu
