"""The scanning page: two scans to a bed, a stop that fills the screen, the address on a ticket, a ward in one tap."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategies.meals import ON, Mealtime, meals_set, order, restrict, tell
from tests.strategies.messages import at, bed
from tests.strategies.trays import sent, tray_of

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.models import MealOrder, OrderEvent, Tray

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Mealtime:
    """P1 and P2 lie in K31, on normal diets. It is noon."""
    settings.DEMO = True
    made = meals_set()
    for number, place in enumerate(("1-1", "1-2"), start=1):
        tell("A01", number / 10, place, patient=f"P{number}", visit=f"V{number}")
        restrict(made, "base_diet", "normal", visit=f"V{number}")
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(181))
    return made


@pytest.fixture
def tray(here: Mealtime) -> Tray:
    """P1's meatballs, on their way."""
    made = tray_of(order(here, "meatballs"))
    sent(here, made)
    return made


def post(client: Client, **words: Any) -> str:
    return client.post(reverse("meals:scan"), {"steg": "hand_over"} | words).content.decode()


def test_two_scans_to_a_bed(here: Mealtime, tray: Tray, client: Client) -> None:
    """The tray, then the bed; each look at what somebody eats is logged."""
    client.force_login(here.nurse)
    address = f"https://v.example{reverse('meals:tray', args=[tray.code])}"
    first = post(client, code=address, command=uuid4())
    assert "Skanna nu koden vid sängen" in first and "Sal 1, plats 1" in first and "Meatballs" in first
    door = f"https://v.example{reverse('meals:patient', args=[bed('1-1').token])}"
    assert "Överlämnad" in post(client, code=tray.code, bed=door, command=uuid4())
    assert MealOrder.objects.get().state == "served"
    assert AccessLog.objects.filter(object_type="diet", action="read", actor=here.nurse).count() == 2


def test_a_stop_says_what_and_why(here: Mealtime, tray: Tray, client: Client) -> None:
    """Full screen, announced, with the cause, what to do and what comes instead."""
    restrict(here, "allergen", "3", minute=180)
    client.force_login(here.nurse)
    text = client.get(reverse("meals:tray", args=[tray.code])).content.decode()
    for words in (
        'role="alertdialog"',
        "Stoppa brickan",
        "innehåller ägg",
        "en annan kommer i stället",
        "I stället: Cod",
    ):
        assert words in text, words
    client.get(reverse("meals:tray", args=[tray.code]))
    assert OrderEvent.objects.filter(kind="refused", reason="replaced").count() == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"code": "NOSUCH99"}, "Okänd kod"),
        ({"code": "tray", "bed": "1-2"}, "Fel patient"),
        ({"code": "tray", "bed": "nothing"}, "Inte en sängplats"),
    ],
)
def test_loud_causes(here: Mealtime, tray: Tray, client: Client, words: dict[str, str], said: str) -> None:
    """Each has words of its own."""
    client.force_login(here.nurse)
    fields = {**words, "code": words["code"].replace("tray", tray.code)}
    if fields.get("bed") == "1-2":
        fields["bed"] = reverse("meals:patient", args=[bed("1-2").token])
    text = post(client, **fields)
    assert said in text and "data-loud" in text and "Överlämnad" not in text


def test_packing_dish_by_dish(here: Mealtime, client: Client) -> None:
    """The first scan shows the dishes, the second says which lie there."""
    made = tray_of(order(here, "meatballs", "stew"))
    client.force_login(here.cook)
    text = post(client, steg="pack", code=made.code)
    assert "Allt ikryssat ligger på brickan" in text and not OrderEvent.objects.filter(kind="packed").exists()
    cells = list(made.order.items.values_list("cell", flat=True))
    post(client, steg="pack", code=made.code, packed="1", cell=cells[:1])
    assert "Inte packad" in post(client, steg="check", code=made.code)
    post(client, steg="pack", code=made.code, packed="1", cell=cells)
    assert "Kontrollerad" in post(client, steg="check", code=made.code)


def test_a_ward_in_one_tap(here: Mealtime, tray: Tray, client: Client) -> None:
    """What can be handed over is; what was stopped is named, and stays."""
    other = tray_of(order(here, "stew", visit="V2"))
    OrderEvent.objects.create(order=other.order, at=at(170), kind="returned")
    restrict(here, "fasting", "nothing", minute=10, visit="V2", valid_from=at(181), valid_until=at(300))
    third = tray_of(order(here, "cod", minute=240, meal="dinner", visit="V2", late=True))
    client.force_login(here.nurse)
    fields = {"deed": "ward", "ward": Ward.objects.get(code="K31").pk, "on": ON.isoformat(), "meal": "lunch"}
    text = post(client, **fields)
    assert "Överlämnad: 1 bricka" in text
    assert MealOrder.objects.get(pk=tray.order_id).state == "served"
    assert MealOrder.objects.get(pk=other.order_id).state != "served"
    text = post(client, **{**fields, "meal": "dinner"})
    assert "1 bricka är stoppad" in text and "Patienten fastar" in text
    assert MealOrder.objects.get(pk=third.order_id).state == "ticketed"


def test_the_trolley_leaves_and_comes(here: Mealtime, client: Client) -> None:
    """Only what was checked is sent; the ward receives it."""
    made, other = tray_of(order(here, "meatballs")), tray_of(order(here, "stew", visit="V2"))
    client.force_login(here.cook)
    post(client, steg="pack", code=made.code, packed="1", cell=list(made.order.items.values_list("cell", flat=True)))
    post(client, steg="check", code=made.code)
    fields = {"deed": "ward", "ward": Ward.objects.get(code="K31").pk, "on": ON.isoformat(), "meal": "lunch"}
    assert "Skickad: 1 bricka" in post(client, **fields, steg="send")
    assert MealOrder.objects.get(pk=other.order_id).state == "ticketed"
    client.force_login(here.nurse)
    assert "Mottagen: 1 bricka" in post(client, **fields, steg="arrived")
