"""Work that waits for other work: it appears by itself when that is finished (feat-A27)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from vardnara.apps.service.choices import EventKind
from vardnara.apps.service.events import TaskChanged
from vardnara.apps.service.models import Task, TaskType
from vardnara.apps.service.queries.agreement_lines import EventAsked, event_answers, norms_newest
from vardnara.apps.service.services.creating import NewTask, tasks_create
from vardnara.kernel.local_time import local_date


def follow_ups_make(*, events: Iterable[TaskChanged]) -> int:
    """Make what follows the tasks that were just finished; returns how many. Needs a transaction.

    It is at the same place, whose it is by agreement at that hour, and made once for each task that is finished.
    """
    finished = {event.task_id: event for event in events if event.event == EventKind.FINISHED}
    if not finished:
        return 0
    followers: dict[str, list[TaskType]] = defaultdict(list)
    for row in TaskType.objects.filter(follows__isnull=False, retired_at__isnull=True).select_related("follows"):
        followers[row.follows.code].append(row)
    if not followers:
        return 0
    codes = dict(Task.objects.filter(pk__in=finished).values_list("pk", "task_type__code"))
    wanted = [
        (finished[task_id], row)
        for task_id, code in codes.items()
        for row in followers.get(code or finished[task_id].kind, ())
    ]
    if not wanted:
        return 0
    answers = event_answers([EventAsked((row.code,), event.ward_id, event.at) for event, row in wanted])
    on = local_date(max(event.at for event, _ in wanted))
    norms = norms_newest(task_type_ids={row.pk for _, row in wanted}, on=on)
    tasks = tasks_create(
        NewTask(
            kind=row.kind,
            ward_id=event.ward_id,
            bed_id=event.bed_id,
            at=event.at,
            contagion_class=event.contagion_class,
            priority=row.priority,
            norm_minutes=minutes,
            due_at=answer.due_at(minutes),
            reason="follows",
            task_type_id=row.pk,
            party=answer.party,
            plan_key=f"f{event.task_id}.{row.pk}",
        )
        for (event, row), answer in zip(wanted, answers, strict=True)
        for norm in [norms.get((row.pk, event.ward_id)) or norms.get((row.pk, 0))]
        for minutes in [round(norm.fixed_typical + norm.unit_typical) if norm else None]
    )
    return len(tasks)
