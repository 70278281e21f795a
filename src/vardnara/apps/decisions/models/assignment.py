"""Assignments that a decision gave, what became of them, and reminders that were sent."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.decisions.choices import AssignmentState, ReminderKind


class Assignment(models.Model):
    """Something that somebody is to do after a decision. ``origin`` is the point of the decision that it is from."""

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="assignments")
    text = models.CharField(max_length=600)
    whom = models.CharField(max_length=160)
    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AssignmentState.choices, default=AssignmentState.OPEN)
    report = models.TextField(blank=True)
    lapsed_because = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "origin"], condition=~Q(origin=""), name="decisions_assignment_of_point_once"
            ),
            models.CheckConstraint(condition=~Q(text="") & ~Q(whom=""), name="decisions_assignment_has_words"),
            models.CheckConstraint(
                condition=~Q(state__in=[AssignmentState.REPORTED, AssignmentState.DONE]) | ~Q(report=""),
                name="decisions_assignment_reported",
            ),
            models.CheckConstraint(
                condition=Q(state=AssignmentState.LAPSED) & ~Q(lapsed_because="")
                | ~Q(state=AssignmentState.LAPSED) & Q(lapsed_because=""),
                name="decisions_assignment_lapsed_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state__in=[AssignmentState.OPEN, AssignmentState.REPORTED]),
                name="decisions_assignment_due",
            ),
            models.Index(fields=["owner"], name="decisions_assignment_of_owner"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class AssignmentEvent(models.Model):
    """Something that happened to an assignment. Never changed."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Reminder(models.Model):
    """Somebody was reminded of a day. ``days`` is 60, 30 or 7 before it, -1 when it is past; each once. Never changed.

    ``channels`` are the ways by which it went beside the page.
    """

    case = models.ForeignKey("decisions.Case", on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    subject = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    on = models.DateField()
    days = models.SmallIntegerField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    channels = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "subject", "on", "days", "user"], name="decisions_reminder_once"
            ),
            models.CheckConstraint(condition=Q(days__in=[60, 30, 7, -1]), name="decisions_reminder_days"),
        ]
        indexes = [models.Index(fields=["user", "-at"], name="decisions_reminder_of_user")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
