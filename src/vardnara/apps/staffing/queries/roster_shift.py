"""One shift on one day of a roster: who works it, and who could, with what keeps each of the others from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vardnara.apps.staffing.models import Person, Roster, ShiftKind
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.queries.rosters import roster_one
from vardnara.engines.hours.params import inconvenient_rules
from vardnara.engines.roster.swedish import Broken, shift_candidates
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """Somebody who could take the shift, or what keeps them from it."""

    person: Person
    broken: tuple[Broken, ...]
    works: str
    minutes_above: int
    is_overtime: bool
    wish: int

    @property
    def rules(self) -> list[str]:
        return list(dict.fromkeys(one.rule for one in self.broken))


@dataclass(frozen=True, slots=True)
class RosterShiftPage:
    """A shift on a day. ``others`` cannot take it as things stand."""

    roster: Roster
    kind: ShiftKind
    on: date
    wanted: int
    there: tuple[Person, ...]
    able: tuple[CandidateRow, ...]
    others: tuple[CandidateRow, ...]


def roster_shift(*, actor: User, roster_id: int, kind_id: int, on: date) -> RosterShiftPage:
    """A shift on a day; raises ``unknown_roster``, ``unknown_kind``, ``bad_dates``."""
    roster = roster_one(actor=actor, roster_id=roster_id)
    if not roster.first_on <= on < roster.to_on:
        raise RuleBroken("bad_dates", str(on))
    rows = roster_rows(roster)
    key = str(kind_id)
    if key not in rows.kinds:
        raise RuleBroken("unknown_kind", key)
    found = shift_candidates(rows.period, rows.assignments, on, key, inconvenient=inconvenient_rules())
    day = (on - rows.period.first).days
    there = [line.employee for line in rows.assignments if line.day == day and line.shift == key]
    lines = [
        CandidateRow(
            rows.people[one.person],
            one.broken,
            rows.kinds[one.works].code if one.works else "",
            one.minutes_above,
            one.is_overtime,
            one.wish,
        )
        for one in found.people
        if one.person not in there
    ]
    wanted = sum(need.wanted for need in rows.period.needs if need.on == on and need.shift == key)
    return RosterShiftPage(
        roster,
        rows.kinds[key],
        on,
        wanted,
        tuple(rows.people[one] for one in there),
        tuple(one for one in lines if not one.broken),
        tuple(one for one in lines if one.broken),
    )
