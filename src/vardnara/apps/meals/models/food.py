"""Food composition tables, a kitchen's ingredients and what is declared of them, and the files all this came from."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.choices import ImportKind
from vardnara.apps.meals.constants import NAME_LENGTH
from vardnara.apps.meals.models.pieces import codes, declaration_checks

APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class ColumnMapping(models.Model):
    """How the columns of a kind of file are read, remembered under a name; ``columns`` are those it was made for."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    name = models.CharField(max_length=NAME_LENGTH)
    columns = codes(200)
    mapping = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "kind", "name"], name="meals_mapping_once"),
            models.CheckConstraint(condition=~Q(name=""), name="meals_mapping_is_named"),
        ]


class SentFile(models.Model):
    """A file that was sent and waits for somebody to say how its columns are read; gone when it is read in."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    file_name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=12)
    content = models.BinaryField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, blank=True, related_name="+")


class FoodImport(models.Model):
    """A file that was read in: its digest, how its columns were read, and what was found wanting, by row."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="food_imports")
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "kind", "sha256"],
                condition=Q(undone_at__isnull=True),
                name="meals_same_file_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("imported_at")), name="meals_import_undone"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class FoodTable(models.Model):
    """A food composition table of a publisher and version. Its foods never change; a new version is a new table."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="food_tables")
    name = models.CharField(max_length=NAME_LENGTH)
    version = models.CharField(max_length=60)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    imported = models.OneToOneField(
        FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="food_table"
    )
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="meals_food_table_once",
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(source=""), name="meals_food_table_has_source"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class Food(models.Model):
    """A food of a table. ``nutrients`` is per 100 g: code to decimal as text; what is missing is not there."""

    table = models.ForeignKey(FoodTable, on_delete=models.PROTECT, related_name="foods")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=120, blank=True)
    nutrients = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="meals_food_once"),
            models.CheckConstraint(condition=~Q(number="") & ~Q(name=""), name="meals_food_is_named"),
        ]
        triggers = [APPEND_ONLY]


class Ingredient(models.Model):
    """What a hospital's kitchens buy and cook with. What it contains is the latest of its declarations.

    ``piece_grams`` is what a piece weighs, ``millilitre_grams`` what a millilitre weighs; unknown where empty.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="ingredients")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    supplier = models.CharField(max_length=NAME_LENGTH, blank=True)
    food = models.ForeignKey(Food, on_delete=models.PROTECT, null=True, blank=True, related_name="ingredients")
    piece_grams = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    millilitre_grams = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    n_declarations = models.PositiveIntegerField(default=0)
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code"], name="meals_ingredient_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="meals_ingredient_is_named"),
            models.CheckConstraint(
                condition=(Q(piece_grams__isnull=True) | Q(piece_grams__gt=0))
                & (Q(millilitre_grams__isnull=True) | Q(millilitre_grams__gt=0)),
                name="meals_ingredient_weights",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class IngredientDeclaration(models.Model):
    """What was said of an ingredient, the highest ``number`` holds. Never changed.

    Undeclared, everything is unknown, whatever label and ``claimed`` say: ``label`` is the ingredient label as written,
    ``claimed`` what a file said of allergens (``contains``, ``may_contain``), kept to be looked at. Declared by a diet
    cook or dietitian, what stands in no list is not in the ingredient.
    """

    ingredient = models.ForeignKey(Ingredient, on_delete=models.PROTECT, related_name="declarations")
    number = models.PositiveIntegerField()
    label = models.TextField(blank=True)
    claimed = models.JSONField(default=dict, blank=True)
    declared = models.BooleanField(default=False)
    contains = codes(4)
    may_contain = codes(4)
    unknown = codes(4)
    flags = codes()
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    profession = models.CharField(max_length=20, blank=True)
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ingredient", "number"], name="meals_declaration_once"),
            *declaration_checks("meals_ingredient_said"),
        ]
        triggers = [APPEND_ONLY]
