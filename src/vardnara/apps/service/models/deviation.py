"""What somebody saw that was not as it should be, with a picture where one says more."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.service.choices import DeviationKind

REPORT_STAYS = """
DECLARE later text[] := ARRAY[
    'handled_at', 'handled_by_id', 'handled_note', 'picture_removed_at', 'picture_removed_by_id'];
BEGIN
    IF (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later)
       OR (OLD.handled_at IS NOT NULL AND NEW.handled_at IS DISTINCT FROM OLD.handled_at)
       OR (OLD.picture_removed_at IS NOT NULL AND NEW.picture_removed_at IS DISTINCT FROM OLD.picture_removed_at) THEN
        RAISE EXCEPTION 'what was reported is never changed';
    END IF;
    RETURN NEW;
END;
"""


class Deviation(models.Model):
    """A report. Its key is the phone's: sent again it is the same report.

    ``at`` is when it was seen, by the phone's clock and never later than ``received_at``. What was reported is never
    changed, and handled once.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=DeviationKind.choices)
    note = models.CharField(max_length=500, blank=True)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="deviations")
    bed = models.ForeignKey(
        "hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="deviations"
    )
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="deviations")
    reporter = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handled_note = models.CharField(max_length=300, blank=True)
    picture_removed_at = models.DateTimeField(null=True, blank=True)
    picture_removed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(at__lte=models.F("received_at")), name="service_deviation_in_order"),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True, handled_by__isnull=True)
                | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="service_deviation_handled_by",
            ),
        ]
        indexes = [
            models.Index(fields=["ward", "at"], name="service_deviation_of_ward"),
            models.Index(fields=["ward"], condition=Q(handled_at__isnull=True), name="service_deviation_open"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="report_stays", when=pgtrigger.Before, operation=pgtrigger.Update, func=REPORT_STAYS
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class DeviationPicture(models.Model):
    """The picture of a report: a JPEG without place, time or camera. It can be removed, the report cannot."""

    deviation = models.OneToOneField(Deviation, on_delete=models.PROTECT, related_name="picture", primary_key=True)
    jpeg = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        triggers = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]
