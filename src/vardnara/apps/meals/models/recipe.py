"""Recipes: versions that never change, their lines, and who has verified what of them."""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.choices import Unit
from vardnara.apps.meals.models.food import APPEND_ONLY, FoodImport, Ingredient
from vardnara.apps.meals.models.pieces import codes, levels, texture_checks

# a version is whole when it is made: no line may be added to it later
WITHIN_VERSION = """
IF NEW.position < 1 OR NEW.position > (SELECT n_lines FROM meals_recipeversion WHERE id = NEW.version_id) THEN
    RAISE EXCEPTION 'recipe version % has no line %', NEW.version_id, NEW.position USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Recipe(models.Model):
    """A recipe of a hospital's kitchens. What holds is the version with the number ``n_versions``."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="recipes")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    n_versions = models.PositiveIntegerField(default=0)
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code"], name="meals_recipe_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="meals_recipe_is_named"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class RecipeVersion(models.Model):
    """A recipe as it was from a moment on. Never changed.

    ``servings`` and ``portion_grams`` may be missing. ``yield_factor`` is grams cooked by grams put in, 1 where nobody
    has said. ``fingerprint`` is that of its own lines.
    """

    recipe = models.ForeignKey(Recipe, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    servings = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    portion_grams = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    yield_factor = models.DecimalField(max_digits=6, decimal_places=4, default=Decimal(1))
    n_lines = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipe", "number"], name="meals_recipe_version_once"),
            models.CheckConstraint(
                condition=(Q(servings__isnull=True) | Q(servings__gt=0))
                & (Q(portion_grams__isnull=True) | Q(portion_grams__gt=0))
                & Q(yield_factor__gt=0),
                name="meals_recipe_version_sizes",
            ),
        ]
        triggers = [APPEND_ONLY]


class RecipeLine(models.Model):
    """A line of a version: an ingredient, a version of another recipe, or only a text that nobody has matched yet.

    ``part`` names what can be left out, such as the sauce. A version is made of older versions only, so no recipe can
    hold itself.
    """

    version = models.ForeignKey(RecipeVersion, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    text = models.CharField(max_length=300, blank=True)
    part = models.CharField(max_length=60, blank=True)
    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")
    sub = models.ForeignKey(RecipeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="used_by")
    amount = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=5, choices=Unit.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="meals_recipe_line_once"),
            models.CheckConstraint(
                condition=Q(ingredient__isnull=True) | Q(sub__isnull=True), name="meals_recipe_line_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(ingredient__isnull=False) | Q(sub__isnull=False) | ~Q(text=""),
                name="meals_recipe_line_says",
            ),
            models.CheckConstraint(
                condition=Q(sub__isnull=True) | Q(sub__lt=F("version")), name="meals_recipe_line_older"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, unit="") | (Q(amount__isnull=False, amount__gte=0) & ~Q(unit="")),
                name="meals_recipe_line_amount",
            ),
        ]
        triggers = [
            APPEND_ONLY,
            pgtrigger.Trigger(
                name="within_version", when=pgtrigger.Before, operation=pgtrigger.Insert, func=WITHIN_VERSION
            ),
        ]


class RecipeVerification(models.Model):
    """A diet cook or dietitian has verified a version as it was, with all that is in it. Never changed.

    ``fingerprint`` is that of the whole recipe with its sub-recipes and declarations: when any of it changes, the
    verification holds no longer (F-06). ``textures`` and ``iddsi`` are what was verified (F-27), never converted.
    """

    version = models.ForeignKey(RecipeVersion, on_delete=models.PROTECT, related_name="verifications")
    fingerprint = models.CharField(max_length=64)
    textures = codes(16)
    iddsi = levels()
    diets = codes()
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    profession = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(fingerprint="") & ~Q(profession=""), name="meals_verified_by"),
            *texture_checks("meals_verified"),
        ]
        indexes = [models.Index(fields=["version", "-at"], name="meals_verified_latest")]
        triggers = [APPEND_ONLY]
