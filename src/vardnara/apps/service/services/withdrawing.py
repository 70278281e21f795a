"""What the cause of a task may still do to it: withdraw it, or change what it asks for. For the apps that made it."""

from __future__ import annotations

from datetime import datetime

from vardnara.apps.service.choices import LIVE_STATES, EventKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import Step, spell_close, step_record


def task_withdraw(*, task_id: int, reason: str, at: datetime) -> Task | None:
    """Take back a task whose cause is gone. One that was started is closed with the reason, its time kept.

    Returns None where the task had already ended.
    """
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.state not in LIVE_STATES:
        return None
    started = task.started_at is not None
    spell_close(task, at)
    task.state, task.reason, task.finished_at, task.warning = TaskState.WITHDRAWN, reason, at, ""
    step_record(task, Step(EventKind.CLOSED if started else EventKind.WITHDRAWN, reason), actor=None, at=at)
    return task


def task_adjust(
    *,
    task_id: int,
    at: datetime,
    reason: str,
    kind: str | None = None,
    contagion_class: str | None = None,
    norm_minutes: int | None = None,
    warning: str | None = None,
    priority: int | None = None,
) -> Task | None:
    """Change what a live task asks for; nothing is written where nothing changes. Returns None where it had ended."""
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.state not in LIVE_STATES:
        return None
    wanted = {
        "kind": kind,
        "contagion_class": contagion_class,
        "norm_minutes": norm_minutes,
        "warning": warning,
        "priority": priority,
    }
    changes = {name: value for name, value in wanted.items() if value is not None and getattr(task, name) != value}
    if not changes:
        return task
    for name, value in changes.items():
        setattr(task, name, value)
    step_record(task, Step(EventKind.CHANGED, reason), actor=None, at=at)
    return task
