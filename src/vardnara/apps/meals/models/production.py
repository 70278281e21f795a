"""Production: what a kitchen held its numbers fast at, version by version."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.meals.choices import MealKind, Portion

FOLLOWS = """
IF NEW.version <> 1 + COALESCE(
    (SELECT MAX(version) FROM meals_productionlock
     WHERE kitchen_id = NEW.kitchen_id AND "on" = NEW."on" AND meal = NEW.meal), 0)
THEN
    RAISE EXCEPTION 'version % does not follow the last', NEW.version USING ERRCODE = 'check_violation';
END IF;
IF NOT NEW.locked AND NOT COALESCE(
    (SELECT locked FROM meals_productionlock
     WHERE kitchen_id = NEW.kitchen_id AND "on" = NEW."on" AND meal = NEW.meal AND version = NEW.version - 1), false)
THEN
    RAISE EXCEPTION 'nothing is locked' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class ProductionLock(models.Model):
    """A kitchen locked a meal's numbers, locked them anew, or opened them again (``locked`` false). Append-only.

    ``n`` is how many portions it was together. The first needs no reason, each one after it does.
    """

    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="production_locks")
    on = models.DateField()
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    version = models.PositiveSmallIntegerField()
    locked = models.BooleanField(default=True)
    reason = models.CharField(max_length=200, blank=True)
    n = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kitchen", "on", "meal", "version"], name="meals_lock_version"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="meals_relock_has_reason"),
            models.CheckConstraint(condition=Q(locked=True) | Q(n=0), name="meals_open_lock_is_empty"),
        ]
        triggers = [
            APPEND_ONLY,
            pgtrigger.Trigger(name="follows", when=pgtrigger.Before, operation=pgtrigger.Insert, func=FOLLOWS),
        ]


class ProductionLine(models.Model):
    """A number as it was when it was locked: a dish in a diet and texture, with a change, in a size, for a ward.

    ``who`` is ``patient``, ``extra``, ``guest`` or ``staff``. Append-only.
    """

    lock = models.ForeignKey(ProductionLock, on_delete=models.PROTECT, related_name="lines")
    dish = models.ForeignKey("meals.Dish", on_delete=models.PROTECT, related_name="+")
    diet = models.CharField(max_length=40)
    texture = models.CharField(max_length=16)
    change = models.CharField(max_length=40, blank=True)
    portion = models.CharField(max_length=8, choices=Portion.choices)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=7)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lock", "dish", "diet", "texture", "change", "portion", "ward", "who"],
                name="meals_production_line_once",
            ),
            models.CheckConstraint(condition=Q(n__gt=0), name="meals_production_line_n"),
        ]
        triggers = [APPEND_ONLY]
