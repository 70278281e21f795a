"""A person's own schedule: published shifts day by day, hours against contract, and what changed since publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.staffing.choices import LeaveKind, Origin
from vardnara.apps.staffing.models import Contract, Leave, Person, Roster, RosterChange, RosterShift, ShiftKind
from vardnara.apps.staffing.queries.extra_time import employments
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.engines.hours import due_minutes
from vardnara.kernel.calendar import day_kind, days_between
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKS_AHEAD = 26  # as long as the longest roster


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift in force. ``breaks`` are instants; ``minutes`` is working time by the clock of that very night."""

    roster_id: int
    kind_id: int
    on: date
    code: str
    name: str
    start_at: datetime
    end_at: datetime
    breaks: tuple[tuple[datetime, datetime], ...]
    minutes: float
    where: str
    origin: Origin
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayChange:
    """What a day was when its roster was published; empty code: free."""

    code: str
    times: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of a person: a shift, days away, or free. ``holiday`` is its code (public holiday, or eve)."""

    on: date
    holiday: str
    shifts: tuple[OwnShift, ...]
    leave: LeaveKind | None
    change: DayChange | None
    published: bool


@dataclass(frozen=True, slots=True)
class OwnWeek:
    """A week from a Monday; ``due_minutes`` is what the contracts come to, days away taken off."""

    monday: date
    days: tuple[OwnDay, ...]
    minutes: float
    due_minutes: int

    @property
    def number(self) -> int:
        """The ISO week, as weeks are named in Sweden."""
        return self.monday.isocalendar().week

    @property
    def published(self) -> bool:
        return any(day.published for day in self.days)


@dataclass(frozen=True, slots=True)
class OwnSchedule:
    """``next`` is the shift under way or the first to come; ``published_to`` the last day of which it is known."""

    person_id: int
    name: str
    next: OwnShift | None
    weeks: tuple[OwnWeek, ...]
    published_to: date | None


def person_of(*, actor: User) -> Person:
    """The row of whoever is signed in; raises ``not_rostered`` where there is none."""
    row = Person.objects.select_related("ward", "hospital").filter(user=actor.pk).first()
    if row is None:
        raise RuleBroken("not_rostered", f"user {actor.pk}")
    return row


def kind_times(kind: ShiftKind) -> str:
    """The times of a kind of shift as they are read: ``13:00-21:30``."""
    return f"{_clock(kind.start)}–{_clock(kind.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def is_rostered(*, user_id: int) -> bool:
    """Whether somebody who signs in is among the people, and so has a schedule of their own."""
    return Person.objects.filter(user=user_id).exists()


def own_schedule(*, actor: User, first: date, weeks: int, at: datetime) -> OwnSchedule:
    """The actor's own weeks from the Monday of ``first``, and the next shift with who is on it too."""
    person = person_of(actor=actor)
    monday = first - timedelta(days=first.weekday())
    to = monday + weeks * WEEK
    shifts = [one for one in shifts_between(person, monday - DAY, to) if one.on >= monday]
    ahead = RosterShift.objects.filter(person=person, in_force=True, end_at__gt=at).order_by("start_at")
    upcoming = next((_shift(row, person) for row in ahead.select_related("kind__ward", "kind__division")[:1]), None)
    if upcoming is not None:
        upcoming = _beside(upcoming, person)
    known = Roster.objects.filter(members__person=person, state="published", to_on__gt=monday)
    published = [(row.first_on, row.to_on) for row in known]
    changes = changes_since(person, monday, to)
    leaves = list(Leave.objects.filter(person=person, undone_at__isnull=True, to_on__gt=monday, from_on__lt=to))
    held = employments(Person.objects.prefetch_related("contracts").get(pk=person.pk))
    away = {day for one in leaves for day in days_between(max(one.from_on, monday), min(one.to_on, to))}
    by_day: dict[date, list[OwnShift]] = {}
    for one in shifts:
        by_day.setdefault(one.on, []).append(one)
    found = []
    for number in range(weeks):
        start = monday + number * WEEK
        days = tuple(
            OwnDay(
                day,
                holiday_code(day),
                tuple(by_day.get(day, ())),
                next((LeaveKind(one.kind) for one in leaves if one.from_on <= day < one.to_on), None),
                changes.get(day),
                any(since <= day < until for since, until in published),
            )
            for day in days_between(start, start + WEEK)
        )
        minutes = sum(one.minutes for day in days for one in day.shifts)
        due = due_minutes(held, start, start + WEEK, lambda day: day in away)
        found.append(OwnWeek(start, days, minutes, due))
    last = max((until - DAY for _, until in published), default=None)
    return OwnSchedule(person.pk, person.name, upcoming, tuple(found), last)


def holiday_code(day: date) -> str:
    """The public holiday or eve that a day is; empty for neither."""
    kind = day_kind(day)
    return kind.holiday or kind.eve


def shifts_between(person: Person, first: date, to: date) -> list[OwnShift]:
    """A person's shifts in force that begin on these days, in order."""
    rows = RosterShift.objects.filter(person=person, in_force=True, on__gte=first, on__lt=to)
    return [_shift(row, person) for row in rows.select_related("kind__ward", "kind__division").order_by("start_at")]


def place_of(kind: ShiftKind, person: Person) -> str:
    """Where a kind of shift is worked: its ward or division, else where the person belongs."""
    if kind.ward is not None:
        return kind.ward.name
    if kind.division is not None:
        return kind.division.name
    return person.ward.name if person.ward is not None else person.pool


def _shift(row: RosterShift, person: Person) -> OwnShift:
    duty = engine_kind(row.kind).on(row.on)
    return OwnShift(
        roster_id=row.roster_id,
        kind_id=row.kind_id,
        on=row.on,
        code=row.kind.code,
        name=row.kind.name,
        start_at=row.start_at,
        end_at=row.end_at,
        breaks=tuple((one.start, one.end) for one in duty.breaks),
        minutes=duty.minutes,
        where=place_of(row.kind, person),
        origin=Origin(row.origin),
    )


def _beside(shift: OwnShift, person: Person) -> OwnShift:
    """The shift with who is at work in the same place while it lasts, by name."""
    kind = ShiftKind.objects.get(pk=shift.kind_id)
    others = RosterShift.objects.filter(
        roster=shift.roster_id, in_force=True, start_at__lt=shift.end_at, end_at__gt=shift.start_at
    ).exclude(person=person)
    if kind.ward_id or kind.division_id:
        others = others.filter(kind__ward=kind.ward_id, kind__division=kind.division_id)
    elif person.ward_id:
        others = others.filter(person__ward=person.ward_id)
    names = tuple(sorted(set(others.values_list("person__name", flat=True))))
    return OwnShift(**{name: getattr(shift, name) for name in OwnShift.__slots__} | {"beside": names})


def changes_since(person: Person, first: date, to: date) -> Mapping[date, DayChange]:
    """The days that are another now than when their roster was published."""
    rows = RosterChange.objects.filter(person=person, on__gte=first, on__lt=to, was_published=True)
    began: dict[tuple[int, date], RosterChange] = {}
    ended: dict[tuple[int, date], RosterChange] = {}
    for row in rows.select_related("before").order_by("pk"):
        began.setdefault((row.roster_id, row.on), row)
        ended[row.roster_id, row.on] = row
    found = {}
    for key, row in began.items():
        if row.before_id != ended[key].after_id:
            before = row.before
            found[row.on] = DayChange(
                before.code if before else "", kind_times(before) if before else "", ended[key].at
            )
    return found


def contracts_held(person: Person, day: date) -> Iterable[Contract]:
    """The contracts of a person that hold on a day, the largest first."""
    rows = Contract.objects.select_related("post").filter(person=person, from_on__lte=day).order_by("-share", "pk")
    return [one for one in rows if one.to_on is None or one.to_on > day]
