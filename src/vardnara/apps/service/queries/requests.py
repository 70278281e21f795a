"""What a ward has asked for: where it stands, when it can be expected, and what was delivered today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.service.choices import LIVE_STATES, TaskKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.queries.tasks import TaskRow, _rows
from vardnara.kernel.local_time import day_bounds, local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

MEASURED_OVER = timedelta(weeks=12)  # how far back it is looked how long requests take
FEWEST = 5  # with fewer finished requests nothing is said of how long they take
READ = 500  # the newest finished requests that are looked at


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; ``expected_at`` is when such are usually done, None where too few are known, or when it has passed."""

    task: TaskRow
    expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """What is under way, the oldest first; what was delivered and what was cancelled today."""

    going: tuple[Asked, ...]
    delivered: tuple[TaskRow, ...]
    cancelled: tuple[TaskRow, ...]


def usual_minutes(*, hospital_id: int, at: datetime) -> dict[int, float]:
    """Median minutes from asking to done, by priority, over the hospital's requests of the last 12 weeks."""
    done = Task.objects.filter(
        kind=TaskKind.REQUEST,
        state__in=[TaskState.DONE, TaskState.INSPECTED],
        finished_at__gt=at - MEASURED_OVER,
        finished_at__lte=at,
        ward__division__hospital=hospital_id,
    )
    found: dict[int, list[float]] = {}
    for priority, created, finished in done.order_by("-finished_at").values_list(
        "priority", "created_at", "finished_at"
    )[:READ]:
        found.setdefault(priority, []).append((finished - created).total_seconds() / 60)
    return {priority: median(minutes) for priority, minutes in found.items() if len(minutes) >= FEWEST}


def request_page(*, actor: User, at: datetime, ward_id: int) -> RequestPage:
    """A ward's requests under way and of today; raises ``out_of_scope``."""
    ward_require(actor, ward_id)
    since, until = day_bounds(local_date(at))
    asked = Task.objects.filter(kind=TaskKind.REQUEST, ward=ward_id)
    going = _rows(asked.filter(state__in=LIVE_STATES).order_by("created_at", "pk"), at)
    today = asked.filter(finished_at__gte=since, finished_at__lt=until).order_by("-finished_at", "-pk")
    hospital_id = asked.values_list("ward__division__hospital", flat=True).first()
    usual = usual_minutes(hospital_id=hospital_id, at=at) if going and hospital_id is not None else {}

    def expected(task: TaskRow) -> datetime | None:
        if task.ready_by is not None:
            return task.ready_by
        minutes = usual.get(int(task.priority))
        when = task.created_at + timedelta(minutes=minutes) if minutes is not None else None
        return when if when is not None and when > at else None

    return RequestPage(
        going=tuple(Asked(task, expected(task)) for task in going),
        delivered=tuple(_rows(today.filter(state__in=[TaskState.DONE, TaskState.INSPECTED]), at)),
        cancelled=tuple(_rows(today.filter(state=TaskState.WITHDRAWN), at)),
    )
