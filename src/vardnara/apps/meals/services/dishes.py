"""Dishes and their cells. Kitchen, head of ward service, administrator; declaring and listing: the diet role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from vardnara.apps.meals.choices import Texture
from vardnara.apps.meals.constants import IDDSI_LEVELS, NUTRIENTS
from vardnara.apps.meals.models import CellContent, Dish, DishCell, DishName, DishVariant, Menu, RecipeVersion
from vardnara.apps.meals.services.ingredients import AllergenWords
from vardnara.apps.meals.services.recording import diet_role_require, writer_require
from vardnara.apps.meals.services.states import cells_refresh, contents_now, dishes_changed
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LANGUAGES = ("en", "ar", "so", "fa", "ti", "pl", "uk", "fi", "es")  # beside Swedish, those that patients are offered


@dataclass(frozen=True, slots=True)
class DishWords:
    """What a dish is called in Swedish, its pictogram, and which IDDSI orders concern it."""

    code: str
    name: str
    pictogram: str = ""
    is_food: bool = True
    is_drink: bool = False


@dataclass(frozen=True, slots=True)
class VariantWords:
    """A named change, such as "utan sås". Of a recipe ``part`` says what is left out, and the rest follows from it."""

    code: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    removes: frozenset[str] = frozenset()
    removes_flags: frozenset[str] = frozenset()
    adds_diets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CellWords:
    """What the diet role declares of a cell; nutrients are of a normal portion, decimals as text."""

    allergens: AllergenWords
    textures: frozenset[str]
    iddsi: frozenset[int] = frozenset()
    diets: frozenset[str] = frozenset()
    nutrients: Mapping[str, str] = field(default_factory=dict)
    portion_grams: Decimal | None = None
    variants: Sequence[VariantWords] = ()


@transaction.atomic
def dish_add(*, hospital_id: int, words: DishWords, actor: User, at: datetime) -> Dish:
    """A new dish, of which nothing is known yet; its code is once in the hospital."""
    writer_require(actor, hospital_id)
    return _saved(Dish(hospital_id=hospital_id), words)


@transaction.atomic
def dish_change(*, dish_id: int, words: DishWords, actor: User, at: datetime) -> Dish:
    """Say anew what a dish is called, and whether it is food or drink."""
    dish = dish_lock(dish_id, actor)
    was = (dish.is_food, dish.is_drink)
    dish = _saved(dish, words)
    if was != (dish.is_food, dish.is_drink):
        dishes_changed(dish_ids=frozenset({dish.pk}), at=at)
    return dish


@transaction.atomic
def dish_retire(*, dish_id: int, back: bool, actor: User, at: datetime) -> None:
    """Offer a dish no longer, or again."""
    dish = dish_lock(dish_id, actor)
    dish.retired_at = None if back else at
    dish.save(update_fields=["retired_at"])
    dishes_changed(dish_ids=frozenset({dish.pk}), at=at)


@transaction.atomic
def dish_names_set(*, dish_id: int, names: Mapping[str, str], actor: User, at: datetime) -> None:
    """Say anew what a dish is called in other languages; without a name its Swedish one is shown."""
    dish = dish_lock(dish_id, actor)
    if not set(names) <= set(LANGUAGES):
        raise RuleBroken("unknown_language", str(sorted(set(names) - set(LANGUAGES))))
    DishName.objects.filter(dish=dish).delete()
    DishName.objects.bulk_create(
        DishName(dish=dish, language=language, name=name.strip()[:200])
        for language, name in names.items()
        if name.strip()
    )


@transaction.atomic
def dish_safe_list(*, dish_id: int, listed: bool, actor: User, at: datetime) -> None:
    """List a dish as safe for patients whose diet nobody knows, or take it off. Diet cook or dietitian.

    Every cell of it must be verified. When the dish changes it is off the list by itself.
    """
    dish = dish_lock(dish_id, actor)
    diet_role_require(actor, dish.hospital_id)
    if listed:
        used = DishCell.objects.filter(dish=dish, retired_at=None, menu__withdrawn_at=None)
        states = list(used.values_list("state", flat=True))
        if not states or not all(state.get("verified") for state in states):
            raise RuleBroken("dish_not_verified", dish.code)
    dish.safe_at, dish.safe_by = (at, actor) if listed else (None, None)
    dish.save(update_fields=["safe_at", "safe_by"])


@transaction.atomic
def cell_declare(
    *,
    dish_id: int,
    diet: str,
    texture: str,
    words: CellWords,
    menu_id: int | None = None,
    actor: User,
    at: datetime,
) -> DishCell:
    """Declare what a dish is in a diet and a texture, with no recipe behind it. Diet cook or dietitian."""
    dish = dish_lock(dish_id, actor)
    diet_role_require(actor, dish.hospital_id)
    if not words.textures <= set(Texture.values) or not words.iddsi <= set(IDDSI_LEVELS):
        raise RuleBroken("unknown_texture")
    if not set(words.nutrients) <= set(NUTRIENTS):
        raise RuleBroken("unknown_nutrient")
    said: dict[str, Any] = words.allergens.fields() | {
        "declared": True,
        "textures": [one for one in Texture.values if one in words.textures],
        "iddsi": sorted(words.iddsi),
        "diets": sorted(words.diets),
        "nutrients": dict(words.nutrients),
        "portion_grams": words.portion_grams,
        "profession": actor.profession,
    }
    return cell_fill(_cell(dish, diet, texture, menu_id), said, words.variants, actor, at)


@transaction.atomic
def cell_cook_by(
    *,
    dish_id: int,
    diet: str,
    texture: str,
    recipe_id: int,
    diets: frozenset[str] = frozenset(),
    variants: Sequence[VariantWords] = (),
    menu_id: int | None = None,
    actor: User,
    at: datetime,
) -> DishCell:
    """Say by which recipe a dish is cooked in a diet and a texture; it is what the recipe's verified version is."""
    dish = dish_lock(dish_id, actor)
    version = (
        RecipeVersion.objects.filter(recipe=recipe_id, recipe__hospital=dish.hospital_id).order_by("-number").first()
    )
    if version is None:
        raise RuleBroken("unknown_recipe", str(recipe_id))
    said = {"recipe_version": version, "diets": sorted(diets)}
    return cell_fill(_cell(dish, diet, texture, menu_id), said, variants, actor, at)


@transaction.atomic
def cell_retire(*, cell_id: int, back: bool, actor: User, at: datetime) -> None:
    """Cook a dish no longer in a diet and texture, or again."""
    cell = DishCell.objects.select_for_update().filter(pk=cell_id).first()
    if cell is None:
        raise RuleBroken("unknown_dish", str(cell_id))
    dish_lock(cell.dish_id, actor)
    cell.retired_at = None if back else at
    cell.save(update_fields=["retired_at"])
    dishes_changed(dish_ids=frozenset({cell.dish_id}), at=at)


def _cell(dish: Dish, diet: str, texture: str, menu_id: int | None) -> DishCell:
    if not diet.strip() or texture not in Texture.values:
        raise RuleBroken("unknown_texture", texture)
    own = Menu.objects.filter(pk=menu_id, kitchen__hospital=dish.hospital_id, withdrawn_at=None)
    if menu_id is not None and not own.exists():
        raise RuleBroken("unknown_menu", str(menu_id))
    cell, _ = DishCell.objects.select_for_update().get_or_create(
        dish=dish, menu_id=menu_id, diet=diet.strip(), texture=texture
    )
    return cell


def cell_fill(
    cell: DishCell, said: dict[str, Any], variants: Sequence[VariantWords], actor: User, at: datetime
) -> DishCell:
    """Write the next content of a cell that is locked, and tell if the dish is no longer what it was."""
    before = contents_now(cell_ids=[cell.pk]).get(cell.pk)
    kept = {"label": before.label, "claimed": before.claimed} if before is not None else {}
    takes_over = cell.menu_id is not None and (cell.n_contents == 0 or cell.retired_at is not None)
    cell.n_contents += 1
    cell.retired_at = None
    cell.save(update_fields=["n_contents", "retired_at"])
    content = CellContent.objects.create(cell=cell, number=cell.n_contents, at=at, by=actor, **(kept | said))
    try:
        DishVariant.objects.bulk_create(
            variant_row(content, one, position) for position, one in enumerate(variants, start=1)
        )
    except IntegrityError as error:
        raise RuleBroken("variant_twice") from error
    told = cells_refresh(cell_ids=[cell.pk], at=at)
    if takes_over and not told:  # in its menu the general cell holds no longer, even where nothing is known of this one
        dishes_changed(dish_ids=frozenset({cell.dish_id}), at=at)
    cell.refresh_from_db()
    return cell


def variant_row(content: CellContent, words: VariantWords, position: int) -> DishVariant:
    """A variant as it is written."""
    return DishVariant(
        content=content,
        code=words.code,
        name=words.name,
        names=dict(words.names),
        position=position,
        part=words.part,
        removes=sorted(words.removes),
        removes_flags=sorted(words.removes_flags),
        adds_diets=sorted(words.adds_diets),
    )


def dish_lock(dish_id: int, actor: User) -> Dish:
    """Lock a dish that the actor may write; raises ``unknown_dish``."""
    dish = Dish.objects.select_for_update().filter(pk=dish_id).first()
    if dish is None:
        raise RuleBroken("unknown_dish", str(dish_id))
    writer_require(actor, dish.hospital_id)
    return dish


def _saved(dish: Dish, words: DishWords) -> Dish:
    dish.code, dish.name, dish.pictogram = words.code.strip(), words.name.strip(), words.pictogram
    dish.is_food, dish.is_drink = words.is_food, words.is_drink
    if not dish.code or not dish.name:
        raise RuleBroken("food_unnamed")
    if not (dish.is_food or dish.is_drink):
        raise RuleBroken("dish_is_nothing")
    try:
        with transaction.atomic():
            dish.save()
    except IntegrityError as error:
        raise RuleBroken("food_code_taken", dish.code) from error
    return dish
