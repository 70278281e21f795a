"""Work is moved between people, and back: by a coordinator, or ahead of time by the day plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.service.choices import FOR_SERVICE, GIVEN, GIVEN_BACK, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import Step, command
from vardnara.apps.service.services.steps import LEADERS, task_reassign
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@command(LEADERS)
def task_move(
    task: Task,
    *,
    actor: AbstractBaseUser,
    at: datetime,
    seen_owner_id: int | None,
    owner_id: int | None,
    sure: bool = False,
) -> Step | None:
    """A leader moves a task from whom the page showed (``seen_owner_id``) to somebody, or to nobody.

    Of two who move it at once one wins; the other gets ``moved_meanwhile``. What runs is not taken silently:
    ``is_running`` until the leader is ``sure``; then the time stops, and the new owner goes on from a pause.
    """
    if task.owner_id == owner_id:
        return None
    if task.owner_id != seen_owner_id:
        raise RuleBroken("moved_meanwhile", f"task {task.pk} is with {task.owner_id}, not {seen_owner_id}")
    if task.state == TaskState.STARTED and not sure:
        raise RuleBroken("is_running", f"task {task.pk}")
    return task_reassign.act(task, actor=actor, at=at, owner_id=owner_id)  # type: ignore[attr-defined,no-any-return]


@command(nobodys=True)
def task_give(task: Task, *, actor: None, at: datetime, owner_id: int) -> Step:
    """The day plan hands an open task to a worker as a leader would, one ahead at a time. Nobody is its actor.

    Raises what handing out raises, and ``not_open``, ``not_ours`` or ``has_next``.
    """
    if task.state != TaskState.OPEN:
        raise RuleBroken("not_open", f"task {task.pk} is {task.state}")
    if task.party not in FOR_SERVICE:
        raise RuleBroken("not_ours", f"task {task.pk} is {task.party}'s")
    step: Step = task_move.act(task, actor=actor, at=at, seen_owner_id=None, owner_id=owner_id)  # type: ignore[attr-defined]
    # the owner's row is locked by now: of two who give at once the second sees what the first gave
    if Task.objects.filter(owner=owner_id, state=TaskState.CLAIMED, reason=GIVEN).exclude(pk=task.pk).exists():
        raise RuleBroken("has_next", f"user {owner_id}")
    task.reason = GIVEN
    return replace(step, reason=GIVEN)


@command(nobodys=True)
def task_take_back(task: Task, *, actor: None, at: datetime, owner_id: int) -> Step:
    """The day plan takes back what it gave and nobody has begun. What somebody took or was handed stays theirs.

    Raises ``not_given``.
    """
    if task.state != TaskState.CLAIMED or task.reason != GIVEN or task.owner_id != owner_id:
        raise RuleBroken("not_given", f"task {task.pk} is {task.state} with {task.owner_id}")
    step: Step = task_move.act(task, actor=actor, at=at, seen_owner_id=owner_id, owner_id=None)  # type: ignore[attr-defined]
    return replace(step, reason=GIVEN_BACK)
