"""Recipes scaled to what a meal needs: batches, ingredients and the recipes within, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import F

from vardnara.apps.meals.models import CellContent, DishVariant
from vardnara.apps.meals.queries.books import book_of, recipe_key
from vardnara.engines.recipe import Alteration, Book, Recipe, Unit, recipe_altered, recipe_for, recipe_roll_up
from vardnara.engines.recipe import recipe_scaled as scaled
from vardnara.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Amount:
    """A line of a scaled recipe; ``depth`` is 1 within a recipe of the recipe. None: nobody knows how much."""

    name: str
    amount: Fraction | None
    unit: str
    depth: int
    leaf: bool


@dataclass(frozen=True, slots=True)
class Scaled:
    """A recipe for a number of portions. ``servings`` and ``batches`` are None where nobody knows what it makes."""

    recipe_id: int
    name: str
    servings: Fraction | None
    batches: Fraction | None
    lines: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class ToCook:
    """How many portions of a cell, with which change."""

    cell_id: int
    change: str
    n: int


def recipes_scaled(wanted: Mapping[object, ToCook]) -> dict[object, Scaled]:
    """The recipes of cells that are cooked by one, scaled; a fixed number of queries for each depth of recipes."""
    cells = {one.cell_id for one in wanted.values()}
    contents = {
        one.cell_id: one
        for one in CellContent.objects.filter(cell__in=cells, number=F("cell__n_contents"))
        .exclude(recipe_version=None)
        .select_related("recipe_version__recipe")
    }
    parts = {(one.content_id, one.code): one.part for one in DishVariant.objects.filter(content__in=contents.values())}
    book = book_of([one.recipe_version_id for one in contents.values() if one.recipe_version_id is not None])
    found = {}
    for key, one in wanted.items():
        content = contents.get(one.cell_id)
        if content is None or content.recipe_version is None:
            continue
        version = content.recipe_version
        found[key] = _scaled(
            book, recipe_key(version.pk), version.recipe_id, parts.get((content.pk, one.change), ""), one.n
        )
    return found


def _scaled(book: Book, code: str, recipe_id: int, part: str, n: int) -> Scaled:
    recipe = book.recipes[code]
    if part:
        book = recipe_altered(book, code, Alteration("change", part, part))
    if recipe.servings is None or n < 1:
        return Scaled(recipe_id, recipe.name, None if recipe.servings is None else Fraction(recipe.servings), None, ())
    servings = Fraction(recipe.servings)
    lines = _lines(book, recipe_for(book.recipes[code], n), 0)
    return Scaled(recipe_id, recipe.name, servings, n / servings, tuple(lines))


def _lines(book: Book, recipe: Recipe, depth: int) -> list[Amount]:
    lines = []
    for line in recipe.lines:
        amount = None if line.amount is None else Fraction(line.amount)
        if not line.recipe:
            known = book.ingredients.get(line.ingredient)
            lines.append(Amount(known.name if known is not None else line.text, amount, line.unit, depth, True))
            continue
        within = _within(book, line.recipe, amount, line.unit)
        lines.append(Amount(book.recipes[line.recipe].name, amount, line.unit, depth, within is None))
        if within is not None:
            lines += _lines(book, within, depth + 1)
    return lines


def _within(book: Book, code: str, amount: Fraction | None, unit: str) -> Recipe | None:
    """The recipe of a line, as much of it as the line takes; None where that is not known."""
    if not amount:
        return None
    recipe = book.recipes[code]
    try:
        if unit == Unit.PIECE:
            return recipe_for(recipe, amount)
        weight = recipe_roll_up(book, code).grams_cooked if unit == Unit.GRAM else None
        return scaled(recipe, amount / Fraction(weight)) if weight else None
    except RuleBroken:
        return None


def ingredients_together(found: Mapping[object, Scaled]) -> list[Amount]:
    """What a meal takes altogether, by name; what nobody knows the amount of stands by itself."""
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    unknown: set[tuple[str, str]] = set()
    for one in found.values():
        for line in one.lines:
            if line.leaf and line.amount is not None:
                sums[line.name, line.unit] += line.amount
            elif line.leaf:
                unknown.add((line.name, line.unit))
    known = [Amount(name, amount, unit, 0, True) for (name, unit), amount in sums.items()]
    return sorted([*known, *(Amount(*pair[:1], None, pair[1], 0, True) for pair in unknown)], key=lambda one: one.name)
