"""Cases, every version of what they say, the documents that were made of them, and what happened to them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.decisions.choices import CaseState

ORDER = """
DECLARE later text[];
BEGIN
    IF NEW.state = OLD.state THEN
        later := ARRAY['registry_number', 'n_versions', 'consultation_waived_because'];
        IF OLD.state <> 'draft' AND (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
            RAISE EXCEPTION 'what was decided is not changed';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'decided'), ('draft', 'withdrawn'), ('decided', 'executed'),
        ('decided', 'withdrawn'), ('executed', 'closed'), ('closed', 'executed')) THEN
        RAISE EXCEPTION 'a case does not go from % to %', OLD.state, NEW.state;
    END IF;
    IF NEW.state = 'executed' AND OLD.state = 'decided' THEN
        PERFORM 1 FROM decisions_consultation c WHERE c.case_id = NEW.id FOR UPDATE;
        IF EXISTS (SELECT 1 FROM decisions_consultation c WHERE c.case_id = NEW.id AND c.closed_on IS NULL) THEN
            RAISE EXCEPTION 'a decision is not carried out while its consultation is open';
        END IF;
        IF NEW.consultation_waived_because = ''
           AND NOT EXISTS (SELECT 1 FROM decisions_consultation c WHERE c.case_id = NEW.id) THEN
            RAISE EXCEPTION 'a decision is not carried out before it was consulted on, or why not was said';
        END IF;
    END IF;
    RETURN NEW;
END;
"""

ONLY_DRAFTS = """
IF NOT EXISTS (SELECT 1 FROM decisions_case c WHERE c.id = NEW.case_id AND c.state = 'draft' FOR UPDATE) THEN
    RAISE EXCEPTION 'what was decided is not changed';
END IF;
RETURN NEW;
"""


class Case(models.Model):
    """A matter for decision.

    What it says is in its newest version; here is where it stands. The database lets no decision be carried out while a
    consultation of it is open, nor without one unless ``consultation_waived_because`` says why none was due.
    ``follows`` is the case whose decision (``follows_step``) it takes again.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=200)
    registry_number = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.DRAFT)
    n_versions = models.PositiveIntegerField(default=0)
    consultation_waived_because = models.CharField(max_length=300, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decided_despite = models.CharField(max_length=300, blank=True)
    executed_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    follows_step = models.CharField(max_length=60, blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "registry_number"],
                condition=~Q(registry_number=""),
                name="decisions_case_registry_once",
            ),
            models.UniqueConstraint(
                fields=["follows", "follows_step"],
                condition=Q(follows__isnull=False) & ~Q(state=CaseState.WITHDRAWN),
                name="decisions_case_redecided_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[CaseState.DRAFT, CaseState.WITHDRAWN]) | Q(decided_on__isnull=False),
                name="decisions_case_decided_on",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CaseState.EXECUTED, CaseState.CLOSED]) | Q(executed_on__isnull=False),
                name="decisions_case_executed_on",
            ),
        ]
        indexes = [models.Index(fields=["hospital", "state"], name="decisions_case_of_hospital")]
        triggers = [
            pgtrigger.Trigger(name="order", when=pgtrigger.Before, operation=pgtrigger.Update, func=ORDER),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class CaseVersion(models.Model):
    """What a case said, whole. Never changed; a change is the next number, and only while the case is prepared."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    what = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="decisions_version_once")]
        triggers = [
            pgtrigger.Trigger(name="only_drafts", when=pgtrigger.Before, operation=pgtrigger.Insert, func=ONLY_DRAFTS),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class CaseEvent(models.Model):
    """Something that happened to a case: who, when, what, and why where that was said. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=30)
    text = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="decisions_event_of_case")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class CaseDocument(models.Model):
    """A document as it was made: its bytes, of which version, and the figures that it showed. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="documents")
    format = models.CharField(max_length=8)
    content = models.BinaryField()
    figures = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "made_at"], name="decisions_document_of_case")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
