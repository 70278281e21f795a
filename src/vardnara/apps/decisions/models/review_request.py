"""Requests to call off agency staff or to hire, what each level decided, what was said, and what came of a no."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnara.apps.decisions.choices import ReviewInstead, ReviewKind, ReviewMeasure, ReviewOutcome, ReviewState

WALK = """
DECLARE later text[] := ARRAY['state', 'level', 'top_level', 'order_id', 'asked_at', 'decided_at'];
DECLARE last_day date;
BEGIN
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
        RAISE EXCEPTION 'what was asked is not changed; it is withdrawn and asked anew';
    END IF;
    IF OLD.state IN ('approved', 'limited', 'refused', 'withdrawn', 'undecided') THEN
        RAISE EXCEPTION 'what was decided is not changed';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'asked'), ('draft', 'withdrawn'), ('asked', 'question'), ('question', 'asked'),
        ('asked', 'approved'), ('asked', 'limited'), ('asked', 'refused'), ('asked', 'withdrawn'),
        ('asked', 'undecided'), ('question', 'approved'), ('question', 'limited'), ('question', 'refused'),
        ('question', 'withdrawn'), ('question', 'undecided')) THEN
        RAISE EXCEPTION 'a request does not go from % to %', OLD.state, NEW.state;
    END IF;
    IF OLD.state <> 'draft' AND (NEW.order_id, NEW.top_level, NEW.asked_at)
       IS DISTINCT FROM (OLD.order_id, OLD.top_level, OLD.asked_at) THEN
        RAISE EXCEPTION 'a request stays under the decision that it was asked under';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'asked' THEN
        SELECT LEAST(o.valid_through, COALESCE(o.ended_on, o.valid_through)) INTO last_day
          FROM decisions_revieworder o
         WHERE o.id = NEW.order_id AND o.hospital_id = NEW.hospital_id
           AND o.valid_from <= (NEW.asked_at AT TIME ZONE 'Europe/Stockholm')::date
           AND CASE WHEN NEW.kind = 'agency' THEN o.covers_agency ELSE o.covers_hires END;
        IF last_day IS NULL OR last_day < (NEW.asked_at AT TIME ZONE 'Europe/Stockholm')::date THEN
            RAISE EXCEPTION 'nothing is tried under a decision that is not in force';
        END IF;
        IF NEW.kind = 'agency' AND (NEW.through_on IS NULL OR NEW.through_on > last_day) THEN
            RAISE EXCEPTION 'a call-off ends with the decision that it rests on';
        END IF;
    ELSIF NEW.level <> OLD.level THEN
        IF NEW.level <> OLD.level + 1 OR NEW.level > NEW.top_level OR NOT EXISTS (
            SELECT 1 FROM decisions_reviewdecision d
             WHERE d.request_id = NEW.id AND d.level = OLD.level AND d.outcome <> 'refused') THEN
            RAISE EXCEPTION 'a level is not passed over';
        END IF;
    END IF;
    IF NEW.state IN ('approved', 'limited') AND (NEW.level <> NEW.top_level OR NOT EXISTS (
        SELECT 1 FROM decisions_reviewdecision d
         WHERE d.request_id = NEW.id AND d.level = NEW.top_level AND d.outcome <> 'refused')) THEN
        RAISE EXCEPTION 'a request is approved by its last level';
    END IF;
    IF NEW.state = 'refused' AND NOT EXISTS (
        SELECT 1 FROM decisions_reviewdecision d
         WHERE d.request_id = NEW.id AND d.level = NEW.level AND d.outcome = 'refused') THEN
        RAISE EXCEPTION 'a request is refused by the level where it is';
    END IF;
    RETURN NEW;
END;
"""

NARROWS = """
DECLARE asked decisions_reviewrequest%ROWTYPE;
DECLARE earlier decisions_reviewdecision%ROWTYPE;
DECLARE last_day date;
DECLARE today date := (NEW.at AT TIME ZONE 'Europe/Stockholm')::date;
BEGIN
    SELECT * INTO asked FROM decisions_reviewrequest r WHERE r.id = NEW.request_id FOR UPDATE;
    IF asked.state NOT IN ('asked', 'question') OR NEW.level <> asked.level THEN
        RAISE EXCEPTION 'a level decides once, in its turn';
    END IF;
    IF NEW.by_id = asked.made_by_id THEN
        RAISE EXCEPTION 'nobody decides on a request of their own';
    END IF;
    SELECT LEAST(o.valid_through, COALESCE(o.ended_on, o.valid_through)) INTO last_day
      FROM decisions_revieworder o WHERE o.id = asked.order_id FOR SHARE;
    IF last_day < today THEN
        RAISE EXCEPTION 'nothing is decided under a decision that has ended';
    END IF;
    IF NEW.outcome = 'refused' THEN
        RETURN NEW;
    END IF;
    IF NEW.valid_through > last_day OR NEW.valid_through < today THEN
        RAISE EXCEPTION 'an approval is not valid beyond the decision that it rests on';
    END IF;
    IF asked.kind = 'agency' AND NEW.through_on IS DISTINCT FROM NEW.valid_through THEN
        RAISE EXCEPTION 'a call-off is approved to its own last day';
    END IF;
    IF NEW.quantity > asked.quantity OR NEW.price_sek > asked.price_sek
       OR (asked.price_sek IS NOT NULL AND NEW.price_sek IS NULL)
       OR (asked.through_on IS NOT NULL AND (NEW.through_on IS NULL OR NEW.through_on > asked.through_on)) THEN
        RAISE EXCEPTION 'limits only narrow';
    END IF;
    FOR earlier IN SELECT * FROM decisions_reviewdecision d WHERE d.request_id = NEW.request_id LOOP
        IF NEW.quantity > earlier.quantity OR NEW.price_sek > earlier.price_sek
           OR NEW.valid_through > earlier.valid_through
           OR (earlier.price_sek IS NOT NULL AND NEW.price_sek IS NULL)
           OR (earlier.through_on IS NOT NULL AND (NEW.through_on IS NULL OR NEW.through_on > earlier.through_on)) THEN
            RAISE EXCEPTION 'limits only narrow';
        END IF;
    END LOOP;
    RETURN NEW;
END;
"""


class ReviewRequest(models.Model):
    """A request: what, where, when, how much, at what price, why, what was tried, and what happens without.

    ``level`` is where it waits and ``top_level`` how far up it must go, both from the day it is asked. ``price_sek`` is
    an hour of hired staff, or a month of full time with social charges of one's own; ``cost_sek`` all of it.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="review_requests")
    order = models.ForeignKey(
        "decisions.ReviewOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    kind = models.CharField(max_length=10, choices=ReviewKind.choices)
    ward = models.ForeignKey(
        "hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="review_requests"
    )
    unit_name = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=40)
    reason = models.CharField(max_length=40)
    need = models.CharField(max_length=600)
    from_on = models.DateField()
    through_on = models.DateField(null=True, blank=True)
    measure = models.CharField(max_length=8, choices=ReviewMeasure.choices)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    shift_hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    price_sek = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    quoted_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    cost_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    tried = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    tried_words = models.CharField(max_length=600, blank=True)
    consequence = models.CharField(max_length=600, blank=True)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    top_level = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ward__isnull=False, unit_name="") | Q(ward__isnull=True) & ~Q(unit_name=""),
                name="decisions_review_one_unit",
            ),
            models.CheckConstraint(
                condition=Q(through_on__isnull=True) | Q(from_on__lte=F("through_on")),
                name="decisions_review_period",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReviewKind.AGENCY) | Q(through_on__isnull=False),
                name="decisions_review_call_off_ends",
            ),
            models.CheckConstraint(
                condition=Q(measure=ReviewMeasure.FTE, shift_hours__isnull=True)
                | Q(measure=ReviewMeasure.SHIFTS, shift_hours__gt=0, shift_hours__lte=24, kind=ReviewKind.AGENCY),
                name="decisions_review_measure",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & (Q(price_sek__isnull=True) | Q(price_sek__gte=0))
                & (Q(quoted_sek__isnull=True) | Q(quoted_sek__gte=0, price_sek__isnull=True)),
                name="decisions_review_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReviewState.DRAFT, ReviewState.WITHDRAWN])
                | Q(order__isnull=False, asked_at__isnull=False, level__gte=1, top_level__gte=F("level")),
                name="decisions_review_asked_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "state"], name="decisions_review_queue"),
            models.Index(fields=["ward", "-asked_at"], name="decisions_review_of_ward"),
        ]
        triggers = [
            pgtrigger.Trigger(name="walk", when=pgtrigger.Before, operation=pgtrigger.Update, func=WALK),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class ReviewDecision(models.Model):
    """What a level decided, by whom and in which words. One a level, one a person; never changed.

    Of an approval ``quantity``, ``through_on`` and ``price_sek`` are its limits, and ``valid_through`` the last day on
    which it may be used; ``cost_sek`` is what is granted costs.
    """

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="decisions")
    level = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=ReviewOutcome.choices)
    words = models.CharField(max_length=600, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    through_on = models.DateField(null=True, blank=True)
    price_sek = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    valid_through = models.DateField(null=True, blank=True)
    cost_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "level"], name="decisions_review_level_decides_once"),
            models.UniqueConstraint(fields=["request", "by"], name="decisions_review_person_decides_once"),
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.REFUSED, quantity__isnull=True, valid_through__isnull=True)
                | ~Q(outcome=ReviewOutcome.REFUSED) & Q(quantity__gt=0, valid_through__isnull=False),
                name="decisions_review_approval_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReviewOutcome.APPROVED) | ~Q(words=""), name="decisions_review_no_has_words"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="narrows", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NARROWS),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class ReviewEvent(models.Model):
    """Something that happened to a request, questions and answers among it. Never changed."""

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=20)
    text = models.CharField(max_length=600, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["request", "at"], name="decisions_review_events")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class ReviewFollowUp(models.Model):
    """What came of what was not granted, and its cost where that is known. The newest counts; none is changed."""

    request = models.ForeignKey(ReviewRequest, on_delete=models.PROTECT, related_name="follow_ups")
    instead = models.CharField(max_length=12, choices=ReviewInstead.choices)
    words = models.CharField(max_length=600, blank=True)
    cost_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_sek__isnull=True) | Q(cost_sek__gte=0), name="decisions_review_instead_cost"
            ),
            models.CheckConstraint(
                condition=~Q(instead=ReviewInstead.NOTHING) | Q(cost_sek=0),
                name="decisions_review_nothing_costs_nothing",
            ),
        ]
        indexes = [models.Index(fields=["request", "-at"], name="decisions_review_follow_ups")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
