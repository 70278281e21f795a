"""What whoever plans a day needs to know of the work: the tasks of a date, who is on shift, where they were last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Func, Max, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Cast

from vardnara.apps.service.choices import (
    FOR_SERVICE,
    GIVEN,
    LIVE_STATES,
    BreakKind,
    EventKind,
    TaskState,
    Zones,
    name_in_language,
)
from vardnara.apps.service.models import DayPlan, Shift, ShiftBreak, Task, TaskEvent
from vardnara.apps.service.queries.next_task import JUST_NOW
from vardnara.apps.service.queries.shifts import LONGEST, absent_ids
from vardnara.apps.service.queries.tasks import hygiene_order
from vardnara.kernel.local_time import day_bounds, local_date


@dataclass(frozen=True, slots=True)
class DispatchTask:
    """A task that is not finished, with what a plan asks of it. ``minutes`` None: nobody knows how long it takes.

    What the plan itself has ``given`` and nobody has begun is free to be planned otherwise: it has no owner here.
    ``declined`` are those who had it today and handed it back.
    """

    id: int
    kind: str
    type_name: str
    type_name_en: str
    ward_id: int
    ward_code: str
    ward_name: str
    place: str
    contagion: str
    minutes: int | None
    worked_seconds: int
    spell_started_at: datetime | None
    starts_at: datetime | None
    due_at: datetime | None
    priority: int
    competence: str
    hygiene_order: int
    n_people: int
    owner_id: int | None
    owner_name: str
    state: str
    declined: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """What the catalogue calls it; empty where its kind says it."""
        return name_in_language(self.type_name, self.type_name_en) if self.type_name else ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A worker who has signed on. ``has_next``: there is something ahead that they took or were handed by a person."""

    user_id: int
    resting: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class OnShift:
    """A worker who has signed on, and perhaps off again. ``ward_ids`` only where some wards were chosen."""

    user_id: int
    name: str
    since: datetime
    until: datetime | None
    ward_ids: frozenset[int]
    n_lunches: int


@dataclass(frozen=True, slots=True)
class LastDone:
    """Where somebody finished something last, and how unclean it was; a break since then is clean."""

    ward_id: int
    hygiene_order: int


COLUMNS = (
    "pk", "kind", "task_type__name", "task_type__name_en", "ward_id", "ward__code", "ward__name", "bed__room__code",
    "bed__code", "contagion_class", "norm_minutes",
    "worked_seconds", "spell_started_at", "starts_at", "due_at", "priority",
    "task_type__competence", "task_type__hygiene_order", "task_type__n_people", "owner_id",
    "owner__first_name", "owner__last_name", "owner__username", "state", "reason",
)  # fmt: skip
# Handed back for these reasons, work was not said no to.
NOT_DECLINED = ("shift_over", "absent")
# What of a task a plan is made of, beside its owner and its state.
PLANNED_BY = (
    "pk", "kind", "task_type", "party", "ward", "bed", "contagion_class", "norm_minutes", "worked_seconds",
    "spell_started_at", "starts_at", "due_at", "priority",
)  # fmt: skip


def _of_day(hospital_id: int, on: date, at: datetime) -> QuerySet[Task]:
    of_day = Q(planned_on=on)
    if on == local_date(at):
        of_day |= Q(planned_on__lt=on) | Q(planned_on__isnull=True)
    return Task.objects.filter(
        of_day, ward__division__hospital=hospital_id, state__in=LIVE_STATES, party__in=FOR_SERVICE
    )


def dispatch_tasks(*, hospital_id: int, on: date, at: datetime) -> list[DispatchTask]:
    """Ward service's work of a date that is not finished, and nobody's by agreement; today's with what is left over and
    what was asked for. The caller answers for scope.
    """
    declined = dispatch_declined(hospital_id=hospital_id, on=on, at=at)
    return [
        DispatchTask(
            id=row.pk,
            kind=row.kind,
            type_name=row.task_type__name or "",
            type_name_en=row.task_type__name_en or "",
            ward_id=row.ward_id,
            ward_code=row.ward__code,
            ward_name=row.ward__name,
            place=f"{row.bed__room__code}:{row.bed__code}" if row.bed__code else "",
            contagion=row.contagion_class,
            minutes=row.norm_minutes,
            worked_seconds=row.worked_seconds,
            spell_started_at=row.spell_started_at,
            starts_at=row.starts_at,
            due_at=row.due_at,
            priority=row.priority,
            competence=row.task_type__competence or "",
            hygiene_order=hygiene_order(row.kind, row.task_type__hygiene_order),
            n_people=row.task_type__n_people or 1,
            owner_id=None if _is_given(row) else row.owner_id,
            owner_name=""
            if _is_given(row)
            else " ".join(filter(None, (row.owner__first_name, row.owner__last_name))) or row.owner__username or "",
            state=TaskState.OPEN.value if _is_given(row) else row.state,
            declined=declined.get(row.pk, frozenset()),
        )
        for row in _of_day(hospital_id, on, at).order_by("pk").values_list(*COLUMNS, named=True)
    ]


def _is_given(row: Any) -> bool:
    return row.state == TaskState.CLAIMED and row.reason == GIVEN


def dispatch_declined(*, hospital_id: int, on: date, at: datetime) -> dict[int, frozenset[int]]:
    """By task that nobody has begun, who has handed it back on the date. The caller answers for scope."""
    free = _of_day(hospital_id, on, at).filter(state__in=[TaskState.OPEN, TaskState.CLAIMED])
    events = TaskEvent.objects.filter(
        task__in=free, kind=EventKind.HANDED_BACK, at__gte=day_bounds(on)[0], actor__isnull=False
    ).exclude(reason__in=NOT_DECLINED)
    found: dict[int, set[int]] = {}
    for task_id, user_id in events.values_list("task_id", "actor_id"):
        found.setdefault(task_id, set()).add(user_id)
    return {task_id: frozenset(users) for task_id, users in found.items()}


def dispatch_given(*, hospital_id: int) -> dict[int, int]:
    """Tasks that the day plan has given and nobody has begun, with whoever has them. The caller answers for scope."""
    rows = Task.objects.filter(ward__division__hospital=hospital_id, state=TaskState.CLAIMED, reason=GIVEN)
    return {task_id: owner_id for task_id, owner_id in rows.order_by("pk").values_list("pk", "owner_id") if owner_id}


def dispatch_ready(*, hospital_id: int, at: datetime) -> list[Ready]:
    """Who has signed on and is not marked as absent. The caller answers for scope."""
    shifts = Shift.objects.filter(
        user__scopes__hospital=hospital_id, signed_off_at__isnull=True, signed_on_at__gt=at - LONGEST
    ).exclude(user__in=absent_ids(at=at))
    users = sorted(set(shifts.values_list("user_id", flat=True)))
    resting = ShiftBreak.objects.filter(shift__user__in=users, shift__signed_off_at__isnull=True, ended_at__isnull=True)
    ahead = Task.objects.filter(owner__in=users, state=TaskState.CLAIMED).exclude(reason=GIVEN)
    away, busy = set(resting.values_list("shift__user", flat=True)), set(ahead.values_list("owner_id", flat=True))
    return [Ready(user_id, user_id in away, user_id in busy) for user_id in users]


def dispatch_laid_out(*, hospital_id: int, on: date) -> bool:
    """Whether the work of a date has been laid out."""
    return DayPlan.objects.filter(hospital=hospital_id, on=on).exists()


def dispatch_seen(*, hospital_id: int, on: date, at: datetime) -> list[object]:
    """What a plan of the date is made of, as far as the work and who is there make it, to be compared with itself.

    Two queries find it equal as long as nothing has happened that a plan depends on, whatever the clocks of phones say;
    what the plan itself gives and takes back is no change. The caller answers for scope.
    """
    given = Q(state=TaskState.CLAIMED, reason=GIVEN)
    state = Case(When(given, then=Value(TaskState.OPEN.value)), default=F("state"))
    owner = Case(When(given, then=None), default=F("owner"))
    row = Cast(Func(*PLANNED_BY, state, owner, function="ROW", output_field=TextField()), TextField())
    number = Func(row, Value(0), function="hashtextextended", output_field=BigIntegerField())
    tasks = _of_day(hospital_id, on, at).aggregate(sum=Sum(number), n=Count("pk"))
    last = Task.objects.filter(
        ward__division__hospital=hospital_id, state__in=[TaskState.DONE, TaskState.INSPECTED],
        finished_at__gte=at - JUST_NOW,
    ).aggregate(last=Max("finished_at"))  # fmt: skip
    declined = dispatch_declined(hospital_id=hospital_id, on=on, at=at)
    shifts = dispatch_on_shift(hospital_id=hospital_id, at=at)
    pauses = ShiftBreak.objects.filter(shift__user__in=shifts, began_at__gte=at - LONGEST)
    return [
        tasks["n"], tasks["sum"], last["last"], sorted((task, sorted(users)) for task, users in declined.items()),
        sorted((user, one.since, one.until, sorted(one.ward_ids), one.n_lunches) for user, one in shifts.items()),
        sorted(pauses.values_list("pk", "ended_at")), sorted(absent_ids(at=at)),
    ]  # fmt: skip


def dispatch_on_shift(*, hospital_id: int, at: datetime) -> dict[int, OnShift]:
    """By user, the last shift of those who have signed on lately: the wards that they chose, and their lunches."""
    rows = Shift.objects.filter(user__scopes__hospital=hospital_id, signed_on_at__gt=at - LONGEST).distinct()
    found = {}
    for row in rows.select_related("user").prefetch_related("wards", "breaks").order_by("signed_on_at", "pk"):
        found[row.user_id] = OnShift(
            user_id=row.user_id,
            name=row.user.get_full_name() or row.user.get_username(),
            since=row.signed_on_at,
            until=row.signed_off_at,
            ward_ids=frozenset(ward.pk for ward in row.wards.all()) if row.zones == Zones.SOME else frozenset(),
            n_lunches=sum(1 for pause in row.breaks.all() if pause.kind == BreakKind.LUNCH),
        )
    return found


def dispatch_absent(*, at: datetime) -> set[int]:
    """Users who are marked as absent on the local date."""
    return absent_ids(at=at)


def dispatch_last_done(*, user_ids: Iterable[int], at: datetime) -> dict[int, LastDone]:
    """By user, what they finished last; what a break came after is clean, as is what was hours ago."""
    done = Task.objects.filter(
        owner__in=list(user_ids), finished_at__gte=at - JUST_NOW, state__in=[TaskState.DONE, TaskState.INSPECTED]
    ).order_by("finished_at")
    pauses = ShiftBreak.objects.filter(shift__user__in=list(user_ids), began_at__gte=at - JUST_NOW)
    rested = dict(pauses.values_list("shift__user").annotate(last=Max("began_at")))
    found = {}
    for row in done.values_list("owner_id", "ward_id", "kind", "task_type__hygiene_order", "finished_at", named=True):
        washed = row.owner_id in rested and rested[row.owner_id] >= row.finished_at
        order = 0 if washed else hygiene_order(row.kind, row.task_type__hygiene_order)
        found[row.owner_id] = LastDone(row.ward_id, order)
    return found
