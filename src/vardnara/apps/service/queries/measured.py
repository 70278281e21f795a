"""How long work took and was waited for, measured from the history of tasks. By unit and kind, never by person.

People leave this module only as a number that tells them apart inside the engine, which has no result that holds one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max, Min

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import EventKind, TaskKind, TaskState, name_in_language
from vardnara.apps.service.models import Shift, Task, TaskEvent, TaskType
from vardnara.engines.durations import (
    Dimension,
    DurationOrder,
    Durations,
    Spell,
    Wait,
    WaitOrder,
    Waits,
    Work,
    durations_estimate,
    waits_estimate,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

FINISHED = (TaskState.DONE, TaskState.INSPECTED)
OPENS = (EventKind.STARTED, EventKind.RESUMED)
CLOSES = (
    EventKind.PAUSED,
    EventKind.DELAYED,
    EventKind.HANDED_BACK,
    EventKind.REASSIGNED,
    EventKind.FINISHED,
    EventKind.WITHDRAWN,
    EventKind.CLOSED,
)


def kind_names() -> dict[str, str]:
    """Name by code: the catalogue's, and those of tasks from before there was one."""
    names = {str(kind): str(kind.label) for kind in TaskKind}
    for code, name, name_en in TaskType.objects.values_list("code", "name", "name_en"):
        names[code] = name_in_language(name, name_en)
    return names


def durations_measured(
    *,
    actor: User,
    since: datetime,
    until: datetime,
    by: tuple[Dimension, ...],
    ward_ids: Collection[int] | None = None,
    kinds: Collection[str] | None = None,
) -> Durations:
    """How long the work within reach took that was finished in ``[since, until)``; a unit is a ward's id as text.

    Groups with fewer than 5 clean observations, or fewer than 3 people behind them, tell nothing, and where all that is
    asked for is so little, not even the rules' counts are told.
    """
    found = durations_estimate(
        DurationOrder(
            works=tuple(works_read(actor=actor, since=since, until=until)),
            by=by,
            kinds=None if kinds is None else frozenset(kinds),
            units=None if ward_ids is None else frozenset(map(str, ward_ids)),
        )
    )
    if not found.enough:  # how often one or two people forgot their phone is theirs
        found = replace(found, n_seen=0, n_kept=0, removed={})
    return found


def works_read(*, actor: User, since: datetime, until: datetime) -> list[Work]:
    """Finished tasks within reach with their spells, for the engine alone: nothing else may read a worker from them."""
    tasks = Task.objects.filter(
        ward__in=wards_in_reach(actor), state__in=FINISHED, finished_at__gte=since, finished_at__lt=until
    )
    spells = _spells(tasks)
    rows = tasks.order_by("pk").values_list("pk", "kind", "task_type__code", "ward_id", "finished_at", "norm_minutes")
    return [
        Work(pk, code or kind, str(ward_id), finished_at, tuple(spells.get(pk, ())), norm)
        for pk, kind, code, ward_id, finished_at, norm in rows
    ]


def _spells(tasks: QuerySet[Task]) -> dict[int, list[Spell]]:
    """Spells of work by task: from start or resume to what ended it, by whoever began it."""
    ends = _shift_ends(tasks)
    found: dict[int, list[Spell]] = defaultdict(list)
    running: tuple[int, int, datetime] | None = None  # task, worker, since
    events = TaskEvent.objects.filter(task__in=tasks.values("pk"), kind__in=OPENS + CLOSES)
    for task_id, kind, at, actor_id in (
        events.order_by("task_id", "pk").values_list("task_id", "kind", "at", "actor_id").iterator()
    ):
        if running is not None and running[0] != task_id:
            running = None
        if kind in OPENS:
            running = (task_id, actor_id or 0, at)
        elif running is not None:
            found[task_id].append(Spell(running[1], running[2], at, _shift_end(ends, running[1], running[2])))
            running = None
    return found


def _shift_ends(tasks: QuerySet[Task]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Shifts that have ended, by worker: from signing on to signing off."""
    bounds = tasks.aggregate(first=Min("started_at"), last=Max("finished_at"))
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    if bounds["first"] is None:
        return found
    shifts = Shift.objects.filter(signed_off_at__gt=bounds["first"], signed_on_at__lt=bounds["last"])
    for worker, on, off in shifts.order_by("signed_on_at").values_list("user_id", "signed_on_at", "signed_off_at"):
        found[worker].append((on, off))
    return found


def _shift_end(ends: Mapping[int, list[tuple[datetime, datetime]]], worker: int, start_at: datetime) -> datetime | None:
    """The end of the shift that a spell began in, where that is known."""
    shifts = ends.get(worker, [])
    place = bisect_right(shifts, start_at, key=lambda shift: shift[0]) - 1
    return shifts[place][1] if place >= 0 and start_at < shifts[place][1] else None


def waits_measured(
    *,
    actor: User,
    since: datetime,
    until: datetime,
    at: datetime,
    by: tuple[Dimension, ...],
    ward_ids: Collection[int] | None = None,
    kinds: Collection[str] | None = None,
) -> Waits:
    """Response and turnaround of the work within reach that was asked for in ``[since, until)`` (feat-A22).

    Asked for is when the patient left, or when somebody reported or wished it. What was planned (the day's plan, the
    round of daily cleans) was asked for by nobody and is left out.
    """
    wards = wards_in_reach(actor)
    tasks = Task.objects.filter(
        ward__in=wards, created_at__gte=since, created_at__lt=until, plan_key__isnull=True
    ).exclude(kind=TaskKind.DAILY_CLEAN)
    if ward_ids is not None:
        tasks = tasks.filter(ward__in=list(ward_ids))
    rows = tasks.values_list(
        "kind", "task_type__code", "ward_id", "created_at", "started_at", "finished_at", "state", "owner_id"
    )
    waits = [
        Wait(
            kind=code or kind,
            unit=str(ward_id),
            asked_at=asked,
            seen_to=finished if state == TaskState.WITHDRAWN and finished else max(at, asked),
            begun_at=begun,
            finished_at=finished if state in FINISHED else None,
            worker=owner_id,
        )
        for kind, code, ward_id, asked, begun, finished, state, owner_id in rows
        if kinds is None or (code or kind) in kinds
    ]
    return waits_estimate(WaitOrder(tuple(waits), by))
