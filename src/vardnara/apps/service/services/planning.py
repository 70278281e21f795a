"""The plan of the day: made ahead of time, and corrected as beds, agreements and the calendar change.

Laying a day out again is always safe: each task names the occurrence that it stands for. What is no longer planned is
taken back unless somebody has begun it, what is planned again is taken up again, the rest follows. Where the next
version of an agreement says the same of some work, its task stays and is what that version plans. Tasks are made for
the service, and for nobody where agreements leave a hole; what care staff or others have taken on is theirs to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import md5
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from vardnara.apps.hospital.events import BedChanged
from vardnara.apps.hospital.queries.beds import bed_facts
from vardnara.apps.hospital.queries.wards_now import hospital_ids, wards_now
from vardnara.apps.hospital.services.beds import beds_lock
from vardnara.apps.hospital.services.bulk import rows_update
from vardnara.apps.hospital.services.live import changes_gathered
from vardnara.apps.service.bridge import need_of
from vardnara.apps.service.choices import (
    BY_EVENTS,
    TURNOVER_KINDS,
    Party,
    TaskKind,
    TaskState,
)
from vardnara.apps.service.models import DayPlan, Task, TaskType
from vardnara.apps.service.queries.agreement_lines import AgreedLine, agreement_lines_valid, norms_newest, wards_agreed
from vardnara.apps.service.services.creating import NewTask, tasks_create
from vardnara.apps.service.services.withdrawing import tasks_replan, tasks_restore, tasks_withdraw
from vardnara.engines.agenda import Entry, Need, Planned, WardDay, agenda_build
from vardnara.kernel.local_time import STOCKHOLM

if TYPE_CHECKING:
    from django.db.models import QuerySet

AHEAD_DAYS = 1  # how many days ahead of today are laid out
PLAN_LOCK = 0x5641_5246  # advisory lock, with the hospital: one plan of a hospital is laid out at a time
NO_LONGER = "not_planned"
HANDED_OVER = "handed_over"  # another party has it that day
TAKEN_BACK = (
    NO_LONGER,
    HANDED_OVER,
    "bed_empty",
    "patient_left",
)  # reasons after which the plan may take a task up again


def day_plans_keep(*, at: datetime) -> int:
    """Lay out today and the days ahead for every hospital, and close what was left of the days before.

    Returns how many tasks were made.
    """
    today = at.astimezone(STOCKHOLM).date()
    made = 0
    for hospital_id in hospital_ids():
        _days_close(hospital_id, before=today, at=at)
        for ahead in range(AHEAD_DAYS + 1):
            made += day_plan_sync(hospital_id=hospital_id, on=today + timedelta(days=ahead), at=at)
    return made


@transaction.atomic
def day_plan_sync(*, hospital_id: int, on: date, at: datetime) -> int:
    """Lay out a local date of a hospital and bring its tasks in line; returns how many are new.

    Work of single beds is laid out on its own day only: who will lie where tomorrow is not known today.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [PLAN_LOCK, hospital_id])
    with_beds = on == at.astimezone(STOCKHOLM).date()
    wards = wards_now(hospital_id=hospital_id)
    basis = _basis_read(hospital_id, on, [ward.ward_id for ward in wards])
    plan, _ = DayPlan.objects.update_or_create(
        hospital_id=hospital_id,
        on=on,
        defaults={"basis": basis.digest},
        create_defaults={"made_at": at, "basis": basis.digest},
    )
    _bases[hospital_id, on] = basis
    turned_over = _turned_over(on, ward__in=[ward.ward_id for ward in wards]) if with_beds else set()
    days = [
        WardDay(
            ward.ward_id,
            beds=tuple(bed for bed in ward.occupied_beds if bed not in turned_over),
            n_beds=ward.n_beds,
            n_patients=len(ward.occupied_beds),
        )
        for ward in wards
    ]
    needs = [need for need in basis.needs if with_beds or not need.each_bed]
    tasks = Task.objects.filter(planned_on=on, plan_key__isnull=False, ward__division__hospital=hospital_id)
    if not with_beds:
        tasks = tasks.filter(bed__isnull=True)
    with changes_gathered():
        made = _bring_in_line(_laid_out(on, basis.entries, needs, days), tasks, basis, on, at)
    if made:
        DayPlan.objects.filter(pk=plan.pk).update(n_tasks=plan.n_tasks + made)
    return made


def day_plan_follow_beds(*, events: Collection[BedChanged]) -> None:
    """Correct today's plan where it depends on who lies in these beds (feat-A25, feat-A26). Needs a transaction."""
    at = max(event.at for event in events)
    today = at.astimezone(STOCKHOLM).date()
    wards = {event.ward_id for event in events}
    plans = DayPlan.objects.filter(on=today, hospital__divisions__wards__in=wards).distinct()
    for hospital_id, digest in plans.values_list("hospital_id", "basis"):
        basis = _bases.get((hospital_id, today))
        if basis is None or basis.digest != digest:
            basis = _basis_read(hospital_id, today, None)
            _bases[hospital_id, today] = basis
        needs = [need for need in basis.needs if need.each_bed and need.ward_id in wards]
        if not needs:
            continue
        here = [event for event in events if event.ward_id in {need.ward_id for need in needs}]
        beds = [event.bed_id for event in here]
        turned_over = _turned_over(today, bed__in=beds)
        days = [
            WardDay(
                ward_id,
                beds=tuple(
                    event.bed_id
                    for event in here
                    if event.ward_id == ward_id and event.occupied and event.bed_id not in turned_over
                ),
            )
            for ward_id in wards
        ]
        tasks = Task.objects.filter(planned_on=today, plan_key__isnull=False, bed__in=beds)
        _bring_in_line(_laid_out(today, basis.entries, needs, days), tasks, basis, today, at, events=here)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a day of a hospital is laid out from, without who lies where."""

    entries: tuple[Entry, ...]
    needs: tuple[Need, ...]
    types: dict[int, TaskType]
    digest: str


_bases: dict[tuple[int, date], Basis] = {}  # as DayPlan.basis says; a few kilobytes a day and hospital


def _basis_read(hospital_id: int, on: date, ward_ids: Collection[int] | None) -> Basis:
    if ward_ids is None:
        ward_ids = [ward.ward_id for ward in wards_now(hospital_id=hospital_id)]
    for old in [key for key in _bases if key[1] < on - timedelta(days=1)]:
        del _bases[old]
    lines = agreement_lines_valid(hospital_id=hospital_id, on=on)
    agreed = wards_agreed(ward_ids=ward_ids)
    types = {row.pk: row for row in TaskType.objects.filter(retired_at__isnull=True).exclude(driver__in=BY_EVENTS)}
    norms = norms_newest(task_type_ids=types, on=on)
    needs = []
    for pk, row in sorted(types.items()):
        for ward_id in sorted(ward_ids):
            if (pk, ward_id) in agreed or row.always:
                party = "" if (pk, ward_id) in agreed else Party.SERVICE
                norm = norms.get((pk, ward_id)) or norms.get((pk, 0))
                needs.append(need_of(row, ward_id, norm, party=party))
    entries = tuple(_entry(line) for line in lines if line.task_type_id in types)
    kinds = sorted((row.pk, row.kind, row.priority) for row in types.values())
    digest = md5(repr((entries, needs, kinds)).encode(), usedforsecurity=False).hexdigest()
    return Basis(entries, tuple(needs), types, digest)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What is planned for the service or for nobody, by key; and (kind, ward) of which others have all of the day."""

    ours: dict[str, Planned]
    others: frozenset[tuple[int, int]]


def _laid_out(on: date, entries: Iterable[Entry], needs: Iterable[Need], days: Iterable[WardDay]) -> LaidOut:
    planned = agenda_build(on, entries, needs, days).planned
    ours = {one.key: one for one in planned if one.party in ("", Party.SERVICE)}
    mine = {(one.type_id, one.ward_id) for one in ours.values()}
    return LaidOut(ours, frozenset({(one.type_id, one.ward_id) for one in planned} - mine))


def _entry(line: AgreedLine) -> Entry:
    return Entry(
        line_id=line.id,
        type_id=line.task_type_id,
        ward_id=line.ward_id,
        party=line.party,
        days=line.days,
        window=line.window,
        recurrence=line.recurrence,
        times=line.times,
    )


def _turned_over(on: date, **where: Collection[int]) -> set[int]:
    """Beds that have been, or are to be, cleaned after somebody left on the date: they need no daily clean on it."""
    start = datetime(on.year, on.month, on.day, tzinfo=STOCKHOLM)
    tasks = Task.objects.filter(kind__in=TURNOVER_KINDS, created_at__gte=start, **where)
    return set(tasks.exclude(state=TaskState.WITHDRAWN).values_list("bed_id", flat=True))


def _bring_in_line(
    laid_out: LaidOut,
    tasks: QuerySet[Task],
    basis: Basis,
    on: date,
    at: datetime,
    events: Iterable[BedChanged] = (),
) -> int:
    """Make, take back, take up and change these tasks until they are what is planned; returns how many are new.

    ``events`` are the facts of beds where they are known already.
    """
    planned = laid_out.ours
    rows = list(
        tasks.values_list(
            "pk", "plan_key", "state", "reason", "party", "line_id", "norm_minutes", "starts_at", "due_at", "bed_id",
            "task_type_id", "ward_id",
        )
    )  # fmt: skip
    renamed = _renamed(rows, planned)
    known = {row[1] for row in rows} | set(renamed.values())
    open_states = (TaskState.OPEN, TaskState.CLAIMED)
    gone: dict[str, list[int]] = defaultdict(list)
    again: list[int] = []
    changes: dict[int, dict[str, object]] = {}
    beds: set[int] = set()
    for pk, key, state, reason, *now, bed_id, type_id, ward_id in rows:
        want = planned.get(renamed.get(pk, key))
        if want is None:
            if state in open_states:
                over = (type_id, ward_id) in laid_out.others
                gone[HANDED_OVER if over else "bed_empty" if bed_id else NO_LONGER].append(pk)
                beds |= {bed_id} - {None}
            continue
        said = [want.party, want.line_id, _whole(want.minutes), want.starts_at, want.due_at]
        if state == TaskState.WITHDRAWN and reason in TAKEN_BACK and want.due_at > at:
            again.append(pk)
            beds |= {bed_id} - {None}
        if state in open_states and now != said:
            names = ("party", "line_id", "norm_minutes", "starts_at", "due_at")
            changes[pk] = dict(zip(names, said, strict=True))
            beds |= {bed_id} - {None}
    if beds:
        beds_lock(beds)
    for reason, pks in gone.items():
        tasks_withdraw(task_ids=pks, reason=reason, at=at)
    _rename(renamed)
    tasks_restore(task_ids=again, reason="planned_again", at=at)
    tasks_replan(changes=changes, reason="replanned", at=at)
    new = [one for one in planned.values() if one.key not in known and one.due_at > at]
    return len(tasks_create(_new_tasks(new, basis.types, on, at, events)))


def _renamed(rows: Iterable[tuple[Any, ...]], planned: dict[str, Planned]) -> dict[int, str]:
    """Tasks that the next version of an agreement plans by another line: the same work, place and hours; new key by id.

    Without this a version that begins today would take back what somebody has claimed, and ask again for what is done.
    """
    keys = {row[1] for row in rows}
    wanted: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for key, one in planned.items():
        if key not in keys:
            wanted[one.type_id, one.ward_id, one.bed_id, one.starts_at, one.due_at].append(key)
    if not wanted:
        return {}
    renamed = {}
    for pk, key, state, _, _, _, _, starts_at, due_at, bed_id, type_id, ward_id in rows:
        free = wanted.get((type_id, ward_id, bed_id, starts_at, due_at))
        if free and key not in planned and state != TaskState.WITHDRAWN:
            renamed[pk] = free.pop()
    return renamed


def _rename(renamed: dict[int, str]) -> None:
    """Give tasks the keys of what they stand for now; which line it is follows where nobody has begun."""
    tasks = list(Task.objects.filter(pk__in=renamed).order_by("pk").only("pk", "plan_key"))
    for task in tasks:
        task.plan_key = renamed[task.pk]
    rows_update(tasks, ["plan_key"])


def _new_tasks(
    new: list[Planned], types: dict[int, TaskType], on: date, at: datetime, events: Iterable[BedChanged]
) -> list[NewTask]:
    """The tasks of occurrences; one of a bed knows of contagion and of a discharge on its way."""
    if not new:
        return []
    facts = {event.bed_id: event for event in events}
    unknown = {one.bed_id for one in new if one.bed_id} - facts.keys()
    facts |= {fact.bed_id: fact for fact in (bed_facts(unknown, at=at) if unknown else ())}
    taken = _daily_live(facts)
    made = []
    for one in new:
        row, fact = types[one.type_id], facts.get(one.bed_id) if one.bed_id else None
        if row.kind == TaskKind.DAILY_CLEAN and one.bed_id in taken:
            continue
        made.append(
            NewTask(
                kind=row.kind,
                ward_id=one.ward_id,
                bed_id=one.bed_id,
                at=at,
                contagion_class=fact.contagion_class if fact else "",
                priority=row.priority,
                norm_minutes=_whole(one.minutes),
                due_at=one.due_at,
                warning="discharge_pending" if fact and fact.discharge_pending else "",
                reason="planned",
                task_type_id=one.type_id,
                party=one.party,
                line_id=one.line_id,
                plan_key=one.key,
                planned_on=on,
                starts_at=one.starts_at,
            )
        )
    return made


def _daily_live(bed_ids: Iterable[int]) -> set[int]:
    """Beds whose daily clean of the day before somebody is still at."""
    live = Task.objects.filter(bed__in=list(bed_ids), kind=TaskKind.DAILY_CLEAN).exclude(
        state__in=[TaskState.DONE, TaskState.INSPECTED, TaskState.WITHDRAWN]
    )
    return set(live.values_list("bed_id", flat=True))


def _whole(minutes: float | None) -> int | None:
    return None if minutes is None else max(1, round(minutes))


@transaction.atomic
def _days_close(hospital_id: int, *, before: date, at: datetime) -> None:
    """What nobody began on a day that is over was not done: it is closed and counted so, never carried on silently."""
    left = list(
        Task.objects.filter(
            planned_on__lt=before,
            plan_key__isnull=False,
            due_at__lt=at,
            state__in=[TaskState.OPEN, TaskState.CLAIMED],
            ward__division__hospital=hospital_id,
        ).values_list("pk", "bed_id")
    )
    beds_lock({bed for _, bed in left if bed})
    tasks_withdraw(task_ids=[pk for pk, _ in left], reason="not_done", at=at)
