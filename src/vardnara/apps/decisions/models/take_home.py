"""The take-home ledger: hours that something freed, and what became of each of them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.decisions.choices import FreedPart, TakenTo

ONLY_DROPPED = """
DECLARE later text[] := ARRAY['dropped_at', 'dropped_by_id', 'dropped_because'];
BEGIN
    IF OLD.dropped_at IS NOT NULL OR (to_jsonb(NEW) - later) <> (to_jsonb(OLD) - later) THEN
        RAISE EXCEPTION 'freed hours are not changed; they are taken out and entered anew';
    END IF;
    IF EXISTS (SELECT 1 FROM decisions_freedbooking b WHERE b.source_id = NEW.id AND b.reverses_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM decisions_freedbooking r WHERE r.reverses_id = b.id)) THEN
        RAISE EXCEPTION 'freed hours that are booked are not taken out';
    END IF;
    RETURN NEW;
END;
"""

NEVER_MORE = """
DECLARE source decisions_freedhours%ROWTYPE;
DECLARE other decisions_freedbooking%ROWTYPE;
DECLARE booked numeric;
BEGIN
    SELECT * INTO source FROM decisions_freedhours s WHERE s.id = NEW.source_id FOR UPDATE;
    IF source.dropped_at IS NOT NULL THEN
        RAISE EXCEPTION 'nothing is booked of hours that were taken out';
    END IF;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO other FROM decisions_freedbooking b WHERE b.id = NEW.reverses_id;
        IF other.reverses_id IS NOT NULL
           OR (other.source_id, other.destination, other.hours, other.hourly_sek, other.post_id)
           IS DISTINCT FROM (NEW.source_id, NEW.destination, NEW.hours, NEW.hourly_sek, NEW.post_id) THEN
            RAISE EXCEPTION 'a reversal takes back one booking, as it was';
        END IF;
        RETURN NEW;
    END IF;
    SELECT COALESCE(sum(CASE WHEN b.reverses_id IS NULL THEN b.hours ELSE -b.hours END), 0) INTO booked
      FROM decisions_freedbooking b WHERE b.source_id = NEW.source_id;
    IF booked + NEW.hours > source.hours THEN
        RAISE EXCEPTION 'more hours are booked than were freed';
    END IF;
    IF NEW.post_id IS NOT NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('decisions_freedbooking.post'), NEW.post_id::integer);
        IF EXISTS (SELECT 1 FROM decisions_freedbooking b WHERE b.post_id = NEW.post_id AND b.reverses_id IS NULL
                   AND NOT EXISTS (SELECT 1 FROM decisions_freedbooking r WHERE r.reverses_id = b.id)) THEN
            RAISE EXCEPTION 'a post that went is counted once';
        END IF;
    END IF;
    RETURN NEW;
END;
"""


class FreedHours(models.Model):
    """Hours a year that something freed: a case, or what somebody measured. Never changed; taken out with a reason."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="freed_hours")
    case = models.ForeignKey(
        "decisions.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="freed_hours"
    )
    part = models.CharField(max_length=10, choices=FreedPart.choices, blank=True)
    label = models.CharField(max_length=200)
    hours = models.DecimalField(max_digits=10, decimal_places=2)
    from_on = models.DateField()
    basis = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="decisions_freed_hours_above_0"),
            models.CheckConstraint(condition=~Q(label="") & ~Q(basis=""), name="decisions_freed_is_named"),
            models.CheckConstraint(condition=Q(part="") | Q(case__isnull=False), name="decisions_freed_part_of_a_case"),
            models.UniqueConstraint(
                fields=["case", "part"],
                condition=~Q(part="") & Q(dropped_at__isnull=True),
                name="decisions_freed_part_once",
            ),
            models.CheckConstraint(
                condition=Q(dropped_at__isnull=True, dropped_because="")
                | Q(dropped_at__isnull=False) & ~Q(dropped_because=""),
                name="decisions_freed_dropped_because",
            ),
        ]
        indexes = [models.Index(fields=["hospital", "from_on"], name="decisions_freed_of_hospital")]
        triggers = [
            pgtrigger.Trigger(
                name="only_dropped", when=pgtrigger.Before, operation=pgtrigger.Update, func=ONLY_DROPPED
            ),
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
        ]


class FreedBooking(models.Model):
    """What became of some freed hours, or the reversal of such a booking. Kronor only where cash was released.

    ``post`` is the post that went, where it is in the register: it is counted once in all of the ledger.
    """

    source = models.ForeignKey(FreedHours, on_delete=models.PROTECT, related_name="bookings")
    destination = models.CharField(max_length=14, choices=TakenTo.choices)
    hours = models.DecimalField(max_digits=10, decimal_places=2)
    to = models.CharField(max_length=200, blank=True)
    hourly_sek = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    post = models.ForeignKey("staffing.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="decisions_freed_booking_hours"),
            models.CheckConstraint(
                condition=Q(destination=TakenTo.EVAPORATED) | ~Q(to=""), name="decisions_freed_booking_to_what"
            ),
            models.CheckConstraint(
                condition=Q(destination=TakenTo.CASH_RELEASED, hourly_sek__gt=0)
                | ~Q(destination=TakenTo.CASH_RELEASED) & Q(hourly_sek__isnull=True, post__isnull=True),
                name="decisions_freed_kronor_only_of_cash",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(name="never_more", when=pgtrigger.Before, operation=pgtrigger.Insert, func=NEVER_MORE),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
