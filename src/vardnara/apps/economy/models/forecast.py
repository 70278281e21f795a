"""Forecasts that were stored, and what people adjusted."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.economy.choices import Method


class Adjustment(models.Model):
    """Kronor that a person adds to a unit's forecast, with the reason; taken back by a time, never deleted."""

    unit = models.ForeignKey("economy.Unit", on_delete=models.PROTECT, related_name="adjustments")
    account = models.ForeignKey("economy.Account", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    amount_sek = models.DecimalField(max_digits=16, decimal_places=2)
    reason = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="economy_adjustment_has_reason"),
            models.CheckConstraint(condition=~Q(amount_sek=0), name="economy_adjustment_is_something"),
        ]
        indexes = [models.Index(fields=["year", "unit"], name="economy_adjustment_of_year")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]


class Forecast(models.Model):
    """A forecast as it was made: never changed, so that promise and outcome can be held against each other."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="forecasts")
    year = models.PositiveSmallIntegerField()
    through_month = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=12, choices=Method.choices)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(through_month__gte=1, through_month__lte=12), name="economy_forecast_month"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ForecastRow(models.Model):
    """A unit's account in a forecast. ``actual_sek`` + ``rest_sek`` + ``adjusted_sek`` is the full year."""

    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="rows", db_index=False)
    unit = models.ForeignKey("economy.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey("economy.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=12, choices=Method.choices)
    budget_sek = models.DecimalField(max_digits=18, decimal_places=2)
    actual_sek = models.DecimalField(max_digits=18, decimal_places=2)
    rest_sek = models.DecimalField(max_digits=18, decimal_places=2)
    adjusted_sek = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forecast", "unit", "account"], name="economy_forecast_row_once"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
