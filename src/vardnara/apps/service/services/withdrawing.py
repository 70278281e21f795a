"""What the cause of a task may still do to it: withdraw it, or change what it asks for. For the apps that made it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from vardnara.apps.hospital.services.bulk import rows_update
from vardnara.apps.service.choices import LIVE_STATES, EventKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.services.recording import Step, spell_close, step_record, steps_append


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


def tasks_withdraw(*, task_ids: Collection[int], reason: str, at: datetime) -> int:
    """Take back open or claimed tasks that nobody has begun; returns how many. Those begun are left alone."""
    tasks = _locked(task_ids, TaskState.OPEN, TaskState.CLAIMED)
    for task in tasks:
        task.state, task.reason, task.finished_at, task.warning = TaskState.WITHDRAWN, reason, at, ""
    _written(tasks, ["state", "reason", "finished_at", "warning"], Step(EventKind.WITHDRAWN, reason), at)
    return len(tasks)


def tasks_restore(*, task_ids: Collection[int], reason: str, at: datetime) -> int:
    """Take up again what was taken back, its cause being there again (feat-A26); returns how many."""
    tasks = _locked(task_ids, TaskState.WITHDRAWN)
    for task in tasks:
        task.state, task.reason, task.finished_at = TaskState.OPEN, "", None
        task.owner_id, task.claimed_at = None, None
    _written(tasks, ["state", "reason", "finished_at", "owner", "claimed_at"], Step(EventKind.RESTORED, reason), at)
    return len(tasks)


def tasks_replan(*, changes: Mapping[int, Mapping[str, object]], reason: str, at: datetime) -> int:
    """Change what the plan says of tasks that nobody has begun; returns how many."""
    tasks = _locked(changes, TaskState.OPEN, TaskState.CLAIMED)
    for task in tasks:
        for name, value in changes[task.pk].items():
            setattr(task, name, value)
    _written(tasks, REPLANNED, Step(EventKind.CHANGED, reason), at)
    return len(tasks)


REPLANNED = ("party", "line", "norm_minutes", "starts_at", "due_at")


def _locked(task_ids: Collection[int], *states: TaskState) -> list[Task]:
    """Tasks in these states, locked in id order. The caller has locked their beds."""
    tasks = Task.objects.select_for_update().filter(pk__in=list(task_ids), state__in=states)
    return list(tasks.order_by("pk")) if task_ids else []


def _written(tasks: list[Task], names: Sequence[str], step: Step, at: datetime) -> None:
    if not tasks:
        return
    for task in tasks:
        task.changed_at = at
    rows_update(tasks, [*names, "changed_at"])
    steps_append([(task, step) for task in tasks], actor=None)
