"""Notes on wards, bed places and tasks: written, shown until a date, withdrawn, never edited."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import bed_ward, ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.choices import LIVE_STATES
from vardnara.apps.service.models import Note, Task
from vardnara.apps.service.services.steps import LEADERS, WORKERS
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

WRITERS = (Role.WARD_STAFF, *WORKERS)
PERSONNUMMER = re.compile(r"(?<!\d)(?:19|20)?\d{6}[-+ ]?\d{4}(?!\d)")


def identity_refuse(text: str) -> None:
    """Raise ``looks_like_identity`` where a text holds what looks like a personnummer."""
    if PERSONNUMMER.search(text):
        raise RuleBroken("looks_like_identity")


def _tell(note: Note) -> None:
    tasks = Task.objects.filter(ward=note.ward_id, state__in=LIVE_STATES)
    here = tasks.filter(pk=note.task_id) if note.task_id else tasks.filter(bed=note.bed_id) if note.bed_id else tasks
    changes_notify(
        wards=[note.ward_id],
        beds=[note.bed_id] if note.bed_id else (),
        tasks=here.values_list("pk", flat=True),
    )


@transaction.atomic
def note_add(
    *,
    text: str,
    actor: AbstractBaseUser,
    at: datetime,
    ward_id: int | None = None,
    bed_id: int | None = None,
    task_id: int | None = None,
    until: date | None = None,
) -> Note:
    """Somebody who works there leaves a note on a ward, a bed place or a task, to be shown through ``until``."""
    role_require(actor, WRITERS)
    if task_id is not None:
        ward_id = Task.objects.filter(pk=task_id).values_list("ward_id", flat=True).first()
        bed_id = None
        if ward_id is None:
            raise RuleBroken("unknown_task", str(task_id))
    elif bed_id is not None:
        ward_id = bed_ward(bed_id)
    if ward_id is None:
        raise RuleBroken("note_on_what")
    ward_require(actor, ward_id)
    text = text.strip()
    if not text:
        raise RuleBroken("note_missing")
    if len(text) > Note._meta.get_field("text").max_length:
        raise RuleBroken("note_too_long")
    identity_refuse(text)
    if until is not None and until < local_date(at):
        raise RuleBroken("note_until_past")
    note = Note.objects.create(
        ward_id=ward_id, bed_id=bed_id, task_id=task_id, text=text, author_id=actor.pk, at=at, until=until
    )
    _tell(note)
    return note


@transaction.atomic
def note_withdraw(*, note_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """Whoever wrote it, or a leader, takes a note away; it is kept, and shown no more."""
    role_require(actor, WRITERS)
    note = Note.objects.select_for_update().filter(pk=note_id).first()
    if note is None:
        raise RuleBroken("unknown_note", str(note_id))
    ward_require(actor, note.ward_id)
    if note.author_id != actor.pk and actor.role not in LEADERS:
        raise RuleBroken("not_your_note", str(note_id))
    if note.withdrawn_at is not None:
        raise RuleBroken("nothing_to_cancel", str(note_id))
    note.withdrawn_at, note.withdrawn_by_id = at, actor.pk
    note.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell(note)
