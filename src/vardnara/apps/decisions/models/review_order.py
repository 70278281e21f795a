"""The decision that special review rests on, and the levels that requests go through."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from vardnara.apps.accounts.choices import Role

STANDS = """
DECLARE later text[] := ARRAY['registry_number', 'ended_on', 'ended_because'];
BEGIN
    IF (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
        RAISE EXCEPTION 'a decision on special review is not changed; the next one follows it';
    END IF;
    IF OLD.ended_on IS NOT NULL AND NEW.ended_on IS DISTINCT FROM OLD.ended_on THEN
        RAISE EXCEPTION 'a decision on special review ends once';
    END IF;
    RETURN NEW;
END;
"""

BEFORE_REQUESTS = """
IF EXISTS (SELECT 1 FROM decisions_reviewrequest r WHERE r.order_id = NEW.order_id) THEN
    RAISE EXCEPTION 'levels are not added once something was asked under the decision';
END IF;
RETURN NEW;
"""


class ReviewOrder(models.Model):
    """A decision that call-offs or hires are tried one by one, from a day through a last day.

    Without ``wards`` it is of the whole hospital, without ``categories`` of all staff. What it says stands; it can be
    ended before its last day, once.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="review_orders")
    title = models.CharField(max_length=200)
    organ = models.CharField(max_length=160)
    decided_on = models.DateField()
    registry_number = models.CharField(max_length=60, blank=True)
    case = models.ForeignKey(
        "decisions.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="review_orders"
    )
    step = models.CharField(max_length=300, blank=True)
    covers_agency = models.BooleanField(default=True)
    covers_hires = models.BooleanField(default=True)
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    wards = models.ManyToManyField("hospital.Ward", related_name="+", blank=True)
    valid_from = models.DateField()
    valid_through = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__lte=F("valid_through")), name="decisions_review_order_in_order"
            ),
            models.CheckConstraint(
                condition=Q(covers_agency=True) | Q(covers_hires=True), name="decisions_review_order_covers"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_because="")
                | Q(ended_on__lt=F("valid_through")) & ~Q(ended_because=""),
                name="decisions_review_order_ended",
            ),
        ]
        indexes = [models.Index(fields=["hospital", "valid_from"], name="decisions_review_orders")]
        triggers = [
            pgtrigger.Trigger(name="stands", when=pgtrigger.Before, operation=pgtrigger.Update, func=STANDS),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]

    @property
    def last_on(self) -> date:
        """The last day on which anything can be asked or decided under it."""
        return self.valid_through if self.ended_on is None else self.ended_on


class ReviewLevel(models.Model):
    """Who acts at a step of the way up: a role, named users, or both.

    A request whose cost and weeks are within the limits is decided here for good; without limits every request is. Its
    last level has none. Never changed.
    """

    order = models.ForeignKey(ReviewOrder, on_delete=models.PROTECT, related_name="levels")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    users = models.ManyToManyField("accounts.User", related_name="+", blank=True)
    up_to_sek = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    up_to_weeks = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="decisions_review_level_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="decisions_review_level_number"),
        ]
        ordering = ["number"]
        triggers = [
            pgtrigger.Trigger(
                name="before_requests", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BEFORE_REQUESTS
            ),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
