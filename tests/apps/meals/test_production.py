"""The production sheet: its sums, the lock and what came after it, late changes from history, and the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies.meals import LUNCH_CLOSES, ON, Mealtime, meals_set, order, restrict, tell
from tests.strategies.messages import at
from tests.strategies.refusals import refused

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.choices import OrderOrigin, ServiceForm
from vardnara.apps.meals.models import (
    CellContent,
    DishCell,
    DishVariant,
    Ingredient,
    MealOrder,
    OtherMeal,
    ProductionLine,
    ProductionLock,
    Recipe,
    RecipeLine,
    RecipeVersion,
)
from vardnara.apps.meals.queries.late_changes import Happened, Late, buffer_of, late_history, plates_moved, share_of
from vardnara.apps.meals.queries.production import Sheet, numbers_locked, numbers_now, production_sheet
from vardnara.apps.meals.services.ordering import order_cancel
from vardnara.apps.meals.services.production import production_lock, production_open
from vardnara.apps.meals.services.tickets import tickets_print

WHERE: dict[str, Any] = {"on": ON, "meal": "lunch"}


@pytest.fixture
def here(db: None) -> Mealtime:
    """P1 and P2 lie in K31, P3 in M52, each on a normal diet."""
    made = meals_set()
    for visit, bed, ward in ((1, "1-1", "K31"), (2, "1-2", "K31"), (3, "1-1", "M52")):
        tell("A01", 0, bed, ward=ward, patient=f"P{visit}", visit=f"V{visit}")
        restrict(made, "base_diet", "normal", visit=f"V{visit}")
    return made


def sheet_of(here: Mealtime) -> Sheet:
    return production_sheet(actor=here.cook, kitchen_id=here.kitchen.pk, **WHERE)


def locked(here: Mealtime, minute: float = 50, **words: Any) -> ProductionLock:
    return production_lock(**({"kitchen_id": here.kitchen.pk, "actor": here.cook, "at": at(minute), **WHERE} | words))


def test_every_dish_with_its_sizes_changes_and_wards(here: Mealtime) -> None:
    """Portions by size and ward; a change is a line of its own; guests stand apart; who is missing is named."""
    restrict(here, "allergen", "3")
    order(here, "cod", portion="small")
    order(here, "cod", "stew", visit="V2", minute=12)
    OtherMeal.objects.create(
        kitchen=here.kitchen, ward=Ward.objects.get(code="M52"), who="guest", dish=here.dishes["cod"], portions=3,
        deadline=at(LUNCH_CLOSES), received_at=at(20), actor=here.nurse, **WHERE,
    )  # fmt: skip
    found = sheet_of(here)
    by = {(line.name, line.change): line for line in found.lines}
    assert by["Cod", "utan sås"].sizes == (1, 0, 0) and by["Cod", ""].n_guests == 3 and by["Cod", ""].n == 4
    assert [(ward.form, ward.n) for ward in found.wards] == [(ServiceForm.TRAY.label, 3)] * 2
    assert found.n == 6 == sum(ward.n for ward in found.wards)
    assert found.missing.problems == () and [n for _, n in found.missing.no_choice] == [1]


def test_the_lock_stays_and_what_came_after_shows(here: Mealtime) -> None:
    """Lock plus changes is now; opening and locking anew need a reason and are versions of their own."""
    order(here, "cod")
    order(here, "stew", visit="V2")
    first = locked(here, 50)
    order(here, "stew", minute=52)
    order(here, "cod", visit="V3", minute=53)
    order_cancel(
        order_id=MealOrder.objects.get(stay__visit_number="V2").pk, at=at(54), received_at=at(54),
        origin=OrderOrigin.STAFF, reason="x", actor=here.nurse,
    )  # fmt: skip
    found = sheet_of(here)
    assert found.lock is not None and found.lock.n == 2
    assert {line.name: (line.locked, line.delta) for line in found.lines} == {"Cod": (1, 0), "Stew": (1, 0)}
    assert found.lock.n + found.n_added - found.n_removed == found.n
    with refused("lock_needs_reason"):
        locked(here, 55)
    with refused("lock_seen_older"):
        locked(here, 55, reason="again", seen=0)
    with refused("wrong_role"):
        locked(here, 55, actor=here.nurse)
    production_open(kitchen_id=here.kitchen.pk, actor=here.cook, at=at(56), reason="fler gäster", **WHERE)
    assert sheet_of(here).lock is None
    with refused("not_locked"):
        production_open(kitchen_id=here.kitchen.pk, actor=here.cook, at=at(57), reason="x", **WHERE)
    assert locked(here, 58, reason="klart").version == 3
    assert list(ProductionLock.objects.values_list("version", "locked")) == [(1, True), (2, False), (3, True)]
    assert numbers_locked(first) != {}


def test_the_database_keeps_the_lock(here: Mealtime) -> None:
    """Whatever the code does: no version is changed, skipped, or opened twice; no line is changed."""
    order(here, "cod")
    made = locked(here)
    words = {"kitchen": here.kitchen, "at": at(55), "by": here.cook, "reason": "x", **WHERE}
    for wrong in (
        lambda: ProductionLock.objects.filter(pk=made.pk).update(n=9),
        lambda: made.delete(),
        lambda: ProductionLine.objects.update(n=9),
        lambda: ProductionLock.objects.create(version=3, **words),
        lambda: ProductionLock.objects.create(version=2, **(words | {"reason": ""})),
        lambda: ProductionLock.objects.create(version=1, locked=False, **(words | {"meal": "dinner"})),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            wrong()


PORTIONS = st.sampled_from(["small", "normal", "large"])
DEEDS = st.lists(
    st.tuples(st.sampled_from(["V1", "V2", "V3"]), st.sampled_from(["cod", "stew", "meatballs", ""]), PORTIONS),
    max_size=8,
)


@given(before=DEEDS, after=DEEDS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sums_hold_whatever_is_ordered(here: Mealtime, before: list[Any], after: list[Any]) -> None:
    """Wards, sizes and lines sum to the same; the lock and what came and went since give what is now."""
    with transaction.atomic():
        for minute, (visit, dish, portion) in enumerate(before, 10):
            do(here, visit, dish, portion, minute)
        locked(here, 30)
        for minute, (visit, dish, portion) in enumerate(after, 31):
            do(here, visit, dish, portion, minute)
        found = sheet_of(here)
        now = numbers_now(kitchen_id=here.kitchen.pk, **WHERE)
        assert found.n == sum(now.values()) == sum(ward.n for ward in found.wards)
        assert all(sum(n for _, n in line.wards) == line.n for line in found.lines)
        assert all(sum(line.sizes) == line.n for line in found.lines)
        assert found.lock is not None
        assert found.lock.n + sum(line.delta for line in found.lines) == found.n
        assert found.lock.n == sum(numbers_locked(found.lock).values())
        transaction.set_rollback(True)


def do(here: Mealtime, visit: str, dish: str, portion: str, minute: int) -> None:
    if dish:
        order(here, dish, visit=visit, portion=portion, minute=minute)
        return
    row = MealOrder.objects.filter(stay__visit_number=visit, state="open").first()
    if row is not None:
        order_cancel(
            order_id=row.pk, at=at(minute), received_at=at(minute), origin=OrderOrigin.STAFF, reason="x",
            actor=here.nurse,
        )  # fmt: skip


def happened(minute: float, kind: str, *dishes: int, origin: str = "staff") -> Happened:
    return Happened(at(minute), kind, origin, dict.fromkeys(dishes, 1))


@pytest.mark.parametrize(
    ("history", "added", "removed"),
    [
        ([happened(10, "placed", 1)], {}, {}),
        ([happened(70, "placed", 1)], {1: 1}, {}),
        ([happened(70, "placed", 1, origin="default")], {}, {}),
        ([happened(10, "placed", 1), happened(70, "changed", 2)], {2: 1}, {1: 1}),
        ([happened(10, "placed", 1), happened(20, "held"), happened(70, "released", 1)], {1: 1}, {}),
        ([happened(10, "placed", 1, 2), happened(70, "moved"), happened(71, "cancelled")], {}, {1: 1, 2: 1}),
        ([happened(10, "placed", 1), happened(70, "changed", 2), happened(75, "changed", 1)], {}, {}),
    ],
)
def test_what_counts_as_a_late_change(history: list[Happened], added: dict[int, int], removed: dict[int, int]) -> None:
    """Plates that came and went after the numbers were fixed; what the house orders at the deadline is no change."""
    assert tuple(map(dict, plates_moved(history, at(60)))) == (added, removed)


def test_too_little_history_suggests_nothing() -> None:
    """No buffer from an anecdote; with enough, the dish's own share before the meal's, inside its interval."""
    few, many = Late(40, 4, 4, 0), Late(1000, 30, 50, 20)
    assert buffer_of(100, few, few) is None
    of_meal, own = buffer_of(100, few, many), buffer_of(100, Late(200, 8, 0, 0), many)
    assert of_meal is not None and (of_meal.n, of_meal.own) == (5, False) and of_meal.low <= 5 <= of_meal.high
    assert own is not None and (own.n, own.own) == (0, True) and own.high >= 1
    assert share_of(5, 100).low < 0.05 < share_of(5, 100).high
    assert share_of(0, 0).high == 1


def test_late_changes_are_read_from_the_kitchens_own_history(here: Mealtime) -> None:
    """Yesterday's late tray counts, today's does not, and what was ordered in time is a plate and no change."""
    order(here, "cod")
    order(here, "stew", visit="V2", minute=LUNCH_CLOSES + 10, late=True)
    whole, by_dish = late_history(kitchen_id=here.kitchen.pk, meal="lunch", on=ON + timedelta(days=1))
    assert (whole.plates, whole.days, whole.added, whole.removed) == (2, 1, 1, 0)
    assert by_dish[here.dishes["stew"].pk].added == 1 and by_dish[here.dishes["cod"].pk].added == 0
    assert late_history(kitchen_id=here.kitchen.pk, meal="lunch", on=ON)[0] == Late()


def recipe(here: Mealtime, code: str, lines: list[tuple[Any, int, str]], servings: int = 10) -> RecipeVersion:
    """A recipe of so many servings; a line is an ingredient's name or another recipe, grams, and its part."""
    made = Recipe.objects.create(hospital=here.hospital, code=code, name=code.title(), n_versions=1)
    version = RecipeVersion.objects.create(
        recipe=made, number=1, servings=servings, n_lines=len(lines), fingerprint=code, made_at=at(0)
    )
    for position, (what, grams, part) in enumerate(lines, 1):
        of: dict[str, Any] = {"sub": what}
        if isinstance(what, str):
            of = {"ingredient": Ingredient.objects.get_or_create(hospital=here.hospital, code=what, name=what)[0]}
        RecipeLine.objects.create(version=version, position=position, amount=grams, unit="g", part=part, **of)
    return version


def test_recipes_are_scaled_to_what_is_cooked(here: Mealtime) -> None:
    """Batches, the recipe within the recipe, and the part that a change leaves out; all ingredients together."""
    sauce = recipe(here, "sås", [("mjölk", 600, ""), ("ägg", 400, "")], servings=20)
    dish = recipe(here, "torsk", [("torskfilé", 1500, ""), (sauce, 500, "sås")])
    cell = DishCell.objects.get(dish=here.dishes["cod"])
    content = CellContent.objects.create(cell=cell, number=1, recipe_version=dish, at=at(0))
    DishVariant.objects.create(content=content, code="no_sauce", name="utan sås", part="sås", removes=["3", "7"])
    DishCell.objects.filter(pk=cell.pk).update(n_contents=1)
    restrict(here, "allergen", "3")
    order(here, "cod")
    for visit in ("V2", "V3"):
        order(here, "cod", visit=visit, minute=12)
    found = sheet_of(here)
    by = {line.change: line.scaled for line in found.lines}
    plain, without = by[""], by["utan sås"]
    assert plain is not None and without is not None
    assert (plain.batches, without.batches) == (Fraction(1, 5), Fraction(1, 10))
    assert [(one.name, one.amount, one.depth) for one in plain.lines] == [
        ("torskfilé", 300, 0), ("Sås", 100, 0), ("mjölk", 60, 1), ("ägg", 40, 1),
    ]  # fmt: skip
    assert [(one.name, one.amount) for one in without.lines] == [("torskfilé", 150)]
    assert {one.name: one.amount for one in found.ingredients} == {"torskfilé": 450, "mjölk": 60, "ägg": 40}
    page = client_of(here).get(reverse("meals:production", args=[here.kitchen.pk]) + f"?on={ON}&meal=lunch")
    assert "0.2 batches of 10" in page.content.decode() and "450 g" in page.content.decode()


def client_of(here: Mealtime, who: str = "cook") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(getattr(here, who))
    return client


def test_the_pages_of_a_meal(here: Mealtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day, the sheet, locking, the tickets, the files: as a cook uses them, in turn."""
    now = {"at": at(50)}
    monkeypatch.setattr("django.utils.timezone.now", lambda: now["at"])
    order(here, "cod")
    client, where = client_of(here), f"?on={ON}&meal=lunch"
    kitchen = [here.kitchen.pk]

    def page(name: str, at_: datetime | None = None, **more: Any) -> str:
        now["at"] = at_ or now["at"]
        answer = client.get(reverse(f"meals:{name}", args=kitchen) + where, **more)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    day = page("kitchen_day")
    assert "<b>1</b> <span>of 3 ordered" in day and "1 portion" in day
    assert "No buffer is suggested" in page("production")
    answer = client.post(reverse("meals:production", args=kitchen) + where, {"deed": "lock", "seen": "0"}, follow=True)
    assert "Nothing has changed since then" in " ".join(answer.content.decode().split())
    order(here, "stew", visit="V2", minute=55)
    changed = page("production", at(56))
    assert "<b>+1</b> <b>−0</b>" in changed and "is-changed" in changed
    assert "1 change since the lock" in page("kitchen_day")
    assert "Make tickets all the same" in page("tickets")
    refused_early = client.post(reverse("meals:tickets", args=kitchen) + where, {"deed": "print"}, follow=True)
    assert "Patients can still choose" in refused_early.content.decode()
    now["at"] = at(LUNCH_CLOSES + 1)
    answer = client.post(reverse("meals:tickets", args=kitchen) + where, {"deed": "print"}, follow=True)
    assert "3 tickets" in answer.content.decode()
    run = MealOrder.objects.first().tray.run_id
    for kind, mark in (("a4", b"%PDF"), ("zpl", b"^XA")):
        assert client.get(reverse("meals:ticket_file", args=[run, kind])).content.startswith(mark)
    assert client.get(reverse("meals:ticket_file", args=[run, "x"])).status_code == 404
    tray = MealOrder.objects.first().tray
    assert tray.code[:4] not in page("tickets") and "3 tickets" in page("tickets")
    found = client.get(reverse("meals:tickets", args=kitchen) + f"{where}&q={tray.code[:6].lower()}").content.decode()
    assert f"{tray.code[:4]}-{tray.code[4:8]}" in found and found.count('value="again"') == 1
    again = client.post(
        reverse("meals:tickets", args=kitchen) + where, {"deed": "again", "tray": tray.pk, "kind": "roll"}
    )
    assert again.content.startswith(b"%PDF")
    for kind in ("csv", "xlsx"):
        assert client.get(reverse("meals:production_file", args=[*kitchen, kind]) + where).status_code == 200
    part = page("production", HTTP_HX_REQUEST="true")
    assert part.startswith('<div id="production"') and "<html" not in part
    assert client_of(here, "nurse").get(reverse("meals:production", args=kitchen)).status_code == 403


def test_two_looks_of_the_same_run(here: Mealtime) -> None:
    """Printing again what was printed is the same run; its count follows what was stopped."""
    order(here, "cod")
    tickets_print(kitchen_id=here.kitchen.pk, actor=here.cook, at=at(61), **WHERE)
    restrict(here, "allergen", "4", minute=70)
    page = client_of(here).get(reverse("meals:tickets", args=[here.kitchen.pk]) + f"?on={ON}&meal=lunch")
    assert "1 stopped since" in page.content.decode()


def test_a_look_at_why_a_meal_is_held_is_written_down(here: Mealtime) -> None:
    """That somebody fasts is part of the diet: opening the sheet is logged, keeping it up to date is not (inv. 7)."""
    order(here, "cod")
    restrict(here, "fasting", "nothing", minute=20)
    client, where = client_of(here), reverse("meals:production", args=[here.kitchen.pk]) + f"?on={ON}&meal=lunch"
    assert "held: fasting" in client.get(where).content.decode()
    client.get(where, headers={"HX-Request": "true"})
    assert AccessLog.objects.filter(object_type="diet", action="read", actor=here.cook).count() == 1
