"""The inbox as a person reads it. Identity is masked by an allow-list: a field not known to be safe is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Min

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.choices import MessageStatus
from vardnara.apps.hospital.models import AdtRecord, InboxMessage, PatientIdentity, Sender
from vardnara.gateways.fhir.faults import FhirError
from vardnara.gateways.fhir.masked import resource_lines
from vardnara.gateways.fhir.reader import fhir_load
from vardnara.gateways.hl7.er7 import Er7Error, er7_read
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS = (Role.INTEGRATOR, Role.AUDITOR, Role.ADMINISTRATOR)
PAGE = 100  # messages on one page
SAFE_FIELDS: dict[str, frozenset[int] | None] = {
    "MSH": None,
    "EVN": frozenset({1, 2, 3, 4, 6}),
    "PV1": frozenset({1, 2, 3, 4, 6, 10, 14, 36, 37, 42, 43, 44, 45}),
    "PV2": frozenset({1, 8, 9}),
    "ORC": frozenset({1, 2, 3, 5, 7, 9}),
    "TQ1": frozenset({1, 7, 8}),
    "MSA": None,
    "ERR": None,
}


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in a list: header only."""

    id: int
    received_at: datetime
    sender: str
    control_id: str
    event: str
    version: str
    status: MessageStatus
    reason: str
    duplicates: int
    control_id_reused: bool


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Messages that stand still for one reason."""

    reason: str
    number: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its number, or its path in a FHIR resource, and its text, or hidden."""

    number: int | str
    text: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class SegmentView:
    name: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """What one event of the message became."""

    code: str
    effect_at: datetime
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One opened message."""

    line: MessageLine
    segments: tuple[SegmentView, ...]
    unreadable: str
    acknowledgement: tuple[str, ...]
    records: tuple[RecordView, ...]
    sender_id: int | None
    applied_at: datetime | None
    n_bytes: int
    shown: bool
    protected: bool


@dataclass(frozen=True, slots=True)
class SenderLine:
    """A sending system and how it is read."""

    id: int
    name: str
    time_zone: str
    charset: str
    processing_ids: str
    a03_administrative: bool
    al1_snapshot: bool
    confirmed: bool
    codes: tuple[tuple[str, str], ...]  # precaution code, contagion class
    unmapped_codes: tuple[str, ...]  # that came and are treated as class not known
    issuers: tuple[tuple[str, str], ...]  # identifier system, whose numbers these are here


def sender_name(application: str, facility: str) -> str:
    """A sending system as a person reads it."""
    return " / ".join(part for part in (application, facility) if part) or "–"


def _line(row: InboxMessage) -> MessageLine:
    return MessageLine(
        id=row.pk,
        received_at=row.received_at,
        sender=sender_name(row.application, row.facility),
        control_id=row.control_id,
        event=" ".join(part for part in (row.message_type, row.trigger_event) if part),
        version=row.version,
        status=MessageStatus(row.status),
        reason=row.reason,
        duplicates=row.duplicates,
        control_id_reused=row.control_id_reused,
    )


def inbox_counts(*, actor: User) -> dict[str, int]:
    """Messages by status, every status named."""
    role_require(actor, READERS)
    rows = InboxMessage.objects.values_list("status").annotate(Count("pk"))
    return {str(status): 0 for status in MessageStatus} | dict(rows)


def inbox_list(
    *, actor: User, status: str, reason: str = "", before_id: int | None = None
) -> tuple[list[MessageLine], int | None]:
    """Messages of one status, newest first, and where the next page begins."""
    role_require(actor, READERS)
    rows = InboxMessage.objects.filter(status=status).defer("raw", "acknowledgement").order_by("-pk")
    if reason:
        rows = rows.filter(reason=reason)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    lines = [_line(row) for row in rows[: PAGE + 1]]
    return lines[:PAGE], lines[PAGE - 1].id if len(lines) > PAGE else None


def inbox_reasons(*, actor: User, status: str) -> list[ReasonGroup]:
    """Why messages of one status stand where they stand, most common first."""
    role_require(actor, READERS)
    rows = (
        InboxMessage.objects.filter(status=status)
        .values("reason")
        .annotate(number=Count("pk"), first_at=Min("received_at"), last_at=Max("received_at"))
        .order_by("-number", "reason")
    )
    return [ReasonGroup(**row) for row in rows[:50]]


def _segments(raw: bytes, *, shown: bool) -> tuple[tuple[SegmentView, ...], str]:
    """Segments with unsafe fields hidden unless ``shown``; the reason where the text cannot be read at all."""
    if raw.lstrip()[:1] == b"{":
        return _elements(raw, shown=shown)
    try:
        message = er7_read(raw)
    except Er7Error as error:
        return (), str(error)
    views = []
    for segment in message.segments:
        safe = SAFE_FIELDS.get(segment.name, frozenset())
        first = 3 if segment.name == "MSH" else 1
        fields = []
        for number in range(first, first + 60):
            text = segment.field(number)
            if text:
                hidden = not (shown or safe is None or number in safe)
                fields.append(FieldView(number, "" if hidden else text, hidden))
        views.append(SegmentView(segment.name, tuple(fields)))
    return tuple(views), ""


def _elements(raw: bytes, *, shown: bool) -> tuple[tuple[SegmentView, ...], str]:
    """The elements of a FHIR resource, as segments."""
    try:
        resource = fhir_load(raw)
    except FhirError as error:
        return (), str(error)
    views = []
    for name, values, safe in resource_lines(resource):
        hidden = not (shown or safe)
        views.append(SegmentView(name, tuple(FieldView(path, "" if hidden else text, hidden) for path, text in values)))
    return tuple(views), ""


def message_open(*, actor: User, message_id: int, shown: bool) -> MessageView:
    """One message. ``shown`` only after the look has been written down; protected identity stays hidden (I-03)."""
    role_require(actor, READERS)
    row = InboxMessage.objects.filter(pk=message_id).first()
    if row is None:
        raise RuleBroken("unknown_message", f"message {message_id}")
    protected = PatientIdentity.objects.filter(protected=True, patient__streams__records__message=row).exists()
    shown = shown and not protected
    segments, unreadable = _segments(bytes(row.raw), shown=shown)
    answer = bytes(row.acknowledgement or b"").decode("latin-1")
    sender = Sender.objects.filter(application=row.application, facility=row.facility).first()
    return MessageView(
        line=_line(row),
        segments=segments,
        unreadable=unreadable,
        acknowledgement=tuple(
            line for line in answer.replace("\x0b", "").replace("\x1c", "").split("\r") if line.strip()
        ),
        records=tuple(
            RecordView(record.code, record.effect_at, record.outcome, record.reason)
            for record in AdtRecord.objects.filter(message=row).order_by("pk")
        ),
        sender_id=sender.pk if sender else None,
        applied_at=row.applied_at,
        n_bytes=len(row.raw),
        shown=shown,
        protected=protected,
    )


def sender_list(*, actor: User) -> list[SenderLine]:
    """Sending systems by name."""
    role_require(actor, READERS)
    return [_sender_line(row) for row in Sender.objects.order_by("application", "facility")]


def sender_one(*, actor: User, sender_id: int) -> SenderLine:
    """One sending system; raises ``unknown_sender``."""
    role_require(actor, READERS)
    row = Sender.objects.filter(pk=sender_id).first()
    if row is None:
        raise RuleBroken("unknown_sender", f"sender {sender_id}")
    return _sender_line(row)


def _sender_line(row: Sender) -> SenderLine:
    return SenderLine(
        id=row.pk,
        name=sender_name(row.application, row.facility),
        time_zone=row.time_zone,
        charset=row.charset,
        processing_ids=row.processing_ids,
        a03_administrative=row.a03_administrative,
        al1_snapshot=row.al1_snapshot,
        confirmed=row.confirmed,
        codes=tuple(sorted(row.contagion_codes.items())),
        unmapped_codes=tuple(sorted(set(row.unmapped_codes) - row.contagion_codes.keys())),
        issuers=tuple(sorted(row.issuers.items())),
    )
