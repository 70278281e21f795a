"""Additional time and overtime of people, by day: shifts given after publication, and time worked beyond the roster."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from vardnara.apps.staffing.choices import Measure, RosterState, TimeSort
from vardnara.apps.staffing.models import (
    Contract,
    Leave,
    Person,
    Roster,
    RosterChange,
    RosterMember,
    RosterShift,
    ShiftKind,
    WorkedPart,
    WorkedTime,
)
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.engines.hours import (
    Breach,
    Employment,
    Evened,
    Extra,
    ExtraUse,
    due_minutes,
    extra_time,
    extra_uses,
    full_minutes,
)
from vardnara.engines.hours.extra import FOUR_WEEKS
from vardnara.engines.hours.params import extra_caps
from vardnara.kernel.calendar import days_between
from vardnara.parameters.working_time import working_time

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
Minutes = dict[date, float]


@dataclass
class Worked:
    """What somebody worked beyond their rosters and did not work of them, by day; the newest that was said of each."""

    beyond: Minutes = field(default_factory=dict)
    absent: Minutes = field(default_factory=dict)


@dataclass(frozen=True)
class Basis:
    """What people's time beyond the contract is reckoned with, between two days.

    ``ordinary`` is by roster and person the minutes by day with which it was published, of who was changed since; all
    others have it as it was, or none. ``extra`` is what is beyond the contract, by person and day.
    """

    worked: Mapping[int, Worked]
    ordinary: Mapping[tuple[int, int], Minutes]
    extra: Mapping[int, Mapping[date, Extra]]


def window_of(first: date, to: date) -> tuple[date, date]:
    """The days that share four weeks, a month or a year with those from ``first`` to before ``to``."""
    last = to - DAY
    return min(date(first.year, 1, 1), first - FOUR_WEEKS), max(date(last.year + 1, 1, 1), to + FOUR_WEEKS)


def extra_basis(people: Collection[int], first: date, to: date, *, besides: Roster | None = None) -> Basis:
    """Everything beyond the contract of people, from ``first`` to before ``to``, of all rosters but one.

    Planned time is of published rosters, past and to come; worked time is the newest that was said, approved or not.
    The caller answers for reach.
    """
    worked = _worked(people, first, to)
    rosters = {
        row.pk: row
        for row in Roster.objects.filter(
            state=RosterState.PUBLISHED, first_on__lt=to, to_on__gt=first, members__person__in=people
        ).distinct()
    }
    member = set(RosterMember.objects.filter(roster__in=rosters, person__in=people).values_list("roster", "person"))
    ordinary, added = _changed(rosters, people)
    extra: dict[int, dict[date, Extra]] = {}
    touched = {person for _, person in added} | {key for key, one in worked.items() if one.beyond}
    for person in _employed(touched):
        own = worked.get(person.pk, Worked())
        left = dict(own.beyond)
        stretches = []
        if besides is not None:
            left = {day: minutes for day, minutes in left.items() if not besides.first_on <= day < besides.to_on}
        for roster in (row for key, row in rosters.items() if (key, person.pk) in member and row != besides):
            inside = {day: left.pop(day) for day in list(left) if roster.first_on <= day < roster.to_on}
            if inside or (roster.pk, person.pk) in added:
                stood, came = added.get((roster.pk, person.pk), (0.0, {}))
                came = {day: max(0.0, minutes - own.absent.get(day, 0)) for day, minutes in came.items()}
                stretches.append(_evened(person, roster.first_on, roster.to_on, stood, came, inside))
        for monday in sorted({day - DAY * day.weekday() for day in left}):
            inside = {day: minutes for day, minutes in left.items() if monday <= day < monday + WEEK}
            stretches.append(_evened(person, monday, monday + WEEK, 0.0, {}, inside))
        extra[person.pk] = dict(extra_time(stretches, ()).days)
    return Basis(worked, ordinary, extra)


def cap_breaches(people: Collection[int], first: date, to: date) -> dict[int, tuple[Breach, ...]]:
    """The caps that people pass in stretches with extra time between two days. The caller answers for reach."""
    basis = extra_basis(people, *window_of(first, to))
    caps = extra_caps()
    found = {
        person: extra_time((), caps, elsewhere=days, of=[day for day in days if first <= day < to]).breaches
        for person, days in basis.extra.items()
    }
    return {person: breaches for person, breaches in found.items() if breaches}


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """What a person has of each kind of time beyond the contract, as of a day; ``breaches`` are of the day's year."""

    person_id: int
    number: str
    name: str
    home: str
    uses: tuple[ExtraUse, ...]
    breaches: tuple[Breach, ...]

    @property
    def minutes(self) -> float:
        """Of the year, both kinds."""
        return sum(one.minutes for one in self.uses if one.over == "year")


def extra_record(*, actor: User, day: date) -> list[ExtraRow]:
    """Overtime and additional time of everybody whom the actor plans with, who has most of the year's first (W-12)."""
    people = list(people_in_reach(actor=actor).select_related("ward").order_by("name", "pk"))
    first, to = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    basis = extra_basis([one.pk for one in people], *window_of(first, to))
    caps = extra_caps()
    rows = []
    for one in people:
        days = basis.extra.get(one.pk, {})
        inside = [on for on in days if first <= on < to]
        rows.append(
            ExtraRow(
                one.pk,
                one.number,
                one.name,
                one.ward.name if one.ward else one.pool,
                tuple(extra_uses(days, caps, day)),
                extra_time((), caps, elsewhere=days, of=inside).breaches,
            )
        )
    return sorted(rows, key=lambda row: -row.minutes)


def _worked(people: Collection[int], first: date, to: date) -> dict[int, Worked]:
    """By person; what was said of a slot later stands in the place of what was said before."""
    rows = WorkedTime.objects.filter(person__in=people, on__gte=first, on__lt=to, replaced_by__isnull=True)
    found: dict[int, Worked] = {}
    for part in WorkedPart.objects.filter(worked__in=rows).exclude(sort=TimeSort.ORDINARY).select_related("worked"):
        own = found.setdefault(part.worked.person_id, Worked())
        minutes = own.beyond if part.sort == TimeSort.EXTRA else own.absent
        length = (part.end_at - part.start_at) / timedelta(minutes=1)
        minutes[part.worked.on] = minutes.get(part.worked.on, 0) + length
    return found


def _changed(
    rosters: Mapping[int, Roster], people: Collection[int]
) -> tuple[dict[tuple[int, int], Minutes], dict[tuple[int, int], tuple[float, Minutes]]]:
    """Of who was changed after publication: each day's minutes then; their sum that stands, and what came by day."""
    began: dict[tuple[int, int], dict[date, ShiftKind | None]] = {}
    rows = RosterChange.objects.filter(roster__in=rosters, person__in=people, was_published=True)
    for row in rows.select_related("before").order_by("pk"):
        began.setdefault((row.roster_id, row.person_id), {}).setdefault(row.on, row.before)
    shifts: dict[tuple[int, int], Minutes] = {key: {} for key in began}
    held = RosterShift.objects.filter(roster__in={key[0] for key in began}, person__in={key[1] for key in began})
    for shift in held.select_related("kind"):
        if (shift.roster_id, shift.person_id) in began:
            shifts[shift.roster_id, shift.person_id][shift.on] = kind_minutes(shift.kind)
    ordinary, added = {}, {}
    for key, now in shifts.items():
        was = {day: kind_minutes(kind) if kind else 0.0 for day, kind in began[key].items()}
        ordinary[key] = now | was
        stood = {day: min(minutes, ordinary[key][day]) for day, minutes in now.items()}
        came = {day: minutes - stood[day] for day, minutes in now.items() if minutes > stood[day]}
        added[key] = (sum(stood.values()), came)
    return ordinary, added


def kind_minutes(kind: ShiftKind) -> float:
    """Working time of a kind of shift by the clock, as contracts are held against it."""
    return float(kind.end - kind.start - sum(until - since for since, until in kind.breaks))


def _employed(people: Iterable[int]) -> list[Person]:
    return list(
        Person.objects.filter(pk__in=list(people)).prefetch_related(
            Prefetch("contracts", Contract.objects.order_by("from_on", "pk")),
            Prefetch("leaves", Leave.objects.filter(undone_at__isnull=True)),
        )
    )


def _evened(person: Person, first: date, to: date, ordinary: float, added: Minutes, beyond: Minutes) -> Evened:
    held = employments(person)
    away = days_away(person, first, to)
    return Evened(
        due_minutes(held, first, to, lambda day: day in away),
        full_minutes(held, first, to, lambda day: day in away),
        ordinary,
        added,
        beyond,
    )


def days_away(person: Person, first: date, to: date) -> frozenset[date]:
    """A person's days of leave from ``first`` to before ``to``, of leaves that are at hand."""
    return frozenset(
        day for one in person.leaves.all() for day in days_between(max(one.from_on, first), min(one.to_on, to))
    )


def employments(person: Person) -> tuple[Employment, ...]:
    """A person's contracts as the engine of hours knows them."""
    return tuple(
        Employment(
            float(one.share),
            float(working_time(f"weekly_minutes_{one.measure}")),
            one.measure == Measure.WEEKDAYS,
            one.from_on,
            one.to_on,
        )
        for one in person.contracts.all()
    )
