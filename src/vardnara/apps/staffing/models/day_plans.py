"""Day plans: how far it is between wards, who decides what is done next, and plans that were made."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnara.apps.staffing.choices import ENDED, UNDER_WAY, PlanCause, PolicyChoice, RunState


class WalkTime(models.Model):
    """Whole minutes from one ward to another, as the hospital has said them; the way back may be longer."""

    start = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="+")
    end = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["start", "end"], name="staffing_walk_once"),
            models.CheckConstraint(condition=~Q(start=F("end")), name="staffing_walk_elsewhere"),
            models.CheckConstraint(condition=Q(minutes__lte=240), name="staffing_walk_minutes"),
        ]


class DispatchPolicy(models.Model):
    """Who decides what is done next: in a hospital, or in one division or ward of it. None said: the worker."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="dispatch_policies")
    division = models.ForeignKey("hospital.Division", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    policy = models.CharField(max_length=12, choices=PolicyChoice.choices)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "division", "ward"], nulls_distinct=False, name="staffing_policy_once"
            ),
            models.CheckConstraint(
                condition=Q(division__isnull=True) | Q(ward__isnull=True), name="staffing_policy_one_place"
            ),
        ]


class DispatchPlan(models.Model):
    """The plan of a day: asked for or made by itself, kept as it was made and with what it was made of.

    The newest that is done holds. ``options`` are what was chosen for the day: people taken out of it or added to it.
    ``part`` are the wards of whoever asked, where only their part of the day is planned anew; empty: the whole.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="dispatch_plans")
    on = models.DateField()
    cause = models.CharField(max_length=8, choices=PlanCause.choices)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    fault = models.CharField(max_length=60, blank=True)
    seed = models.PositiveIntegerField(default=1)
    work = models.PositiveIntegerField()
    cost = models.BigIntegerField(null=True, blank=True)
    part = ArrayField(models.BigIntegerField(), default=list, blank=True)
    options = models.JSONField(default=dict)
    basis = models.JSONField(default=dict)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["hospital", "on", "-id"], name="staffing_day_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at__isnull=True) | Q(state__in=ENDED, ended_at__isnull=False),
                name="staffing_day_ends",
            ),
            models.UniqueConstraint(
                fields=["hospital", "on"], condition=Q(state__in=UNDER_WAY), name="staffing_day_one_under_way"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state__in=list(ENDED))
            ),
        ]


class DayLook(models.Model):
    """What a hospital's day was made of when it was looked at last, and the plan that came of it.

    While both are the same, nothing is planned anew.
    """

    hospital = models.OneToOneField("hospital.Hospital", on_delete=models.CASCADE, related_name="+", primary_key=True)
    plan = models.ForeignKey(DispatchPlan, on_delete=models.PROTECT, related_name="+")
    seen = models.CharField(max_length=64)
    at = models.DateTimeField()
