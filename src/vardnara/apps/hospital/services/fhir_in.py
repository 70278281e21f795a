"""FHIR resources that a system sends over HTTP: kept as they came, then acknowledged, like any message (H-05)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.bridge import fhir_rules
from vardnara.apps.hospital.choices import MessageStatus
from vardnara.apps.hospital.models import InboxMessage, Sender, SystemKey
from vardnara.apps.hospital.services.inbox_mending import MENDERS, inbox_wake
from vardnara.gateways.fhir.reader import fhir_read
from vardnara.gateways.hl7.reader import AdtReading
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SEEN_EVERY = timedelta(minutes=5)  # how exactly it is kept when a key was used last


@dataclass(frozen=True, slots=True)
class Arrived:
    """A resource that was kept. ``known`` is true where the same had come before."""

    message_id: int
    control_id: str
    known: bool


def key_digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def sender_of_key(*, key: str, at: datetime) -> Sender | None:
    """The system that a key belongs to, or None."""
    row = SystemKey.objects.select_related("sender").filter(digest=key_digest(key), ended_at__isnull=True).first()
    if row is None:
        return None
    unseen = Q(used_at__isnull=True) | Q(used_at__lt=at - SEEN_EVERY)
    SystemKey.objects.filter(unseen, pk=row.pk, ended_at__isnull=True).update(used_at=at)
    return row.sender


@transaction.atomic
def fhir_keep(*, sender: Sender, resources: Sequence[bytes | dict[str, Any]], at: datetime) -> list[Arrived]:
    """Keep resources, all or none, to be applied by the worker in the order of their coming.

    Parameters
    ----------
    resources
        Checked (``fhir_check``); bytes are kept as they are.

    Raises
    ------
    Refusal
        One that cannot be read.
    """
    rules = fhir_rules(sender)
    Sender.objects.select_for_update().get(pk=sender.pk)  # two at once of one system are one after the other
    arrived = []
    for resource in resources:
        raw = resource if isinstance(resource, bytes) else json.dumps(resource, ensure_ascii=False).encode()
        reading = fhir_read(raw, rules, received_at=at)
        arrived.append(_keep(raw, reading, at=at))
    inbox_wake()
    return arrived


def _keep(raw: bytes, reading: AdtReading, *, at: datetime) -> Arrived:
    """Keep one resource. What is the same as what came last of this resource is counted; the same as something before
    that is news, and the digest, which is chained, says so.
    """
    header = reading.header
    named = {"application": header.application, "facility": header.facility, "control_id": header.control_id}
    latest = InboxMessage.objects.select_for_update().filter(**named).order_by("-pk").first()
    if latest is not None and bytes(latest.raw) == raw:
        InboxMessage.objects.filter(pk=latest.pk).update(duplicates=F("duplicates") + 1)
        return Arrived(latest.pk, header.control_id, known=True)
    before = bytes(latest.digest) if latest is not None else b""
    row = InboxMessage.objects.create(
        **named,
        raw=raw,
        digest=hashlib.sha256(before + raw).digest(),
        received_at=at,
        message_type=header.message_type,
        trigger_event=header.trigger,
        version=header.version,
        status=MessageStatus.WAITING if reading.effective else MessageStatus.IGNORED,
        reason="" if reading.effective else "no_effect",
    )
    return Arrived(row.pk, header.control_id, known=False)


@transaction.atomic
def system_add(*, application: str, facility: str, actor: User, at: datetime) -> Sender:
    """A system that will call us, before it has; raises ``sender_exists``."""
    role_require(actor, MENDERS)
    if not application.strip():
        raise RuleBroken("sender_without_name")
    row, made = Sender.objects.get_or_create(
        application=application.strip()[:200], facility=facility.strip()[:200], defaults={"confirmed": True}
    )
    if not made:
        raise RuleBroken("sender_exists", f"{application} {facility}".strip())
    return row


@transaction.atomic
def issuers_set(*, sender_id: int, issuers: dict[str, str], actor: User, at: datetime) -> None:
    """Say whose numbers the identifier systems of a system are; what stands still can be tried again then."""
    role_require(actor, MENDERS)
    if Sender.objects.filter(pk=sender_id).update(issuers=issuers) != 1:
        raise RuleBroken("unknown_sender", str(sender_id))


@transaction.atomic
def key_make(*, sender_id: int, actor: User, at: datetime) -> str:
    """A new key for a system, which only this answer holds; those that it has go on."""
    role_require(actor, MENDERS)
    if not Sender.objects.filter(pk=sender_id).exists():
        raise RuleBroken("unknown_sender", str(sender_id))
    key = secrets.token_urlsafe(32)
    SystemKey.objects.create(sender_id=sender_id, digest=key_digest(key), made_at=at, made_by=actor)
    return key


@transaction.atomic
def key_end(*, key_id: int, actor: User, at: datetime) -> int:
    """End a key for good; returns whose it was. Twice is once."""
    role_require(actor, MENDERS)
    row = SystemKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise RuleBroken("unknown_key", str(key_id))
    if row.ended_at is None:
        row.ended_at, row.ended_by = at, actor
        row.save(update_fields=["ended_at", "ended_by"])
    return row.sender_id
