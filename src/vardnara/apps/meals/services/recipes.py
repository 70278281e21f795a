"""Recipes and their versions. Kitchen, head of ward service, administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from vardnara.apps.meals.choices import Texture
from vardnara.apps.meals.constants import IDDSI_LEVELS
from vardnara.apps.meals.models import (
    CellContent,
    DishVariant,
    Ingredient,
    Recipe,
    RecipeLine,
    RecipeVerification,
    RecipeVersion,
)
from vardnara.apps.meals.queries.books import rolled_now
from vardnara.apps.meals.services.recording import diet_role_require, writer_require
from vardnara.apps.meals.services.states import cells_of_versions, cells_refresh, digest
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line: an ingredient, another recipe (its version that holds), or only a text. No amount, no unit."""

    text: str = ""
    part: str = ""
    ingredient_id: int | None = None
    recipe_id: int | None = None
    amount: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class VersionWords:
    """A version: sizes may be missing; ``yield_factor`` is grams cooked by grams put in."""

    lines: Sequence[LineWords]
    servings: Decimal | None = None
    portion_grams: Decimal | None = None
    yield_factor: Decimal = Decimal(1)
    note: str = ""


@transaction.atomic
def recipe_add(*, hospital_id: int, code: str, name: str, words: VersionWords, actor: User, at: datetime) -> Recipe:
    """A new recipe with its first version; its code is once in the hospital."""
    writer_require(actor, hospital_id)
    if not code.strip() or not name.strip():
        raise RuleBroken("food_unnamed")
    try:
        with transaction.atomic():
            recipe = Recipe.objects.create(hospital_id=hospital_id, code=code.strip(), name=name.strip())
    except IntegrityError as error:
        raise RuleBroken("food_code_taken", code) from error
    version_write(recipe, words, actor, at)
    return recipe


@transaction.atomic
def recipe_version_add(*, recipe_id: int, words: VersionWords, actor: User, at: datetime) -> RecipeVersion:
    """The recipe as it is cooked from now on. Recipes that hold it, and dishes made by it, take the new version.

    Nobody has verified any of them then: they say nothing until somebody does.
    """
    recipe = recipe_lock(recipe_id, actor)
    return version_write(recipe, words, actor, at)


@transaction.atomic
def recipe_rename(*, recipe_id: int, name: str, retired: bool, actor: User, at: datetime) -> None:
    """Call a recipe otherwise, or take it out of use or back; a dish that is made by it keeps it."""
    recipe = recipe_lock(recipe_id, actor)
    if not name.strip():
        raise RuleBroken("food_unnamed")
    recipe.name = name.strip()
    recipe.retired_at = (recipe.retired_at or at) if retired else None
    recipe.save(update_fields=["name", "retired_at"])


@transaction.atomic
def recipe_verify(
    *,
    version_id: int,
    fingerprint: str,
    textures: frozenset[str],
    iddsi: frozenset[int],
    diets: frozenset[str],
    note: str,
    actor: User,
    at: datetime,
) -> frozenset[int]:
    """Verify a recipe as it was looked at (``fingerprint``), with all that is in it. Diet cook or dietitian.

    Refused where anything in it is undeclared, or has changed since it was looked at. Returns the dishes that are no
    longer what they were.
    """
    version = RecipeVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise RuleBroken("unknown_recipe", str(version_id))
    recipe = recipe_lock(version.recipe_id, actor)
    diet_role_require(actor, recipe.hospital_id)
    if not textures <= set(Texture.values) or not iddsi <= set(IDDSI_LEVELS):
        raise RuleBroken("unknown_texture")
    rolled = rolled_now(version_id=version_id)
    if rolled.fingerprint != fingerprint or version.number != recipe.n_versions:
        raise RuleBroken("recipe_changed", recipe.code)
    if rolled.allergens.undeclared:
        raise RuleBroken("recipe_undeclared", recipe.code)
    RecipeVerification.objects.create(
        version=version,
        fingerprint=fingerprint,
        textures=[one for one in Texture.values if one in textures],
        iddsi=sorted(iddsi),
        diets=sorted(diets),
        note=note.strip()[:300],
        at=at,
        by=actor,
        profession=actor.profession,
    )
    return cells_refresh(cell_ids=cells_of_versions([version_id]), at=at)


def recipe_lock(recipe_id: int, actor: User) -> Recipe:
    """Lock a recipe that the actor may write; raises ``unknown_recipe``."""
    recipe = Recipe.objects.select_for_update().filter(pk=recipe_id).first()
    if recipe is None:
        raise RuleBroken("unknown_recipe", str(recipe_id))
    writer_require(actor, recipe.hospital_id)
    return recipe


def version_write(
    recipe: Recipe, words: VersionWords, actor: User | None, at: datetime, import_id: int | None = None
) -> RecipeVersion:
    """Write the next version of a locked recipe and let whatever holds the one before take it."""
    before = RecipeVersion.objects.filter(recipe=recipe, number=recipe.n_versions).first()
    subs = _subs(recipe, words)
    _ingredients_own(recipe, words)
    version = _write(recipe, words, subs, actor, at, import_id)
    if before is not None:
        touched = _cells_take(before, version, actor, at)
        for parent in _parents(before):
            line_words = [_line_words(line) for line in parent.lines.order_by("position").select_related("sub")]
            again = VersionWords(
                line_words,
                parent.servings,
                parent.portion_grams,
                parent.yield_factor,
                f"{recipe.code} {version.number}",
            )
            holder = Recipe.objects.select_for_update().get(pk=parent.recipe_id)
            version_write(holder, again, actor, at, import_id)
        cells_refresh(cell_ids=touched, at=at)
    return version


def _write(
    recipe: Recipe,
    words: VersionWords,
    subs: dict[int, RecipeVersion],
    actor: User | None,
    at: datetime,
    import_id: int | None,
) -> RecipeVersion:
    for size in (words.servings, words.portion_grams, words.yield_factor):
        if size is not None and size <= 0:
            raise RuleBroken("bad_size", str(size))
    plain = [{name: str(value) for name, value in asdict(line).items()} for line in words.lines]
    sizes = [str(words.servings), str(words.portion_grams), str(words.yield_factor)]
    recipe.n_versions += 1
    recipe.save(update_fields=["n_versions"])
    version = RecipeVersion.objects.create(
        recipe=recipe,
        number=recipe.n_versions,
        servings=words.servings,
        portion_grams=words.portion_grams,
        yield_factor=words.yield_factor,
        n_lines=len(words.lines),
        fingerprint=digest([sizes, plain, sorted(sub.pk for sub in subs.values())]),
        note=words.note[:300],
        made_at=at,
        made_by=actor,
        imported_id=import_id,
    )
    RecipeLine.objects.bulk_create(
        RecipeLine(
            version=version,
            position=position,
            text=line.text.strip()[:300],
            part=line.part.strip()[:60],
            ingredient_id=line.ingredient_id,
            sub=subs[line.recipe_id] if line.recipe_id is not None else None,
            amount=line.amount,
            unit=line.unit if line.amount is not None else "",
        )
        for position, line in enumerate(words.lines, start=1)
    )
    return version


def _ingredients_own(recipe: Recipe, words: VersionWords) -> None:
    ids = {line.ingredient_id for line in words.lines if line.ingredient_id is not None}
    if Ingredient.objects.filter(hospital=recipe.hospital_id, pk__in=ids).count() != len(ids):
        raise RuleBroken("unknown_ingredient")
    for line in words.lines:
        if line.ingredient_id is None and line.recipe_id is None and not line.text.strip():
            raise RuleBroken("line_says_nothing")
        if line.ingredient_id is not None and line.recipe_id is not None:
            raise RuleBroken("line_of_two")
        if line.amount is not None and (line.amount < 0 or not line.unit):
            raise RuleBroken("bad_food_amount", str(line.amount))


def _subs(recipe: Recipe, words: VersionWords) -> dict[int, RecipeVersion]:
    """The versions that hold of the recipes that a version is made of; none of them may hold the recipe itself."""
    ids = {line.recipe_id for line in words.lines if line.recipe_id is not None}
    rows = RecipeVersion.objects.filter(
        recipe__in=ids, recipe__hospital=recipe.hospital_id, number=F("recipe__n_versions")
    )
    subs = {row.recipe_id: row for row in rows}
    if len(subs) != len(ids):
        raise RuleBroken("unknown_recipe")
    seen, new = set(ids), set(ids)
    while new:
        if recipe.pk in new:
            raise RuleBroken("recipe_holds_itself", recipe.code)
        lines = RecipeLine.objects.filter(
            version__recipe__in=new, version__number=F("version__recipe__n_versions"), sub__isnull=False
        )
        new = set(lines.values_list("sub__recipe_id", flat=True)) - seen
        seen |= new
    return subs


def _parents(before: RecipeVersion) -> list[RecipeVersion]:
    """Versions that hold now and are made of a version."""
    return list(
        RecipeVersion.objects.filter(lines__sub=before, number=F("recipe__n_versions")).distinct().order_by("pk")
    )


def _line_words(line: RecipeLine) -> LineWords:
    sub = line.sub
    return LineWords(
        line.text, line.part, line.ingredient_id, sub.recipe_id if sub is not None else None, line.amount, line.unit
    )


def _cells_take(before: RecipeVersion, version: RecipeVersion, actor: User | None, at: datetime) -> list[int]:
    """Let every cell that is cooked by the version before be cooked by the new one."""
    rows = CellContent.objects.filter(recipe_version=before, number=F("cell__n_contents")).select_related("cell")
    touched = []
    for row in rows.order_by("cell_id"):
        cell = row.cell
        cell.n_contents += 1
        cell.save(update_fields=["n_contents"])
        content = CellContent.objects.create(
            cell=cell, number=cell.n_contents, recipe_version=version, diets=row.diets, at=at, by=actor
        )
        DishVariant.objects.bulk_create(
            DishVariant(
                content=content,
                code=one.code,
                name=one.name,
                names=one.names,
                position=one.position,
                part=one.part,
                adds_diets=one.adds_diets,
            )
            for one in row.variants.order_by("position", "pk")
        )
        touched.append(cell.pk)
    return touched
