"""Talks with the unions before a decision is carried out."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.decisions.choices import ConsultationKind, ConsultationOutcome

NOT_AFTER = """
IF EXISTS (
    SELECT 1 FROM decisions_case c WHERE c.id = COALESCE(NEW.case_id, OLD.case_id)
      AND c.state IN ('executed', 'closed', 'withdrawn') FOR SHARE
) THEN
    RAISE EXCEPTION 'the consultation of what was carried out is not changed';
END IF;
RETURN COALESCE(NEW, OLD);
"""


class Consultation(models.Model):
    """A consultation: called, held, its minutes adjusted, and closed with an outcome. Open until ``closed_on``."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="consultations")
    kind = models.CharField(max_length=12, choices=ConsultationKind.choices)
    organ = models.CharField(max_length=160)
    parties = models.CharField(max_length=300, blank=True)
    called_on = models.DateField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    adjusted_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ConsultationOutcome.choices, blank=True)
    text = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="")
                | (Q(closed_on__isnull=False, held_on__isnull=False) & ~Q(outcome="")),
                name="decisions_consultation_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(held_on__lte=F("closed_on")),
                name="decisions_consultation_in_order",
            ),
            models.CheckConstraint(
                condition=Q(called_on__isnull=True) | Q(held_on__isnull=True) | Q(called_on__lte=F("held_on")),
                name="decisions_consultation_called_first",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="not_after",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=NOT_AFTER,
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]
