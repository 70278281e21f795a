"""What phones did without contact and met something else: how a task stands, which time is outside it, and the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import EventKind, TaskKind, TaskState
from vardnara.apps.service.models import CommandConflict, Task, TaskEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

# steps that have to do with time and owner: nothing is written down before the last of them
TIMED = (
    EventKind.CREATED, EventKind.CLAIMED, EventKind.STARTED, EventKind.PAUSED, EventKind.RESUMED, EventKind.DELAYED,
    EventKind.HANDED_BACK, EventKind.REASSIGNED, EventKind.FINISHED, EventKind.WITHDRAWN, EventKind.CLOSED,
    EventKind.RESTORED, EventKind.RECORDED,
)  # fmt: skip
BEGINS = {"start", "resume", EventKind.STARTED, EventKind.RESUMED}
ENDS = {"pause", "delay", "hand_back", "finish"}
OWN_ENDS = {EventKind.PAUSED, EventKind.DELAYED, EventKind.HANDED_BACK, EventKind.FINISHED}
TAKEN_AWAY = {
    EventKind.REASSIGNED, EventKind.HANDED_BACK, EventKind.WITHDRAWN, EventKind.CLOSED, EventKind.FINISHED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stands:
    """How a task stands for somebody whose command met something else."""

    code: str = ""
    who: str = ""


def task_stands(task: Task | None, actor_id: int | None = None) -> Stands:
    """``withdrawn``, ``done_already``, ``taken`` with who has it, or ``put_back``; no code where it is the actor's."""
    if task is None:
        return Stands()
    owner = task.owner
    who = (owner.get_full_name() or owner.get_username()) if owner is not None and owner.pk != actor_id else ""
    if task.state == TaskState.WITHDRAWN:
        return Stands("withdrawn")
    if task.state in (TaskState.DONE, TaskState.INSPECTED):
        return Stands("done_already", who)
    if task.state == TaskState.OPEN:
        return Stands("put_back")
    return Stands("taken" if task.owner_id != actor_id else "", who)


def seconds_outside(
    task_id: int, actor_id: int, deed: str, at: datetime, *, before: Sequence[CommandConflict] = ()
) -> int:
    """Seconds of work that end with a conflicting ``deed`` at ``at`` and that the task's own time does not hold.

    Counted from the start that is itself a conflict, or from when the work was taken away from who was at it.
    ``before`` are conflicts of the same task that are not in the database yet.
    """
    if deed not in ENDS:
        return 0
    rows = [*CommandConflict.objects.filter(task=task_id, actor=actor_id, done_at__lte=at), *before]
    marks = [(row.done_at, 0, row.device_seq, row.deed, row.deed in BEGINS, row.deed in ENDS) for row in rows]
    since: datetime | None = None
    running = False
    for event in TaskEvent.objects.filter(task=task_id, at__lte=at, kind__in=TIMED).order_by("at", "pk"):
        if event.actor_id == actor_id and event.kind in BEGINS:
            since, running = None, True
        elif event.actor_id == actor_id and event.kind in OWN_ENDS:
            since, running = None, False
        elif running and event.kind in TAKEN_AWAY:
            since, running = event.at, False
    for done_at, _, _, _, begins, ends in sorted(marks, key=lambda mark: mark[:3]):
        if since is not None and done_at < since:
            continue
        if begins:
            since = done_at
        elif ends:
            since = None
    return max(0, round((at - since).total_seconds())) if since is not None else 0


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """All that one worker did at one task and that waits for a coordinator."""

    id: int
    task_id: int | None
    kind: TaskKind | None
    bed_id: int | None
    room_code: str
    bed_code: str
    ward_name: str
    name: str
    code: str
    who: str
    deeds: tuple[tuple[str, datetime], ...]
    received_at: datetime
    minutes: int
    finished: bool


def conflict_list_open(*, actor: User) -> list[ConflictRow]:
    """What waits to be settled within reach, oldest first, one row for each worker and task."""
    rows = (
        CommandConflict.objects.filter(settlement="")
        .select_related("task__bed__room", "task__ward", "task__owner", "actor")
        .order_by("received_at", "pk")
    )
    reach = set(wards_in_reach(actor).values_list("pk", flat=True))
    groups: dict[tuple[int, int], list[CommandConflict]] = {}
    for row in rows:
        if row.task is not None and row.task.ward_id in reach:
            groups.setdefault((row.task.pk, row.actor_id), []).append(row)
        elif row.task is None and {scope.hospital_id for scope in row.actor.scopes.all()} & _hospitals(actor):
            groups.setdefault((-row.pk, row.actor_id), []).append(row)
    return [_row(group) for group in groups.values()]


def conflict_count_open(*, actor: User) -> int:
    """How many wait to be settled within reach; one small question where none does, as on most days."""
    if not CommandConflict.objects.filter(settlement="").exists():
        return 0
    return len(conflict_list_open(actor=actor))


def _hospitals(actor: User) -> set[int]:
    return set(wards_in_reach(actor).values_list("division__hospital", flat=True).distinct())


def _row(group: list[CommandConflict]) -> ConflictRow:
    last, task = group[-1], group[-1].task
    bed = task.bed if task is not None else None
    return ConflictRow(
        id=last.pk,
        task_id=task.pk if task else None,
        kind=TaskKind(task.kind) if task else None,
        bed_id=bed.pk if bed else None,
        room_code=bed.room.code if bed else "",
        bed_code=bed.code if bed else "",
        ward_name=task.ward.name if task else "",
        name=last.actor.get_full_name() or last.actor.get_username(),
        code=last.code,
        who=task_stands(task, last.actor_id).who,
        deeds=tuple((row.deed, row.done_at) for row in group),
        received_at=last.received_at,
        minutes=round(sum(row.worked_seconds for row in group) / 60),
        finished=last.deed == "finish",
    )
