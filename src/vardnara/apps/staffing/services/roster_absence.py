"""Somebody falls away from a published roster: the days are freed, and who could step in is found with few changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from vardnara.apps.staffing.choices import ChangeCause, RosterState, RunKind, RunState
from vardnara.apps.staffing.models import RosterChange, RosterMember, RosterRun, RosterShift
from vardnara.apps.staffing.queries.roster_period import RosterRows
from vardnara.apps.staffing.queries.roster_reach import roster_locked
from vardnara.apps.staffing.services.people import leave_add
from vardnara.apps.staffing.services.roster_changes import LineWords, lines_apply
from vardnara.engines.roster import Assignment
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

    from vardnara.engines.roster.swedish import Candidate, Repair, ShiftCandidates

DAY = timedelta(days=1)
NAMED = 5  # people who are named for a shift


@transaction.atomic
def absence_call(
    *, roster_id: int, person_id: int, kind: str, from_on: date, last_on: date, actor: User, at: datetime
) -> tuple[UUID, int]:
    """Somebody in a published roster is away: days away are kept and their shifts become nobody's.

    Returns the batch of changes and how many shifts are open by it. Raises ``unknown_roster``,
    ``roster_not_published``, ``unknown_person``, ``unknown_leave``, ``bad_dates``, ``leave_overlaps``.
    """
    roster = roster_locked(roster_id=roster_id, actor=actor)
    if roster.state != RosterState.PUBLISHED:
        raise RuleBroken("roster_not_published", roster.state)
    if not RosterMember.objects.filter(roster=roster, person=person_id).exists():
        raise RuleBroken("unknown_person", str(person_id))
    leave_add(person_id=person_id, kind=kind, from_on=from_on, to_on=last_on + DAY, actor=actor, at=at)
    lost = RosterShift.objects.filter(roster=roster, person=person_id, on__gte=from_on, on__lte=last_on)
    lines = [LineWords(person_id, one.on, None) for one in lost]
    return lines_apply(roster, lines, ChangeCause.SICK, actor, at), len(lines)


def before_absence(rows: RosterRows, batch: UUID) -> tuple[Assignment, ...]:
    """The lines as they stood before a batch of changes freed some of them."""
    freed = RosterChange.objects.filter(roster=rows.roster, batch=batch, before__isnull=False, after__isnull=True)
    held = {(line.employee, line.day) for line in rows.assignments}
    lost = (
        Assignment(str(one.person_id), (one.on - rows.period.first).days, str(one.before_id))
        for one in freed
        if str(one.person_id) in rows.people and str(one.before_id) in rows.kinds
    )
    return (*rows.assignments, *(line for line in lost if (line.employee, line.day) not in held))


def repair_document(repair: Repair) -> dict[str, Any]:
    """What a repair proposes, as it is kept."""
    return {
        "changes": [
            {"person": int(one.person), "on": one.on.isoformat(), "before": one.before, "after": one.after}
            for one in repair.changes
        ],
        "short": [
            {"on": one.on.isoformat(), "shift": one.shift, "wanted": one.wanted, "there": one.there}
            for one in repair.short
        ],
        "open": [_open(one) for one in (*repair.open, *repair.still_open)],
        "is_proved": repair.is_proved,
    }


def _open(one: ShiftCandidates) -> dict[str, Any]:
    return {"on": one.on.isoformat(), "shift": one.shift, "people": [_candidate(who) for who in one.people[:NAMED]]}


def _candidate(one: Candidate) -> dict[str, Any]:
    rules = list(dict.fromkeys(fault.rule for fault in one.broken))
    return {"person": int(one.person), "rules": rules, "minutes_above": one.minutes_above}


@transaction.atomic
def repair_apply(*, run_id: int, actor: User, at: datetime) -> UUID:
    """Make the changes that were proposed, all or none; the contract's hours may be passed, rest may not.

    Raises ``unknown_run``, ``changed_since`` where one of the days is another by now, ``roster_breaks_rules``.
    """
    run = RosterRun.objects.filter(pk=run_id, kind=RunKind.REPAIR, state=RunState.DONE).first()
    if run is None:
        raise RuleBroken("unknown_run", str(run_id))
    roster = roster_locked(roster_id=run.roster_id, actor=actor)
    proposed = run.result.get("changes", [])
    if not proposed or not proposal_holds(run):
        raise RuleBroken("changed_since", str(run_id))
    lines = [
        LineWords(one["person"], date.fromisoformat(one["on"]), int(one["after"]) if one["after"] else None)
        for one in proposed
    ]
    return lines_apply(roster, lines, ChangeCause.REPAIR, actor, at, overtime=True)


def proposal_holds(run: RosterRun) -> bool:
    """Whether every day that a proposal changes is still as it was."""
    held = {
        (person, on): kind
        for person, on, kind in RosterShift.objects.filter(roster=run.roster_id).values_list("person", "on", "kind")
    }
    return all(
        held.get((one["person"], date.fromisoformat(one["on"]))) == (int(one["before"]) if one["before"] else None)
        for one in run.result.get("changes", [])
    )
