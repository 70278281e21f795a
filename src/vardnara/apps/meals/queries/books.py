"""Recipes with all that is in them, as the recipe engine reckons them."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.db.models import F

from vardnara.apps.meals.models import Ingredient, IngredientDeclaration, RecipeLine, RecipeVerification, RecipeVersion
from vardnara.engines import recipe as engine


def recipe_key(version_id: int) -> str:
    """The key of a version in a book."""
    return f"v{version_id}"


def book_of(version_ids: Collection[int]) -> engine.Book:
    """A book of versions with every version and ingredient in them, as declared now; the caller answers for scope."""
    lines: dict[int, list[RecipeLine]] = {}
    new = set(version_ids)
    while new:
        found = list(RecipeLine.objects.filter(version__in=new).order_by("version_id", "position"))
        lines |= {one: [] for one in new}
        for line in found:
            lines[line.version_id].append(line)
        new = {line.sub_id for line in found if line.sub_id is not None} - lines.keys()
    versions = RecipeVersion.objects.filter(pk__in=lines).select_related("recipe")
    ids = {line.ingredient_id for of in lines.values() for line in of if line.ingredient_id is not None}
    return engine.Book(_ingredients(ids), [_recipe(one, lines[one.pk]) for one in versions])


def _recipe(version: RecipeVersion, lines: list[RecipeLine]) -> engine.Recipe:
    return engine.Recipe(
        recipe_key(version.pk),
        version.recipe.name,
        tuple(
            engine.Line(
                ingredient=str(line.ingredient_id) if line.ingredient_id is not None else "",
                recipe=recipe_key(line.sub_id) if line.sub_id is not None else "",
                amount=line.amount,
                unit=engine.Unit(line.unit) if line.unit else engine.Unit.GRAM,
                part=line.part,
                text=line.text,
            )
            for line in lines
        ),
        version.servings,
        version.portion_grams,
        version.yield_factor,
    )


def _ingredients(ids: Collection[int]) -> list[engine.Ingredient]:
    said = {
        one.ingredient_id: engine.Declaration(
            frozenset(one.contains), frozenset(one.may_contain), frozenset(one.unknown), frozenset(one.flags)
        )
        for one in IngredientDeclaration.objects.filter(
            ingredient__in=ids, number=F("ingredient__n_declarations"), declared=True
        )
    }
    return [
        engine.Ingredient(
            str(row.pk),
            row.name,
            said.get(row.pk),
            {code: Decimal(text) for code, text in row.food.nutrients.items()} if row.food is not None else {},
            row.piece_grams,
            row.millilitre_grams,
        )
        for row in Ingredient.objects.filter(pk__in=ids).select_related("food")
    ]


def verified_last(*, recipe_ids: Collection[int]) -> dict[int, RecipeVerification]:
    """The last verification of each recipe, whichever version it was of."""
    rows = RecipeVerification.objects.filter(version__recipe__in=recipe_ids).select_related("version", "by")
    return {row.version.recipe_id: row for row in rows.order_by("at", "pk")}


def rolled_now(*, version_id: int) -> engine.Rolled:
    """A version rolled up with everything in it."""
    return engine.recipe_roll_up(book_of([version_id]), recipe_key(version_id))
