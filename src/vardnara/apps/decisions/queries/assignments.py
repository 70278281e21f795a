"""Assignments as pages show them: one's own, a case's, all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vardnara.apps.accounts.queries import Addressee, reader_list
from vardnara.apps.decisions.choices import AssignmentState, CaseState
from vardnara.apps.decisions.models import Assignment, AssignmentEvent
from vardnara.apps.decisions.queries.cases import READERS, hospitals_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment with what happened to it."""

    row: Assignment
    is_late: bool
    is_mine: bool
    events: tuple[AssignmentEvent, ...]

    @property
    def is_closed(self) -> bool:
        return self.row.state in (AssignmentState.DONE, AssignmentState.LAPSED)


def _lines(rows: list[Assignment], actor: User, on: date) -> list[AssignmentLine]:
    lines = [
        AssignmentLine(
            row=row,
            is_late=row.due_on is not None and row.due_on < on and row.state == AssignmentState.OPEN,
            is_mine=row.owner_id == actor.pk,
            events=tuple(sorted(row.events.all(), key=lambda event: (event.at, event.pk))),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.is_closed, line.row.due_on or date.max, line.row.pk))


def assignment_list(*, actor: User, on: date, case_id: int | None = None) -> list[AssignmentLine]:
    """Assignments within reach, what is open first, by the day that it is due."""
    rows = Assignment.objects.filter(case__hospital_id__in=hospitals_in_reach(actor))
    rows = rows.exclude(case__state=CaseState.WITHDRAWN)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    return _lines(list(rows.select_related("case", "owner").prefetch_related("events__by")), actor, on)


def assignment_one(*, actor: User, assignment_id: int, on: date) -> AssignmentLine:
    """One assignment."""
    rows = Assignment.objects.filter(pk=assignment_id, case__hospital_id__in=hospitals_in_reach(actor))
    lines = _lines(list(rows.select_related("case", "owner").prefetch_related("events__by")), actor, on)
    if not lines:
        raise RuleBroken("unknown_matter", f"assignment {assignment_id}")
    return lines[0]


def owners_of(hospital_id: int) -> list[Addressee]:
    """Who may own an assignment: everybody who reads cases of the hospital."""
    return reader_list(roles=READERS, hospital_id=hospital_id)
