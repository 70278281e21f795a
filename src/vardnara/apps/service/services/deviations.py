"""Reports of what was not as it should be, from phones with and without contact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import bed_ward, ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.choices import DeviationKind
from vardnara.apps.service.models import Deviation, DeviationPicture, Task
from vardnara.gateways.pictures import PictureRefused, picture_read
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

REPORTERS = (Role.SERVICE_WORKER, Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)
HANDLERS = (Role.COORDINATOR, Role.SERVICE_HEAD)
OLDEST = timedelta(days=7)  # an older one is the phone's clock


@transaction.atomic
def deviation_report(
    *,
    key: UUID,
    kind: str,
    note: str,
    actor: User,
    at: datetime,
    received_at: datetime,
    task_id: int | None = None,
    bed_id: int | None = None,
    ward_id: int | None = None,
    picture: bytes = b"",
) -> Deviation:
    """Keep a report; the same key again is the same report, whatever else comes with it.

    It belongs to a task, else to a bed, else to a ward. ``picture`` is a file as the phone took it. Raises
    ``bad_picture``, ``picture_too_large``, ``unknown_kind``, ``unknown_task``, ``which_place``, ``note_missing``.
    """
    role_require(actor, REPORTERS)
    known = Deviation.objects.filter(pk=key).first()
    if known is not None:
        if known.reporter_id != actor.pk:
            raise RuleBroken("another_user", str(key))
        return known
    if kind not in DeviationKind.values:
        raise RuleBroken("unknown_kind", kind)
    if kind == DeviationKind.OTHER and not note.strip() and not picture:
        raise RuleBroken("note_missing", "say what")
    if task_id is not None:
        place = Task.objects.filter(pk=task_id).values_list("ward_id", "bed_id").first()
        if place is None:
            raise RuleBroken("unknown_task", str(task_id))
        ward_id, bed_id = place
    elif bed_id is not None:
        ward_id = bed_ward(bed_id)
    if ward_id is None:
        raise RuleBroken("which_place", "a task, a bed or a ward")
    ward_require(actor, ward_id)
    try:
        seen = picture_read(picture) if picture else None
    except PictureRefused as no:
        code = "picture_too_large" if no.code == "too_large" else "bad_picture"
        raise RuleBroken(code, no.code) from no
    made = Deviation.objects.create(
        key=key,
        kind=kind,
        note=note.strip()[:500],
        ward_id=ward_id,
        bed_id=bed_id,
        task_id=task_id,
        reporter=actor,
        at=max(min(at, received_at), received_at - OLDEST),
        received_at=received_at,
    )
    if seen is not None:
        DeviationPicture.objects.create(deviation=made, jpeg=seen.jpeg, width=seen.width, height=seen.height)
    changes_notify(wards=[ward_id], tasks=[task_id] if task_id else [])
    return made


@transaction.atomic
def deviation_handle(*, key: UUID, note: str, actor: User, at: datetime) -> None:
    """Say that somebody has seen to it, and how; once."""
    row = _locked(key, actor)
    if row.handled_at is not None:
        raise RuleBroken("already_settled", str(key))
    row.handled_at, row.handled_by, row.handled_note = at, actor, note.strip()[:300]
    row.save(update_fields=["handled_at", "handled_by", "handled_note"])
    changes_notify(wards=[row.ward_id], tasks=[row.task_id] if row.task_id else [])


@transaction.atomic
def deviation_picture_remove(*, key: UUID, actor: User, at: datetime) -> None:
    """Remove a picture that should never have been taken, such as one of a person; the report says that it was."""
    row = _locked(key, actor)
    if not DeviationPicture.objects.filter(deviation=row).delete()[0]:
        raise RuleBroken("already_settled", str(key))
    row.picture_removed_at, row.picture_removed_by = at, actor
    row.save(update_fields=["picture_removed_at", "picture_removed_by"])


def _locked(key: UUID, actor: User) -> Deviation:
    role_require(actor, HANDLERS)
    row = Deviation.objects.select_for_update().filter(pk=key).first()
    if row is None:
        raise RuleBroken("unknown_deviation", str(key))
    ward_require(actor, row.ward_id)
    return row
