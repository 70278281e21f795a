"""Menus out of files: by date, or by week and weekday of a cycle."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import pgettext

from vardnara.apps.meals.choices import MealKind
from vardnara.apps.meals.constants import CYCLE_WEEKS_MOST, DIET_NORMAL, TEXTURE_NORMAL
from vardnara.apps.meals.models import (
    CellContent,
    Dish,
    DishCell,
    DishVariant,
    FoodImport,
    Kitchen,
    Menu,
    MenuDay,
    MenuDayEntry,
    MenuEntry,
)
from vardnara.apps.meals.services.importing import Work, code_of
from vardnara.apps.meals.services.menus import dishes_changed_offer, dishes_moved
from vardnara.apps.meals.services.states import cells_refresh, contents_now
from vardnara.gateways.food_label import Finding
from vardnara.gateways.tabular import Row
from vardnara.kernel.faults import Fault

MEAL_WORDS = (  # the first that a meal's name begins with
    ("early_breakfast", ("förfrukost", "tidig frukost", "early_breakfast", "early breakfast")),
    ("breakfast", ("frukost", "breakfast")),
    ("morning_snack", ("förmiddag", "fm-", "fm ", "mellanmål fm", "mellanmål förmiddag", "mellanmål 1",
                       "morning_snack", "morning snack")),
    ("lunch", ("lunch",)),
    ("afternoon_snack", ("eftermiddag", "em-", "em ", "mellanmål em", "mellanmål eftermiddag", "mellanmål 2",
                         "afternoon_snack", "afternoon snack")),
    ("evening_snack", ("kvällsmål", "kvällsmellanmål", "kvällsfika", "mellanmål kväll", "mellanmål 3",
                       "evening_snack", "evening snack")),
    ("dinner", ("middag", "kvällsmat", "kväll", "dinner", "supper")),
)  # fmt: skip
DAYS = ("mån", "tis", "ons", "tor", "fre", "lör", "sön")
DAYS_EN = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Served:
    """A dish of a file: where it stands, and when it is served."""

    row: Row
    name: str
    meal: str
    position: int
    on: date | None
    week: int
    weekday: int


def menus_import(work: Work) -> None:
    """A menu of its own for the days of the file, or, with ``as_days``, those dates instead of what else holds.

    Dishes are known by their names. Of a new dish nothing is known: label and claims are kept, nothing is declared.
    """
    kitchen = Kitchen.objects.filter(pk=work.options.get("kitchen_id"), hospital=work.hospital_id).first()
    if kitchen is None:
        work.faults.append(_fault(work, pgettext("food import", "no kitchen is chosen")))
        return
    found = [one for row in work.rows for one in _served(work, row)]
    found = _once(work, found)
    if work.faults or not found:
        return
    dishes = _dishes(work, found)
    if work.mapping.get("date"):
        _by_date(work, kitchen, found, dishes)
    else:
        _by_cycle(work, kitchen, found, dishes)


def _fault(work: Work, wrong: str, expected: str = "") -> Fault:
    return Fault(work.file_name, "", wrong, expected)


def meal_read(text: str) -> tuple[str, int] | None:
    """The meal that a name means, and the position that a number at its end gives ("Lunch 2")."""
    low = text.strip().lower()
    number = re.search(r"(\d+)$", low)
    for meal, words in MEAL_WORDS:
        if any(low.startswith(word) for word in words):
            return meal, int(number[1]) if number and meal in ("lunch", "dinner", "breakfast") else 1
    return None


def _served(work: Work, row: Row) -> Iterable[Served]:
    name, said = work.get(row, "dish"), work.get(row, "meal")
    meal = meal_read(said)
    if not name:
        work.find(row, said, Finding("no_dish"))
        return
    if meal is None:
        work.fault(row, "meal", said, ", ".join(str(kind.label) for kind in MealKind))
        return
    on, week, weekday = None, 0, 0
    if work.mapping.get("date"):
        try:
            on = date.fromisoformat(work.get(row, "date")[:10])
        except ValueError:
            work.fault(row, "date", work.get(row, "date"), pgettext("posts", "a day such as 2026-03-01"))
            return
    else:
        week, weekday = _week(work, row), _weekday(work, row)
    yield Served(row, name[:200], meal[0], min(meal[1], 99), on, week, weekday)


def _week(work: Work, row: Row) -> int:
    found = re.search(r"\d+", work.get(row, "week"))
    week = int(found[0]) if found else 0
    if not 1 <= week <= CYCLE_WEEKS_MOST:
        work.fault(row, "week", work.get(row, "week"), f"1-{CYCLE_WEEKS_MOST}")
    return week


def _weekday(work: Work, row: Row) -> int:
    text = work.get(row, "weekday").lower()
    for names in (DAYS, DAYS_EN):
        for number, name in enumerate(names, start=1):
            if text.startswith(name):
                return number
    if text in {str(n) for n in range(1, 8)}:
        return int(text)
    work.fault(row, "weekday", text, "mån-sön, 1-7")
    return 0


def _once(work: Work, found: list[Served]) -> list[Served]:
    kept: dict[tuple[Any, ...], Served] = {}
    for one in found:
        key = (one.on, one.week, one.weekday, one.meal, one.name.lower())
        if key in kept:
            work.find(one.row, one.name, Finding("dish_twice"))
        else:
            kept[key] = one
    return list(kept.values())


def _dishes(work: Work, found: list[Served]) -> dict[str, Dish]:
    """The dish of each name; what a file says of it is kept once, and pointed out where it says two things."""
    there = {dish.name.lower(): dish for dish in Dish.objects.filter(hospital=work.hospital_id).order_by("-pk")}
    codes = set(Dish.objects.filter(hospital=work.hospital_id).values_list("code", flat=True))
    told: dict[str, tuple[str, dict[str, Any]]] = {}
    touched = []
    for one in found:
        key = one.name.lower()
        label = work.get(one.row, "label")
        if key in told:
            if label and label != told[key][0]:
                work.find(one.row, one.name, Finding("two_labels", words=label))
            continue
        claimed = work.claimed(one.row, one.name)
        nutrients = work.nutrients(one.row)
        if nutrients:
            claimed["nutrients"] = nutrients
        told[key] = (label, claimed)
        if work.faults:
            continue
        if key not in there:
            code = free = code_of(one.name)
            n = 1
            while free in codes:
                n += 1
                free = f"{code[:56]}-{n}"
            codes.add(free)
            there[key] = Dish.objects.create(hospital_id=work.hospital_id, code=free, name=one.name, imported=work.made)
            work.count("dishes")
        touched += _cell(work, one, there[key], label, claimed)
    cells_refresh(cell_ids=touched, at=work.at)
    return there


def _cell(work: Work, one: Served, dish: Dish, label: str, claimed: dict[str, Any]) -> list[int]:
    """Keep label and claims by the dish's ordinary cell; another label than the declared one must be declared again."""
    if not label and not claimed:
        return []
    cell, _ = DishCell.objects.select_for_update().get_or_create(
        dish=dish, menu=None, diet=DIET_NORMAL, texture=TEXTURE_NORMAL
    )
    now = contents_now(cell_ids=[cell.pk]).get(cell.pk)
    said_of = now is not None and (now.declared or now.recipe_version_id is not None)
    if now is not None and (now.label, now.claimed) == (label, claimed):
        return []
    if said_of and now is not None and (not now.label or not label or now.label == label):
        return []
    if said_of:
        work.find(one.row, one.name, Finding("declare_again"))
    cell.n_contents += 1
    cell.save(update_fields=["n_contents"])
    CellContent.objects.create(
        cell=cell, number=cell.n_contents, label=label, claimed=claimed, at=work.at, by=work.actor, imported=work.made
    )
    return [cell.pk]


def _by_date(work: Work, kitchen: Kitchen, found: list[Served], dishes: dict[str, Dish]) -> None:
    days = sorted({one.on for one in found if one.on is not None})
    if work.options.get("as_days"):
        _days(work, kitchen, found, dishes, days)
        return
    monday = days[0] - timedelta(days=days[0].weekday())
    n_weeks = (days[-1] - monday).days // 7 + 1
    if n_weeks > CYCLE_WEEKS_MOST:
        work.faults.append(_fault(work, f"{days[0]} - {days[-1]}", pgettext("food import", "at most 26 weeks at once")))
        return
    menu = _menu(work, kitchen, n_weeks, monday, days[0], days[-1] + timedelta(days=1))
    if menu is None:
        return
    MenuEntry.objects.bulk_create(
        MenuEntry(
            menu=menu,
            week=(one.on - monday).days // 7 + 1,
            weekday=one.on.isoweekday(),
            meal=one.meal,
            dish=dishes[one.name.lower()],
            position=one.position,
        )
        for one in found
        if one.on is not None
    )
    work.count("added", len(found))


def _menu(work: Work, kitchen: Kitchen, n_weeks: int, anchor: date, from_on: date, to_on: date | None) -> Menu | None:
    try:
        with transaction.atomic():
            return Menu.objects.create(
                kitchen=kitchen,
                name=(work.options.get("name") or work.file_name)[:120],
                n_weeks=n_weeks,
                anchor_on=anchor,
                from_on=from_on,
                to_on=to_on,
                made_at=work.at,
                made_by=work.actor,
                imported=work.made,
            )
    except IntegrityError:
        last = to_on - timedelta(days=1) if to_on else ""
        wrong = pgettext("food import", "another menu holds on some of the days %(from)s to %(to)s")
        expected = pgettext("food import", "other days, or the file as days instead of that menu")
        work.faults.append(_fault(work, wrong % {"from": from_on, "to": last}, expected))
        return None


def _by_cycle(work: Work, kitchen: Kitchen, found: list[Served], dishes: dict[str, Dish]) -> None:
    from_on = work.options.get("from_on")
    if not isinstance(from_on, date):
        work.faults.append(_fault(work, pgettext("food import", "no first day is chosen")))
        return
    anchor = from_on - timedelta(days=from_on.weekday())
    menu = _menu(work, kitchen, max(one.week for one in found), anchor, from_on, work.options.get("to_on"))
    if menu is None:
        return
    MenuEntry.objects.bulk_create(
        MenuEntry(
            menu=menu, week=one.week, weekday=one.weekday, meal=one.meal, dish=dishes[one.name.lower()],
            position=one.position,
        )
        for one in found
    )  # fmt: skip
    work.count("added", len(found))


def _days(work: Work, kitchen: Kitchen, found: list[Served], dishes: dict[str, Dish], days: list[date]) -> None:
    taken = set(MenuDay.objects.filter(kitchen=kitchen, on__in=days).values_list("on", flat=True))
    for one in found:
        if one.on in taken:
            work.fault(one.row, "date", str(one.on), pgettext("food import", "a day that has no exception yet"))
    if work.faults:
        return
    for on in days:
        of = [one for one in found if one.on == on]
        day = MenuDay.objects.create(
            kitchen=kitchen,
            on=on,
            name=(work.options.get("name") or work.file_name)[:120],
            instead=sorted({one.meal for one in of}),
            made_at=work.at,
            made_by=work.actor,
            imported=work.made,
        )
        MenuDayEntry.objects.bulk_create(
            MenuDayEntry(day=day, meal=one.meal, dish=dishes[one.name.lower()], position=one.position) for one in of
        )
    work.count("added", len(found))


def menus_undo(made: FoodImport, at: datetime) -> int:
    """Withdraw the menu and days of an import, say again of dishes what was said before, retire its unused dishes."""
    n = 0
    for menu in Menu.objects.select_for_update().filter(imported=made, withdrawn_at=None):
        menu.withdrawn_at = at
        menu.save(update_fields=["withdrawn_at"])
        dishes_moved(menu_id=menu.pk, at=at)
        n += 1
    days = MenuDay.objects.filter(imported=made)
    dish_ids = set(MenuDayEntry.objects.filter(day__in=days).values_list("dish_id", flat=True))
    n += days.count()
    days.delete()
    dishes_changed_offer(dish_ids, at)
    _contents_back(made, at)
    used = set(MenuEntry.objects.filter(menu__withdrawn_at=None).values_list("dish_id", flat=True))
    used |= set(MenuDayEntry.objects.values_list("dish_id", flat=True))
    Dish.objects.filter(imported=made, retired_at=None).exclude(pk__in=used).update(retired_at=at)
    return n


def _contents_back(made: FoodImport, at: datetime) -> None:
    ids = CellContent.objects.filter(imported=made).values("cell")
    cells = list(DishCell.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    now = contents_now(cell_ids=[cell.pk for cell in cells])
    for cell in cells:
        latest = now.get(cell.pk)
        before = CellContent.objects.filter(cell=cell, number=cell.n_contents - 1).first()
        if latest is None or latest.imported_id != made.pk or before is None:
            continue
        variants = list(DishVariant.objects.filter(content=before))
        cell.n_contents += 1
        cell.save(update_fields=["n_contents"])
        before.pk, before.number, before.at = None, cell.n_contents, at
        before.save(force_insert=True)
        for one in variants:
            one.pk, one.content = None, before
        DishVariant.objects.bulk_create(variants)
    cells_refresh(cell_ids=[cell.pk for cell in cells], at=at)
