"""The catalogue: what kinds of task there are, and how long they take."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.service.choices import Area, Competence, Confidence, Each, Priority, TaskKind
from vardnara.parameters.task_norms import Driver


class TaskType(models.Model):
    """A kind of task. ``code`` is its key for ever; names may be changed.

    ``each`` says what one task of it is for: the ward, or one bed. ``checklist`` is a list of texts that every task of
    this kind inherits, as it does ``needs_signature``. ``follows`` is the kind after whose end it appears by itself.
    ``usual`` is when it is commonly done, ``[[days], start minute, end minute, times]`` each: it counts on days that no
    agreement speaks of, and is nobody's then. ``always`` is done also on wards where nothing has been agreed.
    ``hygiene_order`` is low for what is done clean, high for what is done last; nothing low comes after something high
    without the wash step.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=12, choices=Area.choices)
    driver = models.CharField(max_length=16, choices=[(driver.value, driver.value) for driver in Driver])
    each = models.CharField(max_length=4, choices=Each.choices, default=Each.WARD)
    kind = models.CharField(max_length=20, choices=TaskKind.choices, default=TaskKind.SERVICE)
    n_people = models.PositiveSmallIntegerField(default=1)
    competence = models.CharField(max_length=16, choices=Competence.choices, blank=True)
    hygiene_order = models.PositiveSmallIntegerField(default=50)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    response_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    checklist = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    needs_signature = models.BooleanField(default=False)
    usual = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    always = models.BooleanField(default=False, db_default=False)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    shipped = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(n_people__gte=1), name="service_type_needs_somebody"),
            models.CheckConstraint(condition=~Q(follows=F("id")), name="service_type_follows_another"),
        ]


class Norm(models.Model):
    """How long a kind of task takes, everywhere or on one ward: minutes = fixed + per unit x units of its driver.

    Never changed or deleted: a new one stands beside the old, and the newest approved one counts. ``confidence`` says
    whether anybody has measured it.
    """

    task_type = models.ForeignKey(TaskType, on_delete=models.PROTECT, related_name="norms")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="norms")
    fixed_low = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    fixed_typical = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    fixed_high = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    unit_low = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    unit_typical = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    unit_high = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    confidence = models.CharField(max_length=12, choices=Confidence.choices, default=Confidence.UNVERIFIED)
    source = models.CharField(max_length=300)
    source_on = models.DateField()
    scope = models.CharField(max_length=200, blank=True)
    n_observations = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    fixed_low__gte=0,
                    fixed_low__lte=F("fixed_typical"),
                    fixed_typical__lte=F("fixed_high"),
                    unit_low__gte=0,
                    unit_low__lte=F("unit_typical"),
                    unit_typical__lte=F("unit_high"),
                ),
                name="service_norm_in_order",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="service_norm_has_source"),
        ]
        indexes = [models.Index(fields=["task_type", "ward", "valid_from"], name="service_norm_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
