"""The patient's own pages, from the code to the thanks, as plain forms without a script."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from tests.strategies.meals import LUNCH_CLOSES, ON, Mealtime, meals_set, order, restrict, state_of, stay_of, tell
from tests.strategies.messages import at

from vardnara.apps.hospital.models import BedPlace
from vardnara.apps.meals.models import HelpCall, MealNotice, MealOrder, Restriction
from vardnara.apps.meals.services.access import ordering_open
from vardnara.apps.meals.services.filling import orders_fill

pytestmark = pytest.mark.django_db


class Phone:
    """A device at a bed, and what its clock says."""

    def __init__(self, here: Mealtime, *, bed: str = "1", language: str = "en") -> None:
        self.here = here
        self.token = BedPlace.objects.get(room__ward__code="K31", room__code="1", code=bed).token
        self.client = Client(headers={"accept-language": language})
        self.minute = 20.0

    def at(self) -> datetime:
        return at(self.minute)

    def _ask(self, method: str, where: str, **data: object):
        with patch("vardnara.apps.meals.views.patient_door.timezone.now", self.at):
            return getattr(self.client, method)(f"/m/{self.token}/{where}", data or None)

    def get(self, where: str = "", status: int = 200) -> str:
        answer = self._ask("get", where)
        assert answer.status_code == status, answer
        return answer.content.decode()

    def post(self, where: str = "", **data: object):
        return self._ask("post", where, **data)

    def enter(self) -> Phone:
        code = ordering_open(stay_id=stay_of().pk, actor=self.here.nurse, at=at(10)).code
        assert self.post(code=code).status_code == 302
        return self


LUNCH = f"{ON.isoformat()}/lunch/"


def dish(here: Mealtime, code: str, **more: object) -> dict[str, object]:
    return {"dish": here.dishes[code].pk, "portion": "small", **more}


def test_a_patient_orders_and_changes_until_the_deadline(here: Mealtime) -> None:
    """The menu, one dish, how much, thanks; another instead; after the deadline a kind sentence and no change."""
    phone = Phone(here).enter()
    assert "Lunch" in phone.get() and "Choose by 10:00" in phone.get()
    page = phone.get(LUNCH)
    assert "Meatballs" in page and "Cod" in page and f"?ratt={here.dishes['cod'].pk}" in page
    assert 'value="small"' in phone.get(f"{LUNCH}?ratt={here.dishes['cod'].pk}")
    answer = phone.post(LUNCH, **dish(here, "cod"))
    assert answer.status_code == 302 and answer["Location"].endswith("?klart")
    made = MealOrder.objects.get()
    assert (made.origin, made.portion, made.state) == ("patient", "small", "open")
    thanks = phone.get(f"{LUNCH}?klart")
    assert "Thank you" in thanks and "Cod" in thanks and "until 10:00" in thanks
    phone.post(LUNCH, **dish(here, "meatballs"))
    assert MealOrder.objects.get().items.get().cell.dish == here.dishes["meatballs"]
    phone.minute = LUNCH_CLOSES
    answer = phone.post(LUNCH, **dish(here, "cod"))
    assert answer.status_code == 422 and "too late" in answer.content.decode()
    assert MealOrder.objects.get().items.get().cell.dish == here.dishes["meatballs"]


def test_no_thank_you_is_no_meal_and_can_be_taken_back(here: Mealtime) -> None:
    """Nothing was ordered, and the house orders nothing at the deadline either; choosing again is an order."""
    phone = Phone(here).enter()
    assert phone.post(LUNCH, deed="none").status_code == 302
    assert "no, thank you" in phone.get(f"{LUNCH}?klart")
    phone.post(LUNCH, deed="none")
    orders_fill(at=at(LUNCH_CLOSES))
    assert [(one.state, one.state_reason) for one in MealOrder.objects.filter(meal="lunch")] == [
        ("cancelled", "not_wanted")
    ]
    phone.post(LUNCH, **dish(here, "cod"))
    assert MealOrder.objects.filter(state="open").count() == 1
    phone.minute = LUNCH_CLOSES
    assert phone.post(LUNCH, deed="none").status_code == 422
    assert MealOrder.objects.filter(state="open", meal="lunch").count() == 1


def test_a_remembered_menu_shows_but_never_decides(
    here: Mealtime, settings: Any, django_assert_max_num_queries: Any
) -> None:
    """Many who look at one meal share what was read; what is ordered is checked as the dish is at that moment."""
    settings.MENU_REMEMBERED_SECONDS = 60
    restrict(here, "allergen", "4")
    phone = Phone(here).enter()
    assert "Meatballs" in phone.get(LUNCH)
    with django_assert_max_num_queries(12):
        phone.get(LUNCH)
    cell = here.dishes["meatballs"].cells.get()
    cell.state = state_of({"contains": ["4"]}, 2)
    cell.save()
    assert "?ratt=" + str(here.dishes["meatballs"].pk) in phone.get(LUNCH), "shown as it was a moment ago"
    assert phone.post(LUNCH, **dish(here, "meatballs")).status_code == 422
    assert not MealOrder.objects.exists()
    settings.MENU_REMEMBERED_SECONDS = 0
    assert "?ratt=" + str(here.dishes["meatballs"].pk) not in phone.get(LUNCH)


def test_what_is_not_safe_is_not_offered_and_why_is_said(here: Mealtime) -> None:
    """Neither on the page nor by a request that somebody wrote by hand."""
    restrict(here, "allergen", "3")
    phone = Phone(here).enter()
    page = phone.get(LUNCH)
    assert "Meatballs" not in page and "Cod" in page and "utan sås" in page
    assert "Contains: fish" in page
    assert "Contains egg" in phone.get(f"{LUNCH}varfor/")
    answer = phone.post(LUNCH, **dish(here, "meatballs"))
    assert answer.status_code == 422 and "cannot be chosen" in answer.content.decode()
    assert not MealOrder.objects.exists()


def test_a_patient_narrows_and_takes_back_only_what_they_said(here: Mealtime) -> None:
    """What staff ordered is neither shown here nor ended from here."""
    ordered = restrict(here, "allergen", "4")
    phone = Phone(here).enter()
    phone.post("ater-inte/", add="exclusion:beef")
    said = Restriction.objects.get(source="patient")
    assert "Meatballs" not in phone.get(LUNCH)
    page = phone.get("ater-inte/")
    assert f'value="{said.pk}"' in page and f'name="back" value="{ordered.pk}"' not in page
    assert phone.post("ater-inte/", back=str(ordered.pk)).status_code == 422
    assert phone.post("ater-inte/", add="texture:timbal").status_code == 422
    phone.post("ater-inte/", back=str(said.pk))
    assert "Meatballs" in phone.get(LUNCH)
    ordered.refresh_from_db()
    assert ordered.ended_at is None


def test_nothing_fits_calls_somebody(here: Mealtime) -> None:
    for allergen in ("3", "4", "9", "12"):
        restrict(here, "allergen", allergen)
    assert "have been told" in Phone(here).enter().get(LUNCH)
    assert HelpCall.objects.filter(answered_at__isnull=True).count() == 1


def test_who_fasts_is_told_so_and_nobody_is_called(here: Mealtime) -> None:
    restrict(here, "fasting", "nothing")
    assert "not to eat then" in Phone(here).enter().get(LUNCH)
    assert not HelpCall.objects.exists()


def test_without_a_diet_only_what_is_safe_for_all_and_the_ward_is_told() -> None:
    """CONTRACT 2.3: the subset, a sentence, and a notice on the ward's page."""
    here = meals_set()
    tell("A01", 0, "1-1")
    page = Phone(here).enter().get(LUNCH)
    assert "Stew" in page and "Meatballs" not in page and "do not know yet" in page
    assert MealNotice.objects.get().code == "diet_unknown"


def test_nothing_identifies_and_nothing_is_kept(here: Mealtime) -> None:
    """No name, no ward, no cache; a cookie that scripts and other paths do not see."""
    phone = Phone(here).enter()
    cookie = phone.client.cookies["vardnara_m"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/m/" and not cookie["secure"]
    order(here, "meatballs")
    stay = stay_of()
    identity = stay.patient.identity
    for where in ("", LUNCH, f"{LUNCH}?klart", f"{LUNCH}varfor/", "ater-inte/", "hjalp/", "utseende/"):
        answer = phone._ask("get", where)
        assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "same-origin"
        page = re.sub(r'value="[\w-]{60,}"', "", answer.content.decode())
        for word in (identity.family_name, identity.given_name, "K31", "V1", str(stay.patient.key), "nurse"):
            assert not re.search(rf"\b{re.escape(word)}\b", page), (where, word)
    assert Client().post(f"/m/{phone.token}/", {"code": "x"}, secure=True).status_code == 422


def test_no_code_no_page(here: Mealtime) -> None:
    """Every page sends to where the code is asked for; a wrong code is said kindly; no such bed is no page."""
    phone = Phone(here)
    for where in (LUNCH, f"{LUNCH}varfor/", "ater-inte/", "hjalp/"):
        assert phone._ask("get", where)["Location"] == f"/m/{phone.token}/"
        assert phone.post(where, deed="none").status_code == 302
    assert "to open it" in phone.post(code="1234").content.decode()
    code = ordering_open(stay_id=stay_of().pk, actor=here.nurse, at=at(10)).code
    answer = phone.post(code=f"{(int(code) + 1) % 10_000:04}")
    assert answer.status_code == 422 and "not right" in answer.content.decode()
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert phone.post(code=arabic).status_code == 302
    assert phone.client.get("/m/nowhere/").status_code == 404
    assert phone._ask("get", "idag/lunch/").status_code == 404
    assert not MealOrder.objects.exists()


def test_language_easy_and_large_are_remembered(here: Mealtime) -> None:
    """The browser's language first, then what was tapped; Arabic from right to left; a name without one is Swedish."""
    phone = Phone(here, language="de,fi;q=0.9")
    assert '<html lang="fi" dir="ltr">' in phone.get()
    phone.enter()
    phone.post("utseende/", language="ar")
    phone.post("utseende/", easy="on")
    phone.post("utseende/", large="on")
    page = phone.get(LUNCH)
    assert '<html lang="ar" dir="rtl" data-easy data-large>' in page
    assert 'lang="sv" dir="ltr">Meatballs' in page
    here.dishes["meatballs"].names.create(language="ar", name="كرات اللحم")
    assert '<span class="name">كرات اللحم' in phone.get(LUNCH)


def test_help_is_called_and_shown(here: Mealtime) -> None:
    phone = Phone(here).enter()
    assert "Would you like help" in phone.get("hjalp/")
    phone.post("hjalp/", yes="1")
    phone.post("hjalp/", yes="1")
    assert HelpCall.objects.count() == 1 and "Somebody is coming" in phone.get("hjalp/")


def test_a_request_that_waited_counts_by_its_receipt(here: Mealtime) -> None:
    """CONTRACT 2.4: it came before the deadline, and a thread was free only after it; one that came at it is late."""
    phone = Phone(here).enter()
    phone.minute = LUNCH_CLOSES + 1
    with patch("django.core.handlers.wsgi.WSGIRequest.received_at", at(LUNCH_CLOSES - 0.01), create=True):
        assert phone.post(LUNCH, **dish(here, "cod")).status_code == 302
    assert MealOrder.objects.get().received_at == at(LUNCH_CLOSES - 0.01)
    with patch("django.core.handlers.wsgi.WSGIRequest.received_at", at(LUNCH_CLOSES), create=True):
        assert phone.post(LUNCH, **dish(here, "meatballs")).status_code == 422


def test_a_tap_that_comes_twice_is_one_order(here: Mealtime) -> None:
    """A phone that lost the answer sends the form again."""
    phone = Phone(here).enter()
    command = re.search(r'name="command" value="([\w-]+)"', phone.get(f"{LUNCH}?ratt={here.dishes['cod'].pk}"))
    assert command is not None
    for _ in range(2):
        assert phone.post(LUNCH, **dish(here, "cod", command=command[1])).status_code == 302
    assert MealOrder.objects.get().events.count() == 1


def test_cards_for_the_bedside_lead_to_the_beds(here: Mealtime) -> None:
    """One for each bed of the ward, in three languages; ward staff print them, the kitchen does not."""
    ward = stay_of().ward
    staff, cook = Client(), Client()
    staff.force_login(here.nurse)
    cook.force_login(here.cook)
    page = staff.get(f"/maltider/avdelning/{ward.pk}/kort/").content.decode()
    assert (
        page.count('class="bed-card"') == BedPlace.objects.filter(room__ward=ward).count() == page.count('class="qr"')
    )
    assert 'lang="ar" dir="rtl"' in page and "Skanna och välj" in page
    assert cook.get(f"/maltider/avdelning/{ward.pk}/kort/").status_code == 403
