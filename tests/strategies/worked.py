"""Finished work with its history, made straight in the tables: the services would ask for a clock a step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.hospital.models import Hospital, Ward
from vardnara.apps.service.choices import EventKind, TaskKind, TaskState
from vardnara.apps.service.models import Task, TaskEvent

BEGUN = datetime(2026, 2, 2, 7, 0, tzinfo=UTC)  # a Monday, 08:00 on the ward


def workers_make(hospital: Hospital, number: int) -> list[User]:
    """Service workers whose names would be recognised anywhere."""
    found = []
    for place in range(number):
        name = f"zebra{place}"
        user = User.objects.create(username=name, role=Role.SERVICE_WORKER, first_name=f"Zebra{place}", last_name="Q")
        Scope.objects.create(user=user, hospital=hospital)
        found.append(user)
    return found


def done_make(
    ward: Ward, worker: User, *, begun: datetime = BEGUN, minutes: float = 20, kind: str = TaskKind.SERVICE,
    waited_minutes: float = 10, **fields: Any,
) -> Task:  # fmt: skip
    """One task that was asked for, begun and finished by one worker without a pause."""
    ended = begun + timedelta(minutes=minutes)
    asked = begun - timedelta(minutes=waited_minutes)
    task = Task.objects.create(
        ward=ward, kind=kind, state=TaskState.DONE, owner=worker, created_at=asked, claimed_at=begun,
        started_at=begun, finished_at=ended, worked_seconds=round(minutes * 60), changed_at=ended, **fields,
    )  # fmt: skip
    for step, at, actor in (
        (EventKind.CREATED, asked, None),
        (EventKind.CLAIMED, begun, worker),
        (EventKind.STARTED, begun, worker),
        (EventKind.FINISHED, ended, worker),
    ):
        TaskEvent.objects.create(task=task, kind=step, at=at, actor=actor)
    return task


def days_make(ward: Ward, workers: list[User], minutes: list[float], **fields: Any) -> list[Task]:
    """Undisputed work, one task a worker and half-day, from ``BEGUN`` on."""
    return [
        done_make(
            ward,
            workers[number % len(workers)],
            begun=BEGUN + timedelta(hours=4 * (number // len(workers) % 2), days=number // len(workers) // 2),
            minutes=length,
            **fields,
        )
        for number, length in enumerate(minutes)
    ]
