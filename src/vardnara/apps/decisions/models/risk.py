"""Risk and consequence analyses: versions of either side, their rows, and what the parties said."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.decisions.choices import Indicator, RiskArea, RiskSide, RiskVoice

SETTLED = """
DECLARE analysis bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.analysis_id ELSE OLD.analysis_id END;
DECLARE later text[] := ARRAY['done_on', 'residual_likelihood', 'residual_severity', 'residual_at', 'follow_up'];
BEGIN
    IF EXISTS (SELECT 1 FROM decisions_riskanalysis a WHERE a.id = analysis AND a.settled_at IS NOT NULL)
       AND (TG_OP <> 'UPDATE' OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later)) THEN
        RAISE EXCEPTION 'an analysis that is settled is not changed; a new version is made';
    END IF;
    RETURN COALESCE(NEW, OLD);
END;
"""


class RiskAnalysis(models.Model):
    """A version of one side's analysis, on a shipped scale (``template``) or the hospital's own (``scale``).

    Settled it stands still; what came of its actions is still followed up.
    """

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="analyses")
    side = models.CharField(max_length=8, choices=RiskSide.choices)
    number = models.PositiveIntegerField()
    template = models.CharField(max_length=20)
    scale = models.ForeignKey(
        "decisions.RiskScale", on_delete=models.PROTECT, null=True, blank=True, related_name="analyses"
    )
    what_changes = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "side", "number"], name="decisions_analysis_version_once"),
            models.UniqueConstraint(
                fields=["case", "side"], condition=Q(settled_at__isnull=True), name="decisions_analysis_one_open"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class RiskRow(models.Model):
    """A risk. ``key`` is the same in every version, so that versions are compared row by row.

    ``indicator`` and ``threshold`` bind it to a live figure, of the hospital or of a division or ward of it: above the
    threshold it is to be assessed again.
    """

    analysis = models.ForeignKey(RiskAnalysis, on_delete=models.PROTECT, related_name="rows")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=10, choices=RiskArea.choices)
    risk = models.CharField(max_length=300)
    cause = models.CharField(max_length=300, blank=True)
    consequence = models.CharField(max_length=300, blank=True)
    likelihood = models.PositiveSmallIntegerField()
    severity = models.PositiveSmallIntegerField()
    existing_action = models.CharField(max_length=300, blank=True)
    new_action = models.CharField(max_length=300, blank=True)
    responsible = models.CharField(max_length=160, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    follow_up = models.CharField(max_length=300, blank=True)
    residual_likelihood = models.PositiveSmallIntegerField(null=True, blank=True)
    residual_severity = models.PositiveSmallIntegerField(null=True, blank=True)
    residual_at = models.DateTimeField(null=True, blank=True)
    indicator = models.CharField(max_length=20, choices=Indicator.choices, blank=True)
    threshold = models.DecimalField(max_digits=10, decimal_places=1, null=True, blank=True)
    indicator_division = models.ForeignKey(
        "hospital.Division", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    indicator_ward = models.ForeignKey(
        "hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["analysis", "key"], name="decisions_risk_once"),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), severity__range=(1, 5)), name="decisions_risk_on_scale"
            ),
            models.CheckConstraint(
                condition=Q(residual_likelihood__isnull=True, residual_severity__isnull=True)
                | Q(residual_likelihood__range=(1, 5), residual_severity__range=(1, 5)),
                name="decisions_risk_residual_whole",
            ),
            models.CheckConstraint(
                condition=Q(new_action="") | ~Q(responsible="") & Q(due_on__isnull=False),
                name="decisions_risk_action_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(indicator="", threshold__isnull=True) | ~Q(indicator="") & Q(threshold__isnull=False),
                name="decisions_risk_indicator_whole",
            ),
            models.CheckConstraint(
                condition=Q(indicator_division__isnull=True, indicator_ward__isnull=True)
                | ~Q(indicator="") & (Q(indicator_division__isnull=True) | Q(indicator_ward__isnull=True)),
                name="decisions_risk_indicator_one_place",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=SETTLED,
            ),
        ]


class RiskComment(models.Model):
    """What a party said of a risk or of the whole analysis, and whether it disagrees. Never changed."""

    analysis = models.ForeignKey(RiskAnalysis, on_delete=models.PROTECT, related_name="comments")
    key = models.UUIDField(null=True, blank=True)
    voice = models.CharField(max_length=10, choices=RiskVoice.choices)
    who = models.CharField(max_length=160)
    disagrees = models.BooleanField(default=False)
    agrees = models.BooleanField(default=False, db_default=False)
    text = models.CharField(max_length=600)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(agrees=False) | Q(disagrees=False), name="decisions_comment_one_stance"),
        ]
        indexes = [models.Index(fields=["analysis", "at"], name="decisions_comment_order")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class RiskScale(models.Model):
    """A version of a hospital's own scale: the highest number of a code holds for new analyses. Never changed."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="risk_scales")
    code = models.SlugField(max_length=40)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    likelihood_words = models.JSONField()
    likelihood_words_en = models.JSONField(default=list)
    severity_words = models.JSONField()
    severity_words_en = models.JSONField(default=list)
    green_to = models.PositiveSmallIntegerField()
    yellow_to = models.PositiveSmallIntegerField()
    red_severity = models.PositiveSmallIntegerField()
    action_from = models.PositiveSmallIntegerField()
    overrides = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "code", "number"], name="decisions_scale_version_once"),
            models.CheckConstraint(
                condition=Q(green_to__gte=1, green_to__lt=F("yellow_to"), yellow_to__lt=25, action_from__gte=1),
                name="decisions_scale_limits_in_order",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
