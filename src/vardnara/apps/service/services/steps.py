"""The steps of a task: claim, start, pause, resume, delay, hand back, finish, inspect, and the coordinator's two.

Every step takes ``device`` and ``device_seq``: a command that a phone sends again after a lost answer is carried out
once (the database holds the pair unique). ``at`` is when it was done, in the past for a phone that was offline.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import active_user, role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.service.choices import (
    LIVE_STATES,
    OWNED_STATES,
    EventKind,
    Priority,
    TaskState,
)
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import (
    already_done,
    owner_require,
    spell_close,
    state_require,
    step_record,
    task_lock,
)
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

LEADERS = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
WORKERS = (Role.SERVICE_WORKER, *LEADERS)
INSPECTORS = (Role.WARD_STAFF, *LEADERS)


@transaction.atomic
def task_claim(
    *, task_id: int, actor: AbstractBaseUser, at: datetime, device: str = "", device_seq: int | None = None
) -> Task:
    """A service worker takes an open task. Of many who try at once one wins; the others get ``not_open``."""
    role_require(actor, WORKERS)
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    if task.state != TaskState.OPEN:
        raise RuleBroken("not_open", f"task {task.pk} is {task.state}")
    task.state, task.owner_id, task.claimed_at = TaskState.CLAIMED, actor.pk, at
    return step_record(task, EventKind.CLAIMED, actor=actor, at=at, device=device, device_seq=device_seq)


@transaction.atomic
def task_start(
    *, task_id: int, actor: AbstractBaseUser, at: datetime, device: str = "", device_seq: int | None = None
) -> Task:
    """The owner starts; an open task is claimed in the same step, so that two taps are enough."""
    role_require(actor, WORKERS)
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    if task.state == TaskState.OPEN:
        task.state, task.owner_id, task.claimed_at = TaskState.CLAIMED, actor.pk, at
        step_record(task, EventKind.CLAIMED, actor=actor, at=at)
    owner_require(task, actor)
    state_require(task, TaskState.CLAIMED, TaskState.DELAYED)
    task.state, task.reason = TaskState.STARTED, ""
    task.started_at = task.started_at or at
    task.spell_started_at = at
    return step_record(task, EventKind.STARTED, actor=actor, at=at, device=device, device_seq=device_seq)


@transaction.atomic
def task_pause(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    reason: str,
    note: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """The owner pauses started work, with a reason; the time stops."""
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    owner_require(task, actor)
    state_require(task, TaskState.STARTED)
    spell_close(task, at)
    task.state, task.reason = TaskState.PAUSED, reason
    return step_record(
        task, EventKind.PAUSED, actor=actor, at=at, reason=reason, note=note, device=device, device_seq=device_seq
    )


@transaction.atomic
def task_resume(
    *, task_id: int, actor: AbstractBaseUser, at: datetime, device: str = "", device_seq: int | None = None
) -> Task:
    """The owner goes on with paused or delayed work; the time runs again."""
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    owner_require(task, actor)
    state_require(task, TaskState.PAUSED, TaskState.DELAYED)
    task.state, task.reason, task.spell_started_at = TaskState.STARTED, "", at
    task.started_at = task.started_at or at
    return step_record(task, EventKind.RESUMED, actor=actor, at=at, device=device, device_seq=device_seq)


@transaction.atomic
def task_delay(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    reason: str,
    note: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """The owner cannot go on, for a reason that lies outside: everybody sees that the bed is delayed and why."""
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    owner_require(task, actor)
    state_require(task, TaskState.CLAIMED, TaskState.STARTED, TaskState.PAUSED)
    spell_close(task, at)
    task.state, task.reason = TaskState.DELAYED, reason
    return step_record(
        task, EventKind.DELAYED, actor=actor, at=at, reason=reason, note=note, device=device, device_seq=device_seq
    )


@transaction.atomic
def task_hand_back(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    reason: str = "",
    note: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """The owner, or a leader, puts the task back among the open ones. Time worked so far is kept."""
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    state_require(task, *OWNED_STATES)
    if actor.role not in LEADERS:
        owner_require(task, actor)
    spell_close(task, at)
    task.state, task.owner_id, task.claimed_at, task.reason = TaskState.OPEN, None, None, ""
    return step_record(
        task, EventKind.HANDED_BACK, actor=actor, at=at, reason=reason, note=note, device=device, device_seq=device_seq
    )


@transaction.atomic
def task_finish(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    note: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """The owner has finished; a finished clean makes its bed clean. What was started can be finished from any pause."""
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    owner_require(task, actor)
    state_require(task, TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)
    if task.started_at is None:
        raise RuleBroken("wrong_state", f"task {task.pk} was never started")
    spell_close(task, at)
    task.state, task.finished_at, task.reason, task.warning = TaskState.DONE, at, "", ""
    return step_record(task, EventKind.FINISHED, actor=actor, at=at, note=note, device=device, device_seq=device_seq)


@transaction.atomic
def task_inspect(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    approved: bool,
    note: str = "",
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """Somebody else than the one who did it looks at finished work. What fails is done again by itself (edge-16)."""
    role_require(actor, INSPECTORS)
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    state_require(task, TaskState.DONE)
    if task.owner_id == actor.pk:
        raise RuleBroken("own_work", f"task {task.pk}")
    task.state = TaskState.INSPECTED
    kind = EventKind.INSPECTED if approved else EventKind.FAILED
    return step_record(task, kind, actor=actor, at=at, note=note, device=device, device_seq=device_seq)


@transaction.atomic
def task_reassign(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    owner_id: int | None,
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """A leader gives the task to somebody, or to nobody (back among the open ones). A running spell ends."""
    role_require(actor, LEADERS)
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    state_require(task, *LIVE_STATES)
    if owner_id == task.owner_id:
        return task
    spell_close(task, at)
    if owner_id is None:
        task.state, task.owner_id, task.claimed_at = TaskState.OPEN, None, None
        return step_record(task, EventKind.HANDED_BACK, actor=actor, at=at, device=device, device_seq=device_seq)
    owner = active_user(owner_id)
    role_require(owner, WORKERS)
    ward_require(owner, task.ward_id)
    task.owner_id, task.claimed_at = owner.pk, at
    task.state = TaskState.PAUSED if task.state in (TaskState.STARTED, TaskState.PAUSED) else TaskState.CLAIMED
    task.reason = ""
    return step_record(
        task,
        EventKind.REASSIGNED,
        actor=actor,
        at=at,
        note=owner.get_full_name() or owner.get_username(),
        device=device,
        device_seq=device_seq,
    )


@transaction.atomic
def task_reprioritise(
    *,
    task_id: int,
    actor: AbstractBaseUser,
    at: datetime,
    priority: int,
    device: str = "",
    device_seq: int | None = None,
) -> Task:
    """A leader, or the ward that waits for the bed, says what goes first."""
    role_require(actor, INSPECTORS)
    if already_done(device, device_seq):
        return Task.objects.get(pk=task_id)
    task = task_lock(task_id, actor)
    state_require(task, *LIVE_STATES)
    if priority not in Priority.values:
        raise RuleBroken("unknown_priority", str(priority))
    task.priority = priority
    note = str(Priority(priority).name.lower())
    return step_record(
        task, EventKind.REPRIORITISED, actor=actor, at=at, note=note, device=device, device_seq=device_seq
    )
