"""An ingredient is said to be a food of a table: its nutrients are known then, what it contains is not."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.meals import meals_set

from vardnara.apps.meals.models import Food, FoodTable, Ingredient
from vardnara.apps.meals.services.ingredients import food_link
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


def test_it_is_searched_linked_and_unlinked_on_the_page() -> None:
    """What the table does not know is a dash; another hospital's table, or one withdrawn, is not there."""
    here = meals_set()
    at = timezone.now()
    table = FoodTable.objects.create(
        hospital=here.hospital, name="Provtabell", version="1", source="invented", imported_at=at
    )
    food = Food.objects.create(
        table=table, number="17", name="Mjölk 3 %", nutrients={"energy_kcal": "60", "protein_g": "3.4"}
    )
    milk = Ingredient.objects.create(hospital=here.hospital, code="m", name="Mjölk")
    client = Client(headers={"accept-language": "en"})
    client.force_login(here.cook)
    where = f"/maltider/livsmedel/{milk.pk}/"
    assert "no food of a table yet" in client.get(where).text
    assert "No food of a table has that" in client.get(f"{where}?livsmedel=ost").text
    found = client.get(f"{where}?livsmedel=mjölk").text
    assert "Mjölk 3 %" in found and f'value="{food.pk}"' in found
    page = client.post(where, {"deed": "food", "food": food.pk}, follow=True).text
    assert "Energy <b>60 kcal</b>" in page and "Salt <b>–</b>" in page and "nobody has declared it" in page
    milk.refresh_from_db()
    assert (milk.food_id, milk.n_declarations) == (food.pk, 0)
    client.post(where, {"deed": "food"})
    milk.refresh_from_db()
    assert milk.food_id is None
    FoodTable.objects.update(withdrawn_at=at)
    assert "Mjölk 3 %" not in client.get(f"{where}?livsmedel=mjölk").text
    with pytest.raises(RuleBroken, check=lambda error: error.code == "unknown_food"):
        food_link(ingredient_id=milk.pk, food_id=food.pk, actor=here.cook, at=at)
    with pytest.raises(RuleBroken, check=lambda error: error.code == "wrong_role"):
        food_link(ingredient_id=milk.pk, food_id=None, actor=here.nurse, at=at)
