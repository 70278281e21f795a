"""Ingredients and what is declared of them. Kitchen, head of ward service, administrator; declaring: the diet role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from vardnara.apps.meals.constants import ALLERGEN_CODES
from vardnara.apps.meals.models import Food, Ingredient, IngredientDeclaration
from vardnara.apps.meals.services.recording import diet_role_require, writer_require
from vardnara.apps.meals.services.states import cells_of_ingredients, cells_refresh
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class IngredientWords:
    """What an ingredient is called, and what a piece and a millilitre of it weigh in grams."""

    code: str
    name: str
    supplier: str = ""
    food_id: int | None = None
    piece_grams: Decimal | None = None
    millilitre_grams: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AllergenWords:
    """What somebody declares: codes of the annex, each in one list at most, and flags such as ``pork``."""

    contains: frozenset[str] = frozenset()
    may_contain: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    def fields(self) -> dict[str, list[str]]:
        """The columns of a declaration; raises ``unknown_allergen`` and ``allergen_twice``."""
        said = (self.contains, self.may_contain, self.unknown)
        if not frozenset().union(*said) <= set(ALLERGEN_CODES):
            raise RuleBroken("unknown_allergen", str(sorted(frozenset().union(*said) - set(ALLERGEN_CODES))))
        if sum(len(one) for one in said) != len(frozenset().union(*said)):
            raise RuleBroken("allergen_twice")
        names = ("contains", "may_contain", "unknown", "flags")
        return {name: sorted(getattr(self, name), key=code_order) for name in names}


def code_order(code: str) -> tuple[int, str]:
    """Codes in the order of the annex."""
    return (ALLERGEN_CODES.index(code) if code in ALLERGEN_CODES else len(ALLERGEN_CODES), code)


@transaction.atomic
def ingredient_add(*, hospital_id: int, words: IngredientWords, actor: User, at: datetime) -> Ingredient:
    """A new ingredient, of which nothing is declared yet; its code is once in the hospital."""
    writer_require(actor, hospital_id)
    return _saved(Ingredient(hospital_id=hospital_id), words)


@transaction.atomic
def ingredient_change(*, ingredient_id: int, words: IngredientWords, actor: User, at: datetime) -> Ingredient:
    """Say anew what an ingredient is called, weighs and which food it is; its declaration stays."""
    ingredient = _saved(ingredient_lock(ingredient_id, actor), words)
    cells_refresh(cell_ids=cells_of_ingredients([ingredient.pk]), at=at)
    return ingredient


@transaction.atomic
def food_link(*, ingredient_id: int, food_id: int | None, actor: User, at: datetime) -> Ingredient:
    """Say which food of a table an ingredient is, so that its nutrients are known; None: of none.

    Raises ``unknown_food``. What it contains is not touched: a table says nothing of allergens.
    """
    row = ingredient_lock(ingredient_id, actor)
    words = IngredientWords(row.code, row.name, row.supplier, food_id, row.piece_grams, row.millilitre_grams)
    saved = _saved(row, words)
    cells_refresh(cell_ids=cells_of_ingredients([row.pk]), at=at)
    return saved


@transaction.atomic
def ingredient_retire(*, ingredient_id: int, back: bool, actor: User, at: datetime) -> None:
    """Take an ingredient out of use, or back. Recipes that have it keep it."""
    ingredient = ingredient_lock(ingredient_id, actor)
    ingredient.retired_at = None if back else at
    ingredient.save(update_fields=["retired_at"])


@transaction.atomic
def label_set(*, ingredient_id: int, label: str, actor: User, at: datetime) -> None:
    """Keep what the ingredient's label says now. A new label is of a new content: it must be declared again."""
    ingredient = ingredient_lock(ingredient_id, actor)
    now = declaration_now(ingredient)
    if now is None or now.label != label.strip():
        said: dict[str, Any] = {"label": label.strip(), "claimed": now.claimed if now is not None else {}}
        declaration_add(ingredient, said | {"by": actor}, at)
        cells_refresh(cell_ids=cells_of_ingredients([ingredient.pk]), at=at)


@transaction.atomic
def ingredient_declare(
    *, ingredient_id: int, words: AllergenWords, note: str, actor: User, at: datetime
) -> frozenset[int]:
    """Declare what an ingredient contains; what stands in no list is not in it. Diet cook or dietitian.

    Returns the dishes that are no longer what they were.
    """
    ingredient = ingredient_lock(ingredient_id, actor)
    diet_role_require(actor, ingredient.hospital_id)
    _declare(ingredient, words, note, actor, at)
    return cells_refresh(cell_ids=cells_of_ingredients([ingredient.pk]), at=at)


@transaction.atomic
def claimed_declare(*, hospital_id: int, ingredient_ids: Collection[int], actor: User, at: datetime) -> int:
    """Declare as files claimed it, all of them at once, by somebody who has looked at them. Diet cook or dietitian.

    Only what is not declared yet and of which a file claimed something; returns how many.
    """
    diet_role_require(actor, hospital_id)
    rows = Ingredient.objects.select_for_update().filter(hospital=hospital_id, pk__in=ingredient_ids).order_by("pk")
    done = []
    for row in rows:
        now = declaration_now(row)
        if now is None or now.declared or "contains" not in now.claimed:
            continue
        words = AllergenWords(*(frozenset(now.claimed.get(name, ())) for name in ("contains", "may_contain")))
        _declare(row, words, "", actor, at)
        done.append(row.pk)
    cells_refresh(cell_ids=cells_of_ingredients(done), at=at)
    return len(done)


def _declare(ingredient: Ingredient, words: AllergenWords, note: str, actor: User, at: datetime) -> None:
    now = declaration_now(ingredient)
    kept = {"label": now.label, "claimed": now.claimed} if now is not None else {}
    said = words.fields() | {"note": note.strip()[:300], "by": actor, "profession": actor.profession}
    declaration_add(ingredient, kept | said | {"declared": True}, at)


def declaration_now(ingredient: Ingredient) -> IngredientDeclaration | None:
    """What was said last of an ingredient."""
    return IngredientDeclaration.objects.filter(ingredient=ingredient, number=ingredient.n_declarations).first()


def declaration_add(ingredient: Ingredient, said: dict[str, Any], at: datetime) -> IngredientDeclaration:
    """Write the next declaration of an ingredient that is locked."""
    ingredient.n_declarations += 1
    ingredient.save(update_fields=["n_declarations"])
    return IngredientDeclaration.objects.create(ingredient=ingredient, number=ingredient.n_declarations, at=at, **said)


def ingredient_lock(ingredient_id: int, actor: User) -> Ingredient:
    """Lock an ingredient that the actor may write; raises ``unknown_ingredient``."""
    row = Ingredient.objects.select_for_update().filter(pk=ingredient_id).first()
    if row is None:
        raise RuleBroken("unknown_ingredient", str(ingredient_id))
    writer_require(actor, row.hospital_id)
    return row


def _saved(row: Ingredient, words: IngredientWords) -> Ingredient:
    words = replace(words, code=words.code.strip(), name=words.name.strip(), supplier=words.supplier.strip())
    if not words.code or not words.name:
        raise RuleBroken("food_unnamed")
    for grams in (words.piece_grams, words.millilitre_grams):
        if grams is not None and grams <= 0:
            raise RuleBroken("bad_weight", str(grams))
    if words.food_id is not None:
        own = Food.objects.filter(pk=words.food_id, table__hospital=row.hospital_id, table__withdrawn_at=None)
        if not own.exists():
            raise RuleBroken("unknown_food", str(words.food_id))
    for name in ("code", "name", "supplier", "food_id", "piece_grams", "millilitre_grams"):
        setattr(row, name, getattr(words, name))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RuleBroken("food_code_taken", words.code) from error
    return row
