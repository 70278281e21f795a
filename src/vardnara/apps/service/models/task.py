"""Tasks and their history."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from vardnara.apps.service.choices import (
    GIVEN,
    LIVE_STATES,
    OWNED_STATES,
    TURNOVER_KINDS,
    EventKind,
    Party,
    Priority,
    TaskKind,
    TaskState,
)


class Task(models.Model):
    """A piece of work at a place. Claimed by one worker; a bed has at most one turnover clean that is not finished.

    ``party`` is whose work it is by agreement; empty where no agreement says so. ``plan_key`` names the occurrence that
    a task of the day's plan stands for (line, date, time, bed), so that making the plan again makes nothing twice;
    ``planned_on`` is the local date that it belongs to, ``starts_at`` to ``due_at`` its window.

    ``worked_seconds`` sums closed spells of work; a running spell began at ``spell_started_at``. ``warning`` is a code
    such as ``patient_in_bed`` that boards and phones show. What is claimed for the reason ``day_plan`` the day plan has
    given: one task ahead for each worker, which it may take back until somebody begins.
    """

    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    task_type = models.ForeignKey(
        "service.TaskType", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    party = models.CharField(max_length=12, choices=Party.choices, default=Party.SERVICE, blank=True)
    line = models.ForeignKey(
        "service.AgreementLine", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    plan_key = models.CharField(max_length=80, null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, related_name="tasks")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    note = models.CharField(max_length=300, blank=True)
    instruction = models.CharField(max_length=40, blank=True)
    contagion_class = models.CharField(max_length=1, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    owner = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="owned_tasks"
    )
    norm_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    spell_started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    worked_seconds = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=40, blank=True)
    warning = models.CharField(max_length=40, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OWNED_STATES, owner__isnull=False)
                | Q(state=TaskState.OPEN, owner__isnull=True)
                | Q(state__in=[TaskState.DONE, TaskState.INSPECTED, TaskState.WITHDRAWN]),
                name="service_task_owner_matches_state",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=TURNOVER_KINDS) | Q(bed__isnull=False), name="service_turnover_has_bed"
            ),
            models.UniqueConstraint(
                fields=["bed"],
                condition=Q(kind__in=TURNOVER_KINDS, state__in=LIVE_STATES),
                name="service_one_turnover_a_bed",
            ),
            models.UniqueConstraint(
                fields=["bed", "kind"],
                condition=Q(kind=TaskKind.DAILY_CLEAN, state__in=LIVE_STATES),
                name="service_one_daily_clean_a_bed",
            ),
            models.UniqueConstraint(fields=["plan_key"], name="service_task_planned_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(state=TaskState.CLAIMED, reason=GIVEN), name="service_one_given_ahead"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ward", "priority", "created_at"], condition=Q(state="open"), name="service_task_open"
            ),
            models.Index(fields=["owner"], condition=Q(state__in=OWNED_STATES), name="service_task_owned"),
            models.Index(fields=["state", "finished_at"], name="service_task_by_state"),
            models.Index(fields=["planned_on", "ward"], name="service_task_of_day"),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class TaskEvent(models.Model):
    """What happened to a task, by whom and when. Never rewritten: the database refuses change and deletion.

    ``device`` and ``device_seq`` make a command from a phone happen once, however often it is sent.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=14, choices=EventKind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    device = models.CharField(max_length=40, blank=True)
    device_seq = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "device_seq"],
                condition=~Q(device="") & Q(device_seq__isnull=False),
                name="service_command_once",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
