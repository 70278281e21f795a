"""Who is absent today, what they left, and who could take it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.models import Absence, Task
from vardnara.apps.service.queries.hand_out import PersonRow, people_now
from vardnara.apps.service.queries.tasks import TaskRow, _rows, task_list_live, urgency
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Somebody who is absent on a date."""

    id: int
    user_id: int
    name: str
    at: datetime
    by: str
    undone_at: datetime | None
    n_left: int
    today: bool


@dataclass(frozen=True, slots=True)
class AbsencePage:
    """What was left, by urgency; ``people`` are those whom it can be handed to."""

    absence: AbsenceRow
    waiting: tuple[TaskRow, ...]
    settled: tuple[TaskRow, ...]
    people: tuple[PersonRow, ...]


def _within(actor: User) -> QuerySet[Absence]:
    hospitals = wards_in_reach(actor).values("division__hospital")
    return Absence.objects.filter(hospital__in=hospitals).select_related("user", "marked_by")


def _row(absence: Absence, at: datetime) -> AbsenceRow:
    def name(user: User) -> str:
        return str(user.get_full_name() or user.get_username())

    return AbsenceRow(
        id=absence.pk,
        user_id=absence.user_id,
        name=name(absence.user),
        at=absence.at,
        by=name(absence.marked_by),
        undone_at=absence.undone_at,
        n_left=absence.left.count(),
        today=absence.on == local_date(at),
    )


def absence_list(*, actor: User, at: datetime) -> list[AbsenceRow]:
    """Who is absent today, by name."""
    rows = _within(actor).filter(on=local_date(at), undone_at__isnull=True)
    return sorted((_row(absence, at) for absence in rows), key=lambda row: (row.name, row.id))


def absence_page(*, actor: User, at: datetime, absence_id: int) -> AbsencePage:
    """What an absence left behind; raises ``unknown_absence`` outside the actor's reach."""
    absence = _within(actor).filter(pk=absence_id).first()
    if absence is None:
        raise RuleBroken("unknown_absence", str(absence_id))
    tasks = Task.objects.filter(pk__in=absence.left.values("task"), ward__in=wards_in_reach(actor))
    rows = sorted(_rows(tasks, at), key=urgency)
    waiting = [row for row in rows if row.unowned]
    owned: dict[int | None, list[TaskRow]] = defaultdict(list)
    for task in task_list_live(actor=actor, at=at):
        owned[task.owner_id].append(task)
    people = people_now(actor=actor, at=at, owned=owned)
    return AbsencePage(
        absence=_row(absence, at),
        waiting=tuple(waiting),
        settled=tuple(row for row in rows if not row.unowned),
        people=tuple(row for row in people if row.status != "absent"),
    )
