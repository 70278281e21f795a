"""What each cell of a dish is now, rolled up and kept, so that a menu is read without reckoning recipes.

Everything that can change what a dish is ends here: a cell's content, a recipe's version, a declaration of an
ingredient, a verification. Whoever changes one of them calls ``cells_refresh`` in the same transaction; what came out
otherwise is told by ``declaration_changed``, so that orders are checked again (F-06).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F

from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import CellContent, Dish, DishCell, DishVariant, RecipeLine, RecipeVersion
from vardnara.apps.meals.queries.books import book_of, recipe_key, verified_last
from vardnara.engines import recipe as engine


def cells_refresh(*, cell_ids: Collection[int], at: datetime) -> frozenset[int]:
    """Reckon cells anew; returns the dishes that are no longer what they were, which others are told of.

    A dish that changed is no longer listed as safe for all: that was said of what it was.
    """
    cells = list(DishCell.objects.select_for_update().filter(pk__in=cell_ids).order_by("pk"))
    contents = contents_now(cell_ids=[cell.pk for cell in cells])
    variants: dict[int, list[DishVariant]] = {}
    for row in DishVariant.objects.filter(content__in=[one.pk for one in contents.values()]).order_by("position", "pk"):
        variants.setdefault(row.content_id, []).append(row)
    recipes = Recipes(contents.values())
    changed = []
    for cell in cells:
        content = contents.get(cell.pk)
        state = {} if content is None else state_of(content, cell.diet, variants.get(content.pk, ()), recipes)
        if state != cell.state:
            cell.state, cell.state_at = state, at
            changed.append(cell)
    DishCell.objects.bulk_update(changed, ["state", "state_at"], batch_size=500)
    dish_ids = frozenset(cell.dish_id for cell in changed)
    dishes_changed(dish_ids=dish_ids, at=at)
    return dish_ids


def dishes_changed(*, dish_ids: frozenset[int], at: datetime, still_safe: bool = False) -> None:
    """Tell that dishes are no longer what they were, or (``still_safe``) no longer offered as they were."""
    if dish_ids and not still_safe:
        Dish.objects.filter(pk__in=dish_ids).exclude(safe_at=None).update(safe_at=None, safe_by=None)
    if dish_ids:
        declaration_changed.send(sender=Dish, dish_ids=dish_ids, at=at)


def contents_now(*, cell_ids: Collection[int]) -> dict[int, CellContent]:
    """The content that holds, by cell."""
    rows = CellContent.objects.filter(cell__in=cell_ids, number=F("cell__n_contents"))
    return {row.cell_id: row for row in rows}


class Recipes:
    """The recipes behind contents, with what was verified of them last."""

    def __init__(self, contents: Iterable[CellContent]) -> None:
        ids = {one.recipe_version_id for one in contents if one.recipe_version_id is not None}
        self.book = book_of(ids) if ids else None
        rows = RecipeVersion.objects.filter(pk__in=ids)
        self.recipe_of = dict(rows.values_list("pk", "recipe_id"))
        self.verified = verified_last(recipe_ids=set(self.recipe_of.values())) if ids else {}

    def state(self, content: CellContent, variants: Iterable[DishVariant]) -> dict[str, Any]:
        """What a recipe that was verified as it is now comes to; nothing where it was not (F-06)."""
        version_id = content.recipe_version_id
        if self.book is None or version_id is None:
            return {}
        rolled = engine.recipe_roll_up(self.book, recipe_key(version_id))
        verified = self.verified.get(self.recipe_of[version_id])
        if verified is None or verified.fingerprint != rolled.fingerprint or rolled.allergens.flags is None:
            return {}
        portions = {code: one.per_portion for code, one in rolled.nutrients.items() if one.per_portion is not None}
        grams = rolled.portion_grams
        said: dict[str, Any] = {
            "contains": sorted(rolled.allergens.contains),
            "may_contain": sorted(rolled.allergens.may_contain),
            "unknown": sorted(rolled.allergens.unknown),
            "textures": list(verified.textures),
            "iddsi": sorted(verified.iddsi),
            "diets": sorted(verified.diets),
            "flags": sorted(rolled.allergens.flags),
            "nutrients": {code: _rounded(value) for code, value in portions.items()},
            "portion_grams": None if grams is None else _rounded(grams),
            "variants": [one for row in variants for one in self._variant(version_id, row)],
        }
        return said | {"verified": True, "fingerprint": digest([rolled.fingerprint, said])}

    def _variant(self, version_id: int, row: DishVariant) -> Iterator[dict[str, Any]]:
        """What leaving out a part really takes away; a change that brings something, or nothing, is not offered."""
        key = recipe_key(version_id)
        if self.book is None or row.part not in {line.part for line in self.book.recipes[key].lines if line.part}:
            return
        change = engine.recipe_change(self.book, key, engine.Alteration(row.code, row.name, row.part))
        if not change.brings:
            said = {"removes": sorted(change.removes), "removes_flags": sorted(change.removes_flags)}
            yield variant_state(row) | said


def _rounded(value: Fraction) -> str:
    """A reckoned amount to two decimals, as text."""
    return format(round(Decimal(value.numerator) / Decimal(value.denominator), 2).normalize(), "f")


def state_of(content: CellContent, diet: str, variants: Iterable[DishVariant], recipes: Recipes) -> dict[str, Any]:
    """What is known of a cell by its content; what nobody declared or verified as it is now says nothing."""
    if content.declared:
        return declared_state(content, diet, variants)
    return recipes.state(content, variants)


def declared_state(content: CellContent, diet: str, variants: Iterable[DishVariant]) -> dict[str, Any]:
    """What the diet role declared of a cell."""
    said: dict[str, Any] = {
        "contains": sorted(content.contains),
        "may_contain": sorted(content.may_contain),
        "unknown": sorted(content.unknown),
        "textures": list(content.textures),
        "iddsi": sorted(content.iddsi),
        "diets": sorted({diet, *content.diets}),
        "flags": sorted(content.flags),
        "nutrients": content.nutrients,
        "portion_grams": None if content.portion_grams is None else str(content.portion_grams),
        "variants": [variant_state(row) for row in variants],
    }
    return said | {"verified": True, "fingerprint": digest(said)}


def variant_state(row: DishVariant) -> dict[str, Any]:
    """A variant as a cell's state keeps it."""
    return {
        "id": row.code,
        "name": row.name,
        "names": row.names,
        "removes": sorted(row.removes),
        "removes_flags": sorted(row.removes_flags),
        "adds_diets": sorted(row.adds_diets),
    }


def digest(said: Any) -> str:
    """A digest of plain data, the same whenever the data are."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def cells_of_versions(version_ids: Collection[int]) -> list[int]:
    """Cells whose content is one of the versions, or a version that is made of one."""
    found, new = set(version_ids), set(version_ids)
    while new:
        new = set(RecipeLine.objects.filter(sub__in=new).values_list("version_id", flat=True)) - found
        found |= new
    rows = CellContent.objects.filter(recipe_version__in=found, number=F("cell__n_contents"))
    return list(rows.values_list("cell_id", flat=True))


def cells_of_ingredients(ingredient_ids: Collection[int]) -> list[int]:
    """Cells in whose recipes, at any depth, one of the ingredients is."""
    versions = RecipeVersion.objects.filter(lines__ingredient__in=ingredient_ids).values_list("pk", flat=True)
    return cells_of_versions(list(versions))
