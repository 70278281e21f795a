"""What is offered on a date: cycles over years and seasons, holidays, house dishes, windows over both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.models import User
from vardnara.apps.meals.choices import Texture
from vardnara.apps.meals.constants import ALLERGEN_CODES, TEXTURE_CODES
from vardnara.apps.meals.models import (
    Dish,
    DishCell,
    DishName,
    HouseDish,
    Kitchen,
    KitchenWard,
    Menu,
    MenuDay,
    MenuDayEntry,
    MenuEntry,
)
from vardnara.apps.meals.queries.offered import cycle_week, fallbacks, kitchen_of, meal_windows, offered
from vardnara.apps.meals.services import kitchens
from vardnara.apps.meals.services.kitchens import MealTimeWords
from vardnara.engines.diet import ALLERGENS, TEXTURES, Avoid, Needs, dish_check
from vardnara.kernel.errors import RuleBroken

DAYS = 20 * 366
SAID = {"contains": ["7"], "may_contain": [], "unknown": ["9"], "textures": ["hel_delad"], "iddsi": [7]}
STATE = SAID | {
    "verified": True,
    "diets": ["normal"],
    "flags": [],
    "variants": [],
    "nutrients": {"energy_kcal": "412.5"},
    "fingerprint": "f",
}


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def actor(stage: Stage) -> User:
    return stage.users["kitchen"]


def kitchen_make(stage: Stage) -> Kitchen:
    return kitchens.kitchen_add(
        hospital_id=stage.ward.division.hospital_id, code="K", name="Centralköket", actor=actor(stage), at=AT
    )


def dish(kitchen: Kitchen, code: str) -> Dish:
    return Dish.objects.create(hospital_id=kitchen.hospital_id, code=code, name=code.title())


def menu(kitchen: Kitchen, n_weeks: int = 4, **said: Any) -> Menu:
    words = {"anchor_on": date(2026, 8, 31), "from_on": date(2026, 8, 31), "name": "Höst", "made_at": AT}
    return Menu.objects.create(kitchen=kitchen, n_weeks=n_weeks, **(words | said))


def codes(kitchen: Kitchen, on: date, *meals: str) -> list[str]:
    return [one.code for one in offered(kitchen_id=kitchen.pk, on=on, meals=meals or None)]


@given(st.integers(1, 26), st.dates(date(2015, 1, 1), date(2035, 1, 1)))
def test_a_cycle_turns_every_monday_for_twenty_years(n_weeks: int, anchor: date) -> None:
    """Neither the year's end, nor week 53, nor a date before the first week makes the cycle jump or stand still."""
    start = date(2016, 1, 1)
    before = cycle_week(anchor_on=anchor, n_weeks=n_weeks, on=start)
    assert cycle_week(anchor_on=anchor, n_weeks=n_weeks, on=anchor) == 1
    for n in range(1, DAYS, 1 + n_weeks % 3):
        on = start + timedelta(days=n)
        now = cycle_week(anchor_on=anchor, n_weeks=n_weeks, on=on)
        mondays = (on - (start - timedelta(days=start.weekday()))).days // 7
        assert now == (before - 1 + mondays) % n_weeks + 1


def test_the_cycle_goes_on_over_the_year_of_53_weeks(stage: Stage) -> None:
    """From 28 December 2026 (week 53) to 4 January 2027 (week 1) the cycle goes one week on, as on any Monday."""
    kitchen = kitchen_make(stage)
    weeks = menu(kitchen, n_weeks=2)
    for week in (1, 2):
        MenuEntry.objects.create(menu=weeks, week=week, weekday=1, meal="lunch", dish=dish(kitchen, f"vecka{week}"))
    assert codes(kitchen, date(2026, 12, 28)) == ["vecka2"]
    assert codes(kitchen, date(2027, 1, 4)) == ["vecka1"]
    assert codes(kitchen, date(2027, 1, 5)) == []


def test_seasons_follow_one_another_and_a_closed_kitchen_offers_nothing(stage: Stage) -> None:
    """On the first day of a season its menu holds, the day before the old one; after closing, none."""
    kitchen = kitchen_make(stage)
    autumn = menu(kitchen, to_on=date(2026, 12, 1), n_weeks=1)
    winter = menu(kitchen, from_on=date(2026, 12, 1), anchor_on=date(2026, 11, 30), n_weeks=1, name="Vinter")
    for of, code in ((autumn, "kantareller"), (winter, "skinka")):
        one = dish(kitchen, code)
        for weekday in range(1, 8):
            MenuEntry.objects.create(menu=of, week=1, weekday=weekday, meal="dinner", dish=one)
    assert codes(kitchen, date(2026, 8, 30)) == []
    assert codes(kitchen, date(2026, 11, 30)) == ["kantareller"]
    assert codes(kitchen, date(2026, 12, 1)) == ["skinka"]
    kitchens.kitchen_change(
        kitchen_id=kitchen.pk, code="K", name="K", closed_on=date(2026, 12, 2), actor=actor(stage), at=AT
    )
    assert codes(kitchen, date(2026, 12, 1)) == ["skinka"] and codes(kitchen, date(2026, 12, 2)) == []
    winter.withdrawn_at = AT
    winter.save()
    assert codes(kitchen, date(2026, 12, 1)) == []


def test_a_holiday_stands_instead_of_a_meal_and_beside_another(stage: Stage) -> None:
    """Christmas Eve replaces dinner, adds to lunch, and leaves breakfast as it is; a dish stands once in a meal."""
    kitchen = kitchen_make(stage)
    eve = date(2026, 12, 24)
    weeks = menu(kitchen, n_weeks=1)
    meals = {meal: dish(kitchen, meal) for meal in ("breakfast", "lunch", "dinner")}
    for meal, one in meals.items():
        MenuEntry.objects.create(menu=weeks, week=1, weekday=eve.isoweekday(), meal=meal, dish=one, position=2)
    day = MenuDay.objects.create(kitchen=kitchen, on=eve, name="Julafton", instead=["dinner"], made_at=AT)
    ham = dish(kitchen, "julskinka")
    for meal in ("lunch", "dinner"):
        MenuDayEntry.objects.create(day=day, meal=meal, dish=ham, default_for=["normal"])
    MenuDayEntry.objects.create(day=day, meal="lunch", dish=meals["lunch"], position=3, default_for=["vegetarian"])
    found = offered(kitchen_id=kitchen.pk, on=eve)
    assert [(one.meal, one.code, one.source) for one in found] == [
        ("breakfast", "breakfast", "menu"),
        ("lunch", "julskinka", "day"),
        ("lunch", "lunch", "day"),
        ("dinner", "julskinka", "day"),
    ]
    assert [one.default_for for one in found] == [(), ("normal",), ("vegetarian",), ("normal",)]
    assert codes(kitchen, eve + timedelta(days=7), "dinner") == ["dinner"]


def test_house_dishes_are_there_beside_the_menu_and_fallbacks_apart(stage: Stage) -> None:
    """A snack at every meal of the kitchen, a supplement at one, a fallback only for whom nothing fits."""
    kitchen = kitchen_make(stage)
    for meal in ("lunch", "evening_snack"):
        time_set(stage, kitchen, meal)
    since = date(2026, 1, 1)
    rows = (("always", "", "frukt"), ("supplement", "evening_snack", "dryck"), ("fallback", "lunch", "soppa"))
    for kind, meal, code in rows:
        HouseDish.objects.create(kitchen=kitchen, kind=kind, meal=meal, dish=dish(kitchen, code), from_on=since)
    HouseDish.objects.create(
        kitchen=kitchen, kind="always", dish=dish(kitchen, "gammal"), from_on=since, to_on=date(2026, 2, 1)
    )
    day = date(2026, 3, 5)
    assert codes(kitchen, day) == ["frukt", "frukt", "dryck"]
    assert codes(kitchen, day, "lunch") == ["frukt"]
    assert [one.code for one in fallbacks(kitchen_id=kitchen.pk, on=day)] == ["soppa"]
    assert fallbacks(kitchen_id=kitchen.pk, on=day, meals=["dinner"]) == []


def test_a_dish_carries_its_cells_names_and_what_nobody_answers_for_is_unknown(stage: Stage) -> None:
    """The normal cell first; a menu's own cell stands before the general; without a state a cell is not verified."""
    kitchen = kitchen_make(stage)
    one, weeks = dish(kitchen, "torsk"), menu(kitchen, n_weeks=1)
    DishName.objects.create(dish=one, language="en", name="Cod")
    MenuEntry.objects.create(menu=weeks, week=1, weekday=1, meal="lunch", dish=one)
    timbale = DishCell.objects.create(dish=one, diet="normal", texture="timbal")
    whole = DishCell.objects.create(dish=one, diet="normal", texture="hel_delad", state=STATE)
    own = DishCell.objects.create(dish=one, menu=weeks, diet="normal", texture="timbal", state=STATE)
    DishCell.objects.create(dish=one, diet="gluten_free", texture="timbal", retired_at=AT)
    (found,) = offered(kitchen_id=kitchen.pk, on=date(2026, 9, 7))
    assert found.names == {"sv": "Torsk", "en": "Cod"} and str(found.energy_kcal) == "412.5" and found.protein_g is None
    assert found.cell_ids == (whole.pk, own.pk) and all(cell.verified for cell in found.cells)
    assert found.cells[0].contains == ("7",) and found.cells[0].unknown == ("9",)
    as_checked = dict(found.engine_dishes())[whole.pk]
    assert dish_check(as_checked, Needs(diets=frozenset({"normal"}), avoid=frozenset({Avoid("3")}))).status == "allowed"
    assert dish_check(as_checked, Needs(avoid=frozenset({Avoid("9")}))).status == "blocked"
    weeks.withdrawn_at = AT
    weeks.save()
    again = menu(kitchen, n_weeks=1)
    MenuEntry.objects.create(menu=again, week=1, weekday=1, meal="lunch", dish=one)
    (found,) = offered(kitchen_id=kitchen.pk, on=date(2026, 9, 7))
    assert found.cell_ids == (whole.pk, timbale.pk)
    assert not found.cells[1].verified and found.cells[1].diets == ()
    nobodys = dict(found.engine_dishes())[timbale.pk]
    assert dish_check(nobodys, Needs(diets=frozenset({"normal"}))).status == "blocked"
    assert dish_check(nobodys, Needs(avoid=frozenset({Avoid("14")}))).reasons[0].code == "unknown"


def time_set(stage: Stage, kitchen: Kitchen, meal: str = "lunch", **said: Any) -> None:
    words = {"serves_from": time(11, 30), "serves_to": time(12, 30), "deadline_at": time(9)}
    words = MealTimeWords(**(words | said))
    kitchens.meal_time_set(kitchen_id=kitchen.pk, meal=meal, words=words, actor=actor(stage), at=AT)


@pytest.mark.parametrize(
    ("on", "deadline", "serves", "late"),
    [
        (date(2026, 3, 5), "2026-03-04T13:00", "2026-03-05T10:30", "2026-03-05T10:00"),
        (date(2026, 3, 29), "2026-03-28T13:00", "2026-03-29T09:30", "2026-03-29T09:00"),  # the night had an hour less
        (date(2026, 10, 25), "2026-10-24T12:00", "2026-10-25T10:30", "2026-10-25T10:00"),  # and one more
    ],
)
def test_windows_follow_the_wall_clock(stage: Stage, on: date, deadline: str, serves: str, late: str) -> None:
    """A meal at half past eleven is at half past eleven by the wall, on the days of the clock changes too."""
    kitchen = kitchen_make(stage)
    time_set(stage, kitchen, "dinner", serves_from=time(17), serves_to=time(18), deadline_at=time(12))
    time_set(stage, kitchen, deadline_days=1, deadline_at=time(14), late_minutes=30)
    lunch, dinner = meal_windows(kitchen_id=kitchen.pk, on=on)
    wanted = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (deadline, serves, late)]
    assert [lunch.deadline_at, lunch.serves_from_at, lunch.late_until_at] == wanted
    assert lunch.cancel_until_at is None and dinner.meal == "dinner" and dinner.late_until_at is None
    assert lunch.serves_to_at - lunch.serves_from_at == timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"serves_to": time(11, 30)}, "meal_ends_before"),
        ({"deadline_at": time(11, 31)}, "deadline_after_meal"),
        ({"energy_low": 20}, "bad_energy_share"),
        ({"energy_low": 30, "energy_high": 20}, "bad_energy_share"),
    ],
)
def test_a_meal_time_that_cannot_be_is_refused(stage: Stage, said: dict[str, Any], code: str) -> None:
    """A deadline after the meal would take choices that nobody can cook."""
    with pytest.raises(RuleBroken) as error:
        time_set(stage, kitchen_make(stage), **said)
    assert error.value.code == code


def test_a_ward_has_one_kitchen_at_a_time(stage: Stage) -> None:
    """A new kitchen takes over on its day; the old one's time ends then; nobody is served before the first."""
    first = kitchen_make(stage)
    second = kitchens.kitchen_add(
        hospital_id=first.hospital_id, code="L", name="Lilla köket", actor=actor(stage), at=AT
    )
    serve(stage, first, date(2026, 1, 1))
    serve(stage, second, date(2026, 3, 1), "chilled")
    on = {month: kitchen_of(ward_id=stage.ward.pk, on=date(2026, month, 1)) for month in (1, 2, 3)}
    assert [(one.name, one.service) for one in on.values() if one] == [
        ("Centralköket", "tray"),
        ("Centralköket", "tray"),
        ("Lilla köket", "chilled"),
    ]
    assert kitchen_of(ward_id=stage.ward.pk, on=date(2025, 12, 31)) is None
    with pytest.raises(RuleBroken) as error:
        serve(stage, first, date(2026, 2, 1))
    assert error.value.code == "ward_served_later"
    row = KitchenWard.objects.get(kitchen=second)
    kitchens.ward_serve_end(kitchen_ward_id=row.pk, to_on=date(2026, 4, 1), actor=actor(stage), at=AT)
    assert kitchen_of(ward_id=stage.ward.pk, on=date(2026, 4, 1)) is None
    kitchens.kitchen_change(
        kitchen_id=second.pk, code="L", name="L", closed_on=date(2026, 3, 15), actor=actor(stage), at=AT
    )
    assert kitchen_of(ward_id=stage.ward.pk, on=date(2026, 3, 15)) is None


def serve(stage: Stage, kitchen: Kitchen, from_on: date, service: str = "tray") -> None:
    kitchens.ward_serve(
        kitchen_id=kitchen.pk, ward_id=stage.ward.pk, service=service, from_on=from_on, actor=actor(stage), at=AT
    )


def test_only_those_of_the_kitchen_write_it(stage: Stage) -> None:
    """Neither a coordinator, nor a cook of another hospital, nor one of nowhere."""
    hospital = stage.ward.division.hospital_id
    for user in (stage.users["coordinator"], stage.users["ward_staff"], stage.outsider):
        with pytest.raises(RuleBroken):
            kitchens.kitchen_add(hospital_id=hospital, code="K", name="K", actor=user, at=AT)
    foreign = stage.foreign.room.ward
    kitchen = kitchen_make(stage)
    with pytest.raises(RuleBroken) as error:
        kitchens.ward_serve(
            kitchen_id=kitchen.pk, ward_id=foreign.pk, service="tray", from_on=AT.date(), actor=actor(stage), at=AT
        )
    assert error.value.code == "unknown_ward"
    with pytest.raises(RuleBroken) as error:
        kitchen_make(stage)
    assert error.value.code == "kitchen_code_taken"


def test_the_database_knows_the_codes_of_the_engine() -> None:
    """A code that one of them has and the other not would be one that nobody avoids."""
    assert tuple(ALLERGENS) == ALLERGEN_CODES and TEXTURES == TEXTURE_CODES == tuple(Texture.values)
