"""One person's day of a roster: what every shift would break."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.staffing.models import Leave, Person, Roster, RosterShift, ShiftKind, Wish
from vardnara.apps.staffing.queries.roster_groups import kind_place
from vardnara.apps.staffing.queries.roster_period import RosterRows, roster_rows
from vardnara.apps.staffing.queries.rosters import roster_one
from vardnara.engines.roster import Assignment
from vardnara.engines.roster.swedish import Broken
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A kind of shift that could be given, with the rules that it would break and that are whole today."""

    kind: ShiftKind
    place: str
    there: int
    wanted: int
    breaks: tuple[Broken, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class RosterDay:
    """A person's day."""

    roster: Roster
    person: Person
    on: date
    shift: RosterShift | None
    leave: Leave | None
    wishes: tuple[Wish, ...]
    broken: tuple[Broken, ...]
    choices: tuple[Choice, ...]
    before: date | None
    after: date | None


def roster_day(*, actor: User, roster_id: int, person_id: int, on: date) -> RosterDay:
    """A person's day; raises ``unknown_roster``, ``unknown_person``, ``bad_dates``."""
    roster = roster_one(actor=actor, roster_id=roster_id)
    if not roster.first_on <= on < roster.to_on:
        raise RuleBroken("bad_dates", str(on))
    rows = roster_rows(roster)
    person = rows.people.get(str(person_id))
    if person is None:
        raise RuleBroken("unknown_person", str(person_id))
    now = rows.judged([str(person_id)])
    shift = RosterShift.objects.filter(roster=roster, person=person, on=on).select_related("kind").first()
    leave = Leave.objects.filter(person=person, undone_at__isnull=True, from_on__lte=on, to_on__gt=on).first()
    choices = [
        _choice(rows, str(person_id), on, kind, shift.kind_id if shift else None)
        for kind in sorted(rows.kinds.values(), key=lambda one: (one.start, one.end, one.code))
        if kind.ended_at is None
    ]
    own = next(one for one in rows.period.people if one.id == str(person_id))
    mine = [one for one in choices if own.kinds is None or str(one.kind.pk) in own.kinds or one.chosen]
    return RosterDay(
        roster, person, on, shift, leave,
        tuple(Wish.objects.filter(person=person, on=on).select_related("kind")),
        tuple(one for one in now if one.on == on), tuple(mine),
        on - DAY if on > roster.first_on else None, on + DAY if on + DAY < roster.to_on else None,
    )  # fmt: skip


def _choice(rows: RosterRows, person: str, on: date, kind: ShiftKind, chosen: int | None) -> Choice:
    """What the person's line would break with this shift and does not break without one that day."""
    day = (on - rows.period.first).days
    others = tuple(line for line in rows.assignments if not (line.employee == person and line.day == day))
    free = replace(rows, assignments=others).judged([person])
    new = replace(rows, assignments=(*others, Assignment(person, day, str(kind.pk)))).judged([person])
    held = {(one.rule, one.on) for one in free}
    there = sum(line.day == day and line.shift == str(kind.pk) for line in rows.assignments)
    wanted = sum(need.wanted for need in rows.period.needs if need.on == on and need.shift == str(kind.pk))
    return Choice(
        kind, kind_place(kind), there, wanted,
        tuple(one for one in new if (one.rule, one.on) not in held), chosen == kind.pk,
    )  # fmt: skip
