"""The week ahead from a kitchen's own orders, for those who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.strategies.meals import ON, meals_set, order, restrict, stay_of, tell
from tests.strategies.messages import at, person

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Hospital, Stay
from vardnara.apps.meals.models import DishCell, Kitchen, MealOrder, OrderItem
from vardnara.apps.meals.queries.forecast import meals_expected, portions_expected

pytestmark = pytest.mark.django_db


def test_portions_from_the_kitchens_own_past() -> None:
    """Four weeks of one patient who always had cod: it is expected again; what is ordered is never undercut."""
    here = meals_set()
    tell("A01", 0, "1-1")
    restrict(here, "base_diet", "normal")
    cod = DishCell.objects.get(dish=here.dishes["cod"])
    for number in range(1, 29):
        on = ON - timedelta(days=number)
        moment = at(60) - timedelta(days=number)
        made = MealOrder.objects.create(
            stay=stay_of(), kitchen=here.kitchen, ward=stay_of().ward, on=on, meal="lunch", serves_at=moment,
            deadline=moment, received_at=moment, origin="default", state="served", changed_at=moment,
        )  # fmt: skip
        OrderItem.objects.create(
            order=made, cell=cod, fingerprint="x", quantity=8, verdict="allowed", checked_at=moment, diet_revision=0
        )
    tomorrow = portions_expected(kitchen_id=here.kitchen.pk, on=ON + timedelta(days=1), meal="lunch", at=at(5))
    found = {one.name: one.found for one in tomorrow.dishes}
    assert tomorrow.found.n_days == 28 and tomorrow.found.weight >= 0
    assert found["Cod"].n_times == 28 and found["Cod"].expected >= 1 > found["Meatballs"].expected
    order(here, "stew")
    today = meals_expected(kitchen_id=here.kitchen.pk, meal="lunch", days=[ON], at=at(20))[0]
    stew = next(one.found for one in today.dishes if one.name == "Stew")
    assert (stew.ordered, today.n_ordered) == (1, 1) and stew.low >= 1


def test_who_reads_it(client: Client) -> None:
    """The kitchen of one's own hospital, with and without a past; another hospital's is not there."""
    here = meals_set()
    client.force_login(here.cook)
    answer = client.get(f"/maltider/kok/{here.kitchen.pk}/prognos/?maltid=dinner")
    assert answer.status_code == 200 and b"Meatballs" in answer.content
    assert "0–0" not in answer.text, "without a past nothing is claimed"
    other = Kitchen.objects.create(hospital=here.hospital, code="B", name="Tom")
    assert client.get(f"/maltider/kok/{other.pk}/prognos/").status_code == 200
    assert Stay.objects.count() == 0
    client.force_login(
        person(
            Role.CONTROLLER, "elsewhere", Hospital.objects.create(region=here.hospital.region, code="X", name="Annat")
        )
    )
    assert client.get(f"/maltider/kok/{here.kitchen.pk}/prognos/").status_code == 404
