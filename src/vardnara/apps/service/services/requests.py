"""The ward takes back what it asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.service.choices import LIVE_STATES, CancelReason, EventKind, TaskKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import Step, command, spell_close, state_require
from vardnara.apps.service.services.steps import INSPECTORS
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@command(INSPECTORS)
def request_cancel(task: Task, *, actor: AbstractBaseUser, at: datetime, reason: str) -> Step:
    """The ward that asked, or a leader, cancels a request, with a reason. What was begun is closed, its time kept."""
    if task.kind != TaskKind.REQUEST:
        raise RuleBroken("not_a_request", f"task {task.pk} is {task.kind}")
    if reason not in CancelReason.values:
        raise RuleBroken("unknown_reason", reason)
    state_require(task, *LIVE_STATES)
    begun = task.started_at is not None
    spell_close(task, at)
    task.state, task.reason, task.finished_at, task.warning = TaskState.WITHDRAWN, reason, at, ""
    return Step(EventKind.CLOSED if begun else EventKind.WITHDRAWN, reason)
