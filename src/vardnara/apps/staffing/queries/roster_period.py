"""A roster's rows as the roster engine knows them: kinds, people with what they may work, needs, and who works what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property

from django.db.models import Prefetch, Q

from vardnara.apps.staffing.choices import RosterState
from vardnara.apps.staffing.models import (
    Availability,
    Contract,
    Leave,
    Person,
    Roster,
    RosterNeed,
    RosterShift,
    ShiftKind,
    Training,
    Wish,
)
from vardnara.apps.staffing.queries.extra_time import (
    Basis,
    Worked,
    days_away,
    employments,
    extra_basis,
    kind_minutes,
    window_of,
)
from vardnara.engines.hours import due_minutes, full_minutes
from vardnara.engines.hours.params import hour_rules
from vardnara.engines.roster import Assignment
from vardnara.engines.roster import swedish as engine
from vardnara.kernel.calendar import day_kind, days_between
from vardnara.parameters.working_hours import hour_limit
from vardnara.parameters.working_time import working_time

DAY = timedelta(days=1)
BEFORE = timedelta(days=14)  # what rest and runs of days can look back on
MEMORY = timedelta(weeks=12)  # over which weekends and evenings are remembered
DAY_MINUTES = 1440
MONDAY_TO_FRIDAY = (5, 6)


@dataclass(frozen=True)
class RosterRows:
    """A roster's people and shifts, by the keys that the engine is given (primary keys as text)."""

    roster: Roster
    kinds: Mapping[str, ShiftKind]
    people: Mapping[str, Person]
    period: engine.RosterPeriod
    assignments: tuple[Assignment, ...]

    @cached_property
    def judgement(self) -> engine.SwedishJudgement:
        """Every hard rule that is broken, and every shift that is under-staffed."""
        return engine.swedish_check(self.period, self.assignments)

    def judged(self, people: Iterable[str]) -> tuple[engine.Broken, ...]:
        """The hard rules that these people's lines break."""
        keys = set(people)
        some = engine.RosterPeriod(
            self.period.first,
            self.period.weeks,
            self.period.kinds,
            tuple(one for one in self.period.people if one.id in keys),
            (),
            self.period.rules,
            self.period.evening_from,
        )
        own = [line for line in self.assignments if line.employee in keys]
        return engine.swedish_check(some, own).broken


def engine_kind(row: ShiftKind) -> engine.ShiftKind:
    """A kind of shift as the engine knows it."""
    breaks = tuple((int(since), int(until)) for since, until in row.breaks)
    return engine.ShiftKind(str(row.pk), row.start, row.end, breaks, frozenset(row.competences))


def roster_rows(roster: Roster, *, only: Collection[int] | None = None) -> RosterRows:
    """Everything that a roster is made of, or what these people are part of it. The caller answers for reach."""
    people = _people(roster, only)
    shifts = list(roster.shifts.select_related("kind"))
    if only is not None:
        shifts = [one for one in shifts if one.person_id in only]
    needs = list(RosterNeed.objects.filter(roster=roster))
    kinds = {
        str(row.pk): row
        for row in ShiftKind.objects.select_related("ward", "division").filter(
            Q(group=roster.group_id, ended_at__isnull=True)
            | Q(pk__in={one.kind_id for one in shifts})
            | Q(pk__in={one.kind_id for one in needs})
        )
    }
    period = _period(roster, people, kinds, shifts, needs)
    lines = tuple(Assignment(str(one.person_id), (one.on - roster.first_on).days, str(one.kind_id)) for one in shifts)
    return RosterRows(roster, kinds, {str(one.pk): one for one in people}, period, lines)


def _people(roster: Roster, only: Collection[int] | None) -> list[Person]:
    since = roster.first_on - BEFORE
    members = Person.objects.filter(memberships__roster=roster)
    return list(
        (members if only is None else members.filter(pk__in=only))
        .select_related("ward")
        .prefetch_related(
            Prefetch("contracts", Contract.objects.select_related("post").order_by("from_on", "pk")),
            Prefetch("trainings", Training.objects.all()),
            Prefetch("leaves", Leave.objects.filter(undone_at__isnull=True, to_on__gt=since)),
            Prefetch("availabilities", Availability.objects.all()),
            Prefetch("wishes", Wish.objects.filter(on__gte=roster.first_on, on__lt=roster.to_on)),
        )
        .order_by("name", "pk")
    )


def _period(
    roster: Roster,
    people: list[Person],
    kinds: Mapping[str, ShiftKind],
    shifts: list[RosterShift],
    needs: list[RosterNeed],
) -> engine.RosterPeriod:
    before, weekends, evenings = _before(roster, people)
    basis = extra_basis([one.pk for one in people], *window_of(roster.first_on, roster.to_on), besides=roster)
    fixed: dict[int, dict[date, str]] = {}
    stands: dict[int, dict[date, float]] = {}
    for one in shifts:
        stands.setdefault(one.person_id, {})[one.on] = kind_minutes(one.kind)
        if one.is_fixed:
            fixed.setdefault(one.person_id, {})[one.on] = str(one.kind_id)
    return engine.RosterPeriod(
        first=roster.first_on,
        weeks=roster.n_weeks,
        kinds=tuple(engine_kind(row) for row in kinds.values()),
        people=tuple(
            _person(
                roster,
                one,
                kinds,
                before={day: code for day, code in before.get(one.pk, {}).items() if not code or code in kinds},
                weekends=weekends.get(one.pk, 0),
                evenings=evenings.get(one.pk, 0),
                fixed=fixed.get(one.pk, {}),
                extra=_extra(roster, one, basis, stands.get(one.pk, {})),
            )
            for one in people
        ),
        needs=tuple(engine.Need(one.on, str(one.kind_id), one.wanted) for one in needs),
        rules=hour_rules(day_break=roster.group.day_break),
        evening_from=hour_limit("evening_from_minute"),
    )


def _before(roster: Roster, people: list[Person]) -> tuple[dict[int, dict[date, str]], dict[int, int], dict[int, int]]:
    """Shifts of the two weeks before, and weekends and evenings of the weeks that are remembered.

    Who was not there for all of those weeks is taken to have had the others' mean: nobody begins with a debt.
    """
    evening = hour_limit("evening_from_minute")
    rows = RosterShift.objects.filter(
        in_force=True, person__in=people, on__gte=roster.first_on - MEMORY, on__lt=roster.first_on
    ).select_related("kind")
    before: dict[int, dict[date, str]] = {}
    weekends: dict[int, set[date]] = {}
    evenings: dict[int, int] = {}
    seen: dict[int, date] = {}
    for row in rows.order_by("on"):
        seen.setdefault(row.person_id, row.on)
        if row.on >= roster.first_on - BEFORE:
            before.setdefault(row.person_id, {})[row.on] = str(row.kind_id)
        if row.on.weekday() > 4:
            weekends.setdefault(row.person_id, set()).add(row.on - DAY * (row.on.weekday() - 5))
        if row.kind.end > evening:
            evenings[row.person_id] = evenings.get(row.person_id, 0) + 1
    for lines in before.values():
        for day in days_between(roster.first_on - BEFORE, roster.first_on):
            lines.setdefault(day, "")
    counted = {key: len(days) for key, days in weekends.items()}
    return before, _evened(roster, people, seen, counted), _evened(roster, people, seen, evenings)


def _evened(
    roster: Roster, people: list[Person], seen: Mapping[int, date], counts: Mapping[int, int]
) -> dict[int, int]:
    """Counts with the others' mean rate for the days of which a person has no roster."""
    days = {key: (roster.first_on - first).days for key, first in seen.items()}
    total = sum(days.values())
    if not total:
        return {}
    rate = sum(counts.values()) / total
    return {one.pk: counts.get(one.pk, 0) + round(rate * (MEMORY.days - days.get(one.pk, 0))) for one in people}


def _person(
    roster: Roster,
    person: Person,
    kinds: Mapping[str, ShiftKind],
    *,
    before: Mapping[date, str],
    weekends: int,
    evenings: int,
    fixed: Mapping[date, str],
    extra: engine.ExtraBasis,
) -> engine.RosteredPerson:
    first, to = roster.first_on, roster.to_on
    away = days_away(person, first, to)
    held = employments(person)
    unemployed = frozenset(day for day in days_between(first, to) if not any(one.holds(day) for one in held))
    all_days = any(not one.weekdays for one in held)
    due = due_minutes(held, first, to, lambda day: day in away)
    full = float(working_time("weekly_minutes_all_days")) * roster.n_weeks
    never = tuple(_never(one) for one in person.availabilities.all())
    if not all_days:
        never = (*never, *_weekdays_only(first, to))
    return engine.RosteredPerson(
        id=str(person.pk),
        due_minutes=due,
        share=min(1.0, max(due / full, 0.01)),
        all_days=all_days,
        kinds=frozenset(key for key, kind in kinds.items() if _may_work(person, kind)),
        trained={one.competence: one.expires_on for one in person.trainings.all() if one.since_on <= first},
        away=away | unemployed,
        never=never,
        adult_on=person.adult_on if person.adult_on and person.adult_on > first - BEFORE else None,
        wishes=tuple(
            engine.Wish(one.on, str(one.kind_id) if one.kind_id else None, one.wanted, one.weight)
            for one in person.wishes.all()
            if one.kind_id is None or str(one.kind_id) in kinds
        ),
        before=before,
        weekends_before=weekends,
        evenings_before=evenings,
        fixed=fixed,
        extra=extra,
    )


def _extra(roster: Roster, person: Person, basis: Basis, stands: Mapping[date, float]) -> engine.ExtraBasis:
    """What the caps on overtime and additional time are held against."""
    first, to = roster.first_on, roster.to_on
    away = days_away(person, first, to)
    worked = basis.worked.get(person.pk, Worked())
    published = {**stands, **basis.ordinary.get((roster.pk, person.pk), {})}
    return engine.ExtraBasis(
        full_minutes(employments(person), first, to, lambda day: day in away),
        published if roster.state == RosterState.PUBLISHED else {},
        {day: minutes for day, minutes in worked.beyond.items() if first <= day < to},
        {day: minutes for day, minutes in worked.absent.items() if first <= day < to},
        basis.extra.get(person.pk, {}),
    )


def _may_work(person: Person, kind: ShiftKind) -> bool:
    """Where a kind of shift is worked on a ward, whose people may; a pool's may everywhere."""
    if person.ward is None or (kind.ward_id is None and kind.division_id is None):
        return True
    return kind.ward_id == person.ward_id or kind.division_id == person.ward.division_id


def _never(row: Availability) -> engine.Never:
    last = row.to_on - DAY if row.to_on else date.max
    if row.since is None or row.until is None:
        return engine.Never(row.weekday, first=row.from_on, last=last)
    since, until = _minute(row.since), _minute(row.until)
    return engine.Never(row.weekday, since, until if until > since else until + DAY_MINUTES, row.from_on, last)


def _minute(at: time) -> int:
    return 60 * at.hour + at.minute


def _weekdays_only(first: date, to: date) -> Iterable[engine.Never]:
    """The days on which who is employed for weekdays does not work: weekends, holidays and eves."""
    for day in days_between(first, to):
        if not day_kind(day).is_working_day:
            yield engine.Never(day.weekday(), first=day, last=day, rule="weekdays")
