"""Chilled single portions in a ward's fridge: each pack from when it was put in until it is taken or thrown."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.meals.choices import ThrowReason

STANDING = Q(taken_at__isnull=True, thrown_at__isnull=True)


class FridgePack(models.Model):
    """A portion of a dish in a fridge. ``code`` is on its label: of chance, and about nobody.

    ``fingerprint`` is what the dish was when it was packed: the pack stays that, whatever the kitchen changes later.
    ``best_before`` is the last day on which it may be eaten. ``batch`` is shared by what was put in together. A pack is
    taken or thrown once and for good (edge-25).
    """

    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="fridge_packs")
    cell = models.ForeignKey("meals.DishCell", on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    code = models.CharField(max_length=12, unique=True)
    batch = models.UUIDField()
    packed_on = models.DateField()
    best_before = models.DateField()
    put_at = models.DateTimeField()
    put_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    order = models.OneToOneField(
        "meals.MealOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="fridge_pack"
    )
    thrown_at = models.DateTimeField(null=True, blank=True)
    thrown_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    thrown_reason = models.CharField(max_length=12, choices=ThrowReason.choices, blank=True)
    thrown_text = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(fingerprint=""), name="meals_pack_is_known"),
            models.CheckConstraint(condition=Q(best_before__gte=F("packed_on")), name="meals_pack_dates"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, taken_by__isnull=True, order__isnull=True)
                | Q(taken_at__isnull=False, taken_by__isnull=False, order__isnull=False),
                name="meals_pack_taken_for",
            ),
            models.CheckConstraint(
                condition=Q(thrown_at__isnull=True, thrown_by__isnull=True, thrown_reason="", thrown_text="")
                | (Q(thrown_at__isnull=False, thrown_by__isnull=False) & ~Q(thrown_reason="")),
                name="meals_pack_thrown_why",
            ),
            models.CheckConstraint(
                condition=~Q(thrown_reason=ThrowReason.OTHER) | ~Q(thrown_text=""), name="meals_pack_other_says_why"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(thrown_at__isnull=True), name="meals_pack_ends_once"
            ),
        ]
        indexes = [
            models.Index(fields=["ward", "best_before"], condition=STANDING, name="meals_pack_standing"),
            models.Index(fields=["ward", "thrown_at"], condition=Q(thrown_at__isnull=False), name="meals_pack_thrown"),
            models.Index(fields=["batch"], name="meals_pack_by_batch"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="once_and_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__taken_at__isnull=False) | pgtrigger.Q(old__thrown_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="same_pack",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "ward", "cell", "fingerprint", "code", "batch", "packed_on", "best_before", "put_at", "put_by"
                ),
            ),
            pgtrigger.Trigger(
                name="fit_to_take",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__taken_at__isnull=False),
                func="""
                    IF (NEW.taken_at AT TIME ZONE 'Europe/Stockholm')::date > NEW.best_before THEN
                        RAISE EXCEPTION 'pack % is past its date', NEW.code USING ERRCODE = 'check_violation';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM meals_dishcell cell
                        WHERE cell.id = NEW.cell_id AND cell.state->>'fingerprint' = NEW.fingerprint
                    ) THEN
                        RAISE EXCEPTION 'pack % is of an older dish', NEW.code USING ERRCODE = 'check_violation';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM meals_orderitem item
                        JOIN meals_mealorder one ON one.id = item.order_id
                        WHERE one.id = NEW.order_id AND one.ward_id = NEW.ward_id AND one.state = 'served'
                          AND item.cell_id = NEW.cell_id AND item.verdict = 'allowed'
                    ) THEN
                        RAISE EXCEPTION 'pack % is not what was ordered', NEW.code USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
