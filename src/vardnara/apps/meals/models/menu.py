"""Menus: cycles of weeks with seasons, a date's exceptions, and what can be had beside them."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from vardnara.apps.meals.choices import HouseDishKind, MealKind, Portion
from vardnara.apps.meals.constants import CYCLE_WEEKS_MOST, NAME_LENGTH
from vardnara.apps.meals.models.dish import Dish
from vardnara.apps.meals.models.food import FoodImport
from vardnara.apps.meals.models.kitchen import Kitchen
from vardnara.apps.meals.models.pieces import codes


def portions() -> list[str]:
    """All sizes."""
    return [str(one) for one in Portion]


class Menu(models.Model):
    """A cycle of weeks for a season. ``anchor_on`` is the Monday of a week that is its first.

    ``to_on`` is the first day on which it no longer holds. Two menus of a kitchen never hold at once.
    """

    kitchen = models.ForeignKey(Kitchen, on_delete=models.PROTECT, related_name="menus")
    name = models.CharField(max_length=NAME_LENGTH)
    n_weeks = models.PositiveSmallIntegerField()
    anchor_on = models.DateField()
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="meals_menu_is_named"),
            models.CheckConstraint(condition=Q(n_weeks__gte=1, n_weeks__lte=CYCLE_WEEKS_MOST), name="meals_menu_weeks"),
            models.CheckConstraint(condition=Q(anchor_on__iso_week_day=1), name="meals_menu_anchor_is_monday"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="meals_menu_dates"
            ),
            ExclusionConstraint(
                name="meals_one_menu_a_day",
                expressions=[
                    ("kitchen", RangeOperators.EQUAL),
                    (
                        Func(F("from_on"), F("to_on"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_at__isnull=True),
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class Offer(models.Model):
    """A dish that a meal offers. ``default_for`` are the diet codes that get it where nobody has chosen."""

    meal = models.CharField(max_length=16, choices=MealKind.choices)
    dish = models.ForeignKey(Dish, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    default_for = codes()
    portions = ArrayField(models.CharField(max_length=8, choices=Portion.choices), default=portions)

    class Meta:
        abstract = True


class MenuEntry(Offer):
    """A dish on a weekday of a week of the cycle; ``weekday`` 1 is Monday."""

    menu = models.ForeignKey(Menu, on_delete=models.PROTECT, related_name="entries")
    week = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["menu", "week", "weekday", "meal", "dish"], name="meals_menu_entry_once"),
            models.CheckConstraint(
                condition=Q(weekday__gte=1, weekday__lte=7, week__gte=1, week__lte=CYCLE_WEEKS_MOST),
                name="meals_menu_entry_day",
            ),
        ]


class MenuDay(models.Model):
    """A date on which a kitchen cooks otherwise. For the meals in ``instead`` the cycle does not hold that day."""

    kitchen = models.ForeignKey(Kitchen, on_delete=models.PROTECT, related_name="menu_days")
    on = models.DateField()
    name = models.CharField(max_length=NAME_LENGTH)
    instead = codes(16)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    imported = models.ForeignKey(FoodImport, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kitchen", "on"], name="meals_menu_day_once"),
            models.CheckConstraint(condition=~Q(name=""), name="meals_menu_day_is_named"),
        ]


class MenuDayEntry(Offer):
    """A dish of a date's exception."""

    day = models.ForeignKey(MenuDay, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "meal", "dish"], name="meals_menu_day_entry_once")]


class HouseDish(models.Model):
    """A dish that a kitchen has beside its menus: a fallback, a snack that is always there, a supplement.

    With an empty ``meal`` at every meal. ``to_on`` is the first day without it.
    """

    kitchen = models.ForeignKey(Kitchen, on_delete=models.PROTECT, related_name="house_dishes")
    kind = models.CharField(max_length=10, choices=HouseDishKind.choices)
    meal = models.CharField(max_length=16, choices=MealKind.choices, blank=True)
    dish = models.ForeignKey(Dish, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kitchen", "kind", "meal", "dish", "from_on"], name="meals_house_dish_once"
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="meals_house_dish_dates"
            ),
        ]
