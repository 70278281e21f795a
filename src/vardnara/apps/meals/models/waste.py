"""Waste: what became of each ordered portion and why, what was weighed, and what a portion costs."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.choices import BY_EATER, MealKind, WasteCategory, WasteCause, WasteExtent, WasteSide, WasteSure


class WasteFinding(models.Model):
    """What the records say of a portion when its meal is over. One holds for each order.

    When the records change it is settled anew: the former stays, with the instant from which it no longer held.
    ``evidence`` is the lines of record that led there; kitchen, ward, date and meal are the order's then.
    """

    order = models.ForeignKey("meals.MealOrder", on_delete=models.PROTECT, related_name="findings")
    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="+")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    extent = models.CharField(max_length=6, choices=WasteExtent.choices)
    quarters = models.PositiveSmallIntegerField()
    cooked = models.BooleanField()
    noted = models.BooleanField()
    untouched = models.BooleanField()
    cause = models.CharField(max_length=14, choices=WasteCause.choices, blank=True)
    fact = models.CharField(max_length=14, choices=WasteCause.choices, blank=True)
    said = models.CharField(max_length=14, choices=WasteCause.choices, blank=True)
    side = models.CharField(max_length=8, choices=WasteSide.choices, blank=True)
    sure = models.CharField(max_length=8, choices=WasteSure.choices, blank=True)
    timing = models.CharField(max_length=12, blank=True)
    contradicted = models.BooleanField()
    evidence = models.JSONField(default=list, blank=True)
    engine_version = models.CharField(max_length=8)
    settled_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(superseded_at__isnull=True), name="meals_one_finding_holds"
            ),
            models.CheckConstraint(condition=Q(quarters__lte=4), name="meals_finding_quarters"),
            models.CheckConstraint(
                condition=Q(quarters=0, extent="none", cause="", side="", sure="")
                | (
                    Q(quarters__gt=0, cooked=True, noted=True)
                    & ~Q(extent="none")
                    & ~Q(cause="")
                    & ~Q(side="")
                    & ~Q(sure="")
                ),
                name="meals_waste_has_one_cause",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kitchen", "on"], condition=Q(superseded_at__isnull=True), name="meals_finding_by_kitchen"
            ),
            models.Index(fields=["order", "settled_at"], name="meals_finding_by_order"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="said_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["looked_at", "superseded_at"]),
            ),
            pgtrigger.Protect(
                name="over_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__superseded_at__isnull=False),
            ),
        ]


class Weighing(models.Model):
    """Food waste on a scale, in a national category (F-50): the kitchen's where ``ward`` is empty.

    Append-only: a wrong row is corrected by one that ``corrects`` it and has other figures, or ``void`` ones. ``grams``
    is what the scale showed less the vessel. ``people`` is the number of portions (kitchen) or eaters (ward) by hand,
    for meals that the record does not know.
    """

    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="weighings")
    ward = models.ForeignKey(
        "hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="meal_weighings"
    )
    on = models.DateField()
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    category = models.CharField(max_length=12, choices=WasteCategory.choices)
    gross_grams = models.PositiveIntegerField()
    tare_grams = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    command = models.UUIDField(null=True, blank=True, unique=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross_grams__gte=F("tare_grams")), name="meals_weighing_net"),
            models.CheckConstraint(condition=Q(gross_grams__lte=2_000_000), name="meals_weighing_two_tonnes"),
            models.CheckConstraint(condition=Q(void=False) | Q(corrects__isnull=False), name="meals_void_corrects"),
            models.CheckConstraint(
                condition=Q(ward__isnull=True) | Q(category__in=BY_EATER),
                name="meals_weighing_category_of_ward",
            ),
        ]
        indexes = [models.Index(fields=["kitchen", "on"], name="meals_weighing_by_kitchen")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def grams(self) -> int:
        """What the food weighed."""
        return self.gross_grams - self.tare_grams


class PortionCost(models.Model):
    """What a portion of a kitchen costs from a day, and who says so; an empty ``meal`` means any. Append-only."""

    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="portion_costs")
    meal = models.CharField(max_length=16, choices=MealKind.choices, blank=True)
    from_on = models.DateField()
    sek = models.DecimalField(max_digits=8, decimal_places=2)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sek__gt=0) & ~Q(source=""), name="meals_portion_cost_has_source"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
