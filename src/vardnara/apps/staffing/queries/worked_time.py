"""Worked time by person and week: proposed by the roster, said by somebody, approved; with when people signed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.service.queries.shifts import SignedTime, signed_times
from vardnara.apps.staffing.choices import APPROVERS, PLANNERS, LeaveKind, TimeSort, WorkedState
from vardnara.apps.staffing.models import (
    Contract,
    Leave,
    Person,
    RosterShift,
    ShiftKind,
    WorkedPart,
    WorkedTime,
)
from vardnara.apps.staffing.queries.extra_time import cap_breaches
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.apps.staffing.queries.schedule import kind_times, person_of
from vardnara.engines.hours import Breach, Duty
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
type Slot = tuple[int, date, int | None]  # person, day, roster (None: without a shift)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A stretch without break."""

    sort: TimeSort
    reason: str
    start_at: datetime
    end_at: datetime

    @property
    def minutes(self) -> float:
        return (self.end_at - self.start_at) / timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WorkedRow:
    """A shift and what was worked of it. ``state``: ``proposed`` (nobody has said anything), ``said``, ``approved``.

    ``approved`` holds what is approved where a correction of it waits. ``moved``: the roster is another by now.
    """

    slot: Slot
    id: int | None
    kind_id: int | None
    code: str
    times: str
    planned: Duty | None
    state: str
    parts: tuple[PartRow, ...]
    ordered_by: str
    note: str
    post: str
    leave: LeaveKind | None
    signed: tuple[SignedTime, ...]
    corrects: bool
    moved: bool
    ended: bool
    said_by_id: int | None

    @property
    def on(self) -> date:
        return self.slot[1]

    @property
    def as_rostered(self) -> bool:
        return all(one.sort == TimeSort.ORDINARY for one in self.parts)

    @property
    def clashes(self) -> bool:
        """Whether time is counted as worked on a day away."""
        return self.leave is not None and any(one.sort != TimeSort.ABSENT for one in self.parts)

    @property
    def minutes(self) -> Mapping[str, float]:
        """Minutes by sort, those that there are."""
        found: dict[str, float] = {}
        for one in self.parts:
            found[one.sort] = found.get(one.sort, 0) + one.minutes
        return found


@dataclass(frozen=True, slots=True)
class WorkedWeek:
    """A person's week; ``own`` is the reader's own. ``beyond`` are the caps on overtime that are passed with it."""

    person_id: int
    name: str
    number: str
    monday: date
    rows: tuple[WorkedRow, ...]
    own: bool
    beyond: tuple[Breach, ...] = ()

    @property
    def waiting(self) -> tuple[WorkedRow, ...]:
        """What can be approved now."""
        return tuple(one for one in self.rows if one.ended and one.state != WorkedState.APPROVED)

    @property
    def approved(self) -> bool:
        return bool(self.rows) and all(one.state == WorkedState.APPROVED for one in self.rows)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def own_week(*, actor: User, day: date, at: datetime) -> WorkedWeek:
    """The actor's own week; raises ``not_rostered``."""
    person = person_of(actor=actor)
    return _weeks([person], day, at, actor)[0]


def weeks_in_reach(*, actor: User, day: date, at: datetime) -> list[WorkedWeek]:
    """Everybody whom the actor plans with and who has something in the week; raises ``wrong_role``."""
    people = list(people_in_reach(actor=actor).order_by("name", "pk"))
    return [one for one in _weeks(people, day, at, actor) if one.rows]


def week_of(*, actor: User, person_id: int, day: date, at: datetime) -> WorkedWeek:
    """One person's week; raises ``wrong_role``, ``unknown_person``."""
    people = list(people_in_reach(actor=actor).filter(pk=person_id))
    if not people:
        raise RuleBroken("unknown_person", str(person_id))
    return _weeks(people, day, at, actor)[0]


def may_approve(*, actor: User) -> bool:
    """Whether the actor is a head of unit."""
    role_require(actor, PLANNERS)
    return actor.role in APPROVERS


def _weeks(people: Sequence[Person], day: date, at: datetime, actor: User) -> list[WorkedWeek]:
    monday = monday_of(day)
    rows = worked_rows(people, monday, monday + WEEK, at)
    beyond = cap_breaches(list(rows), monday, monday + WEEK)
    return [
        WorkedWeek(
            one.pk,
            one.name,
            one.number,
            monday,
            tuple(rows.get(one.pk, ())),
            one.user_id == actor.pk,
            beyond.get(one.pk, ()),
        )
        for one in people
    ]


def worked_rows(people: Iterable[Person], first: date, to: date, at: datetime) -> dict[int, list[WorkedRow]]:
    """Every shift that has begun, and every time that was said, of people and days; by person, in order."""
    cast = {one.pk: one for one in people}
    shifts = {
        (one.person_id, one.on, one.roster_id): one
        for one in RosterShift.objects.filter(
            person__in=cast, in_force=True, on__gte=first, on__lt=to, start_at__lte=at
        ).select_related("kind")
    }
    said: dict[Slot, list[WorkedTime]] = {}
    for row in (
        WorkedTime.objects.filter(person__in=cast, on__gte=first, on__lt=to)
        .select_related("kind")
        .prefetch_related(Prefetch("parts", WorkedPart.objects.order_by("start_at")))
        .order_by("number")
    ):
        said.setdefault((row.person_id, row.on, row.roster_id), []).append(row)
    leaves: dict[int, list[Leave]] = {}
    for leave in Leave.objects.filter(person__in=cast, undone_at__isnull=True, from_on__lt=to, to_on__gt=first):
        leaves.setdefault(leave.person_id, []).append(leave)
    users = {one.user_id: one.pk for one in cast.values() if one.user_id is not None}
    signed: dict[tuple[int, date], list[SignedTime]] = {}
    for time in signed_times(user_ids=list(users), first=first - DAY, to=to + DAY):
        signed.setdefault((users[time.user_id], time.on), []).append(time)
    found: dict[int, list[WorkedRow]] = {}
    duties = Duties()
    for slot in sorted({*shifts, *said}, key=lambda one: (one[1], one[2] or 0)):
        person, day, _ = slot
        away = next((LeaveKind(one.kind) for one in leaves.get(person, ()) if one.from_on <= day < one.to_on), None)
        times = tuple(signed.get((person, day), ()))
        found.setdefault(person, []).append(_row(slot, shifts.get(slot), said.get(slot, []), away, times, duties, at))
    return found


class Duties:
    """Shifts as instants, each kind and day once: many work the same."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, date], Duty] = {}

    def on(self, kind: ShiftKind, day: date) -> Duty:
        """A kind of shift on a day."""
        if (kind.pk, day) not in self.known:
            self.known[kind.pk, day] = engine_kind(kind).on(day)
        return self.known[kind.pk, day]


def _row(
    slot: Slot,
    shift: RosterShift | None,
    rows: Sequence[WorkedTime],
    leave: LeaveKind | None,
    signed: tuple[SignedTime, ...],
    duties: Duties,
    at: datetime,
) -> WorkedRow:
    last = rows[-1] if rows else None
    kind = shift.kind if shift is not None else last.kind if last is not None else None
    planned = duties.on(kind, slot[1]) if kind is not None else None
    if last is not None:
        parts = tuple(PartRow(TimeSort(one.sort), one.reason, one.start_at, one.end_at) for one in last.parts.all())
    else:
        parts = proposed_parts(planned, leave)
    return WorkedRow(
        slot=slot,
        id=last.pk if last else None,
        kind_id=kind.pk if kind else None,
        code=kind.code if kind else "",
        times=kind_times(kind) if kind else "",
        planned=planned,
        state=last.state if last else "proposed",
        parts=parts,
        ordered_by=last.ordered_by if last else "",
        note=last.note if last else "",
        post=last.post if last else "",
        leave=leave,
        signed=signed,
        corrects=last is not None and last.replaces_id is not None,
        moved=bool(last and last.roster_id and (shift is None or shift.kind_id != last.kind_id)),
        ended=planned is None or planned.end <= at,
        said_by_id=last.said_by_id if last else None,
    )


def proposed_parts(planned: Duty | None, leave: LeaveKind | None) -> tuple[PartRow, ...]:
    """What a shift is worth before anybody says otherwise: as rostered, or all of it away on a day of leave."""
    if planned is None:
        return ()
    sort, reason = (TimeSort.ABSENT, str(leave)) if leave else (TimeSort.ORDINARY, "")
    return tuple(PartRow(sort, reason, one.start, one.end) for one in planned.worked)


def contract_of(contracts: Iterable[Contract], kind: ShiftKind | None, on: date) -> Contract | None:
    """The contract that a shift is counted on: whose post is on the shift's ward or division, else the largest."""
    held = [one for one in contracts if one.from_on <= on and (one.to_on is None or on < one.to_on)]

    def near(one: Contract) -> tuple[int, object, int]:
        post = one.post
        ward = kind is not None and post is not None and kind.ward_id is not None and post.ward_id == kind.ward_id
        division = (
            kind is not None
            and post is not None
            and kind.division_id is not None
            and post.division_id == kind.division_id
        )
        return (0 if ward else 1 if division else 2, -one.share, one.pk)

    return min(held, key=near, default=None)


def contract_names(*, person_id: int, day: date) -> list[tuple[int, str]]:
    """The contracts of a person that hold on a day, as they can be chosen. The caller answers for reach."""
    rows = Contract.objects.select_related("post").filter(person=person_id, from_on__lte=day).order_by("-share", "pk")
    return [
        (one.pk, f"{one.post.number if one.post else '–'} ({one.share.normalize():f})")
        for one in rows
        if one.to_on is None or one.to_on > day
    ]
