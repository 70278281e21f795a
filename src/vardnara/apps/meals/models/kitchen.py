"""Kitchens, which wards they serve and how, and when each meal is served and closes."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from vardnara.apps.meals.choices import MealKind, ServiceForm


class Kitchen(models.Model):
    """A kitchen that cooks for wards of a hospital. ``closed_on`` is the first day on which it does not."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="kitchens")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code"], name="meals_kitchen_once"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="meals_kitchen_is_named"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class KitchenWard(models.Model):
    """A ward gets its meals from a kitchen from a day, by one form of service; one kitchen at a time.

    ``to_on`` is the first day on which it does not.
    """

    kitchen = models.ForeignKey(Kitchen, on_delete=models.PROTECT, related_name="wards")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="kitchens")
    service = models.CharField(max_length=8, choices=ServiceForm.choices, default=ServiceForm.TRAY)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="meals_kitchen_ward_dates"
            ),
            ExclusionConstraint(
                name="meals_one_kitchen_a_ward",
                expressions=[
                    ("ward", RangeOperators.EQUAL),
                    (
                        Func(F("from_on"), F("to_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class MealTime(models.Model):
    """When a kitchen serves a meal, in local time, and until when it can be chosen, changed and taken back.

    Choices close ``deadline_days`` days before the meal's day at ``deadline_at``. After that the ward may ask for a
    late tray, and tell that one is not wanted, until so many minutes before ``serves_from``; none where it is empty.
    ``energy_low`` and ``energy_high`` are the meal's share of the day's energy in percent (F-34).
    """

    kitchen = models.ForeignKey(Kitchen, on_delete=models.CASCADE, related_name="meal_times")
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    serves_from = models.TimeField()
    serves_to = models.TimeField()
    deadline_days = models.PositiveSmallIntegerField(default=0)
    deadline_at = models.TimeField()
    late_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    cancel_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    energy_low = models.PositiveSmallIntegerField(null=True, blank=True)
    energy_high = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kitchen", "meal"], name="meals_meal_time_once"),
            models.CheckConstraint(condition=Q(serves_to__gt=F("serves_from")), name="meals_meal_time_order"),
            models.CheckConstraint(
                condition=Q(deadline_days__lte=14) & (Q(deadline_days__gt=0) | Q(deadline_at__lte=F("serves_from"))),
                name="meals_deadline_before_meal",
            ),
            models.CheckConstraint(
                condition=Q(energy_low__isnull=True, energy_high__isnull=True)
                | Q(energy_low__lte=F("energy_high"), energy_high__lte=100),
                name="meals_energy_share",
            ),
        ]
