"""Temperatures of food: where they are measured, each reading, and food that is held hot or cooled (F-40..F-45).

What is outside its limits stands only with what was done about it. Nothing is changed, and nothing is deleted within a
year (F-44).
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.choices import CourseResult, TemperatureAction, TemperatureKind

KEPT = pgtrigger.Protect(
    name="kept_a_year",
    operation=pgtrigger.Delete,
    condition=pgtrigger.Condition("OLD.at > now() - interval '1 year'"),
)


class TemperaturePoint(models.Model):
    """A place of a kitchen or a ward's kitchen where a temperature is read. ``low`` and ``high`` are narrower limits
    than those of its kind, such as +4 for minced meat; ``daily`` is read every day.
    """

    kitchen = models.ForeignKey(
        "meals.Kitchen", on_delete=models.PROTECT, null=True, blank=True, related_name="temperature_points"
    )
    ward = models.ForeignKey(
        "hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="temperature_points"
    )
    kind = models.CharField(max_length=16, choices=TemperatureKind.choices)
    name = models.CharField(max_length=120)
    low = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    high = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    daily = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kitchen__isnull=True) ^ Q(ward__isnull=True), name="meals_point_has_one_place"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="meals_point_is_named"),
            models.UniqueConstraint(
                fields=["kitchen", "ward", "name"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="meals_point_once",
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class FoodCourse(models.Model):
    """Food that is held hot or cooled from ``at``, when it was cooked; ``result`` is what came of it when it ended."""

    point = models.ForeignKey(TemperaturePoint, on_delete=models.PROTECT, related_name="courses")
    what = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.CharField(max_length=8, choices=CourseResult.choices, blank=True)
    action = models.CharField(max_length=10, choices=TemperatureAction.choices, blank=True)
    action_text = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(what=""), name="meals_course_is_named"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, result="") | (Q(ended_at__gte=F("at")) & ~Q(result="")),
                name="meals_course_end_has_result",
            ),
            models.CheckConstraint(
                condition=~Q(result__in=[CourseResult.REHEAT, CourseResult.DISCARD]) | ~Q(action=""),
                name="meals_course_has_action",
            ),
        ]
        indexes = [models.Index(fields=["point"], condition=Q(ended_at__isnull=True), name="meals_course_open")]
        triggers = [
            KEPT,
            pgtrigger.Protect(
                name="ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ended_at__isnull=False)
            ),
        ]


class TemperatureReading(models.Model):
    """A temperature that somebody read. ``low`` and ``high`` are the limits that held then; in food that cools there
    is none before its time is over.
    """

    point = models.ForeignKey(TemperaturePoint, on_delete=models.PROTECT, related_name="readings")
    course = models.ForeignKey(FoodCourse, on_delete=models.PROTECT, null=True, blank=True, related_name="readings")
    celsius = models.DecimalField(max_digits=4, decimal_places=1)
    low = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    high = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    what = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10, choices=TemperatureAction.choices, blank=True)
    action_text = models.CharField(max_length=300, blank=True)
    command = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    (Q(low__isnull=True) | Q(celsius__gte=F("low")))
                    & (Q(high__isnull=True) | Q(celsius__lte=F("high")))
                )
                | ~Q(action=""),
                name="meals_deviation_has_action",
            ),
            models.CheckConstraint(
                condition=~Q(action=TemperatureAction.OTHER) | ~Q(action_text=""), name="meals_other_action_says_what"
            ),
            models.CheckConstraint(condition=Q(celsius__gte=-60, celsius__lte=150), name="meals_celsius_is_possible"),
        ]
        indexes = [models.Index(fields=["point", "at"], name="meals_reading_by_point")]
        triggers = [KEPT, pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    @property
    def outside(self) -> bool:
        """Whether it is outside the limits that held."""
        return (self.low is not None and self.celsius < self.low) or (
            self.high is not None and self.celsius > self.high
        )
