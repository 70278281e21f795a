"""What the page of a dish shows of a cell beside what is in it: its changes, such as "utan sås"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vardnara.apps.meals.models import DishVariant, RecipeLine
from vardnara.apps.meals.queries.food_pages import CellRow


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A change as it was written, and as patients are offered it: None where it is not offered."""

    row: DishVariant
    offered: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class CellVariants:
    """A cell with its changes; of a recipe, the parts that can be left out."""

    one: CellRow
    rows: list[VariantRow]
    parts: list[str]


def cell_variants(one: CellRow) -> CellVariants | None:
    """The changes of a cell that somebody declared or that a recipe stands behind; the caller answers for scope."""
    content = one.content
    if content is None or not (content.declared or content.recipe_version_id):
        return None
    offered = {said["id"]: said for said in one.cell.variants}
    rows = DishVariant.objects.filter(content=content).order_by("position", "pk")
    lines = RecipeLine.objects.filter(version=content.recipe_version_id).exclude(part="").order_by("position")
    parts = list(dict.fromkeys(lines.values_list("part", flat=True))) if content.recipe_version_id else []
    return CellVariants(one, [VariantRow(row, offered.get(row.code)) for row in rows], parts)
