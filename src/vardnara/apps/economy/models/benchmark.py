"""Other hospitals' figures as reference tables, and the quantities that our own cost is divided by."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.economy.choices import Measure


class ReferenceTable(models.Model):
    """A table of others' cost for each unit of a measure. ``left_out`` names the rows that were not taken, and why."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="reference_tables")
    name = models.CharField(max_length=160)
    source = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField()
    currency = models.CharField(max_length=3)
    measure = models.CharField(max_length=14, choices=Measure.choices)
    cost_column = models.CharField(max_length=200)
    quantity_column = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    left_out = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "name", "year", "measure"], name="economy_reference_once"),
            models.CheckConstraint(condition=~Q(source=""), name="economy_reference_has_source"),
        ]


class ReferenceRow(models.Model):
    """One organisation of a reference table: cost, quantity, and cost for each."""

    table = models.ForeignKey(ReferenceTable, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True)
    cost = models.DecimalField(max_digits=18, decimal_places=2)
    quantity = models.DecimalField(max_digits=18, decimal_places=3)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    place = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="economy_reference_quantity"),
        ]


class Quantity(models.Model):
    """How much of a measure a year has here, with its source; the newest counts."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="quantities")
    year = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=14, choices=Measure.choices)
    quantity = models.DecimalField(max_digits=16, decimal_places=2)
    cost_sek = models.DecimalField(max_digits=16, decimal_places=2)
    source = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="economy_quantity_is_something"),
            models.CheckConstraint(condition=~Q(source=""), name="economy_quantity_has_source"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
