"""Who sets what of escalation: the ladder, webhooks, a person's own devices and address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.accounts.services import email_set
from vardnara.apps.hospital.queries.alerts import hospital_invented
from vardnara.apps.service.choices import AlertChannel, AlertTrigger
from vardnara.apps.service.models import (
    AlertSend,
    EscalationCase,
    Ladder,
    LadderRule,
    LadderStep,
    PushDevice,
    PushKey,
    Webhook,
)
from vardnara.engines.escalation import EscalationParams
from vardnara.gateways.posting import address_require
from vardnara.gateways.webpush import Subscription, key_make, key_public, subscription_require
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.time_window import TimeWindow

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

EDITORS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)
DEVICES_MOST = 10  # of one person


@dataclass(frozen=True, slots=True)
class StepInput:
    """A level as somebody wrote it; exactly one of role, address and webhook, as the channel wants."""

    channel: str
    role: str = ""
    address: str = ""
    webhook_id: int | None = None
    wait_minutes: int = 10
    retries: int = 0
    retry_minutes: int = 5
    start_minutes: int = 0
    end_minutes: int = 1440


def hospital_require(actor: User, hospital_id: int) -> None:
    """Raise ``out_of_scope`` unless the actor reaches the hospital whole."""
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach hospital {hospital_id}")


@transaction.atomic
def ladder_save(
    *,
    hospital_id: int,
    rules: Mapping[str, int],
    steps: Sequence[StepInput],
    read_number: int,
    actor: User,
    at: datetime,
) -> Ladder:
    """A new version of the ladder, by its head or an administrator, of the version that they have read.

    ``rules`` is minutes by trigger. Open cases go on with the version that they began with; those of a trigger that is
    no more are closed at the next look.
    """
    role_require(actor, EDITORS)
    hospital_require(actor, hospital_id)
    newest = Ladder.objects.select_for_update().filter(hospital=hospital_id).order_by("-number").first()
    if (newest.number if newest else 0) != read_number:
        raise RuleBroken("ladder_changed", f"read {read_number}")
    if rules and not steps:
        raise RuleBroken("ladder_without_steps")
    if len(steps) > EscalationParams().levels_most:
        raise RuleBroken("ladder_too_long", str(len(steps)))
    for step in steps:
        _step_require(step, hospital_id)
    if set(rules) - set(AlertTrigger.values) or any(not 0 <= minutes <= 1440 for minutes in rules.values()):
        raise RuleBroken("bad_input", str(dict(rules)))
    return _ladder_make(hospital_id, rules, steps, read_number + 1, actor, at)


def _ladder_make(
    hospital_id: int,
    rules: Mapping[str, int],
    steps: Sequence[StepInput],
    number: int,
    actor: User | None,
    at: datetime,
) -> Ladder:
    try:
        with transaction.atomic():
            ladder = Ladder.objects.create(hospital_id=hospital_id, number=number, made_by=actor, made_at=at)
    except IntegrityError as error:  # somebody else saved the first version at the same moment
        raise RuleBroken("ladder_changed", f"number {number}") from error
    LadderRule.objects.bulk_create(
        [LadderRule(ladder=ladder, trigger=trigger, after_minutes=minutes) for trigger, minutes in rules.items()]
    )
    LadderStep.objects.bulk_create(
        [
            LadderStep(
                ladder=ladder,
                level=level,
                channel=step.channel,
                role=step.role,
                address=step.address,
                webhook_id=step.webhook_id,
                wait_minutes=step.wait_minutes,
                retries=step.retries,
                retry_minutes=step.retry_minutes,
                start_minutes=step.start_minutes,
                end_minutes=step.end_minutes,
            )
            for level, step in enumerate(steps)
        ]
    )
    return ladder


def _step_require(step: StepInput, hospital_id: int) -> None:
    """Raise the code of what is wrong with a level."""
    try:
        TimeWindow(step.start_minutes, step.end_minutes)
    except InputError as error:
        raise RuleBroken("bad_window", str(error)) from error
    bounds = 0 <= step.wait_minutes <= 1440 and 0 <= step.retries <= 10 and 1 <= step.retry_minutes <= 1440
    if step.channel not in AlertChannel.values or not bounds:
        raise RuleBroken("bad_input", str(step))
    if step.channel == AlertChannel.WEBHOOK:
        known = Webhook.objects.filter(pk=step.webhook_id, hospital=hospital_id, retired_at__isnull=True)
        if step.role or step.address or not known.exists():
            raise RuleBroken("step_without_receiver", str(step))
        return
    if step.webhook_id is not None or bool(step.role) == bool(step.address):
        raise RuleBroken("step_without_receiver", str(step))
    if step.role and step.role not in Role.values:
        raise RuleBroken("bad_input", step.role)
    if step.address and step.channel != AlertChannel.MAIL:
        raise RuleBroken("step_without_receiver", str(step))
    if step.address:
        email_require(step.address)


def email_require(address: str) -> None:
    """Raise ``bad_email`` unless it is an address."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleBroken("bad_email", address[:80]) from error


@transaction.atomic
def webhook_add(*, hospital_id: int, name: str, url: str, actor: User, at: datetime) -> Webhook:
    """An administrator names a receiver; its secret is made here. Only https and http, no user in it, no redirects."""
    role_require(actor, [Role.ADMINISTRATOR])
    hospital_require(actor, hospital_id)
    try:
        address_require(url)
    except InputError as error:
        raise RuleBroken("bad_address", str(error)) from error
    try:
        with transaction.atomic():
            return Webhook.objects.create(hospital_id=hospital_id, name=name, url=url, made_by=actor, made_at=at)
    except IntegrityError as error:
        raise RuleBroken("webhook_exists", name) from error


@transaction.atomic
def webhook_retire(*, webhook_id: int, actor: User, at: datetime) -> None:
    """An administrator takes a receiver out of use; a level that names it reaches nobody from now on."""
    role_require(actor, [Role.ADMINISTRATOR])
    hook = Webhook.objects.select_for_update().filter(pk=webhook_id, retired_at__isnull=True).first()
    if hook is None:
        raise RuleBroken("unknown_webhook", str(webhook_id))
    hospital_require(actor, hook.hospital_id)
    hook.retired_at, hook.retired_by = at, actor
    hook.save()
    EscalationCase.objects.filter(
        hospital=hook.hospital_id, closed_at__isnull=True, acknowledged_at__isnull=True, look_at__isnull=False
    ).update(look_at=at)


@transaction.atomic
def webhook_test(*, webhook_id: int, actor: User, at: datetime) -> None:
    """An administrator has a test sent."""
    role_require(actor, [Role.ADMINISTRATOR])
    hook = Webhook.objects.filter(pk=webhook_id, retired_at__isnull=True).first()
    if hook is None:
        raise RuleBroken("unknown_webhook", str(webhook_id))
    hospital_require(actor, hook.hospital_id)
    AlertSend.objects.create(
        channel=AlertChannel.WEBHOOK, target=f"hook:{hook.pk}", webhook=hook, made_at=at, due_at=at
    )


@transaction.atomic
def push_private(*, at: datetime) -> str:
    """The installation's key for push services, made at first use; kept in the database for all its machines."""
    key = PushKey.objects.first()
    if key is None:
        PushKey.objects.bulk_create([PushKey(private=key_make(), made_at=at)], ignore_conflicts=True)
        key = PushKey.objects.get()
    return key.private


def push_public(*, at: datetime) -> str:
    """What a browser subscribes with."""
    return key_public(push_private(at=at))


@transaction.atomic
def push_device_add(*, subscription: Subscription, name: str, actor: User, at: datetime) -> PushDevice:
    """A person lets this browser show notifications; a browser that changes hands changes owner."""
    try:
        subscription_require(subscription, more_services=settings.PUSH_SERVICES)
    except InputError as error:
        raise RuleBroken("bad_subscription", str(error)) from error
    device, _ = PushDevice.objects.update_or_create(
        endpoint=subscription.endpoint,
        defaults={
            "user": actor,
            "p256dh": subscription.p256dh,
            "auth": subscription.auth,
            "name": name[:60],
            "language": actor.language,
            "made_at": at,
        },
    )
    old = PushDevice.objects.filter(user=actor).order_by("-made_at", "-pk").values_list("pk", flat=True)
    PushDevice.objects.filter(pk__in=list(old[DEVICES_MOST:])).delete()
    return device


@transaction.atomic
def push_device_remove(*, actor: User, device_id: int | None = None, endpoint: str = "") -> bool:
    """A person turns notifications off on one of their browsers."""
    rows = PushDevice.objects.filter(user=actor)
    rows = rows.filter(pk=device_id) if device_id is not None else rows.filter(endpoint=endpoint)
    return rows.delete()[0] > 0


@transaction.atomic
def alert_test(*, channel: str, actor: User, at: datetime) -> None:
    """A person asks for a test on their own devices or address."""
    if channel == AlertChannel.PUSH:
        if not PushDevice.objects.filter(user=actor).exists():
            raise RuleBroken("no_device")
    elif channel != AlertChannel.MAIL or not actor.email:
        raise RuleBroken("no_address")
    AlertSend.objects.create(channel=channel, target=f"user:{actor.pk}", user=actor, made_at=at, due_at=at)


def alert_email_set(*, email: str, actor: User) -> None:
    """A person says where they get e-mail; empty for nowhere."""
    if email:
        email_require(email)
    email_set(actor=actor, email=email)


@transaction.atomic
def demo_ladder_load(*, hospital_id: int, at: datetime) -> None:
    """The invented hospital's ladder: by page and notification only, so that nothing is mailed to anybody."""
    if not hospital_invented(hospital_id) or Ladder.objects.filter(hospital=hospital_id).exists():
        return
    rules = {
        AlertTrigger.URGENT: 5,
        AlertTrigger.CONTAGION: 15,
        AlertTrigger.UNCLEAN_BED: 10,
        AlertTrigger.UNOWNED: 30,
        AlertTrigger.LATE: 30,
    }
    steps = [
        StepInput(AlertChannel.PAGE, Role.COORDINATOR, wait_minutes=0),
        StepInput(AlertChannel.PUSH, Role.COORDINATOR, wait_minutes=10, retries=1, retry_minutes=5),
        StepInput(AlertChannel.PUSH, Role.SERVICE_HEAD, wait_minutes=15, start_minutes=420, end_minutes=1320),
    ]
    _ladder_make(hospital_id, {str(key): value for key, value in rules.items()}, steps, 1, None, at)
