"""Notes that hold on a date, where they matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.models import Note

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as pages show it."""

    id: int
    text: str
    author_id: int
    author: str
    at: datetime
    until: date | None
    ward_id: int
    ward_name: str
    bed_id: int | None
    room_code: str
    bed_code: str
    task_id: int | None

    def is_about(self, ward_id: int, bed_id: int | None, task_id: int) -> bool:
        """Whether it matters to a task: written on it, on its place, or on its ward as a whole."""
        if self.task_id is not None:
            return self.task_id == task_id
        return self.bed_id == bed_id if self.bed_id is not None else self.ward_id == ward_id


def note_list(
    *, actor: User, on: date, ward_id: int | None = None, bed_id: int | None = None, task_id: int | None = None
) -> list[NoteRow]:
    """Notes within reach that hold on the date, oldest first: of a ward, and beside those of a bed and of a task.

    With a ward alone, everything noted on it; without any, everything within reach.
    """
    notes = Note.objects.filter(Q(until__isnull=True) | Q(until__gte=on), withdrawn_at__isnull=True)
    notes = notes.filter(ward__in=wards_in_reach(actor))
    if ward_id is not None:
        notes = notes.filter(ward=ward_id)
    if bed_id is not None or task_id is not None:
        here = Q(bed__isnull=True, task__isnull=True)
        if bed_id is not None:
            here |= Q(bed=bed_id)
        if task_id is not None:
            here |= Q(task=task_id)
        notes = notes.filter(here)
    return [
        NoteRow(
            id=note.pk,
            text=note.text,
            author_id=note.author_id,
            author=note.author.get_full_name() or note.author.get_username(),
            at=note.at,
            until=note.until,
            ward_id=note.ward_id,
            ward_name=note.ward.name,
            bed_id=note.bed_id,
            room_code=note.bed.room.code if note.bed else "",
            bed_code=note.bed.code if note.bed else "",
            task_id=note.task_id,
        )
        for note in notes.select_related("author", "ward", "bed__room").order_by("at", "pk")
    ]
