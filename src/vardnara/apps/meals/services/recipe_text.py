"""The lines of a recipe as somebody writes them: ``400 g Mjölk | Sås``, a line each."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from vardnara.apps.meals.models import Ingredient, Recipe, RecipeLine
from vardnara.apps.meals.services.recipes import LineWords
from vardnara.gateways.food_file import line_read

WRITTEN = {"g": "g", "ml": "ml", "piece": "st"}


def lines_read(*, hospital_id: int, text: str) -> list[LineWords]:
    """Lines of a text. A name that is a recipe's or an ingredient's, letter for letter, is that; else it stays text."""
    ingredients = {row.name.lower(): row.pk for row in Ingredient.objects.filter(hospital=hospital_id, retired_at=None)}
    recipes = {row.name.lower(): row.pk for row in Recipe.objects.filter(hospital=hospital_id, retired_at=None)}
    found = []
    for line in text.splitlines():
        said, _, part = line.partition("|")
        if not said.strip():
            continue
        read = line_read(said)
        name = read.name.lower().removeprefix("recept: ")
        as_recipe = read.name.lower().startswith("recept: ")
        ingredient_id = None if as_recipe else ingredients.get(name)
        recipe_id = recipes.get(name) if ingredient_id is None else None
        found.append(LineWords(said.strip(), part.strip(), ingredient_id, recipe_id, read.amount, read.unit))
    return found


def lines_text(lines: Iterable[RecipeLine]) -> str:
    """Lines as they can be written again."""
    return "\n".join(_line(line) for line in lines)


def _line(line: RecipeLine) -> str:
    if line.ingredient is not None:
        name = line.ingredient.name
    elif line.sub is not None:
        name = f"recept: {line.sub.recipe.name}"
    else:
        return f"{line.text} | {line.part}" if line.part else line.text
    amount = "" if line.amount is None else f"{_plain(line.amount)} {WRITTEN[line.unit]} "
    return f"{amount}{name}" + (f" | {line.part}" if line.part else "")


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f").replace(".", ",")
