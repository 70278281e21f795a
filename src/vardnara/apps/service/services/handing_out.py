"""A coordinator moves work between people, and back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.service.choices import TaskState
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
