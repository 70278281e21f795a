"""The one place where a task's step is written: row, history, reaction, live pages."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.beds import beds_lock
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.choices import EventKind, TaskState
from vardnara.apps.service.events import TaskChanged, task_changed
from vardnara.apps.service.models import Task, TaskEvent
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def task_lock(task_id: int, actor: AbstractBaseUser | None) -> Task:
    """The task, locked with its bed (bed first, then task: the house's order), if the actor reaches its ward.

    Raises ``unknown_task`` or ``out_of_scope``. Needs a transaction.
    """
    bed_id = Task.objects.filter(pk=task_id).values_list("bed_id", flat=True).first()
    if bed_id is not None:
        beds_lock([bed_id])
    task = Task.objects.select_for_update().filter(pk=task_id).first()
    if task is None:
        raise RuleBroken("unknown_task", str(task_id))
    if actor is not None:
        ward_require(actor, task.ward_id)
    return task


def already_done(device: str, device_seq: int | None) -> int | None:
    """The task of a device's command that was carried out before, so that a resend does nothing; else None."""
    if not device or device_seq is None:
        return None
    event = TaskEvent.objects.filter(device=device, device_seq=device_seq).only("task_id").first()
    return event.task_id if event else None


def step_record(
    task: Task,
    kind: EventKind,
    *,
    actor: AbstractBaseUser | None,
    at: datetime,
    reason: str = "",
    note: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """Save the task and append the step to its history, then let others react and open pages know."""
    task.changed_at = at
    task.save()
    try:
        with transaction.atomic():
            TaskEvent.objects.create(
                task=task,
                kind=kind,
                at=at,
                actor_id=actor.pk if actor is not None else None,
                reason=reason[:40],
                note=note[:300],
                device=device[:40],
                device_seq=device_seq if device else None,
            )
    except IntegrityError as error:
        raise RuleBroken("command_repeated", f"{device} {device_seq}") from error
    task_changed.send(
        None,
        event=TaskChanged(
            task_id=task.pk,
            kind=task.kind,
            event=kind.value,
            bed_id=task.bed_id,
            ward_id=task.ward_id,
            actor_id=actor.pk if actor is not None else None,
            at=at,
        ),
    )
    changes_notify(tasks=[task.pk], wards=[task.ward_id], beds=[task.bed_id] if task.bed_id else ())
    return task


def spell_close(task: Task, at: datetime) -> None:
    """End a running spell of work and add its time. A clock that went backwards adds nothing."""
    if task.spell_started_at is not None:
        task.worked_seconds += max(0, round((at - task.spell_started_at).total_seconds()))
        task.spell_started_at = None


def state_require(task: Task, *states: TaskState) -> None:
    """Raise ``wrong_state`` unless the task is in one of ``states``."""
    if task.state not in states:
        raise RuleBroken("wrong_state", f"task {task.pk} is {task.state}")


def owner_require(task: Task, actor: AbstractBaseUser) -> None:
    """Raise ``not_owner`` unless the actor has the task."""
    if task.owner_id != actor.pk:
        raise RuleBroken("not_owner", f"task {task.pk} belongs to {task.owner_id}")
