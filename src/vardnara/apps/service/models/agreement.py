"""Agreements between those who give ward service and those who get it: versions, lines and signatures."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Least

from vardnara.apps.service.choices import Party, VersionState

SIGNED_ONLY_ENDS = """
IF OLD.state = 'draft' THEN
    RETURN NEW;
END IF;
IF (to_jsonb(NEW) - ARRAY['ended_on', 'ended_reason', 'ended_at', 'ended_by_id', 'state'])
   <> (to_jsonb(OLD) - ARRAY['ended_on', 'ended_reason', 'ended_at', 'ended_by_id', 'state'])
   OR NEW.state <> 'ended' OR NEW.ended_on IS NULL OR OLD.ended_on IS NOT NULL THEN
    RAISE EXCEPTION 'a signed version is never changed, only ended once';
END IF;
RETURN NEW;
"""

GATE = """
IF NEW.state = 'draft' AND NEW.provider_signer_id IS NULL AND NEW.care_signer_id IS NULL THEN
    RETURN NEW;
END IF;
PERFORM 1 FROM service_transferplan p WHERE p.version_id = NEW.id FOR SHARE;
IF EXISTS (
    SELECT 1 FROM service_transferplan p
    WHERE p.version_id = NEW.id AND (p.consultation_closed_on IS NULL OR p.switch_on <> NEW.valid_from)
) THEN
    RAISE EXCEPTION 'a version that a transfer wrote is not signed before its consultation is closed';
END IF;
RETURN NEW;
"""

DRAFT_LINES_ONLY = """
IF EXISTS (
    SELECT 1 FROM service_agreementversion v
    WHERE v.state <> 'draft'
      AND v.id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END,
                   CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END)
) THEN
    RAISE EXCEPTION 'lines of a signed version are never changed';
END IF;
RETURN COALESCE(NEW, OLD);
"""


class Agreement(models.Model):
    """What a provider and a care unit agree on, through all its versions."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="agreements")
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    provider = models.CharField(max_length=120)
    care_unit = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "number"], name="service_agreement_number_once"),
        ]


class AgreementVersion(models.Model):
    """One version. Signed by both sides it is never changed: only ended, once, by a person or by the next version.

    Valid on the local dates ``[valid_from, valid_to)``, and no longer than until ``ended_on``. ``holes_accepted`` are
    the holes and overlaps that stood open when it was signed, in plain rows, and ``holes_reason`` why.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_reason = models.CharField(max_length=300, blank=True, db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField(null=True, blank=True)
    price_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    compensation_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    price_year = models.PositiveSmallIntegerField(null=True, blank=True)
    contact = models.CharField(max_length=200, blank=True, db_default="")
    note = models.TextField(blank=True)
    holes_reason = models.TextField(blank=True, db_default="")
    holes_accepted = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)
    provider_signer = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider_signed_at = models.DateTimeField(null=True, blank=True)
    care_signer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    care_signed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="service_version_number_once"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state=VersionState.DRAFT), name="service_one_draft_an_agreement"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="service_version_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT)
                | Q(
                    provider_signer__isnull=False,
                    provider_signed_at__isnull=False,
                    care_signer__isnull=False,
                    care_signed_at__isnull=False,
                ),
                name="service_version_signed_by_both",
            ),
            models.CheckConstraint(
                condition=Q(provider_signer__isnull=True)
                | Q(care_signer__isnull=True)
                | ~Q(provider_signer=F("care_signer")),
                name="service_version_two_signers",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, state__in=[VersionState.DRAFT, VersionState.SIGNED])
                | Q(ended_on__gte=F("valid_from"), state=VersionState.ENDED),
                name="service_version_ended_says_when",
            ),
            ExclusionConstraint(
                name="service_one_version_at_a_time",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            Least("valid_to", "ended_on"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=~Q(state=VersionState.DRAFT),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="signed_only_ends", when=pgtrigger.Before, operation=pgtrigger.Update, func=SIGNED_ONLY_ENDS
            ),
            pgtrigger.Trigger(
                name="transfer_gate",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="draft"),
                func=GATE,
            ),
            pgtrigger.Protect(
                name="keep_signed", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__state="draft")
            ),
        ]


class AgreementLine(models.Model):
    """An interface rule: this party does this task on this ward, on these days, at these hours, so often.

    ``days`` are numbers: 1 Monday to 7 Sunday, 8 holiday, 9 eve (a holiday is never also its weekday). The window is
    minutes after local midnight, an end before the start lies on the day after. ``rrule`` (RFC 5545, from ``anchor``)
    says which of those days where it is not every one; ``times`` how often within the window. What happens on an event
    has neither: the line says whose it is when it comes.
    """

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="lines")
    task_type = models.ForeignKey("service.TaskType", on_delete=models.PROTECT, related_name="lines")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="agreement_lines")
    party = models.CharField(max_length=12, choices=Party.choices)
    days = models.JSONField()
    start_minutes = models.PositiveSmallIntegerField()
    end_minutes = models.PositiveSmallIntegerField()
    rrule = models.CharField(max_length=200, blank=True)
    anchor = models.DateField(null=True, blank=True)
    times = models.PositiveSmallIntegerField(default=1)
    quality = models.CharField(max_length=200, blank=True)
    price_sek = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(start_minutes__lt=1440, end_minutes__gte=1, end_minutes__lte=1440)
                & ~Q(start_minutes=F("end_minutes")),
                name="service_line_window",
            ),
            models.CheckConstraint(condition=Q(times__gte=1, times__lte=96), name="service_line_times"),
        ]
        indexes = [models.Index(fields=["ward", "task_type"], name="service_line_of_ward")]
        triggers = [
            pgtrigger.Trigger(
                name="draft_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=DRAFT_LINES_ONLY,
            ),
        ]
