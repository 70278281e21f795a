"""What was eaten: by quarter, changed, undone, in energy; too little; the night on the ward's page (F-36, F-38)."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategies.meals import ON, Mealtime, order, restrict, stay_of
from tests.strategies.messages import at, person
from tests.strategies.refusals import refused
from tests.strategies.trays import scan, sent, tray_of

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.models import DishCell, Intake, MealOrder, MealTime, MenuEntry, OrderEvent, Tray
from vardnara.apps.meals.queries.eaten import WardEaten, ward_eaten
from vardnara.apps.meals.queries.night_fast import ward_night
from vardnara.apps.meals.services.eating import intake_note, intake_undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def tray(here: Mealtime) -> Tray:
    """P1's meatballs, handed over at noon."""
    made = tray_of(order(here, "meatballs"))
    sent(here, made)
    assert scan(here, made, "hand_over", 182, "1-1").done
    return made


def note(here: Mealtime, tray: Tray, quarters: int, minute: float = 230, **words: Any) -> None:
    intake_note(order_id=tray.order_id, quarters=quarters, actor=here.nurse, at=at(minute), **words)


def board(here: Mealtime, meal: str = "lunch", minute: float = 240) -> WardEaten:
    ward = Ward.objects.get(code="K31").pk
    return ward_eaten(actor=here.nurse, ward_id=ward, on=ON, meal=meal, at=at(minute))


def test_noted_changed_and_undone(here: Mealtime, tray: Tray) -> None:
    """The last note holds; undoing brings back the one before, then none; the history keeps all of it."""
    note(here, tray, 2)
    note(here, tray, 1, cause="disliked")
    assert (Intake.objects.get().quarters, Intake.objects.get().cause) == (1, "disliked")
    intake_undo(order_id=tray.order_id, actor=here.nurse, at=at(232))
    assert (Intake.objects.get().quarters, Intake.objects.get().cause) == (2, "")
    intake_undo(order_id=tray.order_id, actor=here.nurse, at=at(233))
    assert not Intake.objects.exists()
    with refused("nothing_noted"):
        intake_undo(order_id=tray.order_id, actor=here.nurse, at=at(234))
    said = OrderEvent.objects.filter(kind="eaten").order_by("pk").values_list("detail__quarters", flat=True)
    assert list(said) == [2, 1, 2, None]


def test_the_same_tap_twice_is_one(here: Mealtime, tray: Tray) -> None:
    """By the command, and by saying the same."""
    command = uuid4()
    note(here, tray, 2, command=command)
    note(here, tray, 3, command=command)
    note(here, tray, 2)
    assert Intake.objects.get().quarters == 2 and OrderEvent.objects.filter(kind="eaten").count() == 1


def test_nothing_of_what_was_not_served(here: Mealtime) -> None:
    """Only a tray that was sent can come back untouched; then it is handed over no more."""
    made = tray_of(order(here, "meatballs"))
    with refused("not_served"):
        note(here, made, 2)
    with refused("not_served"):
        note(here, made, 0, untouched=True)
    sent(here, made)
    for wrong, code in (({"quarters": 5}, "bad_quarters"), ({"quarters": 0, "cause": "x"}, "unknown_cause")):
        with refused(code):
            note(here, made, **wrong)
    note(here, made, 0, untouched=True, cause="away", minute=190)
    assert scan(here, made, "hand_over", 195, "1-1").code == "came_back"
    assert OrderEvent.objects.filter(order=made.order_id, kind="returned").exists()


@pytest.mark.parametrize(("portion", "energy"), [("small", 140), ("normal", 200), ("large", 260)])
def test_energy_of_what_was_eaten(here: Mealtime, tray: Tray, portion: str, energy: int) -> None:
    """Half of 400 kcal by the size of the portion; extra trays too."""
    MealOrder.objects.update(portion=portion)
    note(here, tray, 2)
    [row] = board(here).rows
    assert (row.day.energy_kcal, row.day.protein_g) == (energy, Decimal(energy) / 20) and row.day.whole


def test_unknown_is_never_zero(here: Mealtime, tray: Tray) -> None:
    """What is not noted, and what is not declared, is told as such."""
    assert (board(here).rows[0].day.n_unnoted, board(here).rows[0].day.whole) == (1, False)
    note(here, tray, 4)
    cell = DishCell.objects.get(dish=here.dishes["meatballs"])
    DishCell.objects.filter(pk=cell.pk).update(state={**cell.state, "nutrients": {"energy_kcal": "400"}})
    assert (board(here).rows[0].day.n_undeclared, board(here).rows[0].day.energy_kcal) == (1, 400)


@pytest.mark.parametrize(("quarters", "low"), [(2, True), (3, False), (None, False)])
def test_too_little_for_three_days(here: Mealtime, tray: Tray, quarters: int | None, low: bool) -> None:
    """Below 75 % of what was served, and certain: what nobody noted counts as eaten."""
    for n in range(1, 4):
        made = order(here, "meatballs", on=ON + timedelta(days=n))
        one = tray_of(made)
        MealOrder.objects.filter(pk=made.pk).update(state="served")
        if quarters is not None:
            note(here, one, quarters)
    ward = Ward.objects.get(code="K31").pk
    last = tray_of(order(here, "meatballs", on=ON + timedelta(days=4)))
    page = ward_eaten(actor=here.nurse, ward_id=ward, on=ON + timedelta(days=4), meal="lunch", at=at(240 + 4 * 1440))
    assert [row.low for row in page.rows if row.order_id == last.order_id] == [low]


def test_the_night_on_the_ward(here: Mealtime, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dinner at five, breakfast at eight: fifteen hours. One tap orders the early breakfast, and the night is fine."""
    settings.DEMO = True
    for meal, serves in (("early_breakfast", time(5, 30)), ("breakfast", time(8))):
        MealTime.objects.create(
            kitchen=here.kitchen, meal=meal, serves_from=serves, serves_to=time(9), deadline_days=1,
            deadline_at=time(20),
        )  # fmt: skip
    menu = MenuEntry.objects.filter(meal="lunch").first()
    assert menu is not None
    for weekday in range(1, 8):
        MenuEntry.objects.create(
            menu=menu.menu, week=1, weekday=weekday, meal="early_breakfast", dish=here.dishes["stew"], position=1
        )
    made = tray_of(order(here, "meatballs", meal="dinner", minute=20), minute=450)
    sent(here, made, 470)
    assert scan(here, made, "hand_over", 481, "1-1").done
    note(here, made, 4, minute=500)
    ward = Ward.objects.get(code="K31").pk
    night = ward_night(actor=here.nurse, ward_id=ward, at=at(520))
    assert [(row.stay.id, row.early) for row in night.long] == [(stay_of().pk, True)]
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(520))
    client.force_login(here.nurse)
    page = client.get(reverse("meals:eaten", args=[ward])).content.decode()
    assert "14 tim 59 min utan mat" in page and "Beställ förfrukost" in page
    fields = {"on": night.morning.isoformat(), "meal": "early_breakfast", "deed": "usual"}
    client.post(reverse("meals:ward_order", args=[ward, stay_of().pk]), fields)
    assert MealOrder.objects.filter(meal="early_breakfast", state="open").exists()
    assert ward_night(actor=here.nurse, ward_id=ward, at=at(530)).rows[0].night.state == "long"
    restrict(here, "fasting", "nothing", minute=531, valid_from=at(840))
    assert ward_night(actor=here.nurse, ward_id=ward, at=at(532)).rows[0].night.state == "fasting"


def test_the_page(here: Mealtime, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Handed over in one tap, then noted, undone, untouched with its cause; a coordinator reads."""
    settings.DEMO = True
    made = tray_of(order(here, "meatballs"))
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(190))
    client.force_login(here.nurse)
    address = reverse("meals:eaten", args=[Ward.objects.get(code="K31").pk]) + f"?dag={ON}&maltid=lunch"
    assert client.post(address, {"deed": "all_served"}).status_code == 302
    assert MealOrder.objects.get().state == "served"
    client.post(address, {"deed": "eaten", "order": made.order_id, "quarters": 3})
    assert "75 %" in client.get(address).content.decode() and Intake.objects.get().quarters == 3
    client.post(address, {"deed": "undo", "order": made.order_id})
    assert not Intake.objects.exists()
    part = client.post(
        address, {"deed": "untouched", "order": made.order_id, "cause": "unwell"}, headers={"HX-Request": "true"}
    )
    assert "Orörd bricka" in part.content.decode() and Intake.objects.get().cause == "unwell"
    client.force_login(person(Role.COORDINATOR, "coordinator", here.hospital))
    client.post(address, {"deed": "undo", "order": made.order_id})
    assert Intake.objects.exists()


def test_one_that_is_stopped_is_named(
    here: Mealtime, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Handing over without scanning is checked as if it were scanned."""
    settings.DEMO = True
    made = tray_of(order(here, "meatballs"), minute=100)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(130))
    client.force_login(here.nurse)
    address = reverse("meals:eaten", args=[Ward.objects.get(code="K31").pk]) + f"?dag={ON}&maltid=lunch"
    for fields in ({"deed": "all_served"}, {"deed": "served", "order": made.order_id}):
        text = client.post(address, fields).content.decode()
        assert "1 bricka är stoppad" in text and "För tidigt" in text
    assert MealOrder.objects.get().state == "ticketed"
