"""What people do with their own schedule: shifts offered, calendars followed, time worked, and its pay."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from vardnara.apps.staffing.choices import (
    SWAP_OPEN,
    AbsentReason,
    Measure,
    SwapState,
    TimeSort,
    WorkedState,
)

INSTANTS = Func(F("start_at"), F("end_at"), function="tstzrange", output_field=DateTimeRangeField())
AS_APPROVED = """
    IF EXISTS (
        SELECT 1 FROM staffing_workedtime w
        WHERE w.id = COALESCE(NEW.worked_id, OLD.worked_id) AND w.state = 'approved'
    ) THEN
        RAISE EXCEPTION 'pgtrigger: approved time is never changed';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""


class ScheduleRule(models.Model):
    """How a roster group swaps: whether a swap that both want and no rule forbids holds at once."""

    group = models.OneToOneField("staffing.RosterGroup", on_delete=models.CASCADE, related_name="schedule_rule")
    swap_at_once = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")


class ShiftOffer(models.Model):
    """A shift that its owner offers a colleague, given away or for one of theirs (``back_on``); both days of a roster.

    Kept by person and day, since a changed roster writes its shifts anew; over when the earlier of the two begins.
    """

    roster = models.ForeignKey("staffing.Roster", on_delete=models.PROTECT, related_name="offers")
    giver = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="offers_made")
    on = models.DateField()
    kind = models.ForeignKey("staffing.ShiftKind", on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="offers_had")
    back_on = models.DateField(null=True, blank=True)
    back_kind = models.ForeignKey(
        "staffing.ShiftKind", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SwapState.choices, default=SwapState.ASKED)
    expires_at = models.DateTimeField()
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    batch = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["taker", "state"], name="staffing_offer_taker")]
        constraints = [
            models.UniqueConstraint(
                fields=["roster", "giver", "on"], condition=Q(state__in=SWAP_OPEN), name="staffing_offer_one_open"
            ),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="staffing_offer_to_another"),
            models.CheckConstraint(
                condition=Q(back_on__isnull=True, back_kind__isnull=True)
                | Q(back_on__isnull=False, back_kind__isnull=False),
                name="staffing_offer_back",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SWAP_OPEN, closed_at__isnull=True)
                | (~Q(state__in=SWAP_OPEN) & Q(closed_at__isnull=False)),
                name="staffing_offer_closes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("accepted", "done", "refused")) | Q(answered_at__isnull=False),
                name="staffing_offer_both_said_yes",
            ),
            models.CheckConstraint(
                condition=Q(state=SwapState.DONE, batch__isnull=False)
                | (~Q(state=SwapState.DONE) & Q(batch__isnull=True)),
                name="staffing_offer_done_by_a_change",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("done", "declined", "withdrawn", "refused", "expired")),
            ),
        ]


class CalendarLink(models.Model):
    """The secret address of a person's calendar: its digest is kept, never itself; one at a time.

    ``n_counted`` are the readings of the hour that began at ``counted_from``.
    """

    person = models.ForeignKey("staffing.Person", on_delete=models.CASCADE, related_name="calendar_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    n_read = models.PositiveIntegerField(default=0)
    counted_from = models.DateTimeField(null=True, blank=True)
    n_counted = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at__isnull=True), name="staffing_calendar_one"
            ),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True) | Q(revoked_at__isnull=False), name="staffing_calendar_revoked_by"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="revoked", operation=pgtrigger.Update, condition=pgtrigger.Q(old__revoked_at__isnull=False)
            )
        ]


class WorkedTime(models.Model):
    """What a person worked of a shift, or without one (``roster`` None), said and then approved by somebody else.

    Approved, it never changes: a correction is a new row that replaces it. ``post``, ``share`` and ``measure`` are the
    contract's that it is counted on, as they were.
    """

    person = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="worked")
    on = models.DateField()
    roster = models.ForeignKey("staffing.Roster", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.ForeignKey("staffing.ShiftKind", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    state = models.CharField(max_length=8, choices=WorkedState.choices, default=WorkedState.SAID)
    as_rostered = models.BooleanField()
    ordered_by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    post = models.CharField(max_length=40, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    measure = models.CharField(max_length=12, choices=Measure.choices, blank=True)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["on", "person"], name="staffing_worked_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "on", "roster", "number"], nulls_distinct=False, name="staffing_worked_number_once"
            ),
            models.UniqueConstraint(
                fields=["person", "on", "roster"],
                condition=Q(state=WorkedState.SAID),
                nulls_distinct=False,
                name="staffing_worked_one_open",
            ),
            models.CheckConstraint(
                condition=Q(roster__isnull=True, kind__isnull=True) | Q(roster__isnull=False, kind__isnull=False),
                name="staffing_worked_of_a_shift",
            ),
            models.CheckConstraint(
                condition=Q(number=1, replaces__isnull=True) | Q(number__gt=1, replaces__isnull=False),
                name="staffing_worked_replaces",
            ),
            models.CheckConstraint(
                condition=Q(state=WorkedState.APPROVED, approved_at__isnull=False, approved_by__isnull=False)
                | Q(state=WorkedState.SAID, approved_at__isnull=True, approved_by__isnull=True),
                name="staffing_worked_approved_by",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=WorkedState.APPROVED.value),
            )
        ]


class WorkedPart(models.Model):
    """A stretch without break: worked as rostered, worked beyond the roster, or rostered and not worked."""

    worked = models.ForeignKey(WorkedTime, on_delete=models.CASCADE, related_name="parts")
    sort = models.CharField(max_length=8, choices=TimeSort.choices)
    reason = models.CharField(max_length=10, choices=AbsentReason.choices, blank=True)
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="staffing_part_times"),
            models.CheckConstraint(
                condition=(Q(sort=TimeSort.ABSENT) & ~Q(reason="")) | (~Q(sort=TimeSort.ABSENT) & Q(reason="")),
                name="staffing_part_absent_why",
            ),
            ExclusionConstraint(
                name="staffing_part_once",
                expressions=[("worked", RangeOperators.EQUAL), (INSTANTS, RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="as_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=AS_APPROVED,
            )
        ]


class ExtraSeen(models.Model):
    """A head of unit approved a week with which a cap on overtime or additional time is passed, and saw it (W-12)."""

    person = models.ForeignKey("staffing.Person", on_delete=models.PROTECT, related_name="extra_seen")
    monday = models.DateField()
    rule = models.CharField(max_length=24)
    found_minutes = models.PositiveIntegerField()
    limit_minutes = models.PositiveIntegerField()
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(found_minutes__gt=F("limit_minutes")), name="staffing_extra_beyond_its_cap"
            ),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="staffing_extra_monday"),
            models.UniqueConstraint(
                fields=["person", "monday", "rule", "found_minutes"], name="staffing_extra_seen_once"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]


class PayrollExport(models.Model):
    """A file for payroll, kept as it was handed out; the next of the same month holds what is new and corrected."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    number = models.PositiveSmallIntegerField()
    lines = models.JSONField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "month", "number"], name="staffing_payroll_number_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="staffing_payroll_month"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update | pgtrigger.Delete)]
