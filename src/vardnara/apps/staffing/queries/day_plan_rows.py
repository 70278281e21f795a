"""A day of a hospital as the dispatch engine knows it: who is there, what is to be done, how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q

from vardnara.apps.hospital.queries.organisation import WardPlace, ward_places
from vardnara.apps.service.choices import TaskState
from vardnara.apps.service.queries.dispatch import (
    DispatchTask,
    LastDone,
    OnShift,
    dispatch_absent,
    dispatch_last_done,
    dispatch_on_shift,
    dispatch_tasks,
)
from vardnara.apps.staffing.models import Leave, Person, RosterShift, ShiftKind, Training, WalkTime
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.engines.dispatch import (
    Break,
    Day,
    DispatchParams,
    Hygiene,
    Left,
    LeftReason,
    Spot,
    Task,
    Walking,
    Worker,
    hygiene_of,
    walking_derive,
)
from vardnara.engines.dispatch.data import LAST_MINUTE, PEOPLE_MOST
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import day_bounds, local_date
from vardnara.parameters.dispatch import dispatch_value
from vardnara.parameters.working_hours import hour_limit

DAY = timedelta(days=1)
BASE = "0"  # where somebody begins who has no ward of their own
LATE_DUE = 60  # minutes past a time after midnight until which work of the day may be done
FOR_CONTAGION = "contagion"
NOT_DECLINED = "not declined "  # before a task's number: whoever has not handed it back today may do it


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """Who a worker of the day is. ``shift`` is the kind's code, empty for who stands in no roster."""

    name: str
    person_id: int | None
    user_id: int | None
    shift: str = ""
    kind_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """What a task of the day is called and where it is; ``bed`` is ``room:bed`` or empty."""

    kind: str
    name: str
    name_en: str
    ward: str
    ward_code: str = ""
    bed: str = ""
    contagion: str = ""
    without_norm: bool = False
    owner: str = ""
    ward_id: int = 0
    declined: bool = False  # somebody had it today and handed it back: not theirs again


@dataclass(frozen=True)
class DayRows:
    """A day for the engine, and what its codes stand for. ``apart`` is work held by somebody who is not there."""

    hospital_id: int
    on: date
    day: Day
    workers: Mapping[str, WorkerInfo]
    tasks: Mapping[str, TaskInfo]
    places: Mapping[str, str]
    apart: tuple[Left, ...] = ()
    unknown: tuple[str, ...] = ()  # workers of whom no trainings are known: they stand in no register of people
    n_said: int = 0  # ways that the hospital has said itself

    def code_of(self, user_id: int) -> str | None:
        """The worker that a user is now: of two shifts of one day the one that is not over."""
        mine = [one for one in self.day.workers if self.workers[one.code].user_id == user_id]
        there = [one for one in mine if one.ends_minutes > self.day.now_minutes]
        return min(there or mine, key=lambda one: one.starts_minutes).code if mine else None


@dataclass(frozen=True, slots=True)
class DayOptions:
    """What was chosen for a day beside its rows: workers taken out, and people added with a kind of shift."""

    without: tuple[str, ...] = ()
    added: tuple[tuple[int, int], ...] = ()  # person, kind

    @property
    def is_plain(self) -> bool:
        """Nothing was chosen."""
        return not self.without and not self.added


@dataclass
class _Making:
    """What is gathered while a day is made."""

    on: date
    at: datetime
    live: bool  # it is that day now
    now: int
    wards: Mapping[int, WardPlace]
    workers: list[Worker] = field(default_factory=list)
    infos: dict[str, WorkerInfo] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def minute(self, at: datetime) -> int:
        return int((at - day_bounds(self.on)[0]).total_seconds() // 60)

    def add(self, worker: Worker, info: WorkerInfo, *, known: bool) -> None:
        self.workers.append(worker)
        self.infos[worker.code] = info
        if not known:
            self.unknown.append(worker.code)


def day_rows(
    *, hospital_id: int, on: date, at: datetime, options: DayOptions | None = None, params: DispatchParams | None = None
) -> DayRows:
    """Everything that the plan of a day is made of; the caller answers for scope. Raises ``day_is_over``."""
    today = local_date(at)
    if on < today:
        raise RuleBroken("day_is_over", on.isoformat())
    options, params = options or DayOptions(), params or DispatchParams()
    wards = {ward.id: ward for ward in ward_places(hospital_id=hospital_id)}
    midnight, ends = day_bounds(on)
    now = max(0, int((at - midnight).total_seconds() // 60)) if on == today else 0
    making = _Making(on, at, on == today, now, wards)
    rows = dispatch_tasks(hospital_id=hospital_id, on=on, at=at)
    signed = dispatch_on_shift(hospital_id=hospital_id, at=at) if on == today else {}
    _people(making, hospital_id, signed, rows, options)
    rest = int((ends - midnight).total_seconds() // 60)
    tasks, infos, apart = _tasks(making, rows, rest)
    walking, names, n_said = _walking(hospital_id, wards, rows)
    day = Day(tuple(_willing(making, rows)), tuple(tasks), walking, making.now, params)
    return DayRows(hospital_id, on, day, making.infos, infos, names, tuple(apart), tuple(making.unknown), n_said)


def _people(
    making: _Making,
    hospital_id: int,
    signed: Mapping[int, OnShift],
    rows: Sequence[DispatchTask],
    options: DayOptions,
) -> None:
    """Who is there: by rosters in force, then who has signed on beside them, then who is at work all the same."""
    on, live = making.on, making.live
    midnight = day_bounds(on)[0]
    shifts = RosterShift.objects.filter(
        Q(on=on) | Q(on=on - DAY, end_at__gt=midnight), in_force=True, person__hospital=hospital_id
    ).select_related("kind", "person__ward")
    shifts = shifts.prefetch_related(*_of_person(on, "person__")).order_by("on", "person__name", "person_id")
    absent = dispatch_absent(at=making.at) if live else set()
    users = {*signed, *(row.owner_id for row in rows if row.state == TaskState.STARTED and row.owner_id)}
    last = dispatch_last_done(user_ids=users, at=making.at) if live else {}
    added = list(_added(hospital_id, on, options))
    planned: set[int] = set()
    for person, kind, start_on in (*((row.person, row.kind, row.on) for row in shifts), *added):
        code = f"p{person.pk}" if start_on == on else f"p{person.pk}-{start_on.isoformat()}"
        shift = signed.get(person.user_id)
        away = (
            code in options.without
            or code in making.infos
            or person.user_id in absent
            or any(one.from_on <= start_on < one.to_on for one in person.leaves.all())
        )
        planned |= {person.user_id} if person.user_id else set()
        if away:
            continue
        worker = _rostered(making, code, person, kind, start_on, shift, last.get(person.user_id))
        if worker is not None:
            info = WorkerInfo(person.name, person.pk, person.user_id, kind.code, kind.pk)
            making.add(worker, info, known=True)
    if live:
        _beside(making, hospital_id, signed, rows, planned | absent, last, options)


def _of_person(on: date, path: str = "") -> tuple[Prefetch, Prefetch]:
    return (
        Prefetch(f"{path}trainings", Training.objects.filter(since_on__lte=on)),
        Prefetch(f"{path}leaves", Leave.objects.filter(undone_at__isnull=True, from_on__lte=on, to_on__gt=on - DAY)),
    )


def _added(hospital_id: int, on: date, options: DayOptions) -> Iterable[tuple[Person, ShiftKind, date]]:
    """People who were added, with their kinds of shift."""
    people = Person.objects.filter(hospital=hospital_id, pk__in=[person for person, _ in options.added])
    by_id = {row.pk: row for row in people.select_related("ward").prefetch_related(*_of_person(on))}
    kinds = {
        row.pk: row
        for row in ShiftKind.objects.filter(group__hospital=hospital_id, pk__in=[kind for _, kind in options.added])
    }
    for person, kind in options.added:
        if person in by_id and kind in kinds:
            yield by_id[person], kinds[kind], on


def _skills(person: Person, on: date) -> frozenset[str]:
    return frozenset(one.competence for one in person.trainings.all() if one.expires_on is None or one.expires_on >= on)


def _rostered(
    making: _Making,
    code: str,
    person: Person,
    kind: ShiftKind,
    start_on: date,
    shift: OnShift | None,
    last: LastDone | None,
) -> Worker | None:
    duty = engine_kind(kind).on(start_on)
    starts, ends = max(0, making.minute(duty.span.start)), min(making.minute(duty.span.end), LAST_MINUTE)
    if shift is not None and shift.until is None:  # whoever has signed on early is there from then
        starts = min(starts, max(0, making.minute(shift.since)))
    live_here = making.live and making.now >= starts
    if shift is not None and shift.until is not None and shift.until >= duty.span.start:
        ends = min(ends, making.minute(shift.until))
    if ends <= starts:
        return None
    zone, home = _own(making, person, kind)
    if shift is not None and shift.until is None and live_here:
        zone = frozenset(str(ward) for ward in shift.ward_ids) or zone
    done = last if live_here else None
    pauses = [(making.minute(one.start), making.minute(one.end)) for one in duty.breaks]
    pauses = pauses[shift.n_lunches :] if shift is not None and live_here else pauses
    return Worker(
        code=code,
        starts_minutes=starts,
        ends_minutes=ends,
        place=str(done.ward_id) if done else home,
        skills=_skills(person, making.on),
        breaks=_breaks(pauses, starts, ends),
        zone=zone,
        home=home,
        hygiene=hygiene_of(done.hygiene_order) if done else Hygiene.FOOD,
    )


def _own(making: _Making, person: Person, kind: ShiftKind) -> tuple[frozenset[str], str]:
    """Own places, and where breaks are: what the kind of shift says, else the person's ward; a pool's is everywhere."""
    own = kind.ward_id or person.ward_id
    if kind.ward_id:
        zone = frozenset({str(kind.ward_id)})
    elif kind.division_id:
        zone = frozenset(str(ward.id) for ward in making.wards.values() if ward.division_id == kind.division_id)
    else:
        zone = frozenset({str(person.ward_id)} if person.ward_id else ())
    if kind.division_id and (own is None or str(own) not in zone):
        own = min((int(ward) for ward in zone), default=None)
    return zone, str(own) if own in making.wards else BASE


def _breaks(pauses: Sequence[tuple[int, int]], starts: int, ends: int) -> tuple[Break, ...]:
    """The roster's breaks with some room on both sides, as long as nobody works too long without one (W-06).

    Reckoned from the breaks beside them at their worst: the one before as early, the one after as late as it can be.
    """
    slack, most = round(dispatch_value("break_slack")), hour_limit("break_after_minutes")
    found = []
    for number, (begins, stops) in enumerate(pauses):
        minutes = stops - begins
        before = pauses[number - 1][1] - slack if number else starts
        after = pauses[number + 1][0] + slack if number + 1 < len(pauses) else ends
        opens = max(begins - slack, min(begins, after - most - minutes), pauses[number - 1][1] if number else starts)
        latest = max(begins, min(begins + slack, before + most))
        closes = min(latest + minutes, ends, max(stops, pauses[number + 1][0]) if number + 1 < len(pauses) else ends)
        if minutes > 0 and begins >= starts and stops <= ends:
            found.append(Break(f"r{number + 1}", min(opens, begins), max(closes, stops), minutes))
    return tuple(found)


def _beside(
    making: _Making,
    hospital_id: int,
    signed: Mapping[int, OnShift],
    rows: Sequence[DispatchTask],
    known: set[int],
    last: Mapping[int, LastDone],
    options: DayOptions,
) -> None:
    """Who has signed on without standing in the roster, until a usual shift's end; who is at work without either."""
    usual, pause = round(dispatch_value("shift_usual")), round(dispatch_value("break_slack"))
    there = {user: (one.since, one.until, one.name, one.ward_ids, one.n_lunches) for user, one in signed.items()}
    for row in rows:
        if row.state == TaskState.STARTED and row.owner_id and row.owner_id not in there:
            there[row.owner_id] = (row.spell_started_at or making.at, None, row.owner_name, frozenset(), 1)
    here = {user: one for user, one in there.items() if one[1] is None and user not in known}
    people = {
        row.user_id: row
        for row in Person.objects.filter(hospital=hospital_id, user__in=list(here))
        .select_related("ward")
        .prefetch_related(*_of_person(making.on))
    }
    for user_id, (since, _, name, ward_ids, n_lunches) in sorted(here.items()):
        person = people.get(user_id)
        code = f"p{person.pk}" if person else f"u{user_id}"
        starts = max(0, making.minute(since))
        ends = min(starts + usual, LAST_MINUTE)
        if code in options.without or code in making.infos or ends <= starts:
            continue
        zone = frozenset(str(ward) for ward in ward_ids)
        home = min(zone) if zone else str(person.ward_id) if person and person.ward_id in making.wards else BASE
        done = last.get(user_id)
        middle = starts + usual // 2
        pauses = () if n_lunches else _breaks([(middle - pause, middle)], starts, ends)
        worker = Worker(
            code=code,
            starts_minutes=starts,
            ends_minutes=ends,
            place=str(done.ward_id) if done else home,
            skills=_skills(person, making.on) if person else frozenset(),
            breaks=pauses,
            zone=zone or frozenset({home} - {BASE}),
            home=home,
            hygiene=hygiene_of(done.hygiene_order) if done else Hygiene.FOOD,
        )
        info = WorkerInfo(person.name if person else name, person.pk if person else None, user_id)
        making.add(worker, info, known=person is not None)


def _tasks(
    making: _Making, rows: Sequence[DispatchTask], day_ends: int
) -> tuple[list[Task], dict[str, TaskInfo], list[Left]]:
    """The work; what somebody holds who is not there is told apart, as nobody else may take it."""
    owner_code: dict[int, str] = {}
    for worker in sorted(making.workers, key=lambda one: -one.starts_minutes):
        user = making.infos[worker.code].user_id
        if user is not None and (worker.ends_minutes > making.now or user not in owner_code):
            owner_code[user] = worker.code
    begun: set[str] = set()
    tasks, infos, apart = [], {}, []
    for row in sorted(rows, key=lambda one: (one.spell_started_at is None, one.spell_started_at or making.at, one.id)):
        code = str(row.id)
        infos[code] = TaskInfo(
            row.kind, row.type_name, row.type_name_en, row.ward_name, row.ward_code, row.place, row.contagion,
            row.minutes is None, row.owner_name, row.ward_id, bool(row.declined),
        )  # fmt: skip
        owner = owner_code.get(row.owner_id) if row.owner_id is not None else None
        if row.owner_id is not None and owner is None:
            apart.append(Left(code, LeftReason.OWNER_CANNOT))
            continue
        running = row.state == TaskState.STARTED and owner is not None and owner not in begun
        begun |= {owner} if running and owner else set()
        tasks.append(_task(making, row, owner, running, day_ends))
    tasks.sort(key=lambda one: int(one.code))
    return tasks, infos, apart


def _task(making: _Making, row: DispatchTask, owner: str | None, running: bool, day_ends: int) -> Task:
    norm = row.minutes if row.minutes is not None else round(dispatch_value("task_without_norm"))
    worked = row.worked_seconds // 60
    opens = max(0, making.minute(row.starts_at)) if row.starts_at else 0
    due = max(0, making.minute(row.due_at)) if row.due_at else None
    closes = min(LAST_MINUTE, max(day_ends, due + LATE_DUE if due is not None else 0))
    spell = making.now - making.minute(row.spell_started_at) if running and row.spell_started_at else 0
    competence = row.competence or (FOR_CONTAGION if row.kind == "contagion_clean" else "")
    skills = {competence} - {""}
    if row.declined and owner is None:
        skills.add(f"{NOT_DECLINED}{row.id}")
    return Task(
        code=str(row.id),
        place=str(row.ward_id),
        minutes=max(1, norm if running else norm - worked),
        opens_minutes=min(opens, closes),
        closes_minutes=closes,
        due_minutes=None if due is None else min(due, closes),
        skills=frozenset(skills),
        priority=min(max(row.priority, 0), 2),
        hygiene=hygiene_of(row.hygiene_order),
        n_people=min(max(row.n_people, 1), PEOPLE_MOST),
        owners=(owner,) if owner else (),
        begun_minutes=max(0, making.now - worked - max(spell, 0)) if running else None,
    )


def _willing(making: _Making, rows: Sequence[DispatchTask]) -> Iterable[Worker]:
    """Whoever has handed a task back today lacks what it asks for; everybody else has it."""
    declined = {f"{NOT_DECLINED}{row.id}": row.declined for row in rows if row.declined}
    for worker in making.workers:
        user = making.infos[worker.code].user_id
        yield replace(worker, skills=worker.skills | {one for one, users in declined.items() if user not in users})


def _walking(
    hospital_id: int, wards: Mapping[int, WardPlace], rows: Sequence[DispatchTask]
) -> tuple[Walking, dict[str, str], int]:
    """Minutes between all places: what the hospital has said, else by building and floor."""
    spots = {BASE: Spot()} | {str(ward.id): Spot(ward.building, ward.floor) for ward in wards.values()}
    names = {BASE: ""} | {str(ward.id): ward.name for ward in wards.values()}
    for row in rows:  # a ward that nobody has confirmed has work all the same
        spots.setdefault(str(row.ward_id), Spot())
        names.setdefault(str(row.ward_id), row.ward_name)
    derived = walking_derive(spots)
    said = walk_times(hospital_id=hospital_id)
    if not said:
        return derived, names, 0
    minutes = [list(line) for line in derived.minutes]
    for (start, end), number in said.items():
        if str(start) in derived and str(end) in derived:
            minutes[derived.index(str(start))][derived.index(str(end))] = number
    return Walking(derived.places, tuple(tuple(line) for line in minutes)), names, len(said)


def walk_times(*, hospital_id: int) -> dict[tuple[int, int], int]:
    """The hospital's own minutes by ward and ward; the caller answers for scope."""
    rows = WalkTime.objects.filter(start__division__hospital=hospital_id, end__division__hospital=hospital_id)
    return {(start, end): minutes for start, end, minutes in rows.values_list("start_id", "end_id", "minutes")}
