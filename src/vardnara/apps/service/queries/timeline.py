"""The day by ward and hour: what is planned, taken, done, late and nobody's."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, ExtractHour

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import LIVE_STATES, OWNED_STATES, DayState, Party, TaskKind, TaskState
from vardnara.apps.service.models import Task
from vardnara.apps.service.queries.tasks import TaskRow, _rows, urgency
from vardnara.kernel.local_time import STOCKHOLM, day_bounds, local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

BEFORE = -1  # the column of work that an earlier day left
HOURS_AROUND = 2  # hours beside now that are shown though nothing falls in them
LISTED = 200  # tasks of a chosen cell that are listed
TALLEST = 20.0  # units of height of the tallest column


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the day is asked for; zero and empty mean all of it. ``kind`` is a kind or a catalogue code."""

    division_id: int = 0
    ward_id: int = 0
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an hour's column: ``top`` and ``height`` in units of the picture, from above."""

    state: DayState
    number: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a ward."""

    hour: int
    number: int
    parts: tuple[Part, ...]
    is_now: bool

    @property
    def needs(self) -> int:
        """Tasks that call for somebody: late or nobody's."""
        return sum(part.number for part in self.parts if part.state in (DayState.LATE, DayState.UNOWNED))


@dataclass(frozen=True, slots=True)
class WardDay:
    """A ward's hours, and its sums in the order of ``DayState``."""

    ward_id: int
    name: str
    division_id: int
    division: str
    cells: tuple[Cell, ...]
    sums: tuple[int, ...]
    first: bool  # of its division

    @property
    def number(self) -> int:
        return sum(self.sums)


@dataclass(frozen=True, slots=True)
class DayPage:
    """The day: the hours shown, a row a ward, and the sums of each hour and of all in the order of ``DayState``.

    ``n_wards`` is how many wards were asked about, ``changes_at`` when the picture changes though nobody does anything.
    """

    hours: tuple[int, ...]
    now_hour: int
    wards: tuple[WardDay, ...]
    by_hour: tuple[tuple[int, tuple[int, ...]], ...]
    sums: tuple[int, ...]
    tallest: int
    n_wards: int
    changes_at: datetime

    @property
    def number(self) -> int:
        return sum(self.sums)


def _of_day(actor: User, at: datetime, wanted: Filter) -> QuerySet[Task]:
    """The work of the local date: what is planned for it, what came up or was finished in it, and what is still open
    from before. What was taken back is not work."""
    on = local_date(at)
    since, until = day_bounds(on)
    finished = Q(state__in=[TaskState.DONE, TaskState.INSPECTED])
    live = Q(state__in=LIVE_STATES)
    tasks = Task.objects.filter(
        Q(planned_on=on) & ~Q(state=TaskState.WITHDRAWN)
        | Q(planned_on__lt=on) & live
        | Q(planned_on__isnull=True) & live
        | Q(planned_on__isnull=True) & finished & Q(finished_at__gte=since, finished_at__lt=until),
        ward__in=wards_in_reach(actor),
    )
    if wanted.division_id:
        tasks = tasks.filter(ward__division=wanted.division_id)
    if wanted.ward_id:
        tasks = tasks.filter(ward=wanted.ward_id)
    if wanted.kind:
        of_kind = Q(task_type__code=wanted.kind)
        tasks = tasks.filter(of_kind | Q(kind=wanted.kind) if wanted.kind in TaskKind.values else of_kind)
    tasks = tasks.annotate(day_state=_day_state(at), hour=_hour(since, until))
    return tasks.filter(day_state=wanted.state) if wanted.state else tasks


def _day_state(at: datetime) -> Case:
    """One state a task: late before nobody's before taken. The same rule as ``TaskRow.is_red``."""
    live = Q(state__in=LIVE_STATES)
    nobodys = Q(party="") | Q(planned_on__isnull=True, party=Party.SERVICE)
    return Case(
        When(live & Q(due_at__lte=at), then=Value(DayState.LATE.value)),
        When(Q(state=TaskState.OPEN) & nobodys, then=Value(DayState.UNOWNED.value)),
        When(state__in=OWNED_STATES, then=Value(DayState.TAKEN.value)),
        When(state=TaskState.OPEN, then=Value(DayState.PLANNED.value)),
        default=Value(DayState.DONE.value),
        output_field=CharField(),
    )


def _hour(since: datetime, until: datetime) -> Case:
    """The local hour in which a task is to begin, or came up where no hour is planned."""
    begins = Coalesce("starts_at", "created_at")
    return Case(
        When(starts_at__lt=since, then=Value(BEFORE)),
        When(starts_at__isnull=True, created_at__lt=since, then=Value(BEFORE)),
        When(starts_at__gte=until, then=Value(23)),
        default=ExtractHour(begins, tzinfo=STOCKHOLM),
        output_field=IntegerField(),
    )


def day_page(*, actor: User, at: datetime, wanted: Filter) -> DayPage:
    """The day's work within the actor's reach, counted by the database."""
    coming = Min("due_at", filter=Q(state__in=LIVE_STATES, due_at__gt=at))
    rows = (
        _of_day(actor, at, wanted)
        .values_list("ward", "hour", "day_state")
        .annotate(number=Count("pk"), next_due=coming)
        .order_by()
    )
    counts: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    of_ward: dict[int, Counter[str]] = defaultdict(Counter)
    of_hour: dict[int, Counter[str]] = defaultdict(Counter)
    changes_at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    for ward_id, hour, state, number, next_due in rows:
        counts[ward_id, hour][state] = number
        of_ward[ward_id][state] += number
        of_hour[hour][state] += number
        changes_at = min(changes_at, next_due or changes_at)
    now_hour = at.astimezone(STOCKHOLM).hour
    hours = _hours({hour for _, hour in counts}, now_hour)
    tallest = max((sum(found.values()) for found in counts.values()), default=0)
    wards = wards_in_reach(actor).select_related("division").order_by("division__name", "division_id", "code", "pk")
    if wanted.division_id:
        wards = wards.filter(division=wanted.division_id)
    if wanted.ward_id:
        wards = wards.filter(pk=wanted.ward_id)
    made, last, n_wards = [], None, 0
    for ward in wards:
        n_wards += 1
        if ward.pk not in of_ward:
            continue
        cells = tuple(column(hour, counts.get((ward.pk, hour), {}), tallest, is_now=hour == now_hour) for hour in hours)
        sums = tuple(of_ward[ward.pk][state] for state in DayState)
        made.append(
            WardDay(
                ward.pk, ward.name, ward.division_id, ward.division.name, cells, sums, first=ward.division_id != last
            )
        )
        last = ward.division_id
    by_hour = tuple((hour, tuple(of_hour[hour][state] for state in DayState)) for hour in hours)
    sums = tuple(sum(row.sums[n] for row in made) for n in range(len(DayState)))
    return DayPage(hours, now_hour, tuple(made), by_hour, sums, tallest, n_wards, changes_at)


def _hours(busy: set[int], now_hour: int) -> tuple[int, ...]:
    """The hours that something falls in, and those around now, without gaps; what an earlier day left comes first."""
    clock = [hour for hour in busy if hour != BEFORE]
    first = min([*clock, max(0, now_hour - HOURS_AROUND)])
    last = max([*clock, min(23, now_hour + HOURS_AROUND)])
    return ((BEFORE,) if BEFORE in busy else ()) + tuple(range(first, last + 1))


def column(hour: int, found: dict[str, int], tallest: int, *, is_now: bool) -> Cell:
    """The column of an hour: it stands on the ground line, and each piece is tall enough to be seen."""
    parts, top = [], TALLEST
    for state in STACK:
        number = found.get(state, 0)
        if number:
            height = round(max(1.5, TALLEST * number / max(tallest, 1)), 1)
            top = round(top - height, 1)
            parts.append(Part(state, number, top, height))
    if top < 0:  # least heights together outgrew the picture
        squeeze = TALLEST / (TALLEST - top)
        parts = [
            Part(p.state, p.number, round(TALLEST - (TALLEST - p.top) * squeeze, 1), round(p.height * squeeze, 1))
            for p in parts
        ]
    return Cell(hour, sum(found.values()), tuple(parts), is_now)


STACK = (DayState.DONE, DayState.TAKEN, DayState.PLANNED, DayState.UNOWNED, DayState.LATE)


def day_tasks(*, actor: User, at: datetime, wanted: Filter, hour: int | None) -> tuple[list[TaskRow], int]:
    """The tasks behind a figure, most urgent first and what is finished last, and how many there are in all."""
    tasks = _of_day(actor, at, wanted)
    if hour is not None:
        tasks = tasks.filter(hour=hour)
    number = tasks.count()
    done = Case(When(day_state=DayState.DONE.value, then=1), default=0, output_field=IntegerField())
    rows = _rows(tasks.order_by(done, "priority", "due_at", "created_at", "pk")[:LISTED], at)
    return sorted(rows, key=lambda row: (not row.is_live, urgency(row))), number


def day_choices(*, actor: User) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Divisions and wards within reach, to choose among."""
    wards = wards_in_reach(actor).select_related("division").order_by("division__name", "code", "pk")
    divisions = {ward.division_id: ward.division.name for ward in wards}
    return list(divisions.items()), [(ward.pk, ward.name) for ward in wards]
