"""What a coordinator writes down: who is absent, handovers between shifts, notes."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.service.choices import TaskState


class Absence(models.Model):
    """A worker who is not there on a local date. No reason is kept: why somebody is away is nobody's business here.

    ``shift`` is the shift that it ended, if one had begun.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="absences")
    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="absences")
    on = models.DateField()
    at = models.DateTimeField()
    marked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    shift = models.ForeignKey("service.Shift", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "on"], condition=Q(undone_at__isnull=True), name="service_absent_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__gte=F("at"), undone_by__isnull=False),
                name="service_absence_undone_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["hospital", "on"], name="service_absence_of_day")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_undone",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("user", "hospital", "on", "at", "marked_by", "shift"),
            ),
            pgtrigger.Protect(
                name="undone_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        ]


class AbsenceTask(models.Model):
    """A task that an absent worker left behind, and the state it was in."""

    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="left")
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TaskState.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["absence", "task"], name="service_left_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Handover(models.Model):
    """What one coordinator left to the next: text, and the figures as they were. Signed when made, never changed.

    ``figures`` holds what the page showed: plain numbers and rows, with no patient in them.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="handovers")
    since = models.DateTimeField()
    at = models.DateTimeField()
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    figures = models.JSONField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(since__lte=F("at")) & ~Q(text=""), name="service_handover_says_something"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | (Q(acknowledged_at__gte=F("at"), acknowledged_by__isnull=False) & ~Q(acknowledged_by=F("author"))),
                name="service_handover_read_by_another",
            ),
        ]
        indexes = [models.Index(fields=["hospital", "-at"], name="service_handover_newest")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_acknowledged",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("hospital", "since", "at", "author", "text", "figures"),
            ),
            pgtrigger.Protect(
                name="acknowledged_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__acknowledged_at__isnull=False),
            ),
        ]


class Note(models.Model):
    """A note on a ward, on a bed place or on a task. Withdrawn, never edited; after ``until`` it is not shown."""

    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="notes")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    text = models.CharField(max_length=300)
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & (Q(bed__isnull=True) | Q(task__isnull=True)), name="service_note_on_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__gte=F("at"), withdrawn_by__isnull=False),
                name="service_note_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["ward"], condition=Q(withdrawn_at__isnull=True), name="service_note_of_ward"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("ward", "bed", "task", "text", "author", "at", "until"),
            ),
            pgtrigger.Protect(
                name="withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]
