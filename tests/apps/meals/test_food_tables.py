"""Tables of food: what the database refuses, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.meals.models import (
    CellContent,
    Dish,
    DishCell,
    DishVariant,
    Food,
    FoodTable,
    Ingredient,
    IngredientDeclaration,
    Kitchen,
    Menu,
    Recipe,
    RecipeLine,
    RecipeVerification,
    RecipeVersion,
)


class Pantry:
    """A kitchen with an ingredient, a recipe in two versions, a dish with a cell, and a menu."""

    def __init__(self, stage: Stage) -> None:
        hospital = stage.ward.division.hospital
        self.by = stage.users["kitchen"]
        self.kitchen = Kitchen.objects.create(hospital=hospital, code="K", name="Kök")
        self.milk = Ingredient.objects.create(hospital=hospital, code="mjolk", name="Mjölk")
        self.recipe = Recipe.objects.create(hospital=hospital, code="R", name="Sås")
        self.old, self.new = (
            RecipeVersion.objects.create(recipe=self.recipe, number=n, n_lines=1, fingerprint="f", made_at=AT)
            for n in (1, 2)
        )
        self.line = RecipeLine.objects.create(version=self.new, position=1, ingredient=self.milk, amount=1, unit="g")
        self.dish = Dish.objects.create(hospital=hospital, code="D", name="Rätt")
        self.cell = DishCell.objects.create(dish=self.dish, diet="normal", texture="hel_delad")
        self.menu = Menu.objects.create(
            kitchen=self.kitchen,
            name="Höst",
            n_weeks=4,
            anchor_on=date(2026, 8, 31),
            from_on=date(2026, 9, 1),
            made_at=AT,
        )
        table = FoodTable.objects.create(
            hospital=hospital, name="T", version="1", source="S", sha256="0", imported_at=AT
        )
        self.food = Food.objects.create(table=table, number="1", name="Mjölk", nutrients={"energy_kcal": "60"})

    def declare(self, number: int = 1, **said: Any) -> IngredientDeclaration:
        words = {"declared": True, "by": self.by, "profession": "diet_cook", "at": AT}
        return IngredientDeclaration.objects.create(ingredient=self.milk, number=number, **(words | said))

    def fill(self, number: int = 1, **said: Any) -> CellContent:
        words = {"declared": True, "by": self.by, "profession": "diet_cook", "at": AT}
        return CellContent.objects.create(cell=self.cell, number=number, **(words | said))


@pytest.fixture
def pantry(db: None, settings: Any) -> Pantry:
    settings.DEMO = True
    return Pantry(stage_set())


REFUSED: dict[str, Callable[[Pantry], Any]] = {
    "a code that the annex does not have": lambda p: p.declare(contains=["15"]),
    "one code said in two ways": lambda p: p.declare(contains=["7"], may_contain=["7"]),
    "one code known and unknown": lambda p: p.declare(may_contain=["7"], unknown=["7"]),
    "allergens that nobody declared": lambda p: p.declare(declared=False, contains=["7"]),
    "a declaration of nobody": lambda p: p.declare(by=None),
    "a declaration of no profession": lambda p: p.declare(profession=""),
    "two declarations of a number": lambda p: (p.declare(), p.declare()),
    "a declaration that is changed": lambda p: (
        p.declare(),
        IngredientDeclaration.objects.update(contains=["7"]),
    ),
    "a declaration that is removed": lambda p: p.declare().delete(),
    "an ingredient that is removed": lambda p: Ingredient.objects.filter(pk=p.milk.pk).delete(),
    "a piece without weight": lambda p: Ingredient.objects.update(piece_grams=0),
    "a food that is changed": lambda p: Food.objects.update(nutrients={}),
    "a recipe version that is changed": lambda p: RecipeVersion.objects.update(servings=4),
    "a recipe version that is removed": lambda p: RecipeVersion.objects.filter(pk=p.old.pk).delete(),
    "no servings": lambda p: RecipeVersion.objects.create(
        recipe=p.recipe, number=3, n_lines=0, fingerprint="f", made_at=AT, servings=0
    ),
    "a line that is changed": lambda p: RecipeLine.objects.update(amount=2),
    "a line that is removed": lambda p: RecipeLine.objects.all().delete(),
    "a line that is added later": lambda p: RecipeLine.objects.create(
        version=p.new, position=2, ingredient=p.milk, amount=1, unit="g"
    ),
    "a version that holds itself": lambda p: RecipeLine.objects.create(version=p.old, position=1, sub=p.old),
    "a version that holds a later one": lambda p: RecipeLine.objects.create(version=p.old, position=1, sub=p.new),
    "a line of two things": lambda p: RecipeLine.objects.create(
        version=p.new, position=1, sub=p.old, ingredient=p.milk
    ),
    "a line that says nothing": lambda p: RecipeLine.objects.create(version=p.old, position=1),
    "an amount without a unit": lambda p: RecipeLine.objects.create(version=p.old, position=1, text="mjölk", amount=1),
    "a texture that does not exist": lambda p: RecipeVerification.objects.create(
        version=p.new, fingerprint="f", textures=["mosad"], at=AT, by=p.by, profession="diet_cook"
    ),
    "an IDDSI level that does not exist": lambda p: p.fill(iddsi=[8]),
    "a verification that is removed": lambda p: RecipeVerification.objects.create(
        version=p.new, fingerprint="f", at=AT, by=p.by, profession="diet_cook"
    ).delete(),
    "a cell of recipe and declaration": lambda p: p.fill(recipe_version=p.new),
    "a texture that nobody declared": lambda p: p.fill(declared=False, textures=["timbal"]),
    "a cell's content that is changed": lambda p: (p.fill(), CellContent.objects.update(contains=["7"])),
    "a cell that becomes another's": lambda p: DishCell.objects.update(texture="timbal"),
    "two cells of a diet and texture": lambda p: DishCell.objects.create(
        dish=p.dish, diet="normal", texture="hel_delad"
    ),
    "a variant that is removed": lambda p: DishVariant.objects.create(
        content=p.fill(), code="no_sauce", name="utan sås"
    ).delete(),
    "safe for all by nobody": lambda p: Dish.objects.update(safe_at=datetime(2026, 9, 1, tzinfo=UTC)),
    "two menus on a day": lambda p: Menu.objects.create(
        kitchen=p.kitchen, name="Jul", n_weeks=1, anchor_on=date(2026, 12, 21), from_on=date(2026, 12, 21), made_at=AT
    ),
    "a week that begins on a Tuesday": lambda p: Menu.objects.update(anchor_on=date(2026, 9, 1)),
    "a menu of no week": lambda p: Menu.objects.update(n_weeks=0),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(pantry: Pantry, what: str) -> None:
    """What would make a dish look safer than somebody said cannot be written, past the services either."""
    with pytest.raises(DatabaseError), transaction.atomic():
        REFUSED[what](pantry)


def test_what_is_right_can_be_written(pantry: Pantry) -> None:
    """The refusals above are not refusals of everything."""
    pantry.declare(contains=["7"], may_contain=["1.1"], unknown=["9"], flags=["animal"])
    content = pantry.fill(contains=["8.8"], textures=["timbal"], iddsi=[4], diets=["gluten_free"])
    DishVariant.objects.create(content=content, code="no_sauce", name="utan sås", removes=["8.8"])
    RecipeLine.objects.create(version=pantry.old, position=1, text="1 nypa salt")
    pantry.fill(2, declared=False, recipe_version=pantry.new, by=None, profession="")
    Menu.objects.update(withdrawn_at=AT)
    Menu.objects.create(
        kitchen=pantry.kitchen, name="2", n_weeks=1, anchor_on=date(2026, 9, 7), from_on=date(2026, 9, 7), made_at=AT
    )
