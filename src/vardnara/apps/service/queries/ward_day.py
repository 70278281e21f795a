"""What was promised to a ward today, and what was done."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.service.choices import LIVE_STATES, SpilloverReason, TaskState
from vardnara.apps.service.models import DayPlan, Spillover
from vardnara.apps.service.queries.tasks import TaskRow, tasks_of_day
from vardnara.kernel.local_time import day_bounds, local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class Promise:
    """One kind of planned task on the ward today: how many were promised, and what has become of them."""

    title: str
    tasks: tuple[TaskRow, ...]
    done_by_care: int

    @property
    def number(self) -> int:
        return len(self.tasks)

    @property
    def done(self) -> int:
        """Finished by the service."""
        return sum(task.state in (TaskState.DONE, TaskState.INSPECTED) for task in self.tasks) - self.done_by_care

    @property
    def late(self) -> int:
        return sum(task.late for task in self.tasks)

    @property
    def left(self) -> int:
        return sum(task.state in LIVE_STATES for task in self.tasks)

    @property
    def nobodys(self) -> bool:
        """No agreement gives it to anybody."""
        return any(task.party == "" for task in self.tasks)

    @property
    def not_begun(self) -> tuple[TaskRow, ...]:
        return tuple(task for task in self.tasks if task.state in (TaskState.OPEN, TaskState.CLAIMED))


@dataclass(frozen=True, slots=True)
class SpillRow:
    """A piece of service work that care staff did today; never who."""

    id: int
    title: str
    reason: SpilloverReason
    minutes: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class WardDayPage:
    """The day of a ward. Without a plan it says so, and never shows another day's (edge-13)."""

    has_plan: bool
    promises: tuple[Promise, ...]
    spills: tuple[SpillRow, ...]
    spill_minutes: Decimal

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Promised, done by the service, done by care staff, left."""
        return (
            sum(promise.number for promise in self.promises),
            sum(promise.done for promise in self.promises),
            sum(promise.done_by_care for promise in self.promises),
            sum(promise.left for promise in self.promises),
        )


def ward_day(*, actor: User, ward_id: int, at: datetime) -> WardDayPage:
    """What the agreements promise the ward today, what was done, and what care staff did themselves."""
    ward_require(actor, ward_id)
    today = local_date(at)
    tasks = [task for task in tasks_of_day(actor=actor, at=at, ward_id=ward_id) if task.state != TaskState.WITHDRAWN]
    start, end = day_bounds(today)
    rows = Spillover.objects.filter(ward=ward_id, at__gte=start, at__lt=end, undone_at__isnull=True)
    spilled = Counter(rows.filter(task__isnull=False).values_list("task_id", flat=True))
    by_title: dict[str, list[TaskRow]] = {}
    for task in tasks:
        by_title.setdefault(task.title, []).append(task)
    promises = tuple(
        Promise(title, tuple(mine), sum(spilled[task.id] for task in mine)) for title, mine in by_title.items()
    )
    titles = {task.id: task.title for task in tasks}
    spills = tuple(
        SpillRow(
            id=row.pk,
            title=titles.get(row.task_id or 0)
            or (row.task_type.name if row.task_type else str(row.get_kind_display())),
            reason=SpilloverReason(row.reason),
            minutes=row.minutes,
            at=row.at,
        )
        for row in rows.select_related("task_type").order_by("-at")[:30]
    )
    plan = DayPlan.objects.filter(on=today, hospital__divisions__wards=ward_id).exists()
    return WardDayPage(plan, promises, spills, sum((row.minutes or Decimal() for row in spills), Decimal()))
