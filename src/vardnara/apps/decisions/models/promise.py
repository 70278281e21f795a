"""What a decision promised, and what came of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

OUTCOME_STAYS = """
DECLARE later text[] := ARRAY['outcome', 'outcome_on', 'outcome_note', 'outcome_at', 'outcome_by_id'];
BEGIN
    IF (TG_OP = 'DELETE' OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later)) AND (
        EXISTS (SELECT 1 FROM decisions_case c WHERE c.id = OLD.case_id AND c.state <> 'draft')
        OR EXISTS (SELECT 1 FROM decisions_measurestatus s WHERE s.measure_id = OLD.measure_id AND s.begun)
    ) THEN
        RAISE EXCEPTION 'what was promised is not changed after the decision';
    END IF;
    RETURN COALESCE(NEW, OLD);
END;
"""


class Promise(models.Model):
    """A claimed effect of a case or of a measure: metric, baseline, promise, day of the check, outcome (own-12)."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="promises")
    measure = models.ForeignKey(
        "decisions.Measure", on_delete=models.PROTECT, null=True, blank=True, related_name="promises"
    )
    label = models.CharField(max_length=200)
    metric = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    promised = models.DecimalField(max_digits=18, decimal_places=4)
    check_on = models.DateField()
    outcome = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_note = models.CharField(max_length=300, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, measure__isnull=True) | Q(case__isnull=True, measure__isnull=False),
                name="decisions_promise_of_one",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, outcome_on__isnull=True, outcome_at__isnull=True)
                | Q(outcome__isnull=False, outcome_on__isnull=False, outcome_at__isnull=False),
                name="decisions_promise_outcome_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["check_on"], condition=Q(outcome__isnull=True), name="decisions_promise_due"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="outcome_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=OUTCOME_STAYS,
            ),
        ]
