"""Named changes of a cell, such as "utan sås". The diet role alone says what is gone when something is left out.

Each brings a new content of the cell, as it was but for the change: whoever makes it answers for the cell as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify

from vardnara.apps.meals.constants import NAME_LENGTH
from vardnara.apps.meals.models import CellContent, DishCell, DishVariant, RecipeLine
from vardnara.apps.meals.services.dishes import LANGUAGES, VariantWords, cell_fill, dish_lock
from vardnara.apps.meals.services.recording import diet_role_require
from vardnara.apps.meals.services.states import contents_now
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

CODE_LENGTH = 40


@transaction.atomic
def variant_add(*, cell_id: int, number: int, words: VariantWords, actor: User, at: datetime) -> None:
    """Offer a cell with a change; ``number`` is the content that the actor saw. Diet cook or dietitian.

    Without a code it gets one from its name. Raises ``declared_meanwhile``, ``dish_not_verified``, ``variant_twice``,
    ``variant_unnamed``, ``variant_removes_absent``, ``unknown_part``, ``unknown_language``.
    """
    cell, content, now = _locked(cell_id, number, actor)
    words = replace(words, code=words.code.strip() or slugify(words.name)[:CODE_LENGTH])
    if words.code in now:
        raise RuleBroken("variant_twice", words.code)
    _write(cell, content, now | {words.code: _checked(content, words)}, actor, at)


@transaction.atomic
def variant_change(*, cell_id: int, number: int, words: VariantWords, actor: User, at: datetime) -> None:
    """Say anew what a change is called and takes away; its code stays. As ``variant_add``, and ``unknown_variant``."""
    cell, content, now = _locked(cell_id, number, actor)
    if words.code not in now:
        raise RuleBroken("unknown_variant", words.code)
    part = words.part if content.recipe_version_id is not None else now[words.code].part
    _write(cell, content, now | {words.code: _checked(content, replace(words, part=part))}, actor, at)


@transaction.atomic
def variant_end(*, cell_id: int, number: int, code: str, actor: User, at: datetime) -> None:
    """Offer a change no longer; orders that have it are checked again. Diet cook or dietitian."""
    cell, content, now = _locked(cell_id, number, actor)
    if code not in now:
        raise RuleBroken("unknown_variant", code)
    _write(cell, content, {key: one for key, one in now.items() if key != code}, actor, at)


def _locked(cell_id: int, number: int, actor: User) -> tuple[DishCell, CellContent, dict[str, VariantWords]]:
    found = DishCell.objects.filter(pk=cell_id, retired_at=None).first()
    if found is None:
        raise RuleBroken("unknown_dish", f"cell {cell_id}")
    dish = dish_lock(found.dish_id, actor)
    diet_role_require(actor, dish.hospital_id)
    cell = DishCell.objects.select_for_update().get(pk=cell_id)
    content = contents_now(cell_ids=[cell_id]).get(cell_id)
    if content is None or not (content.declared or content.recipe_version_id):
        raise RuleBroken("dish_not_verified", dish.code)
    if content.number != number:
        raise RuleBroken("declared_meanwhile", f"{content.number}, not {number}")
    rows = DishVariant.objects.filter(content=content).order_by("position", "pk")
    return cell, content, {row.code: _words(row) for row in rows}


def _words(row: DishVariant) -> VariantWords:
    return VariantWords(
        row.code, row.name, row.names, row.part,
        frozenset(row.removes), frozenset(row.removes_flags), frozenset(row.adds_diets),
    )  # fmt: skip


def _checked(content: CellContent, words: VariantWords) -> VariantWords:
    """A change that says something true of the content; of a recipe, what is gone follows from the part."""
    name = words.name.strip()[:NAME_LENGTH]
    if not name or not words.code:
        raise RuleBroken("variant_unnamed")
    names = _names(words.names)
    if content.recipe_version_id is not None:
        lines = RecipeLine.objects.filter(version=content.recipe_version_id, part=words.part)
        if not words.part or not lines.exists():
            raise RuleBroken("unknown_part", words.part)
        return replace(words, name=name, names=names, removes=frozenset(), removes_flags=frozenset())
    if not words.removes <= set(content.contains) or not words.removes_flags <= set(content.flags):
        raise RuleBroken("variant_removes_absent", f"{sorted(words.removes)} {sorted(words.removes_flags)}")
    return replace(words, name=name, names=names)


def _names(names: Mapping[str, str]) -> dict[str, str]:
    if not set(names) <= set(LANGUAGES):
        raise RuleBroken("unknown_language", str(sorted(set(names) - set(LANGUAGES))))
    return {language: name.strip()[:NAME_LENGTH] for language, name in names.items() if name.strip()}


def _write(
    cell: DishCell, content: CellContent, variants: Mapping[str, VariantWords], actor: User, at: datetime
) -> None:
    kept = (
        "recipe_version", "declared", "contains", "may_contain", "unknown", "textures", "iddsi", "diets", "flags",
        "nutrients", "portion_grams",
    )  # fmt: skip
    said: dict[str, Any] = {name: getattr(content, name) for name in kept}
    cell_fill(cell, said | {"profession": actor.profession}, list(variants.values()), actor, at)
