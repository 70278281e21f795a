"""The day: which days have a plan, and what care staff did themselves."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.service.choices import SpilloverReason, TaskKind


class DayPlan(models.Model):
    """A local date of a hospital for which the work was laid out. A date without one has no plan, and says so.

    ``basis`` tells what it was laid out from (lines, kinds of task, norms), so that whoever keeps that in memory knows
    when it is out of date.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="day_plans")
    on = models.DateField()
    made_at = models.DateTimeField()
    basis = models.CharField(max_length=32, blank=True, default="", db_default="")
    n_tasks = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "on"], name="service_one_plan_a_day")]


class Spillover(models.Model):
    """Service work that care staff did themselves, and why. Kept for the unit, never for ranking people.

    ``minutes`` are empty where nobody stated them and no norm is known: the work is counted all the same.
    """

    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="spillovers")
    task_type = models.ForeignKey(
        "service.TaskType", on_delete=models.PROTECT, null=True, blank=True, related_name="spillovers"
    )
    kind = models.CharField(max_length=20, choices=TaskKind.choices, default=TaskKind.SERVICE)
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="spillovers")
    reason = models.CharField(max_length=12, choices=SpilloverReason.choices)
    minutes = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    minutes_from_norm = models.BooleanField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=40, blank=True)
    device_seq = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "device_seq"],
                condition=~Q(device="") & Q(device_seq__isnull=False),
                name="service_spillover_once",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0, minutes__lte=600), name="service_spillover_minutes"),
        ]
        indexes = [models.Index(fields=["ward", "at"], name="service_spillover_of_ward")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]
