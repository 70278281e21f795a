"""The one place where a task's step is written: row, history, reaction, live pages."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.beds import beds_lock
from vardnara.apps.hospital.services.bulk import rows_insert
from vardnara.apps.hospital.services.live import changes_gathered, changes_notify
from vardnara.apps.service.choices import EventKind, TaskState
from vardnara.apps.service.events import TaskChanged, tasks_changed
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


@dataclass(frozen=True, slots=True)
class Step:
    """What was done to a task, for its history. ``at`` is when, where that is not the task's last change."""

    kind: EventKind
    reason: str = ""
    note: str = ""
    at: datetime | None = None


Steps = Step | tuple[Step, ...] | None


def command(
    roles: Iterable[Role] = (), *, nobodys: bool = False
) -> Callable[[Callable[..., Steps]], Callable[..., Task]]:
    """Make a person's step out of what it does to the task: ``act(task, *, actor, at, ...) -> Step``, or several.

    The step is called with ``task_id`` in place of the task, and with ``device`` and ``device_seq``: a command that a
    phone sends again after a lost answer is carried out once. One transaction: role, repetition, lock (bed before
    task), reach, what it does, history. An ``act`` that returns None has changed nothing. The step carries its ``act``
    and ``roles``, for those who carry out many commands together. A step that is ``nobodys`` is the system's: without
    an actor, and no person may take it.
    """
    needed = tuple(roles)

    def wrap(act: Callable[..., Steps]) -> Callable[..., Task]:
        @functools.wraps(act)
        @transaction.atomic
        def step(
            *,
            task_id: int,
            actor: AbstractBaseUser | None,
            at: datetime,
            device: str = "",
            device_seq: int | None = None,
            **words: object,
        ) -> Task:
            if (actor is None) is not nobodys:
                raise RuleBroken("wrong_role", "somebody's step without anybody, or the other way round")
            if actor is not None and needed:
                role_require(actor, needed)
            if already_done(device, device_seq):
                return Task.objects.get(pk=task_id)
            with changes_gathered():
                task = task_lock(task_id, actor)
                done = act(task, actor=actor, at=at, **words)
                if done is not None:
                    step_record(task, done, actor=actor, at=at, device=device, device_seq=device_seq)
            return task

        step.act, step.roles = act, needed  # type: ignore[attr-defined]
        return step

    return wrap


def step_record(
    task: Task,
    done: Step | tuple[Step, ...],
    *,
    actor: AbstractBaseUser | None,
    at: datetime,
    device: str = "",
    device_seq: int | None = None,
) -> None:
    """Save the task and append its steps to its history, then let others react and open pages know.

    The device's number goes with the last step.
    """
    task.changed_at = at
    task.save()
    *before, last = done if isinstance(done, tuple) else (done,)
    if before:
        steps_append([(task, step) for step in before], actor=actor)
    steps_append([(task, last)], actor=actor, device=device, device_seq=device_seq)


def steps_append(
    done: Collection[tuple[Task, Step]],
    *,
    actor: AbstractBaseUser | None,
    device: str = "",
    device_seq: int | None = None,
    seqs: Sequence[int | None] | None = None,
) -> None:
    """Append steps to the histories of tasks that are saved, at the step's time or the task's last change.

    ``seqs`` is the device's number of each step, where they are not all one command.
    """
    actor_id = actor.pk if actor is not None else None
    try:
        rows_insert(
            [
                TaskEvent(
                    task_id=task.pk,
                    kind=step.kind,
                    at=step.at or task.changed_at,
                    actor_id=actor_id,
                    reason=step.reason[:40],
                    note=step.note[:300],
                    device=device[:40] if seq is not None else "",
                    device_seq=seq,
                )
                for (task, step), seq in zip(done, seqs or [device_seq if device else None] * len(done), strict=True)
            ]
        )
    except IntegrityError as error:
        raise RuleBroken("command_repeated", f"{device} {device_seq}") from error
    tasks_changed.send(
        None,
        events=[
            TaskChanged(
                task_id=task.pk,
                kind=task.kind,
                event=step.kind.value,
                bed_id=task.bed_id,
                ward_id=task.ward_id,
                actor_id=actor_id,
                contagion_class=task.contagion_class,
                at=step.at or task.changed_at,
            )
            for task, step in done
        ],
    )
    changes_notify(
        tasks=[task.pk for task, _ in done],
        wards=[task.ward_id for task, _ in done],
        beds=[task.bed_id for task, _ in done if task.bed_id],
    )


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
