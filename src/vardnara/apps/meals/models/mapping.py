"""What other systems say of diets, as they say it, and what their words mean here."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.accounts.choices import Profession
from vardnara.apps.meals.choices import DietPart, DietSource, SentKind, SentState, WordUse

MEANINGS = "'" + "', '".join(DietPart.values) + "'"
MAPPERS = (Profession.PHYSICIAN, Profession.DIETITIAN, Profession.DIET_COOK)


class SentDiet(models.Model):
    """What a system last said of one thing: an allergy list, one allergy, the diet field, one diet order.

    ``about`` is whose it is as the message writes it; ``patient`` and ``stay`` are empty until they are known. Content
    and state each keep what was recorded last, so that the order of arrival does not matter (``engines.diet.sent``).
    """

    about = models.CharField(max_length=300)
    patient = models.ForeignKey(
        "hospital.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="sent_diets"
    )
    stay = models.ForeignKey(
        "hospital.Stay", on_delete=models.PROTECT, null=True, blank=True, related_name="sent_diets"
    )
    source = models.CharField(max_length=8, choices=DietSource.choices)
    source_name = models.CharField(max_length=200)
    key = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, choices=SentKind.choices)
    words = models.JSONField(default=list)
    said_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=SentState.choices, default=SentState.ACTIVE)
    state_at = models.DateTimeField(null=True, blank=True)
    replaces_at = models.DateTimeField(null=True, blank=True)
    group = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    n_other = models.PositiveIntegerField(default=0)
    message = models.ForeignKey(
        "hospital.InboxMessage", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    waiting = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about", "source", "source_name", "key"], name="meals_sent_diet_once"),
            models.CheckConstraint(
                condition=Q(said_at__isnull=False) | Q(state_at__isnull=False), name="meals_sent_diet_was_said"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")),
                name="meals_sent_diet_dates",
            ),
        ]
        indexes = [models.Index(fields=["about"], condition=Q(stay__isnull=True), name="meals_sent_diet_loose")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="never_older",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.said_at < OLD.said_at OR NEW.state_at < OLD.state_at OR NEW.replaces_at < OLD.replaces_at
                       OR (OLD.said_at IS NOT NULL AND NEW.said_at IS NULL)
                       OR (OLD.state_at IS NOT NULL AND NEW.state_at IS NULL) THEN
                        RAISE EXCEPTION 'an older word never takes the place of a newer'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class SentWord(models.Model):
    """A word that has come: what there is to map. Not about whom."""

    source_name = models.CharField(max_length=200)
    use = models.CharField(max_length=10, choices=WordUse.choices)
    key = models.CharField(max_length=400)
    codings = models.JSONField()
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source_name", "use", "key"], name="meals_sent_word_once")]


class CodeMeaning(models.Model):
    """What a sender's code means here: parts of a diet with their codes, or nothing for meals. Never rewritten: a new
    meaning ends the old one. An empty sender stands for all, an empty system for any.
    """

    source_name = models.CharField(max_length=200, blank=True)
    use = models.CharField(max_length=10, choices=WordUse.choices)
    system = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=300)
    targets = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_profession = models.CharField(max_length=20, choices=Profession.choices)
    n_changed = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_name", "use", "system", "code"],
                condition=Q(ended_at__isnull=True),
                name="meals_meaning_once",
            ),
            models.CheckConstraint(condition=~Q(code=""), name="meals_meaning_of_something"),
            models.CheckConstraint(condition=Q(made_profession__in=MAPPERS), name="meals_meaning_by_whom"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="meals_meaning_end_has_who",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="said_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "source_name", "use", "system", "code", "targets", "made_at", "made_by", "made_profession"
                ),
            ),
            pgtrigger.Trigger(
                name="known_parts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF jsonb_typeof(NEW.targets) <> 'array' OR EXISTS (
                        SELECT 1 FROM jsonb_array_elements(NEW.targets) AS one
                        WHERE jsonb_typeof(one) <> 'array' OR jsonb_array_length(one) <> 2
                           OR one ->> 0 NOT IN ({MEANINGS}) OR coalesce(one ->> 1, '') = ''
                    ) THEN
                        RAISE EXCEPTION 'a meaning is a list of parts and codes' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  (codes of ours only)
            ),
        ]
