"""Reports of what was not as it should be, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import DeviationKind
from vardnara.apps.service.models import Deviation, DeviationPicture
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

SHOWN = 100  # of those that are handled


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A report with its place; ``name`` is who saw it, for whoever must ask."""

    key: UUID
    kind: DeviationKind
    note: str
    ward_name: str
    bed_id: int | None
    room_code: str
    bed_code: str
    task_id: int | None
    name: str
    at: datetime
    received_at: datetime
    handled_at: datetime | None
    handled_name: str
    handled_note: str
    size: tuple[int, int] | None
    picture_removed: bool


def _reach(actor: User) -> QuerySet[Deviation]:
    return Deviation.objects.filter(ward__in=wards_in_reach(actor))


def deviation_list(*, actor: User, handled: bool, since: datetime | None = None) -> list[DeviationRow]:
    """Reports within reach: those that wait, the oldest first; or those that were handled, the newest first."""
    rows = _reach(actor).filter(handled_at__isnull=not handled)
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    rows = rows.select_related("ward", "bed__room", "reporter", "handled_by")
    rows = rows.annotate(width=F("picture__width"), height=F("picture__height"))
    ordered = rows.order_by("-handled_at", "pk")[:SHOWN] if handled else rows.order_by("at", "pk")
    return [_row(row) for row in ordered]


def deviation_count_open(*, actor: User) -> int:
    """How many wait within reach."""
    return _reach(actor).filter(handled_at__isnull=True).count()


def deviation_picture(*, actor: User, key: UUID) -> bytes:
    """The picture of a report within reach, as JPEG; raises ``unknown_deviation``."""
    found = DeviationPicture.objects.filter(deviation__in=_reach(actor), pk=key).values_list("jpeg", flat=True).first()
    if found is None:
        raise RuleBroken("unknown_deviation", str(key))
    return bytes(found)


def _name(user: User | None) -> str:
    return "" if user is None else user.get_full_name() or user.get_username()


def _row(row: Deviation) -> DeviationRow:
    return DeviationRow(
        key=row.key,
        kind=DeviationKind(row.kind),
        note=row.note,
        ward_name=row.ward.name,
        bed_id=row.bed_id,
        room_code=row.bed.room.code if row.bed else "",
        bed_code=row.bed.code if row.bed else "",
        task_id=row.task_id,
        name=_name(row.reporter),
        at=row.at,
        received_at=row.received_at,
        handled_at=row.handled_at,
        handled_name=_name(row.handled_by),
        handled_note=row.handled_note,
        size=(row.width, row.height) if row.width else None,
        picture_removed=row.picture_removed_at is not None,
    )
