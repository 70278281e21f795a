"""What the next coordinator must know, and what coordinators have left each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localtime

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import EventKind, TaskState
from vardnara.apps.service.models import Handover, Task, TaskEvent
from vardnara.apps.service.queries.absence import absence_list
from vardnara.apps.service.queries.conflicts import conflict_list_open
from vardnara.apps.service.queries.deviations import DeviationRow, deviation_list
from vardnara.apps.service.queries.notes import NoteRow, note_list
from vardnara.apps.service.queries.tasks import TaskRow, task_list_live, task_round_left
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

SHIFT = timedelta(hours=8)  # how far back is looked where nobody has handed over
LONGEST = timedelta(hours=16)  # a handover older than that was another day's
LISTED = 40  # rows of a kind that are kept with a handover; the rest are counted
HISTORY = 60  # handovers in the list


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """A handover; ``sections`` is what was kept with it: (code, number, rows of what, where and detail)."""

    id: int
    hospital_id: int
    hospital: str
    since: datetime
    at: datetime
    author_id: int
    author: str
    text: str
    acknowledged_at: datetime | None
    acknowledged_by: str
    sections: tuple[tuple[str, int, tuple[tuple[str, str, str], ...]], ...]


def _name(user: User | None) -> str:
    return "" if user is None else str(user.get_full_name() or user.get_username())


def _within(actor: User) -> QuerySet[Handover]:
    hospitals = wards_in_reach(actor).values("division__hospital")
    found = Handover.objects.filter(hospital__in=hospitals)
    return found.select_related("author", "acknowledged_by", "hospital").order_by("-at", "-pk")


def _row(one: Handover) -> HandoverRow:
    return HandoverRow(
        id=one.pk,
        hospital_id=one.hospital_id,
        hospital=one.hospital.name,
        since=one.since,
        at=one.at,
        author_id=one.author_id,
        author=_name(one.author),
        text=one.text,
        acknowledged_at=one.acknowledged_at,
        acknowledged_by=_name(one.acknowledged_by),
        sections=sections_of(one.figures),
    )


def sections_of(figures: dict[str, dict[str, Any]]) -> tuple[tuple[str, int, tuple[tuple[str, str, str], ...]], ...]:
    """Kept figures as a page walks them, in the order in which they were made."""
    return tuple(
        (
            code,
            int(figures[code]["number"]),
            tuple((what, where, detail) for what, where, detail in figures[code]["rows"]),
        )  # type: ignore[call-overload,attr-defined]
        for code in SECTIONS
        if code in figures
    )


SECTIONS = ("late", "unowned", "delayed", "going", "planned", "failed", "deviations", "conflicts", "absent", "notes")


def handover_hospital(*, actor: User) -> int | None:
    """The hospital that the actor hands over: the first within reach."""
    return wards_in_reach(actor).order_by("division__hospital").values_list("division__hospital", flat=True).first()


def handover_list(*, actor: User) -> list[HandoverRow]:
    """The newest handovers within reach."""
    return [_row(one) for one in _within(actor)[:HISTORY]]


def handover_one(*, actor: User, handover_id: int) -> HandoverRow | None:
    """One of them; None outside the actor's reach."""
    one = _within(actor).filter(pk=handover_id).first()
    return None if one is None else _row(one)


def handover_since(*, actor: User, at: datetime) -> datetime:
    """When the shift that is handed over began: the last handover, else eight hours ago."""
    last = _within(actor).filter(at__gt=at - LONGEST).first()
    return last.at if last else at - SHIFT


def _place(task: TaskRow) -> str:
    return f"{task.ward_name} {task.room_code}:{task.bed_code}" if task.bed_id else task.ward_name


def _spot(row: DeviationRow | NoteRow) -> str:
    return f"{row.ward_name} {row.room_code}:{row.bed_code}" if row.bed_id else row.ward_name


def _clock(at: datetime | None) -> str:
    return "" if at is None else localtime(at).strftime("%H:%M")


def handover_figures(*, actor: User, at: datetime, since: datetime) -> dict[str, dict[str, object]]:
    """How it stands and what went otherwise since then: of each kind the number, and its first rows in words.

    Places and work only; free text of tasks is not copied.
    """
    live = task_list_live(actor=actor, at=at)
    failed = TaskEvent.objects.filter(kind=EventKind.FAILED, at__gte=since, task__ward__in=wards_in_reach(actor))
    again = Task.objects.filter(pk__in=failed.values("task")).select_related("ward", "task_type")
    rows: dict[str, list[tuple[str, str, str]]] = {
        "late": [(row.title, _place(row), _clock(row.due_at)) for row in live if row.late],
        "unowned": [(row.title, _place(row), _clock(row.created_at)) for row in live if row.unowned and not row.late],
        "delayed": [
            (row.title, _place(row), row.owner_name)
            for row in live
            if row.state in (TaskState.DELAYED, TaskState.PAUSED) and not row.late
        ],
        "going": [
            (row.title, _place(row), row.owner_name)
            for row in live
            if row.state in (TaskState.STARTED, TaskState.CLAIMED) and not row.late
        ],
        "failed": [(str(task.get_kind_display()), task.ward.name, "") for task in again],
        "deviations": [
            (
                str(row.kind.label),
                f"{row.ward_name} {row.room_code}:{row.bed_code}" if row.bed_id else row.ward_name,
                "",
            )
            for row in deviation_list(actor=actor, handled=False)
        ],
        "conflicts": [
            (str(row.kind.label) if row.kind else "", row.ward_name, "") for row in conflict_list_open(actor=actor)
        ],
        "absent": [(row.name, "", _clock(row.at)) for row in absence_list(actor=actor, at=at)],
        "notes": [(note.text, _spot(note), note.author) for note in note_list(actor=actor, on=local_date(at))],
    }
    round_left = task_round_left(actor=actor, at=at)
    found: dict[str, dict[str, object]] = {
        code: {"number": len(some), "rows": [list(row) for row in some[:LISTED]]} for code, some in rows.items()
    }
    found["planned"] = {
        "number": sum(number for _, _, number in round_left),
        "rows": [[name, "", str(number)] for _, name, number in round_left[:LISTED]],
    }
    return found
