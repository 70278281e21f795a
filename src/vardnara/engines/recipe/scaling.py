"""The same recipe for more or fewer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from vardnara.engines.recipe.data import Exact, Recipe, exact
from vardnara.kernel.errors import RuleBroken


def recipe_scaled(recipe: Recipe, factor: Exact) -> Recipe:
    """Every amount and the number of portions times a factor, exactly; a portion stays what it is (edge-22)."""
    by = exact("factor", factor) or Fraction(1)
    lines = tuple(
        replace(line, amount=None if line.amount is None else Fraction(line.amount) * by) for line in recipe.lines
    )
    servings = None if recipe.servings is None else Fraction(recipe.servings) * by
    return replace(recipe, lines=lines, servings=servings)


def recipe_for(recipe: Recipe, servings: Exact) -> Recipe:
    """The recipe for a number of portions.

    Raises
    ------
    RuleBroken
        Nobody knows how many portions it makes.
    """
    if recipe.servings is None:
        raise RuleBroken("servings_unknown", f"nobody knows how many portions {recipe.name} makes")
    wanted = exact("servings", servings) or Fraction(1)
    return recipe_scaled(recipe, wanted / Fraction(recipe.servings))
