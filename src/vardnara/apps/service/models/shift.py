"""Who is on duty, where, and who has a break."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.service.choices import BreakKind, Zones


class Shift(models.Model):
    """A worker's shift, from signing on to signing off, and the wards that the worker chose for it.

    ``zones`` says whether that is all wards within reach, some (``wards``), or none in particular.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="shifts")
    zones = models.CharField(max_length=4, choices=Zones.choices)
    wards = models.ManyToManyField("hospital.Ward", blank=True, related_name="+")
    signed_on_at = models.DateTimeField()
    signed_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(signed_off_at__isnull=True), name="service_one_shift"),
            models.CheckConstraint(
                condition=Q(signed_off_at__isnull=True) | Q(signed_off_at__gte=F("signed_on_at")),
                name="service_shift_ends_later",
            ),
        ]
        indexes = [models.Index(fields=["user", "signed_on_at"], name="service_shift_of_user")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class ShiftBreak(models.Model):
    """A break or lunch within a shift."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="breaks")
    kind = models.CharField(max_length=5, choices=BreakKind.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift"], condition=Q(ended_at__isnull=True), name="service_one_break"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="service_break_ends_later"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]
