"""What each cell of a dish is now, rolled up and kept, so that a menu is read without reckoning recipes.

Everything that can change what a dish is ends here: a cell's content, a recipe's version, a declaration of an
ingredient, a verification. Whoever changes one of them calls ``cells_refresh`` in the same transaction; what came out
otherwise is told by ``declaration_changed``, so that orders are checked again (F-06).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F

from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import CellContent, Dish, DishCell, DishVariant, RecipeLine, RecipeVersion


def cells_refresh(*, cell_ids: Collection[int], at: datetime) -> frozenset[int]:
    """Reckon cells anew; returns the dishes that are no longer what they were, which others are told of.

    A dish that changed is no longer listed as safe for all: that was said of what it was.
    """
    cells = list(DishCell.objects.select_for_update().filter(pk__in=cell_ids).order_by("pk"))
    contents = contents_now(cell_ids=[cell.pk for cell in cells])
    variants: dict[int, list[DishVariant]] = {}
    for row in DishVariant.objects.filter(content__in=[one.pk for one in contents.values()]).order_by("position", "pk"):
        variants.setdefault(row.content_id, []).append(row)
    changed = []
    for cell in cells:
        content = contents.get(cell.pk)
        state = {} if content is None else state_of(content, cell.diet, variants.get(content.pk, ()))
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


def state_of(content: CellContent, diet: str, variants: Iterable[DishVariant]) -> dict[str, Any]:
    """What is known of a cell by its content; a recipe that nobody has verified as it is now says nothing."""
    if content.declared:
        return declared_state(content, diet, variants)
    return {}


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
