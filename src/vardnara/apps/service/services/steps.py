"""The steps of a task: claim, start, pause, resume, delay, hand back, finish, inspect, and the coordinator's two.

Each is written as what it does to the locked task; ``command`` makes it a step that people call with ``task_id``,
``actor``, ``at`` and the device's number. ``at`` is when it was done, in the past for a phone that was offline.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

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
from vardnara.apps.service.models import Absence, Checkoff, Task
from vardnara.apps.service.services.recording import (
    Step,
    command,
    owner_require,
    spell_close,
    state_require,
)
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

LEADERS = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
WORKERS = (Role.SERVICE_WORKER, *LEADERS)
INSPECTORS = (Role.WARD_STAFF, *LEADERS)


def _claim(task: Task, actor: AbstractBaseUser, at: datetime) -> Step:
    task.state, task.owner_id, task.claimed_at = TaskState.CLAIMED, actor.pk, at
    return Step(EventKind.CLAIMED)


@command(WORKERS)
def task_claim(task: Task, *, actor: AbstractBaseUser, at: datetime) -> Step:
    """A service worker takes an open task. Of many who try at once one wins; the others get ``not_open``."""
    if task.state != TaskState.OPEN:
        raise RuleBroken("not_open", f"task {task.pk} is {task.state}")
    return _claim(task, actor, at)


@command(WORKERS)
def task_start(task: Task, *, actor: AbstractBaseUser, at: datetime) -> Step | tuple[Step, Step]:
    """The owner starts; an open task is claimed in the same step, so that two taps are enough."""
    claimed = _claim(task, actor, at) if task.state == TaskState.OPEN else None
    owner_require(task, actor)
    state_require(task, TaskState.CLAIMED, TaskState.DELAYED)
    task.state, task.reason = TaskState.STARTED, ""
    task.started_at = task.started_at or at
    task.spell_started_at = at
    return Step(EventKind.STARTED) if claimed is None else (claimed, Step(EventKind.STARTED))


@command()
def task_pause(task: Task, *, actor: AbstractBaseUser, at: datetime, reason: str, note: str = "") -> Step:
    """The owner pauses started work, with a reason; the time stops."""
    owner_require(task, actor)
    state_require(task, TaskState.STARTED)
    spell_close(task, at)
    task.state, task.reason = TaskState.PAUSED, reason
    return Step(EventKind.PAUSED, reason, note)


@command()
def task_resume(task: Task, *, actor: AbstractBaseUser, at: datetime) -> Step:
    """The owner goes on with paused or delayed work; the time runs again."""
    owner_require(task, actor)
    state_require(task, TaskState.PAUSED, TaskState.DELAYED)
    task.state, task.reason, task.spell_started_at = TaskState.STARTED, "", at
    task.started_at = task.started_at or at
    return Step(EventKind.RESUMED)


@command()
def task_delay(task: Task, *, actor: AbstractBaseUser, at: datetime, reason: str, note: str = "") -> Step:
    """The owner cannot go on, for a reason that lies outside: everybody sees that the bed is delayed and why."""
    owner_require(task, actor)
    state_require(task, TaskState.CLAIMED, TaskState.STARTED, TaskState.PAUSED)
    spell_close(task, at)
    task.state, task.reason = TaskState.DELAYED, reason
    return Step(EventKind.DELAYED, reason, note)


@command()
def task_hand_back(task: Task, *, actor: AbstractBaseUser, at: datetime, reason: str = "", note: str = "") -> Step:
    """The owner, or a leader, puts the task back among the open ones. Time worked so far is kept."""
    state_require(task, *OWNED_STATES)
    if actor.role not in LEADERS:
        owner_require(task, actor)
    _open(task, at)
    return Step(EventKind.HANDED_BACK, reason, note)


def _open(task: Task, at: datetime) -> None:
    spell_close(task, at)
    task.state, task.owner_id, task.claimed_at, task.reason = TaskState.OPEN, None, None, ""


@command()
def task_finish(
    task: Task,
    *,
    actor: AbstractBaseUser,
    at: datetime,
    note: str = "",
    ticked: Collection[int] = (),
    signed: bool = False,
    sure: bool = True,
) -> Step:
    """The owner has finished; a finished clean makes its bed clean. What was started can be finished from any pause.

    ``ticked`` are the points of the task's checklist that were done, by their place in it. What is left is kept as not
    done, or refused where the worker is still to be asked (not ``sure``). Where the type wants it, the owner signs
    (edge-15).
    """
    owner_require(task, actor)
    state_require(task, TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)
    if task.started_at is None:
        raise RuleBroken("wrong_state", f"task {task.pk} was never started")
    _check_off(task, actor, at, frozenset(ticked), signed=signed, sure=sure)
    spell_close(task, at)
    task.state, task.finished_at, task.reason, task.warning = TaskState.DONE, at, "", ""
    return Step(EventKind.FINISHED, note=note)


def _check_off(
    task: Task, actor: AbstractBaseUser, at: datetime, ticked: frozenset[int], *, signed: bool, sure: bool
) -> None:
    """Keep what was done of the checklist that the task has from its type."""
    kind = task.task_type
    if kind is None or not (kind.checklist or kind.needs_signature):
        return
    points = [[text, number in ticked] for number, text in enumerate(kind.checklist)]
    if not sure and not all(done for _, done in points):
        raise RuleBroken("points_left", f"task {task.pk}")
    if kind.needs_signature and not signed:
        raise RuleBroken("signature_missing", f"task {task.pk}")
    Checkoff.objects.create(task=task, actor_id=actor.pk, at=at, points=points, signed=signed)


@command(INSPECTORS)
def task_inspect(task: Task, *, actor: AbstractBaseUser, at: datetime, approved: bool, note: str = "") -> Step:
    """Somebody else than the one who did it looks at finished work. What fails is done again by itself (edge-16)."""
    state_require(task, TaskState.DONE)
    if task.owner_id == actor.pk:
        raise RuleBroken("own_work", f"task {task.pk}")
    task.state = TaskState.INSPECTED
    return Step(EventKind.INSPECTED if approved else EventKind.FAILED, note=note)


@command(LEADERS)
def task_reassign(task: Task, *, actor: AbstractBaseUser, at: datetime, owner_id: int | None) -> Step | None:
    """A leader gives the task to somebody, or to nobody (back among the open ones). A running spell ends."""
    state_require(task, *LIVE_STATES)
    if owner_id == task.owner_id:
        return None
    if owner_id is None:
        _open(task, at)
        return Step(EventKind.HANDED_BACK)
    spell_close(task, at)
    owner = active_user(owner_id)
    role_require(owner, WORKERS)
    ward_require(owner, task.ward_id)
    # whoever marks them absent at this moment holds their row: wait, then look
    owner._meta.model._default_manager.select_for_update(no_key=True).get(pk=owner.pk)
    if Absence.objects.filter(user=owner, on=local_date(at), undone_at__isnull=True).exists():
        raise RuleBroken("person_absent", f"user {owner.pk}")
    task.owner_id, task.claimed_at = owner.pk, at
    task.state = TaskState.PAUSED if task.state in (TaskState.STARTED, TaskState.PAUSED) else TaskState.CLAIMED
    task.reason = ""
    return Step(EventKind.REASSIGNED, note=owner.get_full_name() or owner.get_username())


@command(INSPECTORS)
def task_reprioritise(task: Task, *, actor: AbstractBaseUser, at: datetime, priority: int) -> Step:
    """A leader, or the ward that waits for the bed, says what goes first."""
    state_require(task, *LIVE_STATES)
    if priority not in Priority.values:
        raise RuleBroken("unknown_priority", str(priority))
    task.priority = priority
    return Step(EventKind.REPRIORITISED, note=str(Priority(priority).name.lower()))
