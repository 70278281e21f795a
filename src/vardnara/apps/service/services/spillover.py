"""Service work that care staff did themselves: counted, with why, so that it is not silent (own-5)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_gathered
from vardnara.apps.service.choices import EventKind, Party, SpilloverReason, TaskState
from vardnara.apps.service.models import Spillover, Task
from vardnara.apps.service.services.recording import Step, state_require, step_record, task_lock
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

CARE_ROLES = (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
BY_CARE = "done_by_care"
MOST_MINUTES = Decimal(600)


@transaction.atomic
def task_done_by_care(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    reason: str,
    minutes: Decimal | None = None,
    device: str = "",
    device_seq: int | None = None,
) -> Spillover | None:
    """Care staff did a task that nobody had begun. What was the service's, or nobody's, counts as spillover.

    The minutes are those stated, else the norm's; unknown where there is neither. Returns None where the task was
    care's own by agreement, or the command was carried out before.
    """
    role_require(actor, CARE_ROLES)
    if reason not in SpilloverReason.values:
        raise RuleBroken("unknown_reason", reason)
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise RuleBroken("bad_minutes", str(minutes))
    if device and Spillover.objects.filter(device=device, device_seq=device_seq).exists():
        return None
    with changes_gathered():
        task = task_lock(task_id, actor)
        state_require(task, TaskState.OPEN, TaskState.CLAIMED)
        if task.state == TaskState.CLAIMED and task.owner_id != actor.pk:
            task.state, task.owner_id, task.claimed_at = TaskState.OPEN, None, None
            step_record(task, Step(EventKind.HANDED_BACK, BY_CARE), actor=actor, at=at)
        if task.state == TaskState.OPEN:
            task.state, task.owner_id, task.claimed_at = TaskState.CLAIMED, actor.pk, at
            step_record(task, Step(EventKind.CLAIMED, BY_CARE), actor=actor, at=at)
        task.state, task.started_at = TaskState.STARTED, at
        step_record(task, Step(EventKind.STARTED, BY_CARE), actor=actor, at=at)
        task.state, task.finished_at, task.reason, task.warning = TaskState.DONE, at, BY_CARE, ""
        step_record(task, Step(EventKind.FINISHED, BY_CARE), actor=actor, at=at)
        if task.party == Party.CARE:
            return None
        return _register(task, reason, minutes, at, device, device_seq)


def _register(
    task: Task, reason: str, minutes: Decimal | None, at: datetime, device: str, device_seq: int | None
) -> Spillover:
    from_norm = minutes is None and task.norm_minutes is not None
    return Spillover.objects.create(
        ward_id=task.ward_id,
        task_type_id=task.task_type_id,
        kind=task.kind,
        task=task,
        reason=reason,
        minutes=Decimal(task.norm_minutes) if from_norm and task.norm_minutes else minutes,
        minutes_from_norm=from_norm,
        at=at,
        device=device,
        device_seq=device_seq if device else None,
    )


@transaction.atomic
def spillover_undo(*, spillover_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """It was not so after all: it is no longer counted. The task stays done; who doubts the work can inspect it."""
    role_require(actor, CARE_ROLES)
    row = Spillover.objects.select_for_update().filter(pk=spillover_id).first()
    if row is None:
        raise RuleBroken("unknown_spillover", str(spillover_id))
    ward_require(actor, row.ward_id)
    if row.undone_at is None:
        Spillover.objects.filter(pk=row.pk).update(undone_at=at)
