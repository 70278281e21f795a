"""How many posts do what at best: asked for by a person, reckoned by a worker, kept as it was."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.staffing.choices import ENDED, MOST_POSTS, UNDER_WAY, RunState, Whose, ZonedBy


class Allocation(models.Model):
    """A curve from 0 to ``n_most`` posts. ``basis`` is what it was made of; what has ended is never changed."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    whose = models.CharField(max_length=12, choices=Whose.choices)
    zoned_by = models.CharField(max_length=12, choices=ZonedBy.choices)
    service_level = models.DecimalField(max_digits=4, decimal_places=3)
    n_most = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.WAITING)
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fault = models.CharField(max_length=60, blank=True)
    basis = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["hospital", "-asked_at"], name="staffing_allocation_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(n_most__gte=1, n_most__lte=MOST_POSTS), name="staffing_allocation_most"),
            models.CheckConstraint(
                condition=Q(service_level__gt=0, service_level__lt=1), name="staffing_allocation_level"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at__isnull=True) | Q(state__in=ENDED, ended_at__isnull=False),
                name="staffing_allocation_ends",
            ),
            models.UniqueConstraint(
                fields=["hospital"], condition=Q(state__in=UNDER_WAY), name="staffing_allocation_one_under_way"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="ended", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state__in=list(ENDED))
            ),
        ]


class AllocationPoint(models.Model):
    """What ``n_posts`` posts do: the row of ``vardnara posts --json``."""

    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="points")
    n_posts = models.PositiveSmallIntegerField()
    row = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["allocation", "n_posts"], name="staffing_allocation_point_once")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]
