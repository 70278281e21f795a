"""A roster as a page shows it: a grid of people and days, with what is broken, missing, and wished."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vardnara.apps.staffing.choices import UNDER_WAY, RosterState
from vardnara.apps.staffing.models import Leave, Roster, RosterChange, RosterRun, RosterShift, ShiftKind, Wish
from vardnara.apps.staffing.queries.roster_cost import RosterCost, roster_cost
from vardnara.apps.staffing.queries.roster_groups import kind_place
from vardnara.apps.staffing.queries.roster_period import RosterRows, roster_rows
from vardnara.apps.staffing.queries.roster_reach import rosters_in_reach
from vardnara.engines.roster.swedish import Broken
from vardnara.kernel.calendar import DayKind, day_kind, days_between
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A person's day: the shift, and what a planner should see. ``wish`` is ``wanted``, ``unwanted`` or empty."""

    day: date
    kind_id: int | None
    code: str
    is_fixed: bool
    away: str
    wish: str
    broken: tuple[str, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A person's line. Minutes are of the whole period; ``due`` is what the contracts ask for."""

    person_id: int
    name: str
    number: str
    home: str
    cells: tuple[Cell, ...]
    planned: int
    due: int
    weekends: int
    evenings: int
    broken: tuple[Broken, ...]

    @property
    def over(self) -> int:
        """Minutes above the contract; below it where negative."""
        return self.planned - self.due


@dataclass(frozen=True, slots=True)
class CoverCell:
    """How many work a kind on a day, and how many are needed."""

    day: date
    there: int
    wanted: int

    @property
    def is_short(self) -> bool:
        return self.there < self.wanted


@dataclass(frozen=True, slots=True)
class CoverRow:
    """A kind of shift over the days."""

    kind: ShiftKind
    place: str
    minutes: int
    cells: tuple[CoverCell, ...]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A search, as far as it is."""

    id: int
    kind: str
    state: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seconds: int
    cost: int | None
    bound: int | None
    fault: str
    result: Mapping[str, Any]

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class RosterGrid:
    """A roster over the days that are shown; sums are of the whole period."""

    id: int
    group_id: int
    group: str
    first_on: date
    to_on: date
    state: RosterState
    note: str
    reason: str
    published_at: datetime | None
    days: tuple[tuple[date, DayKind], ...]
    rows: tuple[GridRow, ...]
    cover: tuple[CoverRow, ...]
    kinds: tuple[ShiftKind, ...]
    n_short: int
    short_minutes: int
    needed_minutes: int
    due_minutes: int
    n_wishes: int
    n_wishes_kept: int
    cost: RosterCost
    run: RunRow | None
    undoes: bool
    rows_of: RosterRows

    @property
    def last_on(self) -> date:
        return self.to_on - DAY

    @property
    def n_weeks(self) -> int:
        return (self.to_on - self.first_on).days // 7

    @property
    def planned_minutes(self) -> int:
        return sum(row.planned for row in self.rows)

    @property
    def n_broken(self) -> int:
        return sum(len(row.broken) for row in self.rows)

    @property
    def is_draft(self) -> bool:
        return self.state == RosterState.DRAFT

    @property
    def short_share(self) -> float:
        return self.short_minutes / self.needed_minutes if self.needed_minutes else 0.0


def roster_one(*, actor: User, roster_id: int) -> Roster:
    """A roster within reach; raises ``unknown_roster``."""
    row = rosters_in_reach(actor=actor).select_related("group").filter(pk=roster_id).first()
    if row is None:
        raise RuleBroken("unknown_roster", str(roster_id))
    return row


def roster_grid(*, actor: User, roster_id: int, first: date | None = None, to: date | None = None) -> RosterGrid:
    """A roster as a grid over the days from ``first`` to before ``to``; all of them by default."""
    roster = roster_one(actor=actor, roster_id=roster_id)
    rows = roster_rows(roster)
    return grid_of(rows, max(first or roster.first_on, roster.first_on), min(to or roster.to_on, roster.to_on))


def grid_of(rows: RosterRows, first: date, to: date) -> RosterGrid:
    """The grid of rows that are at hand."""
    roster, judgement = rows.roster, rows.judgement
    days = list(days_between(first, to))
    shifts = {(one.person_id, one.on): one for one in RosterShift.objects.filter(roster=roster)}
    away = _away(rows)
    wishes = list(Wish.objects.filter(person__in=rows.people.values(), on__gte=roster.first_on, on__lt=roster.to_on))
    changed = set(RosterChange.objects.filter(roster=roster, was_published=True).values_list("person_id", "on"))
    broken: dict[int, list[Broken]] = {}
    for one in judgement.broken:
        broken.setdefault(int(one.person), []).append(one)
    due = {int(one.id): one.due_minutes for one in rows.period.people}
    marks = {(one.person_id, one.on): "wanted" if one.wanted else "unwanted" for one in wishes}
    own: dict[int, dict[date, RosterShift]] = {}
    for (who, on), shift in shifts.items():
        own.setdefault(who, {})[on] = shift
    lines = [
        _row(rows, int(key), own.get(int(key), {}), days, away, marks, changed, broken.get(int(key), []), due[int(key)])
        for key in rows.people
    ]
    lines.sort(key=lambda row: (row.home, row.name, row.person_id))
    last_run = RosterRun.objects.filter(roster=roster).order_by("-asked_at", "-pk").first()
    worked = [(str(one.person_id), one.on, str(one.kind_id)) for one in shifts.values()]
    return RosterGrid(
        id=roster.pk, group_id=roster.group_id, group=roster.group.name, first_on=roster.first_on, to_on=roster.to_on,
        state=RosterState(roster.state), note=roster.note, reason=roster.reason, published_at=roster.published_at,
        days=tuple((day, day_kind(day)) for day in days), rows=tuple(lines), cover=tuple(_cover(rows, shifts, days)),
        kinds=tuple(sorted((kind for kind in rows.kinds.values() if kind.ended_at is None),
                           key=lambda kind: (kind.start, kind.end, kind.code))),
        n_short=sum(one.wanted - one.there for one in judgement.short), short_minutes=judgement.short_minutes,
        needed_minutes=sum(one.wanted * rows.period.kind(one.shift).minutes for one in rows.period.needs),
        due_minutes=sum(due.values()), n_wishes=len(wishes),
        n_wishes_kept=sum(_kept(one, shifts) for one in wishes), cost=roster_cost(rows.period, rows.people, worked),
        run=_run(last_run) if last_run else None, undoes=_undoes(roster), rows_of=rows,
    )  # fmt: skip


def _undoes(roster: Roster) -> bool:
    return RosterChange.objects.filter(roster=roster).exists()


def _run(row: RosterRun) -> RunRow:
    return RunRow(
        row.pk, row.kind, row.state, row.asked_at, row.started_at, row.ended_at, row.seconds, row.cost, row.bound,
        row.fault, row.result,
    )  # fmt: skip


def _away(rows: RosterRows) -> dict[tuple[int, date], str]:
    """Leave by person and day."""
    return {
        (one.person_id, day): one.kind
        for one in Leave.objects.filter(
            person__in=rows.people.values(), undone_at__isnull=True,
            from_on__lt=rows.roster.to_on, to_on__gt=rows.roster.first_on,
        )
        for day in days_between(max(one.from_on, rows.roster.first_on), min(one.to_on, rows.roster.to_on))
    }  # fmt: skip


def _kept(wish: Wish, shifts: Mapping[tuple[int, date], RosterShift]) -> bool:
    held = shifts.get((wish.person_id, wish.on))
    fits = held is not None and wish.kind_id in (None, held.kind_id)
    return fits == wish.wanted


def _row(
    rows: RosterRows,
    person_id: int,
    shifts: Mapping[date, RosterShift],
    days: list[date],
    away: Mapping[tuple[int, date], str],
    wishes: Mapping[tuple[int, date], str],
    changed: set[tuple[int, date]],
    broken: list[Broken],
    due: int,
) -> GridRow:
    person = rows.people[str(person_id)]
    own = list(shifts.values())
    by_day: dict[date, list[str]] = {}
    for fault in broken:
        by_day.setdefault(fault.on, []).append(fault.rule)
    cells = []
    for day in days:
        held = shifts.get(day)
        cells.append(
            Cell(
                day, held.kind_id if held else None, rows.kinds[str(held.kind_id)].code if held else "",
                bool(held and held.is_fixed), away.get((person_id, day), ""), wishes.get((person_id, day), ""),
                tuple(dict.fromkeys(by_day.get(day, ()))), (person_id, day) in changed,
            )
        )  # fmt: skip
    evening = rows.period.evening_from
    return GridRow(
        person_id, person.name, person.number, person.ward.name if person.ward else person.pool, tuple(cells),
        planned=sum(rows.period.kind(str(one.kind_id)).minutes for one in own), due=due,
        weekends=len({one.on - DAY * (one.on.weekday() - 5) for one in own if one.on.weekday() > 4}),
        evenings=sum(rows.period.kind(str(one.kind_id)).end > evening for one in own), broken=tuple(broken),
    )  # fmt: skip


def _cover(rows: RosterRows, shifts: Mapping[tuple[int, date], RosterShift], days: list[date]) -> Iterable[CoverRow]:
    there: dict[tuple[int, date], int] = {}
    for one in shifts.values():
        there[one.kind_id, one.on] = there.get((one.kind_id, one.on), 0) + 1
    wanted = {(int(one.shift), one.on): one.wanted for one in rows.period.needs}
    for kind in sorted(rows.kinds.values(), key=lambda kind: (kind.start, kind.end, kind.code)):
        cells = tuple(CoverCell(day, there.get((kind.pk, day), 0), wanted.get((kind.pk, day), 0)) for day in days)
        if kind.ended_at is None or any(one.there or one.wanted for one in cells):
            yield CoverRow(kind, kind_place(kind), rows.period.kind(str(kind.pk)).minutes, cells)


def changes_newest(*, roster: Roster, limit: int = 50) -> list[RosterChange]:
    """The newest changes of a roster that the caller reached, with names."""
    rows = roster.changes.select_related("person", "before", "after", "by").order_by("-pk")
    return list(rows[:limit])
