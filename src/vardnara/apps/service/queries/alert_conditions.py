"""What stands still now, by the rules of a ladder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from vardnara.apps.hospital.queries.alerts import parts_silent, unclean_occupied
from vardnara.apps.service.choices import LIVE_STATES, AlertTrigger, EventKind, Party, Priority, TaskKind, TaskState
from vardnara.apps.service.models import LadderRule, Task, TaskEvent

AGAIN = (EventKind.HANDED_BACK, EventKind.REASSIGNED, EventKind.RESTORED, EventKind.REPRIORITISED)


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that stands still, and since when. ``subject`` tells it from others of its trigger."""

    trigger: str
    subject: str
    since: datetime
    ward_id: int | None = None
    task_id: int | None = None
    bed_id: int | None = None


def _waiting(hospital_id: int, at: datetime) -> QuerySet[Task]:
    """Open work of a hospital whose time has come, with when it was last laid open (``open_at``)."""
    again = TaskEvent.objects.filter(task=OuterRef("pk"), kind__in=AGAIN).order_by("-at").values("at")[:1]
    return Task.objects.filter(
        Q(starts_at__isnull=True) | Q(starts_at__lte=at),
        state=TaskState.OPEN,
        ward__division__hospital=hospital_id,
        party__in=["", Party.SERVICE],
    ).annotate(open_at=Greatest(F("created_at"), F("starts_at"), Subquery(again, output_field=DateTimeField())))


def _of_tasks(tasks: QuerySet[Task], trigger: str, since: str) -> Iterator[Condition]:
    for pk, ward, bed, at in tasks.values_list("pk", "ward_id", "bed_id", since):
        yield Condition(trigger, f"task:{pk}", at, ward, pk, bed)


def conditions_standing(*, hospital_id: int, triggers: Collection[str], at: datetime) -> Iterator[Condition]:
    """Every condition of the triggers asked for, whether its minutes have passed or not; for jobs, not limited."""
    waiting = _waiting(hospital_id, at)
    if AlertTrigger.UNOWNED in triggers:
        unowned = waiting.filter(Q(party="") | Q(planned_on__isnull=True))
        yield from _of_tasks(unowned, AlertTrigger.UNOWNED, "open_at")
    if AlertTrigger.URGENT in triggers:
        yield from _of_tasks(waiting.filter(priority=Priority.STAT), AlertTrigger.URGENT, "open_at")
    if AlertTrigger.CONTAGION in triggers:
        yield from _of_tasks(waiting.filter(kind=TaskKind.CONTAGION_CLEAN), AlertTrigger.CONTAGION, "open_at")
    if AlertTrigger.LATE in triggers:
        late = Task.objects.filter(
            state__in=LIVE_STATES,
            due_at__lte=at,
            ward__division__hospital=hospital_id,
            party__in=["", Party.SERVICE],
        )
        yield from _of_tasks(late, AlertTrigger.LATE, "due_at")
    if AlertTrigger.UNCLEAN_BED in triggers:
        for bed in unclean_occupied(hospital_id=hospital_id):
            yield Condition(AlertTrigger.UNCLEAN_BED, f"bed:{bed.bed_id}", bed.since, bed.ward_id, bed_id=bed.bed_id)
    if AlertTrigger.SILENT in triggers:
        for part, beat_at in parts_silent(at=at):
            yield Condition(AlertTrigger.SILENT, f"part:{part}", beat_at)


def conditions_due(
    *, hospital_id: int, rules: Collection[LadderRule], at: datetime
) -> list[tuple[Condition, datetime]]:
    """Conditions that have stood as long as their rule says, with when the ladder begins for each."""
    after = {rule.trigger: timedelta(minutes=rule.after_minutes) for rule in rules}
    found = conditions_standing(hospital_id=hospital_id, triggers=set(after), at=at)
    due = ((one, one.since + after[one.trigger]) for one in found)
    return [(one, begins_at) for one, begins_at in due if begins_at <= at]
