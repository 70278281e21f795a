"""The ward's ordering page: one row a patient, one tap a meal, as usual, and what the ward must see to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategies.meals import ON, Mealtime, meals_set, order, plate, restrict, stay_of, tell
from tests.strategies.messages import at, bed

from vardnara.apps.accounts.models import AccessLog, User
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.models import HelpCall, MealNotice, MealOrder, OrderingAccess
from vardnara.apps.meals.queries.ward_meals import ward_meal
from vardnara.apps.meals.services.demo_diets import demo_diets_keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings: Any) -> Mealtime:
    """P1 and P2 lie in K31 on normal diets, P3's diet nobody knows."""
    settings.DEMO = True
    made = meals_set()
    for number, place in enumerate(("1-1", "1-2", "2-1"), start=1):
        tell("A01", number / 10, place, patient=f"P{number}", visit=f"V{number}")
    restrict(made, "base_diet", "normal")
    restrict(made, "base_diet", "normal", visit="V2")
    return made


@pytest.fixture
def nurse(here: Mealtime, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Signed in at half past nine."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(30))
    client.force_login(here.nurse)
    return client


def ward() -> int:
    return Ward.objects.get(code="K31").pk


def page(minute: float = 30) -> Any:
    return ward_meal(actor=User.objects.get(username="nurse"), ward_id=ward(), on=ON, meal="lunch", at=at(minute))


def tap(client: Client, visit: str, **words: Any) -> Any:
    fields = {"on": ON.isoformat(), "meal": "lunch", "deed": "dish"} | words
    address = reverse("meals:ward_order", args=[ward(), stay_of(visit).pk])
    return client.post(address, fields, headers={"HX-Request": "true"})


def test_a_tap_orders_and_another_changes(here: Mealtime, nurse: Client) -> None:
    """The answer is the patient's row; the second dish of the menu takes the first one's place."""
    answer = tap(nurse, "V1", dish=here.dishes["meatballs"].pk)
    assert "Meatballs" in answer.content.decode() and answer.status_code == 200
    tap(nurse, "V1", dish=here.dishes["stew"].pk)
    made = MealOrder.objects.get()
    assert (plate(made), made.origin) == (["stew"], "staff")
    tap(nurse, "V1", deed="portion", portion="small")
    made.refresh_from_db()
    assert (plate(made), made.portion) == (["stew"], "small")
    tap(nurse, "V1", deed="cancel")
    made.refresh_from_db()
    assert made.state == "cancelled"


def test_a_refusal_says_why_on_the_row(here: Mealtime, nurse: Client) -> None:
    """The dish of an old page that is no longer safe."""
    restrict(here, "allergen", "1", minute=20)
    answer = tap(nurse, "V1", dish=here.dishes["meatballs"].pk).content.decode()
    assert "inte säker" in answer and "innehåller vete" in answer
    assert not MealOrder.objects.exists()


def test_as_usual_is_what_was_chosen_before(here: Mealtime, nurse: Client) -> None:
    """P1 has chosen stew for another day; P2 has the kitchen's default; P3 what is safe for all. One tap for all."""
    order(here, "stew", on=ON + timedelta(days=1))
    assert [row.usual.name if row.usual else "" for row in page().rows] == ["Stew", "Meatballs", "Stew"]
    fields = {"on": ON.isoformat(), "meal": "lunch"}
    answer = nurse.post(reverse("meals:ward_usual", args=[ward()]), fields, follow=True)
    assert "3 måltider beställda som vanligt" in answer.content.decode()
    plates = {row.stay_id: plate(row) for row in MealOrder.objects.filter(on=ON)}
    assert plates == {stay_of("V1").pk: ["stew"], stay_of("V2").pk: ["meatballs"], stay_of("V3").pk: ["stew"]}


def test_the_page_logs_whose_diets_were_seen(here: Mealtime, nurse: Client) -> None:
    """Invariant 7: one line for each patient on the page; a live part of it is no new look."""
    address = reverse("meals:ward", args=[ward()]) + f"?dag={ON}&maltid=lunch"
    assert nurse.get(address).status_code == 200
    assert AccessLog.objects.filter(object_type="diet", action="read").count() == 3
    nurse.get(address, headers={"HX-Request": "true"})
    assert AccessLog.objects.filter(object_type="diet", action="read").count() == 3


def test_what_the_ward_must_see_to(here: Mealtime, nurse: Client) -> None:
    """A stopped tray stands first and loud until somebody takes it on."""
    made = order(here, "meatballs")
    MealOrder.objects.filter(pk=made.pk).update(state="ticketed")
    restrict(here, "allergen", "3", minute=25)
    address = reverse("meals:ward", args=[ward()]) + f"?dag={ON}&maltid=lunch"
    text = nurse.get(address).content.decode()
    assert "Stoppa brickan" in text and "is-loud" in text and "innehåller ägg" in text
    notice = MealNotice.objects.get(code="stop_tray")
    nurse.post(reverse("meals:notice_seen", args=[ward(), notice.pk]))
    notice.refresh_from_db()
    assert notice.seen_by == here.nurse
    assert "Stoppa brickan" not in nurse.get(address).content.decode()


def test_letting_the_patient_choose(here: Mealtime, nurse: Client) -> None:
    """The code stands on the row until it is closed; a call for help stands there until somebody has come."""
    fields = {"on": ON.isoformat(), "meal": "lunch"}
    nurse.post(reverse("meals:ward_access", args=[ward(), stay_of("V1").pk, "oppna"]), fields)
    access = OrderingAccess.objects.get()
    HelpCall.objects.create(access=access, at=at(20))
    row = next(one for one in page().rows if one.stay.id == stay_of("V1").pk)
    assert (row.access_code, row.called_at) == (access.code, at(20))
    nurse.post(reverse("meals:ward_access", args=[ward(), stay_of("V1").pk, "hjalpt"]), fields)
    nurse.post(reverse("meals:ward_access", args=[ward(), stay_of("V1").pk, "stang"]), fields)
    row = next(one for one in page().rows if one.stay.id == stay_of("V1").pk)
    assert (row.access_code, row.called_at) == ("", None)
    assert access.bed == bed("1-1")


def test_a_diet_is_written_and_ended_on_its_page(here: Mealtime, nurse: Client) -> None:
    """By whose profession may; with a reason; and what was ordered is checked at once."""
    made = order(here, "meatballs")
    address = reverse("meals:diet", args=[stay_of().pk])
    nurse.post(address, {"part": "allergen", "code": "1.1", "reason": "säger patienten"})
    assert plate(made) == ["cod"]
    text = nurse.get(address).content.decode()
    assert "Vete" in text and "säger patienten" in text
    refused = nurse.post(address, {"part": "texture", "code": "timbal"})
    assert "Ditt yrke får inte" in refused.content.decode()
    row = stay_of().patient.restrictions.get(part="allergen")
    end = reverse("meals:diet_end", args=[stay_of().pk])
    nurse.post(end, {"restriction": row.pk, "reason": ""})
    row.refresh_from_db()
    assert row.ended_at is None
    nurse.post(end, {"restriction": row.pk, "reason": "felskrivet"})
    row.refresh_from_db()
    assert (row.ended_by, row.ended_reason) == (here.nurse, "felskrivet")


def test_the_late_page_orders_late_trays(here: Mealtime, nurse: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the deadline the same tap asks for a late tray; after the last limit nothing can be pressed."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(90))
    tap(nurse, "V1", dish=here.dishes["stew"].pk)
    assert MealOrder.objects.get().late
    assert page(160).phase == "closed"
    assert not any(row.can_change for row in page(160).rows)


def test_the_demo_writes_diets_once(here: Mealtime) -> None:
    """Most get one, the same each time; a second look writes nothing new for them."""
    here.nurse.__class__.objects.filter(username="cook").update(role="coordinator", demo=True)
    first = demo_diets_keep(at=at(20))
    assert first <= 1
    assert demo_diets_keep(at=at(21)) == 0
