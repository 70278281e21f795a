"""Temperatures: limits, actions, what is missing, who may, the journal; and what the database refuses (F-40..F-45)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from tests.strategies.meals import Mealtime, meals_set
from tests.strategies.messages import at, person
from tests.strategies.refusals import refused

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.forms.temperatures import CelsiusField
from vardnara.apps.meals.models import FoodCourse, TemperaturePoint, TemperatureReading
from vardnara.apps.meals.queries.temperatures import limits_of, points
from vardnara.apps.meals.services.temperatures import Action, course_begin, course_end, point_add, reading_add

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Mealtime:
    """A kitchen and its wards."""
    return meals_set()


def point(here: Mealtime, kind: str = "fridge", place: str = "", **words: Any) -> TemperaturePoint:
    place = place or f"kitchen:{here.kitchen.pk}"
    return point_add(place=place, kind=kind, name=words.pop("name", "Kyl 1"), actor=here.cook, at=at(0), **words)


def read(one: TemperaturePoint, celsius: str, actor: User, minute: float = 5, **words: Any) -> TemperatureReading:
    return reading_add(point_id=one.pk, celsius=Decimal(celsius), actor=actor, at=at(minute), **words)


def test_outside_needs_an_action(here: Mealtime) -> None:
    """Eight degrees is within, a tenth more is not; something else must say what."""
    one = point(here)
    assert not read(one, "8", here.cook).outside
    with refused("action_missing"):
        read(one, "8.1", here.cook)
    with refused("action_says_nothing"):
        read(one, "8.1", here.cook, action=Action("other", " "))
    made = read(one, "8.1", here.cook, action=Action("repair", "ringde"))
    assert (made.outside, made.action, made.high, made.by) == (True, "repair", 8, here.cook)


def test_the_database_refuses_it_too(here: Mealtime) -> None:
    """No reading outside without an action, none changed, none deleted within a year."""
    one = point(here)
    made = read(one, "4", here.cook)
    for wrong, why in (
        ({"celsius": "9", "high": "8"}, "meals_deviation_has_action"),
        ({"celsius": "200"}, "meals_celsius_is_possible"),
        ({"celsius": "9", "high": "8", "action": "other"}, "meals_other_action"),
    ):
        with pytest.raises(DatabaseError, match=why), transaction.atomic():
            TemperatureReading.objects.create(point=one, at=at(1), by=here.cook, **wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        TemperatureReading.objects.filter(pk=made.pk).update(celsius=5)
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()
    old = TemperatureReading.objects.create(point=one, celsius=4, at=at(0) - timedelta(days=800), by=here.cook)
    old.delete()


def test_a_point_is_held_to_less_never_to_more(here: Mealtime) -> None:
    """Minced meat at 4 degrees; a fridge at 10 is refused."""
    assert limits_of(point(here, high=Decimal(4), name="Färs")) == (None, 4)
    with refused("limit_wider"):
        point(here, high=Decimal(10))
    with refused("limit_wider"):
        point(here, "core", low=Decimal(60))
    with refused("point_named_twice"):
        point(here, name="Färs")


def test_the_same_reading_twice_is_one(here: Mealtime) -> None:
    """By its command."""
    one, command = point(here), uuid4()
    assert read(one, "4", here.cook, command=command).pk == read(one, "5", here.cook, command=command).pk


def test_what_is_missing_today(here: Mealtime) -> None:
    """Read yesterday is not read today; what need not be read daily is never missing."""
    one, two, three = (point(here, name=f"Kyl {n}", daily=n < 3) for n in (1, 2, 3))
    read(one, "4", here.cook, minute=5)
    read(two, "4", here.cook, minute=5 - 24 * 60)
    rows = points(actor=here.cook, at=at(60))
    assert [(row.point.pk, row.missing) for row in rows] == [(two.pk, True), (one.pk, False), (three.pk, False)]


def test_who_sees_and_writes_what(here: Mealtime) -> None:
    """The ward reads its own kitchen's points and not the hospital kitchen's; another ward neither."""
    big = point(here)
    ward = Ward.objects.get(code="K31")
    small = point(here, place=f"ward:{ward.pk}")
    nurse = person(Role.WARD_STAFF, "k31", here.hospital, ward)
    other = person(Role.WARD_STAFF, "m52", here.hospital, Ward.objects.get(code="M52"))
    assert read(small, "4", nurse).by == nurse
    for actor, one in ((nurse, big), (other, small)):
        with refused("unknown_point"):
            read(one, "4", actor)
    with refused("wrong_role"):
        point_add(place=f"ward:{ward.pk}", kind="fridge", name="x", actor=nurse, at=at(0))
    with refused("wrong_role"):
        read(big, "4", person(Role.AUDITOR, "auditor", here.hospital))


def test_food_that_cools(here: Mealtime) -> None:
    """A reading on the way is no deviation; the end needs the food to be cold or thrown away."""
    one = point(here, "cooling", daily=False)
    course = course_begin(point_id=one.pk, what="Gryta", cooked_at=at(0), actor=here.cook, at=at(1))
    assert not read(one, "45", here.cook, minute=60, course_id=course.pk).outside
    with refused("course_goes_on"):
        course_end(course_id=course.pk, actor=here.cook, at=at(100))
    with refused("action_missing"):
        course_end(course_id=course.pk, actor=here.cook, at=at(300))
    ended = course_end(course_id=course.pk, actor=here.cook, at=at(300), action=Action("discarded"))
    assert (ended.result, ended.action) == ("discard", "discarded")
    with pytest.raises(DatabaseError), transaction.atomic():
        FoodCourse.objects.filter(pk=ended.pk).update(result="safe")
    with refused("unknown_course"):
        read(one, "5", here.cook, minute=301, course_id=course.pk)
    with refused("no_course_here"):
        course_begin(point_id=point(here, name="Kyl 2").pk, what="x", cooked_at=at(0), actor=here.cook, at=at(1))


@pytest.mark.parametrize(
    ("text", "celsius"),
    [("4,5", "4.5"), ("−18", "-18"), ("–18,0", "-18"), ("-18.5", "-18.5"), (" 7 °C", "7"), ("+3", "3")],
)
def test_as_it_is_written(text: str, celsius: str) -> None:
    """Decimal comma, any minus sign, the unit."""
    assert CelsiusField().clean(text) == Decimal(celsius)


@pytest.mark.parametrize("text", ["varmt", "4,55", "1e99", "nan", "inf", "4 5,,"])
def test_what_is_no_temperature(here: Mealtime, client: Client, settings: Any, text: str) -> None:
    """The fault names the field, and nothing is kept."""
    settings.DEMO = True
    one = point(here)
    client.force_login(here.cook)
    answer = client.post(reverse("meals:temperature", args=[one.pk]), {"deed": "read", "celsius": text})
    assert answer.status_code == 422 and "Temperatur i °C: Skriv ett tal" in answer.content.decode()
    assert not TemperatureReading.objects.exists()


def test_the_pages(here: Mealtime, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A point is made, read, outside with an action, found in the journal and its CSV."""
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(60))
    client.force_login(here.cook)
    fields = {"place": f"kitchen:{here.kitchen.pk}", "name": "=Frys", "kind": "freezer", "daily": "on"}
    client.post(reverse("meals:temperatures"), fields)
    one = TemperaturePoint.objects.get()
    assert "1 mätpunkt är inte avläst i dag" in client.get(reverse("meals:temperatures")).content.decode()
    address = reverse("meals:temperature", args=[one.pk])
    answer = client.post(address, {"deed": "read", "celsius": "−12,5"})
    assert answer.status_code == 422 and "utanför gränserna" in answer.content.decode()
    client.post(address, {"deed": "read", "celsius": "−12,5", "action": "moved"})
    text = client.get(reverse("meals:temperature_journal")).content.decode()
    assert "12,5 °C" in text and "Flyttade maten" in text
    sheet = client.get(reverse("meals:temperature_journal") + "?som=csv").content.decode("utf-8-sig").splitlines()
    assert len(sheet) == 2 and "'=Frys;freezer;2026-03-02T10:00:00+01:00;-12,5;;-18,0;1;" in sheet[1]


def test_holding_food_hot_on_its_page(
    here: Mealtime, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cooked at half past nine, read at 55 degrees at ten: reheat."""
    settings.DEMO = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: at(60))
    client.force_login(here.cook)
    address = reverse("meals:temperature", args=[point(here, "hot_holding").pk])
    client.post(address, {"deed": "begin", "what": "Pannbiff", "cooked": "09:30"})
    course = FoodCourse.objects.get()
    assert course.at == at(30)
    client.post(address, {"deed": "read", "course": course.pk, "celsius": "55", "action": "reheated"})
    assert "Värm upp och servera genast" in client.get(address).content.decode()
    client.post(address, {"deed": "end", "course": course.pk, "action": "reheated"})
    assert FoodCourse.objects.get().result == "reheat"
