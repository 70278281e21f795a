"""What whoever plans a day needs to know of the work: the tasks of a date, who is on shift, where they were last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Q

from vardnara.apps.service.choices import LIVE_STATES, BreakKind, TaskState, Zones, name_in_language
from vardnara.apps.service.models import Absence, DayPlan, Shift, ShiftBreak, Task
from vardnara.apps.service.queries.next_task import FOR_SERVICE, JUST_NOW
from vardnara.apps.service.queries.shifts import LONGEST, absent_ids
from vardnara.apps.service.queries.tasks import hygiene_order
from vardnara.kernel.local_time import day_bounds, local_date


@dataclass(frozen=True, slots=True)
class DispatchTask:
    """A task that is not finished, with what a plan asks of it. ``minutes`` None: nobody knows how long it takes."""

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

    @property
    def name(self) -> str:
        """What the catalogue calls it; empty where its kind says it."""
        return name_in_language(self.type_name, self.type_name_en) if self.type_name else ""


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
    "owner__first_name", "owner__last_name", "owner__username", "state",
)  # fmt: skip


def dispatch_tasks(*, hospital_id: int, on: date, at: datetime) -> list[DispatchTask]:
    """Ward service's work of a date that is not finished, and nobody's by agreement; today's with what is left over and
    what was asked for. The caller answers for scope.
    """
    today = local_date(at)
    of_day = Q(planned_on=on)
    if on == today:
        of_day |= Q(planned_on__lt=on) | Q(planned_on__isnull=True)
    rows = Task.objects.filter(
        of_day, ward__division__hospital=hospital_id, state__in=LIVE_STATES, party__in=FOR_SERVICE
    ).order_by("pk")
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
            owner_id=row.owner_id,
            owner_name=" ".join(filter(None, (row.owner__first_name, row.owner__last_name)))
            or row.owner__username
            or "",
            state=row.state,
        )
        for row in rows.values_list(*COLUMNS, named=True)
    ]


def dispatch_laid_out(*, hospital_id: int, on: date) -> bool:
    """Whether the work of a date has been laid out."""
    return DayPlan.objects.filter(hospital=hospital_id, on=on).exists()


def dispatch_changed_at(*, hospital_id: int, on: date) -> datetime | None:
    """When something last happened to the work of a date, to who is on shift, or to who is marked as absent."""
    of_day = Q(planned_on=on) | Q(planned_on__isnull=True, changed_at__gte=_yesterday(on))
    rows = Task.objects.filter(of_day, ward__division__hospital=hospital_id)
    tasks = rows.aggregate(last=Max("changed_at"))["last"]
    shifts = Shift.objects.filter(user__scopes__hospital=hospital_id).aggregate(
        on=Max("signed_on_at"), off=Max("signed_off_at"), rest=Max("breaks__began_at"), back=Max("breaks__ended_at")
    )
    absences = Absence.objects.filter(hospital=hospital_id, on=on).aggregate(gone=Max("at"), back=Max("undone_at"))
    found = [one for one in (tasks, *shifts.values(), *absences.values()) if one is not None]
    return max(found, default=None)


def _yesterday(on: date) -> datetime:
    return day_bounds(on - timedelta(days=1))[0]


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
