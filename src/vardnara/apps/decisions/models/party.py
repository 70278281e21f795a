"""What safety representatives and unions are shown, and what they say themselves: nothing of it is changed later."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.decisions.choices import RiskArea, RiskVoice, Stance

NEVER = pgtrigger.Update | pgtrigger.Delete
PARTY = Q(voice__in=[RiskVoice.SAFETY_REPRESENTATIVE, RiskVoice.UNION])
SHARED = """
IF NOT EXISTS (SELECT 1 FROM decisions_caseshare s WHERE s.case_id = NEW.case_id AND s.voice = NEW.voice
               AND s.ended_at IS NULL FOR SHARE) THEN
    RAISE EXCEPTION 'a party says something of a case only while it is shared with it';
END IF;
RETURN NEW;
"""
ONLY_ENDS = """
DECLARE later text[] := ARRAY['ended_at', 'ended_by_id'];
BEGIN
    IF OLD.ended_at IS NOT NULL OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
        RAISE EXCEPTION 'what was shared is not changed; it only ends';
    END IF;
    RETURN NEW;
END;
"""


class CaseShare(models.Model):
    """A case that is shown to safety representatives or to unions, as a version of it said, until it ends."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="shares")
    voice = models.CharField(max_length=10, choices=RiskVoice.choices)
    version = models.ForeignKey("decisions.CaseVersion", on_delete=models.PROTECT, related_name="shares")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "voice"], condition=Q(ended_at__isnull=True), name="decisions_share_once"
            ),
            models.CheckConstraint(condition=PARTY, name="decisions_share_with_party"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Trigger(name="only_ends", when=pgtrigger.Before, operation=pgtrigger.Update, func=ONLY_ENDS),
        ]


class PartySign(models.Model):
    """A party's own part of a consultation or of an analysis: seen, agreed or not agreed, with words. Never changed."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="signs")
    consultation = models.ForeignKey(
        "decisions.Consultation", on_delete=models.PROTECT, null=True, blank=True, related_name="signs"
    )
    analysis = models.ForeignKey(
        "decisions.RiskAnalysis", on_delete=models.PROTECT, null=True, blank=True, related_name="signs"
    )
    voice = models.CharField(max_length=10, choices=RiskVoice.choices)
    stance = models.CharField(max_length=10, choices=Stance.choices)
    text = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(consultation__isnull=True, analysis__isnull=False)
                | Q(consultation__isnull=False, analysis__isnull=True),
                name="decisions_sign_of_one",
            ),
            models.CheckConstraint(
                condition=PARTY & (~Q(stance=Stance.DISAGREED) | ~Q(text="")), name="decisions_sign_disagreed_why"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=NEVER),
            pgtrigger.Trigger(name="shared", when=pgtrigger.Before, operation=pgtrigger.Insert, func=SHARED),
        ]


class RiskSuggestion(models.Model):
    """A risk that a party suggests, until a writer takes it in or answers. Never changed."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="suggestions")
    analysis = models.ForeignKey("decisions.RiskAnalysis", on_delete=models.PROTECT, related_name="suggestions")
    voice = models.CharField(max_length=10, choices=RiskVoice.choices)
    area = models.CharField(max_length=10, choices=RiskArea.choices)
    risk = models.CharField(max_length=300)
    cause = models.CharField(max_length=300, blank=True)
    consequence = models.CharField(max_length=300, blank=True)
    likelihood = models.PositiveSmallIntegerField()
    severity = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=PARTY & Q(likelihood__range=(1, 5), severity__range=(1, 5)),
                name="decisions_suggestion_on_scale",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=NEVER),
            pgtrigger.Trigger(name="shared", when=pgtrigger.Before, operation=pgtrigger.Insert, func=SHARED),
        ]


class SuggestionAnswer(models.Model):
    """What became of a suggestion: taken in, as the risk with ``key``, or not, and why. Once, never changed."""

    suggestion = models.OneToOneField(RiskSuggestion, on_delete=models.PROTECT, related_name="answer")
    key = models.UUIDField(null=True, blank=True)
    text = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(key__isnull=False) | ~Q(text=""), name="decisions_suggestion_answered"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=NEVER)]
