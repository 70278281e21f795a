"""Tasks as pages show them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import (
    GIVEN,
    LIVE_STATES,
    OWNED_STATES,
    TURNOVER_KINDS,
    EventKind,
    Party,
    Priority,
    TaskKind,
    TaskState,
    name_in_language,
)
from vardnara.apps.service.models import Checkoff, ShiftBreak, Task, TaskEvent
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import STOCKHOLM

SOON = timedelta(hours=1)  # planned work is offered so long before its time
CLEAN_KINDS = (*TURNOVER_KINDS, TaskKind.DAILY_CLEAN)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task with its place and owner; ``late`` is judged at the time of reading."""

    id: int
    kind: TaskKind
    state: TaskState
    priority: Priority
    ward_id: int
    ward_code: str
    ward_name: str
    bed_id: int | None
    bed_token: str
    room_code: str
    bed_code: str
    note: str
    contagion: str
    reason: str
    warning: str
    owner_id: int | None
    owner_name: str
    norm_minutes: int | None
    created_at: datetime
    due_at: datetime | None
    claimed_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    worked_seconds: int
    spell_started_at: datetime | None
    late: bool
    party: str
    planned_on: date | None
    starts_at: datetime | None
    type_name: str
    type_name_en: str
    checklist: tuple[str, ...]
    needs_signature: bool
    n_people: int
    hygiene_order: int

    @property
    def title(self) -> str:
        """What it is called: by the catalogue where it is service work, else by its kind."""
        if self.kind != TaskKind.SERVICE or not self.type_name:
            return str(self.kind.label)
        return name_in_language(self.type_name, self.type_name_en)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_clean(self) -> bool:
        return self.kind in CLEAN_KINDS

    @property
    def is_given(self) -> bool:
        """The day plan has given it, and nobody has begun."""
        return self.state == TaskState.CLAIMED and self.reason == GIVEN

    @property
    def unowned(self) -> bool:
        """Work that nobody has taken."""
        return self.state == TaskState.OPEN

    @property
    def is_for_others(self) -> bool:
        """Work that an agreement gives to somebody else than the service."""
        return self.party not in ("", Party.SERVICE)

    @property
    def party_word(self) -> str:
        return str(Party(self.party).label) if self.party else ""

    @property
    def is_red(self) -> bool:
        """Work that needs somebody: past its time, or without an owner. What is planned and agreed is one list that is
        worked through; a single task of it calls for somebody when it is late."""
        if self.late or (self.unowned and self.party == ""):
            return True
        return self.unowned and self.planned_on is None and self.party == Party.SERVICE

    @property
    def ready_by(self) -> datetime | None:
        """When it will be done if the norm holds, once somebody works on it."""
        if self.state != TaskState.STARTED or self.spell_started_at is None or self.norm_minutes is None:
            return None
        left = timedelta(minutes=self.norm_minutes) - timedelta(seconds=self.worked_seconds)
        return self.spell_started_at + max(left, timedelta())


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of a task's history. ``reason`` is a code of pause, delay or withdrawal."""

    kind: EventKind
    at: datetime
    name: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class CheckoffRow:
    """The checklist of a finished task: each point and whether it was done."""

    points: tuple[tuple[str, bool], ...]
    signed: bool
    name: str
    at: datetime


def _name(user: User | None) -> str:
    return "" if user is None else user.get_full_name() or user.get_username()


HYGIENE_USUAL = 50  # as the catalogue's default
HYGIENE_BY_KIND = {TaskKind.DISCHARGE_CLEAN: 60, TaskKind.FOUND_BED: 60, TaskKind.CONTAGION_CLEAN: 90}
COLUMNS = (
    "pk",
    "kind",
    "state",
    "priority",
    "ward_id",
    "ward__code",
    "ward__name",
    "bed_id",
    "bed__token",
    "bed__room__code",
    "bed__code",
    "note",
    "contagion_class",
    "reason",
    "warning",
    "owner_id",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "norm_minutes",
    "created_at",
    "due_at",
    "claimed_at",
    "started_at",
    "finished_at",
    "worked_seconds",
    "spell_started_at",
    "party",
    "planned_on",
    "starts_at",
    "task_type__name",
    "task_type__name_en",
    "task_type__checklist",
    "task_type__needs_signature",
    "task_type__n_people",
    "task_type__hygiene_order",
)


def _rows(tasks: QuerySet[Task], at: datetime) -> list[TaskRow]:
    """Rows of tasks: plain columns in one query, as a board reads them many times a second."""
    return [_row(task, at) for task in tasks.values_list(*COLUMNS, named=True)]


def hygiene_order(kind: str, of_type: int | None) -> int:
    """The catalogue's, else that of the kind: work that events make on a ward without agreement has no type."""
    return HYGIENE_BY_KIND.get(kind, HYGIENE_USUAL) if of_type is None else of_type


def _row(task: Any, at: datetime) -> TaskRow:
    name = f"{task.owner__first_name or ''} {task.owner__last_name or ''}".strip()
    return TaskRow(
        id=task.pk,
        kind=TaskKind(task.kind),
        state=TaskState(task.state),
        priority=Priority(task.priority),
        ward_id=task.ward_id,
        ward_code=task.ward__code,
        ward_name=task.ward__name,
        bed_id=task.bed_id,
        bed_token=task.bed__token or "",
        room_code=task.bed__room__code or "",
        bed_code=task.bed__code or "",
        note=task.note,
        contagion=task.contagion_class,
        reason=task.reason,
        warning=task.warning,
        owner_id=task.owner_id,
        owner_name=name or task.owner__username or "",
        norm_minutes=task.norm_minutes,
        created_at=task.created_at,
        due_at=task.due_at,
        claimed_at=task.claimed_at,
        started_at=task.started_at,
        finished_at=task.finished_at,
        worked_seconds=task.worked_seconds,
        spell_started_at=task.spell_started_at,
        late=task.state in LIVE_STATES and task.due_at is not None and task.due_at <= at,
        party=task.party,
        planned_on=task.planned_on,
        starts_at=task.starts_at,
        type_name=task.task_type__name or "",
        type_name_en=task.task_type__name_en or "",
        checklist=tuple(task.task_type__checklist or ()),
        needs_signature=bool(task.task_type__needs_signature),
        n_people=task.task_type__n_people or 1,
        hygiene_order=hygiene_order(task.kind, task.task_type__hygiene_order),
    )


def _reach(actor: User) -> QuerySet[Task]:
    return Task.objects.filter(ward__in=wards_in_reach(actor))


def _by_today(at: datetime) -> Q:
    """Not what is planned for a day to come."""
    return Q(planned_on__isnull=True) | Q(planned_on__lte=at.astimezone(STOCKHOLM).date())


def _round_left(at: datetime) -> Q:
    """Planned and agreed work that nobody has taken and that is not late: counted by ward, not listed one by one."""
    return (
        Q(planned_on__isnull=False, state=TaskState.OPEN) & ~Q(party="") & (Q(due_at__isnull=True) | Q(due_at__gt=at))
    )


def task_list_live(
    *, actor: User, at: datetime, ward_ids: Collection[int] | None = None, bed_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """Work that is not finished, most urgent first: now before next before normal, then what is due first.

    Without ``bed_ids`` planned work that is still to be taken is left out; ``task_round_left`` counts it.
    """
    tasks = _reach(actor).filter(_by_today(at), state__in=LIVE_STATES)
    if bed_ids is None:
        tasks = tasks.exclude(_round_left(at))
    if ward_ids is not None:
        tasks = tasks.filter(ward__in=list(ward_ids))
    if bed_ids is not None:
        tasks = tasks.filter(bed__in=list(bed_ids))
    rows = _rows(tasks, at)
    return sorted(rows, key=urgency)


def task_next_due(*, actor: User, at: datetime) -> datetime | None:
    """When the next of the work that is not finished runs past its time; None where no such time is ahead."""
    live = _reach(actor).filter(state__in=LIVE_STATES, due_at__gt=at)
    return live.aggregate(first=Min("due_at"))["first"]


def task_round_left(
    *, actor: User, at: datetime, ward_ids: Collection[int] | None = None
) -> list[tuple[int, str, int]]:
    """(ward, its name, number) of today's planned tasks that nobody has taken yet and that are not late, most first."""
    tasks = Task.objects.filter(_round_left(at), _by_today(at), ward__in=wards_in_reach(actor))
    if ward_ids is not None:
        tasks = tasks.filter(ward__in=list(ward_ids))
    rows = tasks.values_list("ward_id", "ward__name").annotate(number=Count("pk"))
    return sorted(((ward, name, n) for ward, name, n in rows), key=lambda row: (-row[2], row[1], row[0]))


def task_round_first(
    *, actor: User, at: datetime, number: int, ward_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """The first of today's planned work, for those who look for their next task; not what is hours away."""
    soon = Q(starts_at__isnull=True) | Q(starts_at__lte=at + SOON)
    tasks = (
        _reach(actor).filter(_round_left(at), _by_today(at), soon).order_by("priority", "due_at", "created_at", "pk")
    )
    if ward_ids is not None:
        tasks = tasks.filter(ward__in=list(ward_ids))
    return _rows(tasks[:number], at)


def tasks_of_day(*, actor: User, at: datetime, ward_id: int) -> list[TaskRow]:
    """Everything that the plan of the local date holds for a ward, whatever has become of it, by time."""
    tasks = _reach(actor).filter(ward=ward_id, planned_on=at.astimezone(STOCKHOLM).date())
    return _rows(tasks.order_by("starts_at", "bed__room__code", "bed__code", "pk"), at)


def urgency(row: TaskRow) -> tuple[bool, bool, int, datetime, int]:
    """Order of a work list: unowned late work, then unowned work, then the rest, each by priority and time due."""
    return (not row.is_red, not row.late, int(row.priority), row.due_at or row.created_at, row.id)


def task_list_own(*, actor: User, at: datetime) -> list[TaskRow]:
    """What a worker has taken on, the running one first."""
    order = {TaskState.STARTED: 0, TaskState.CLAIMED: 1, TaskState.PAUSED: 2, TaskState.DELAYED: 3}
    rows = _rows(_reach(actor).filter(owner=actor, state__in=OWNED_STATES), at)
    return sorted(rows, key=lambda row: (order[row.state], int(row.priority), row.id))


def task_hygiene_last(*, actor: User, since: datetime) -> int:
    """How unclean the work was that the actor finished last since then; 0 where there is none, or a break came after.

    Nobody goes to a break unwashed.
    """
    done = Task.objects.filter(owner=actor, finished_at__gte=since, state__in=[TaskState.DONE, TaskState.INSPECTED])
    last = done.order_by("-finished_at").values_list("kind", "task_type__hygiene_order", "finished_at").first()
    if last is None or ShiftBreak.objects.filter(shift__user=actor, began_at__gte=last[2]).exists():
        return 0
    return hygiene_order(*last[:2])


def task_one(*, actor: User, at: datetime, task_id: int) -> TaskRow:
    """One task, finished or not; raises ``unknown_task`` outside the actor's reach."""
    rows = _rows(_reach(actor).filter(pk=task_id), at)
    if not rows:
        raise RuleBroken("unknown_task", f"task {task_id}")
    return rows[0]


def task_last_done(*, actor: User, at: datetime, bed_id: int) -> TaskRow | None:
    """The last task that was finished at a bed, so that ward staff see when it was cleaned."""
    done = _reach(actor).filter(bed_id=bed_id, state__in=[TaskState.DONE, TaskState.INSPECTED])
    return next(iter(_rows(done.order_by("-finished_at")[:1], at)), None)


def task_list_to_inspect(
    *, actor: User, at: datetime, since: datetime, ward_ids: Collection[int] | None = None
) -> list[TaskRow]:
    """Finished work that nobody has looked at yet, newest first."""
    tasks = _reach(actor).filter(state=TaskState.DONE, finished_at__gte=since)
    if ward_ids is not None:
        tasks = tasks.filter(ward__in=list(ward_ids))
    return _rows(tasks.order_by("-finished_at")[:20], at)


def task_history(*, task_id: int) -> list[EventRow]:
    """What happened to a task, oldest first. The caller has checked that the task is within reach."""
    events = TaskEvent.objects.filter(task_id=task_id).select_related("actor").order_by("pk")
    return [
        EventRow(EventKind(event.kind), event.at, _name(event.actor), event.reason, _note(event)) for event in events
    ]


def _note(event: TaskEvent) -> str:
    """What was said of an event; of a new priority, its name."""
    return str(Priority[event.note.upper()].label) if event.kind == EventKind.REPRIORITISED else event.note


def task_checkoff(*, task_id: int) -> CheckoffRow | None:
    """What was ticked off when a task was finished. The caller has checked that the task is within reach."""
    row = Checkoff.objects.filter(task=task_id).select_related("actor").first()
    if row is None:
        return None
    return CheckoffRow(tuple((text, done) for text, done in row.points), row.signed, _name(row.actor), row.at)


def task_beds(*, actor: User, task_ids: Collection[int]) -> set[int]:
    """Beds that some tasks within reach belong to, so that their tiles can be shown again."""
    if not task_ids:
        return set()
    beds = Task.objects.filter(pk__in=list(task_ids), ward__in=wards_in_reach(actor), bed__isnull=False)
    return set(beds.values_list("bed_id", flat=True))
