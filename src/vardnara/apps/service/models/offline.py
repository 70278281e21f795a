"""What phones did without contact and could not be carried out as it was sent."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.service.choices import Settlement


class CommandConflict(models.Model):
    """A phone's command that met something else when it arrived. Kept, so that work that was done is never lost.

    ``code`` is why it could not be carried out, ``words`` the rest of the command as it came. ``worked_seconds`` is
    time worked that the task itself does not hold. Open until somebody settles it; where nothing was done yet (a claim)
    it is settled from the start.
    """

    device = models.CharField(max_length=40)
    device_seq = models.PositiveIntegerField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="conflicts")
    deed = models.CharField(max_length=20)
    words = models.JSONField(default=dict, blank=True)
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()
    code = models.CharField(max_length=40)
    worked_seconds = models.PositiveIntegerField(default=0)
    settlement = models.CharField(max_length=12, choices=Settlement.choices, blank=True)
    settled_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "device_seq"], name="service_conflict_once"),
            models.CheckConstraint(
                condition=Q(settlement="", settled_at__isnull=True) | (~Q(settlement="") & Q(settled_at__isnull=False)),
                name="service_conflict_settled_at",
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(settlement=""), name="service_conflict_open"),
            models.Index(fields=["task", "actor"], name="service_conflict_of_task"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]
