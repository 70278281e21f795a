"""New tasks: from a cause in the hospital, from a worker who finds something, from a ward that asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import bed_ward, ward_require
from vardnara.apps.hospital.services.beds import beds_lock
from vardnara.apps.hospital.services.bulk import rows_insert
from vardnara.apps.service.choices import LIVE_STATES, TURNOVER_KINDS, EventKind, Party, Priority, TaskKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import Step, already_done, step_record, steps_append
from vardnara.apps.service.services.steps import WORKERS, task_start
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

FOUND_KINDS = (TaskKind.FOUND_BED, TaskKind.SPILL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be made. ``reason`` is the code of its cause, for the history."""

    kind: str
    ward_id: int
    bed_id: int | None
    at: datetime
    note: str = ""
    contagion_class: str = ""
    instruction: str = ""
    priority: int = Priority.NORMAL
    norm_minutes: int | None = None
    due_at: datetime | None = None
    warning: str = ""
    reason: str = ""
    task_type_id: int | None = None
    party: str = Party.SERVICE
    line_id: int | None = None
    plan_key: str | None = None
    planned_on: date | None = None
    starts_at: datetime | None = None


def tasks_create(
    news: Iterable[NewTask],
    *,
    actor: AbstractBaseUser | None = None,
    device: str = "",
    device_seq: int | None = None,
) -> list[Task]:
    """Make tasks, in the order given. For those who know the cause; people have functions of their own.

    A handful of statements however many there are.
    """
    news = list(news)
    if not news:
        return []
    tasks = rows_insert(
        [
            Task(
                kind=new.kind,
                ward_id=new.ward_id,
                bed_id=new.bed_id,
                note=new.note[:300],
                instruction=new.instruction,
                contagion_class=new.contagion_class,
                priority=new.priority,
                norm_minutes=new.norm_minutes,
                created_at=new.at,
                due_at=new.due_at,
                warning=new.warning,
                changed_at=new.at,
                task_type_id=new.task_type_id,
                party=new.party,
                line_id=new.line_id,
                plan_key=new.plan_key,
                planned_on=new.planned_on,
                starts_at=new.starts_at,
            )
            for new in news
        ]
    )
    steps = [Step(EventKind.CREATED, new.reason) for new in news]
    steps_append(list(zip(tasks, steps, strict=True)), actor=actor, device=device, device_seq=device_seq)
    return list(tasks)


@transaction.atomic
def found_job_report(
    *,
    bed_id: int,
    kind: str,
    actor: AbstractBaseUser,
    at: datetime,
    note: str = "",
    start: bool = False,
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """A worker found a dirty bed or a spill (feat-A24). A bed that already has its clean gets no second one.

    With ``start`` the finder begins at once. Returns the task, new or already there.
    """
    role_require(actor, (*WORKERS, Role.WARD_STAFF))
    if kind not in FOUND_KINDS:
        raise RuleBroken("unknown_kind", kind)
    known = already_done(device, device_seq)
    if known is not None:
        return Task.objects.get(pk=known)
    beds_lock([bed_id])
    ward_id = bed_ward(bed_id)
    ward_require(actor, ward_id)
    live = Task.objects.filter(bed=bed_id, state__in=LIVE_STATES)
    same = live.filter(kind__in=TURNOVER_KINDS) if kind == TaskKind.FOUND_BED else live.filter(kind=TaskKind.SPILL)
    task = same.select_for_update().first()
    if task is not None:
        step_record(task, Step(EventKind.CHANGED, "found"), actor=actor, at=at, device=device, device_seq=device_seq)
    else:
        priority = Priority.STAT if kind == TaskKind.SPILL else Priority.NEXT
        new = NewTask(kind=kind, ward_id=ward_id, bed_id=bed_id, at=at, note=note, priority=priority, reason="found")
        (task,) = tasks_create([new], actor=actor, device=device, device_seq=device_seq)
    if start and task.state == TaskState.OPEN:
        task = task_start(task_id=task.pk, actor=actor, at=at)
    return task


@transaction.atomic
def work_request(
    *,
    ward_id: int,
    bed_id: int | None,
    note: str,
    actor: AbstractBaseUser,
    at: datetime,
    priority: int = Priority.NORMAL,
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """Ward staff ask for something (feat-A30) and can follow it on the board."""
    role_require(actor, (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR))
    known = already_done(device, device_seq)
    if known is not None:
        return Task.objects.get(pk=known)
    ward_require(actor, ward_id)
    if bed_id is not None and bed_ward(bed_id) != ward_id:
        raise RuleBroken("out_of_scope", f"bed {bed_id} is not in ward {ward_id}")
    if not note.strip():
        raise RuleBroken("note_missing", "say what is asked for")
    if priority not in Priority.values:
        raise RuleBroken("unknown_priority", str(priority))
    new = NewTask(
        kind=TaskKind.REQUEST,
        ward_id=ward_id,
        bed_id=bed_id,
        at=at,
        note=note.strip(),
        priority=priority,
        reason="requested",
    )
    (task,) = tasks_create([new], actor=actor, device=device, device_seq=device_seq)
    return task
