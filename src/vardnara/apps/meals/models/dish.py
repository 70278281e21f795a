"""Dishes, their names in languages, and what each is in a diet and a texture."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.meals.choices import Texture
from vardnara.apps.meals.constants import NAME_LENGTH
from vardnara.apps.meals.models.food import APPEND_ONLY, FoodImport
from vardnara.apps.meals.models.pieces import codes, declaration_checks, levels, texture_checks
from vardnara.apps.meals.models.recipe import RecipeVersion

SAME_CELL = """
IF ROW(NEW.dish_id, NEW.menu_id, NEW.diet, NEW.texture) IS DISTINCT FROM
   ROW(OLD.dish_id, OLD.menu_id, OLD.diet, OLD.texture) THEN
    RAISE EXCEPTION 'a cell stays what it is a cell of' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Dish(models.Model):
    """What is on a menu. ``name`` is Swedish; ``pictogram`` is the key of a picture that ships with Vardnara.

    ``is_food`` and ``is_drink`` say which IDDSI order concerns it: both, for a soup with pieces in it.

    ``safe_at`` and ``safe_by``: the kitchen's diet role has listed it as safe for all; cleared when the dish changes.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="dishes")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    pictogram = models.CharField(max_length=20, blank=True)
    is_food = models.BooleanField(default=True, db_default=True)
    is_drink = models.BooleanField(default=False, db_default=False)
    safe_at = models.DateTimeField(null=True, blank=True)
    safe_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code"], name="meals_dish_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="meals_dish_is_named"),
            models.CheckConstraint(condition=Q(is_food=True) | Q(is_drink=True), name="meals_dish_is_something"),
            models.CheckConstraint(
                condition=Q(safe_at__isnull=True, safe_by__isnull=True)
                | Q(safe_at__isnull=False, safe_by__isnull=False),
                name="meals_dish_safe_by",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class DishPhoto(models.Model):
    """A dish's photo: a JPEG without place, time or camera."""

    dish = models.OneToOneField(Dish, on_delete=models.PROTECT, related_name="photo", primary_key=True)
    jpeg = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class DishName(models.Model):
    """A dish's name in a language other than Swedish."""

    dish = models.ForeignKey(Dish, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(max_length=5)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dish", "language"], name="meals_dish_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(language=""), name="meals_dish_name_says"),
        ]


class DishCell(models.Model):
    """A dish as it is cooked for a diet in a texture (mech-14); with a ``menu`` only there, before the general one.

    What it is stands in the content with the number ``n_contents``; while there is none, everything is unknown.
    ``state`` is that content rolled up with all that stands behind it, renewed whenever any of it changes, so that a
    menu is read without reckoning recipes; see ``services/states.py``. Empty, everything is unknown.
    """

    dish = models.ForeignKey(Dish, on_delete=models.PROTECT, related_name="cells")
    menu = models.ForeignKey("meals.Menu", on_delete=models.PROTECT, null=True, blank=True, related_name="cells")
    diet = models.CharField(max_length=40)
    texture = models.CharField(max_length=16, choices=Texture.choices)
    n_contents = models.PositiveIntegerField(default=0)
    state = models.JSONField(default=dict, db_default={}, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dish", "menu", "diet", "texture"], nulls_distinct=False, name="meals_dish_cell_once"
            ),
            models.CheckConstraint(condition=~Q(diet=""), name="meals_dish_cell_has_diet"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="same_cell", when=pgtrigger.Before, operation=pgtrigger.Update, func=SAME_CELL),
        ]


class CellContent(models.Model):
    """What is in a cell from a moment on: a recipe's version, or a declaration of the diet role. Never changed.

    With neither everything is unknown. ``diets`` are those that it suits beside the cell's own. ``nutrients`` is per
    normal portion, code to decimal as text, for a declaration. ``label`` and ``claimed`` are kept as a file wrote them.
    """

    cell = models.ForeignKey(DishCell, on_delete=models.PROTECT, related_name="contents")
    number = models.PositiveIntegerField()
    recipe_version = models.ForeignKey(
        RecipeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="contents"
    )
    label = models.TextField(blank=True)
    claimed = models.JSONField(default=dict, blank=True)
    declared = models.BooleanField(default=False)
    contains = codes(4)
    may_contain = codes(4)
    unknown = codes(4)
    textures = codes(16)
    iddsi = levels()
    diets = codes()
    flags = codes()
    nutrients = models.JSONField(default=dict, blank=True)
    portion_grams = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    profession = models.CharField(max_length=20, blank=True)
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cell", "number"], name="meals_cell_content_once"),
            models.CheckConstraint(
                condition=Q(recipe_version__isnull=True) | Q(declared=False), name="meals_cell_recipe_or_declared"
            ),
            models.CheckConstraint(
                condition=Q(declared=True) | Q(textures=[], iddsi=[]), name="meals_cell_texture_said"
            ),
            *declaration_checks("meals_cell_said"),
            *texture_checks("meals_cell"),
        ]
        indexes = [models.Index(fields=["recipe_version"], name="meals_cell_of_recipe")]
        triggers = [APPEND_ONLY]


class DishVariant(models.Model):
    """A named change of a cell's content, such as "utan sås". Never changed: a new content brings its own.

    ``part`` is the part of the recipe that is left out; ``names`` are languages to names.
    """

    content = models.ForeignKey(CellContent, on_delete=models.PROTECT, related_name="variants")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=NAME_LENGTH)
    names = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    part = models.CharField(max_length=60, blank=True)
    removes = codes(4)
    removes_flags = codes()
    adds_diets = codes()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content", "code"], name="meals_dish_variant_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="meals_dish_variant_is_named"),
        ]
        triggers = [APPEND_ONLY]
