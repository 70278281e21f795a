"""New tasks: from a cause in the hospital, from a worker who finds something, from a ward that asks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import bed_ward, ward_require
from vardnara.apps.hospital.services.beds import beds_lock
from vardnara.apps.service.choices import LIVE_STATES, TURNOVER_KINDS, EventKind, Priority, TaskKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import already_done, step_record
from vardnara.apps.service.services.steps import WORKERS, task_start
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

FOUND_KINDS = (TaskKind.FOUND_BED, TaskKind.SPILL)


def task_create(
    *,
    kind: str,
    ward_id: int,
    bed_id: int | None,
    at: datetime,
    actor: AbstractBaseUser | None = None,
    note: str = "",
    contagion_class: str = "",
    instruction: str = "",
    priority: int = Priority.NORMAL,
    norm_minutes: int | None = None,
    due_at: datetime | None = None,
    warning: str = "",
    reason: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """Make a task. For those who know the cause; people go through ``found_job_report`` and ``work_request``."""
    task = Task(
        kind=kind,
        ward_id=ward_id,
        bed_id=bed_id,
        note=note[:300],
        instruction=instruction,
        contagion_class=contagion_class,
        priority=priority,
        norm_minutes=norm_minutes,
        created_at=at,
        due_at=due_at,
        warning=warning,
        changed_at=at,
    )
    return step_record(task, EventKind.CREATED, actor=actor, at=at, reason=reason, device=device, device_seq=device_seq)


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
    task = same.first()
    if task is None:
        priority = Priority.STAT if kind == TaskKind.SPILL else Priority.NEXT
        task = task_create(
            kind=kind,
            ward_id=ward_id,
            bed_id=bed_id,
            note=note,
            actor=actor,
            at=at,
            priority=priority,
            reason="found",
            device=device,
            device_seq=device_seq,
        )
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
    return task_create(
        kind=TaskKind.REQUEST,
        ward_id=ward_id,
        bed_id=bed_id,
        note=note.strip(),
        actor=actor,
        at=at,
        priority=priority,
        reason="requested",
        device=device,
        device_seq=device_seq,
    )
