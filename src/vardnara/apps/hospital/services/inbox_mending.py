"""What a person does at the inbox page: mend the cause, apply again."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import connection, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.bridge import message_read
from vardnara.apps.hospital.choices import MessageStatus
from vardnara.apps.hospital.events import INBOX_CHANNEL
from vardnara.apps.hospital.models import InboxMessage, Sender
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.gateways.hl7.reader import Refusal
from vardnara.kernel.errors import RuleBroken

MENDERS = (Role.INTEGRATOR, Role.ADMINISTRATOR)


def message_retry(*, message_id: int, actor: AbstractUser, at: datetime) -> None:
    """Queue a parked or refused message to be applied again, after a person mended the cause."""
    role_require(actor, MENDERS)
    with transaction.atomic():
        message = InboxMessage.objects.select_for_update().filter(pk=message_id).first()
        if message is None:
            raise RuleBroken("unknown_message", str(message_id))
        _queue_again([message])


def messages_retry(*, reason: str, actor: AbstractUser, at: datetime) -> int:
    """Queue every parked or refused message of one reason again; returns how many were."""
    role_require(actor, MENDERS)
    with transaction.atomic():
        messages = list(
            InboxMessage.objects.select_for_update()
            .filter(status__in=[MessageStatus.PARKED, MessageStatus.REFUSED], reason=reason)
            .order_by("pk")
        )
        return _queue_again(messages)


def _queue_again(messages: list[InboxMessage]) -> int:
    """Set to waiting what can be read under the sender's present settings; the rest keeps its refusal, renewed."""
    queued = 0
    for message in messages:
        if message.status not in (MessageStatus.PARKED, MessageStatus.REFUSED):
            raise RuleBroken("wrong_state", f"message {message.pk} is {message.status}")
        sender = Sender.objects.filter(application=message.application, facility=message.facility).first()
        try:
            reading = message_read(message, sender)
        except Refusal as no:
            if len(messages) == 1:
                raise RuleBroken("still_refused", str(no)) from no
            continue
        message.status = MessageStatus.WAITING if reading.effective else MessageStatus.IGNORED
        message.reason = ""
        message.message_type, message.trigger_event = reading.header.message_type, reading.event
        message.version = reading.header.version
        message.save(update_fields=["status", "reason", "message_type", "trigger_event", "version"])
        queued += 1
    if queued:
        inbox_wake()
    return queued


def inbox_wake() -> None:
    """Tell the worker that something waits, and open pages that the inbox changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [INBOX_CHANNEL])
    changes_notify(inbox=True)


SENDER_FIELDS = frozenset(
    {"time_zone", "charset", "processing_ids", "a03_administrative", "al1_snapshot", "contagion_codes"}
)


def sender_update(*, sender_id: int, actor: AbstractUser, at: datetime, **fields: object) -> None:
    """Change how a sender is read; takes effect on receipt within seconds and on retry at once."""
    role_require(actor, MENDERS)
    unknown = set(fields) - SENDER_FIELDS
    if unknown:
        raise RuleBroken("unknown_field", ", ".join(sorted(unknown)))
    if Sender.objects.filter(pk=sender_id).update(confirmed=True, **fields) != 1:
        raise RuleBroken("unknown_sender", str(sender_id))
