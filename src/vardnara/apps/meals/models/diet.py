"""What a patient may and may not eat: one row for each part of the diet, with who, when, why and until when."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.accounts.choices import Profession
from vardnara.apps.meals.choices import DietPart, DietSource

SET_ONCE = (  # what a row says never changes; a merge of patients moves it, an end is added once
    "stay",
    "part",
    "code",
    "text",
    "traces_tolerated",
    "source",
    "source_name",
    "source_key",
    "valid_from",
    "set_at",
    "set_by",
    "set_profession",
    "reason",
    "message",
)

ENDED_ONCE = """
IF OLD.ended_at IS NOT NULL AND ROW(NEW.ended_at, NEW.ended_by_id, NEW.ended_reason, NEW.valid_until)
   IS DISTINCT FROM ROW(OLD.ended_at, OLD.ended_by_id, OLD.ended_reason, OLD.valid_until) THEN
    RAISE EXCEPTION 'what has ended does not begin again' USING ERRCODE = 'check_violation';
END IF;
IF NEW.valid_until IS DISTINCT FROM OLD.valid_until
   AND (NEW.valid_until IS NULL OR NEW.valid_until > OLD.valid_until) THEN
    RAISE EXCEPTION 'an end is drawn in, never put off' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Restriction(models.Model):
    """One part of a patient's diet. ``code`` is a code of ours, empty where the sender's word means nothing to us yet:
    then nobody knows what the patient tolerates, and the diet counts as not known.

    ``stay`` is empty for what follows the person, as allergies do. ``valid_until`` may be drawn in, never put off.
    ``source_name`` is the sending system, ``source_key`` the order's number there.
    """

    patient = models.ForeignKey("hospital.Patient", on_delete=models.PROTECT, related_name="restrictions")
    stay = models.ForeignKey(
        "hospital.Stay", on_delete=models.PROTECT, null=True, blank=True, related_name="restrictions"
    )
    part = models.CharField(max_length=16, choices=DietPart.choices)
    code = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300, blank=True)
    traces_tolerated = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=DietSource.choices)
    source_name = models.CharField(max_length=200, blank=True)
    source_key = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    set_profession = models.CharField(max_length=20, choices=Profession.choices, default="", blank=True)
    reason = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(
        "hospital.InboxMessage", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_profession = models.CharField(max_length=20, choices=Profession.choices, default="", blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["patient", "part"], condition=Q(ended_at__isnull=True), name="meals_restriction_live"),
            models.Index(fields=["source", "source_key"], name="meals_restriction_source"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(code="") | ~Q(text=""), name="meals_restriction_says_something"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="meals_restriction_dates",
            ),
            models.CheckConstraint(
                condition=~Q(source=DietSource.LOCAL) | Q(set_by__isnull=False), name="meals_restriction_local_has_who"
            ),
            models.CheckConstraint(
                condition=Q(source__in=[DietSource.LOCAL, DietSource.PATIENT]) | Q(set_by__isnull=True),
                name="meals_restriction_sent_has_no_who",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="meals_restriction_end_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(traces_tolerated=False) | Q(part=DietPart.ALLERGEN), name="meals_traces_of_allergens_only"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="said_once", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(*SET_ONCE)),
            pgtrigger.Trigger(name="ended_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=ENDED_ONCE),
            pgtrigger.Trigger(
                name="revise",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    INSERT INTO meals_dietrevision (patient_id, number) VALUES (NEW.patient_id, 1)
                    ON CONFLICT (patient_id) DO UPDATE SET number = meals_dietrevision.number + 1;
                    RETURN NULL;
                """,
            ),
        ]


class DietRevision(models.Model):
    """How often a patient's diet has changed: the database counts, so that no tray goes out on an older check."""

    patient = models.OneToOneField(
        "hospital.Patient", on_delete=models.PROTECT, primary_key=True, related_name="diet_revision"
    )
    number = models.PositiveIntegerField(default=0)
