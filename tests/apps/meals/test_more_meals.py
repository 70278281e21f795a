"""Standing orders, extra trays, meals of guests and staff, and the daily look at diets that do not agree."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.strategies.diet_messages import al1, allergies
from tests.strategies.meals import (
    LUNCH_CLOSES,
    LUNCH_LATE,
    ON,
    Mealtime,
    order,
    plate,
    restrict,
    stay_of,
)
from tests.strategies.messages import apply, at
from tests.strategies.refusals import refused

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.models import MealOrder, MenuEntry, OtherMeal, StandingOrder
from vardnara.apps.meals.services.filling import orders_fill
from vardnara.apps.meals.services.standing import other_meal_set, standing_add, standing_end

pytestmark = pytest.mark.django_db


class Page:
    """The ward's pages as a nurse has them, at a minute."""

    def __init__(self, here: Mealtime) -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(here.nurse)
        self.minute = 20.0

    def now(self) -> datetime:
        return at(self.minute)

    def ask(self, method: str, where: str, **data: Any) -> Any:
        with patch("vardnara.apps.meals.views.more.timezone.now", self.now):
            return getattr(self.client, method)(where, data or None, follow=True)


def test_a_standing_order_is_what_the_house_orders(here: Mealtime) -> None:
    """It comes before the default, only where it is safe, and no more when it has ended."""
    given = {"stay_id": stay_of().pk, "meal": "lunch", "actor": here.nurse, "at": at(10)}
    row = standing_add(dish_id=here.dishes["cod"].pk, **given)
    assert standing_add(dish_id=here.dishes["cod"].pk, **given).pk == row.pk
    orders_fill(at=at(LUNCH_CLOSES))
    made = MealOrder.objects.get(meal="lunch")
    assert (made.origin, plate(made)) == ("standing", ["cod"])
    standing_end(stay_id=stay_of().pk, standing_id=row.pk, actor=here.nurse, at=at(11))
    assert StandingOrder.objects.get().ended_at == at(11)
    with refused("not_offered"):
        standing_add(**(given | {"dish_id": 10**9}))
    with refused("unknown_standing_order"):
        standing_end(stay_id=stay_of().pk, standing_id=10**9, actor=here.nurse, at=at(12))


def test_a_standing_order_never_widens(here: Mealtime) -> None:
    standing_add(stay_id=stay_of().pk, meal="lunch", dish_id=here.dishes["cod"].pk, actor=here.nurse, at=at(10))
    restrict(here, "exclusion", "fish")
    orders_fill(at=at(LUNCH_CLOSES))
    assert "cod" not in plate(MealOrder.objects.get(meal="lunch"))


def test_an_extra_tray_is_beside_the_meal(here: Mealtime) -> None:
    """Always an order of its own; the check, the deadline and the one order a meal hold as before."""
    first = order(here, "meatballs")
    extra = order(here, "meatballs", extra=True)
    assert extra.pk != first.pk and extra.extra and not first.extra
    changed = order(here, "cod")
    assert changed.pk == first.pk and plate(extra) == ["meatballs"]
    restrict(here, "allergen", "3")
    with refused("dish_blocked"):
        order(here, "meatballs", extra=True)
    with refused("after_deadline"):
        order(here, "cod", minute=LUNCH_CLOSES, extra=True)
    assert order(here, "cod", minute=LUNCH_CLOSES, late=True, extra=True).late


def test_the_page_of_a_patient_s_more(here: Mealtime) -> None:
    """Standing orders and extra trays by forms; the look is logged; after the limit the meal is not offered."""
    page, where = Page(here), f"/maltider/patient/{stay_of().pk}/"
    cod = here.dishes["cod"].pk
    shown = page.ask("get", where).text
    assert "Nothing is ordered standing." in shown and "2026-03-02 lunch" in shown
    assert AccessLog.objects.filter(object_type="diet", actor=here.nurse).exists()
    assert "Cod" in page.ask("post", f"{where}alltid/", meal="lunch", dish=cod).text
    assert StandingOrder.objects.get().dish_id == cod
    page.ask("post", f"{where}avsluta/", standing=StandingOrder.objects.get().pk)
    assert StandingOrder.objects.get().ended_at is not None
    for _ in range(2):
        page.ask(
            "post", f"{where}extra/", when=f"{ON} lunch", dish=cod, portion="small",
            command="11111111-1111-4111-8111-111111111111",
        )  # fmt: skip
    made = MealOrder.objects.get()
    assert (made.extra, made.portion, made.late) == (True, "small", False)
    page.minute = LUNCH_LATE
    assert "2026-03-02 lunch" not in page.ask("get", where).text
    assert "too late" in page.ask("post", f"{where}extra/", when=f"{ON} lunch", dish=cod, portion="small").text
    assert MealOrder.objects.count() == 1


def test_guests_and_staff_are_counted_apart(here: Mealtime) -> None:
    """Set, changed, taken back, until the deadline; the database holds the deadline too."""
    ward = Ward.objects.get(code="K31")
    given: dict[str, Any] = {
        "ward_id": ward.pk, "on": ON, "meal": "lunch", "who": "guest", "dish_id": here.dishes["cod"].pk,
        "actor": here.nurse, "received_at": at(10),
    }  # fmt: skip
    other_meal_set(portions=2, **given)
    assert other_meal_set(portions=3, **given).portions == 3
    assert other_meal_set(portions=1, **(given | {"who": "staff"})).pk != OtherMeal.objects.get(who="guest").pk
    other_meal_set(portions=0, **given)
    assert OtherMeal.objects.get(who="guest").portions == 0
    for wrong, code in (
        ({"portions": 100}, "bad_portions"),
        ({"who": "dog"}, "bad_portions"),
        ({"meal": "breakfast"}, "no_such_meal"),
        ({"dish_id": 0}, "not_offered"),
        ({"received_at": at(LUNCH_CLOSES)}, "after_deadline"),
        ({"ward_id": Ward.objects.get(code="BB").pk}, "no_kitchen"),
        ({"actor": here.cook}, "wrong_role"),
    ):
        with refused(code):
            other_meal_set(**({"portions": 1} | given | wrong))
    with pytest.raises(DatabaseError), transaction.atomic():
        OtherMeal.objects.update(received_at=at(LUNCH_CLOSES))
    assert not MealOrder.objects.exists()
    MenuEntry.objects.filter(dish=here.dishes["cod"]).delete()
    for portions, answer in ((1, refused("not_offered")), (0, nullcontext())):  # off the menu: taken back, no more
        with answer:
            other_meal_set(portions=portions, **(given | {"who": "staff"}))
    assert OtherMeal.objects.get(who="staff").portions == 0


def test_the_page_of_guests_and_staff(here: Mealtime) -> None:
    page, where = Page(here), f"/maltider/avdelning/{Ward.objects.get(code='K31').pk}/gaster/"
    assert "Nothing is ordered for guests" in page.ask("get", f"{where}?dag={ON}&maltid=lunch").text
    form = {"on": ON.isoformat(), "meal": "lunch", "who": "staff", "dish": here.dishes["stew"].pk, "portions": 4}
    assert "<b>4</b> Stew" in page.ask("post", where, **form).text
    page.minute = LUNCH_CLOSES
    assert "closed for this meal" in page.ask("post", where, **(form | {"portions": 5})).text
    assert OtherMeal.objects.get().portions == 4


def test_what_to_ask_about_today(here: Mealtime) -> None:
    """edge-20: an allergy that is known in one place only, either way; nothing where all agree."""
    page, where = Page(here), f"/maltider/avdelning/{Ward.objects.get(code='K31').pk}/avstamning/"
    assert "its sources agree" in page.ask("get", where).text
    restrict(here, "allergen", "4")
    assert "Known here alone, not in the record system: Fish" in page.ask("get", where).text
    apply(allergies("A08", 10, al1("KIWI")))
    assert "“KIWI” means nothing to us yet." in page.ask("get", where).text
