"""A digest of everything that a recipe rests on, so that who verifies it verifies one version (F-06)."""

from __future__ import annotations

import hashlib
import json

from vardnara.engines.recipe.data import Book, Ingredient, Line


def recipe_fingerprint(book: Book, code: str) -> str:
    """SHA-256 in hex over the recipe, the recipes within it, and the declarations and weights of all ingredients.

    It changes when a line, an amount, a part, a yield, a portion, a declaration or a sub-recipe changes; not with the
    order of lines, with names, with nutrients, or with how a number is written (1.0 and 1.00).
    """
    found: dict[str, str] = {}
    for one in book.below(code):
        recipe = book.recipes[one]
        lines = sorted(_line(book, line, found) for line in recipe.lines)
        sizes = [str(recipe.servings), str(recipe.portion_grams), str(recipe.yield_factor)]
        found[one] = _digest([sizes, lines])
    return found[code]


def _line(book: Book, line: Line, found: dict[str, str]) -> str:
    if line.ingredient:
        thing = ["ingredient", *_ingredient(book.ingredients[line.ingredient])]
    elif line.recipe:
        thing = ["recipe", found[line.recipe]]
    else:
        thing = ["text", line.text]
    return json.dumps([thing, str(line.amount), line.unit, line.part], ensure_ascii=False)


def _ingredient(ingredient: Ingredient) -> list[object]:
    said = ingredient.declaration
    lists = [] if said is None else [sorted(one) for one in (said.contains, said.may_contain, said.unknown, said.flags)]
    return [ingredient.code, lists, str(ingredient.piece_grams), str(ingredient.millilitre_grams)]


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
