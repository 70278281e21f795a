"""Trays: the ticket of an order, the run that printed it, and what came back."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.meals.choices import MealKind, WasteCause


class TicketRun(models.Model):
    """One printing of a kitchen's tickets for a meal. Late trays come in runs of their own."""

    kitchen = models.ForeignKey("meals.Kitchen", on_delete=models.PROTECT, related_name="ticket_runs")
    on = models.DateField()
    meal = models.CharField(max_length=16, choices=MealKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["kitchen", "on", "meal"], name="meals_run_by_meal")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Tray(models.Model):
    """The tray of an order from when its ticket was printed. What happens to it stands in the order's history.

    ``code`` is what the ticket's QR code and bar code carry: of chance, and about nobody.
    """

    order = models.OneToOneField("meals.MealOrder", on_delete=models.PROTECT, related_name="tray")
    run = models.ForeignKey(TicketRun, on_delete=models.PROTECT, related_name="trays")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=12, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="meals_tray_number")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Intake(models.Model):
    """How much of a served meal was eaten, in quarters (F-38), and why the rest was not where somebody knows.

    ``untouched`` is a tray that came back as it went.
    """

    order = models.OneToOneField("meals.MealOrder", on_delete=models.PROTECT, related_name="intake")
    quarters = models.PositiveSmallIntegerField()
    untouched = models.BooleanField(default=False)
    cause = models.CharField(max_length=14, choices=WasteCause.choices, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quarters__lte=4), name="meals_intake_quarters"),
            models.CheckConstraint(condition=Q(untouched=False) | Q(quarters=0), name="meals_untouched_is_nothing"),
            models.CheckConstraint(condition=~Q(quarters=4) | Q(cause=""), name="meals_all_eaten_no_cause"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]
