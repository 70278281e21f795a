"""Ladders in versions, what is told by them, and every message with what became of it."""

from __future__ import annotations

import secrets
import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from vardnara.apps.accounts.choices import Role
from vardnara.apps.service.choices import AlertChannel, AlertOutcome, AlertTrigger

NEVER_CHANGED = pgtrigger.Update | pgtrigger.Delete


def secret_new() -> str:
    """What a webhook's messages are signed with."""
    return secrets.token_urlsafe(32)


class Webhook(models.Model):
    """A receiver of an administrator's: an SMS gateway or pager system. Taken out of use, never deleted."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="webhooks")
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=300)
    secret = models.CharField(max_length=60, default=secret_new, editable=False)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "name"], condition=Q(retired_at__isnull=True), name="service_webhook_once"
            ),
        ]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]


class Ladder(models.Model):
    """A version of a hospital's ladder: the highest number holds. Never changed: another version takes its place."""

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="ladders")
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "number"], name="service_ladder_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=NEVER_CHANGED)]


class LadderRule(models.Model):
    """What the ladder is climbed for, so many minutes after it began."""

    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="rules")
    trigger = models.CharField(max_length=12, choices=AlertTrigger.choices)
    after_minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ladder", "trigger"], name="service_ladder_rule_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=NEVER_CHANGED)]


class LadderStep(models.Model):
    """A level: whom (a role that reaches the ward, an address, or a webhook), by what, how often, at which hours.

    ``start_minutes`` to ``end_minutes`` are hours of the local day; an end before the start is on the day after.
    """

    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="steps")
    level = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8, choices=AlertChannel.choices)
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    address = models.CharField(max_length=254, blank=True)
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    wait_minutes = models.PositiveSmallIntegerField()
    retries = models.PositiveSmallIntegerField(default=0)
    retry_minutes = models.PositiveSmallIntegerField(default=5)
    start_minutes = models.PositiveSmallIntegerField(default=0)
    end_minutes = models.PositiveSmallIntegerField(default=1440)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ladder", "level"], name="service_ladder_level_once"),
            models.CheckConstraint(
                condition=Q(start_minutes__lt=1440, end_minutes__gte=1, end_minutes__lte=1440)
                & ~Q(start_minutes=F("end_minutes"))
                & Q(wait_minutes__lte=1440, retries__lte=10, retry_minutes__gte=1, retry_minutes__lte=1440),
                name="service_ladder_step_bounds",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["page", "push"], address="", webhook__isnull=True) & ~Q(role="")
                | Q(channel="mail", webhook__isnull=True) & (Q(role="") ^ Q(address=""))
                | Q(channel="webhook", role="", address="", webhook__isnull=False),
                name="service_ladder_step_receiver",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=NEVER_CHANGED)]


class EscalationCase(models.Model):
    """Something that stands still. ``subject`` tells it from others (``task:12``, ``bed:7``, ``part:listener``).

    ``begins_at`` is when the ladder begins for it, ``look_at`` when there may be something to tell next.
    """

    hospital = models.ForeignKey("hospital.Hospital", on_delete=models.PROTECT, related_name="escalations")
    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="cases")
    trigger = models.CharField(max_length=12, choices=AlertTrigger.choices)
    subject = models.CharField(max_length=40)
    task = models.ForeignKey("service.Task", on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    bed = models.ForeignKey("hospital.BedPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ward = models.ForeignKey("hospital.Ward", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField()
    begins_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True, blank=True)
    exhausted_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "trigger", "subject"],
                condition=Q(closed_at__isnull=True),
                name="service_case_open_once",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="service_case_acknowledged_by",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_reason="")
                | Q(closed_at__isnull=False) & ~Q(closed_reason=""),
                name="service_case_closed_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["look_at"], condition=Q(closed_at__isnull=True), name="service_case_to_look"),
            models.Index(fields=["task"], name="service_case_of_task"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="closed_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__closed_at__isnull=False)
            ),
        ]


class AlertSend(models.Model):
    """A message to one receiver: the outbox. ``key`` goes with every try of it, so that a receiver can tell a repeat.

    ``target`` is whom the ladder meant (``user:4``, ``hook:2``, ``mail:...``); without a case it is a message of
    another app, whose words it carries, or without words somebody's test.
    """

    case = models.ForeignKey(EscalationCase, on_delete=models.PROTECT, null=True, blank=True, related_name="sends")
    level = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)
    channel = models.CharField(max_length=8, choices=AlertChannel.choices)
    target = models.CharField(max_length=260)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=AlertOutcome.choices, blank=True)
    title = models.CharField(max_length=120, blank=True, default="", db_default="")
    text = models.CharField(max_length=400, blank=True, default="", db_default="")
    path = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "level", "turn", "target"], name="service_alert_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="") | Q(done_at__isnull=False) & ~Q(outcome=""),
                name="service_alert_done_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="service_alert_to_send"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="done_stays", operation=pgtrigger.Update, condition=pgtrigger.Q(old__done_at__isnull=False)
            ),
        ]


class Delivery(models.Model):
    """One try of a message and what the receiver answered. Append-only: the database refuses change and deletion."""

    send = models.ForeignKey(AlertSend, on_delete=models.PROTECT, related_name="deliveries")
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=8, choices=AlertChannel.choices)
    address = models.CharField(max_length=300)
    outcome = models.CharField(max_length=10, choices=AlertOutcome.choices)
    code = models.CharField(max_length=12, blank=True)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="service_delivery_by_time")]
        triggers = [pgtrigger.Protect(name="append_only", operation=NEVER_CHANGED)]


class PushDevice(models.Model):
    """A browser that somebody has let show notifications. ``endpoint`` is an address of its maker's push service."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="push_devices")
    endpoint = models.CharField(max_length=600, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    name = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5, default="sv")
    made_at = models.DateTimeField()


class PushKey(models.Model):
    """The key with which this installation shows push services who it is (RFC 8292), made at first use. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    private = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="service_push_key_one")]
        triggers = [pgtrigger.Protect(name="keep", operation=pgtrigger.Update)]
