"""Assignments that decisions give: made, given an owner and a day, reported, closed or lapsed (feat-E3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import active_user, user_reach
from vardnara.apps.decisions.choices import AssignmentState, CaseState
from vardnara.apps.decisions.models import Assignment, AssignmentEvent, Case
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.services.recording import WRITERS, case_lock, content_of, event_add
from vardnara.gateways.case_file.content import Content
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

GIVEN = re.compile(r"^(.{2,150}?) (?:får|ges|har fått) i uppdrag\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AssignmentWords:
    """What is to be done, by whom, who of the users answers for it, and by when."""

    text: str
    whom: str
    owner_id: int | None = None
    due_on: date | None = None


def _check(words: AssignmentWords, case: Case) -> None:
    if not words.text.strip() or not words.whom.strip():
        raise RuleBroken("bad_input", "an assignment without words")
    if words.owner_id is not None:
        owner = active_user(words.owner_id)
        if owner.role not in READERS or case.hospital_id not in user_reach(owner).hospital_ids:
            raise RuleBroken("unknown_user", str(words.owner_id))


def _event(row: Assignment, what: str, text: str, actor: User, at: datetime) -> None:
    AssignmentEvent.objects.create(assignment=row, what=what, text=text, at=at, by=actor)


def _add(case: Case, words: AssignmentWords, origin: str, actor: User, at: datetime) -> Assignment:
    _check(words, case)
    values = {one.name: getattr(words, one.name) for one in fields(AssignmentWords)}
    row = Assignment.objects.create(case=case, origin=origin, made_at=at, made_by=actor, **values)
    _event(row, "made", words.text, actor, at)
    event_add(case, "assignment", text=f"{words.whom}: {words.text}", actor=actor, at=at)
    return row


@transaction.atomic
def assignment_add(*, case_id: int, words: AssignmentWords, actor: User, at: datetime) -> Assignment:
    """Give an assignment by hand. A writer."""
    case = case_lock(case_id, actor)
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_withdrawn", f"case {case_id}")
    return _add(case, words, "", actor, at)


def points_of(content: Content) -> list[tuple[str, AssignmentWords]]:
    """Every point of a decision with its place: whom it gives what to do, as far as its words say so."""
    opening = GIVEN.match(str(content.get("decision_opening", "")))
    first = opening[1] if opening else str(content.get("organ", ""))
    found = []
    for number, proposal in enumerate(content.get("proposal", [])):
        said = GIVEN.match(proposal["text"])
        whom = (said[1] if said else first)[:160] or "–"
        points = proposal.get("points", [])
        told = [(f"{number}:{place}", point) for place, point in enumerate(points)] or [(str(number), proposal["text"])]
        found += [(origin, AssignmentWords(text[:600], whom)) for origin, text in told]
    return found


@transaction.atomic
def assignments_take(*, case_id: int, actor: User, at: datetime) -> int:
    """Make an assignment of every point of the decision that is none yet; returns how many. A writer."""
    case = case_lock(case_id, actor)
    if case.state in (CaseState.DRAFT, CaseState.WITHDRAWN):
        raise RuleBroken("case_not_decided", f"case {case_id}")
    known = set(case.assignments.values_list("origin", flat=True))
    made = [(origin, words) for origin, words in points_of(content_of(case)) if origin not in known]
    for origin, words in made:
        _add(case, words, origin, actor, at)
    return len(made)


def _lock(assignment_id: int, actor: User) -> Assignment:
    row = Assignment.objects.select_for_update(of=("self",)).select_related("case").filter(pk=assignment_id).first()
    if row is None or row.case.hospital_id not in user_reach(actor).hospital_ids or actor.role not in READERS:
        raise RuleBroken("unknown_matter", f"assignment {assignment_id}")
    return row


def _writer(row: Assignment, actor: User) -> None:
    if actor.role not in WRITERS:
        raise RuleBroken("wrong_role", f"user {actor.pk} is {actor.role}")


@transaction.atomic
def assignment_set(*, assignment_id: int, words: AssignmentWords, actor: User, at: datetime) -> Assignment:
    """Say anew what, whom, who answers and by when; what it was before stays in its history. A writer."""
    row = _lock(assignment_id, actor)
    _writer(row, actor)
    _check(words, row.case)
    if row.state in (AssignmentState.DONE, AssignmentState.LAPSED):
        raise RuleBroken("assignment_is_closed", str(assignment_id))
    before = f"{row.whom}; {row.due_on or '–'}; {row.text}"
    for one in fields(AssignmentWords):
        setattr(row, one.name, getattr(words, one.name))
    row.save()
    _event(row, "changed", before, actor, at)
    return row


@transaction.atomic
def assignment_report(*, assignment_id: int, report: str, actor: User, at: datetime) -> Assignment:
    """Say what came of it. Its owner, or a writer."""
    row = _lock(assignment_id, actor)
    if row.owner_id != actor.pk:
        _writer(row, actor)
    if row.state in (AssignmentState.DONE, AssignmentState.LAPSED):
        raise RuleBroken("assignment_is_closed", str(assignment_id))
    if not report.strip():
        raise RuleBroken("report_missing", str(assignment_id))
    row.report, row.state = report.strip(), AssignmentState.REPORTED
    row.save(update_fields=["report", "state"])
    _event(row, "reported", report.strip(), actor, at)
    return row


@transaction.atomic
def assignment_close(*, assignment_id: int, actor: User, at: datetime) -> Assignment:
    """The report is taken: it is done. A writer."""
    row = _lock(assignment_id, actor)
    _writer(row, actor)
    if row.state != AssignmentState.REPORTED:
        raise RuleBroken("report_missing", str(assignment_id))
    row.state = AssignmentState.DONE
    row.save(update_fields=["state"])
    _event(row, "done", "", actor, at)
    return row


@transaction.atomic
def assignment_lapse(*, assignment_id: int, because: str, actor: User, at: datetime) -> Assignment:
    """Nothing is to come of it, and why. A writer."""
    row = _lock(assignment_id, actor)
    _writer(row, actor)
    if row.state in (AssignmentState.DONE, AssignmentState.LAPSED):
        raise RuleBroken("assignment_is_closed", str(assignment_id))
    if not because.strip():
        raise RuleBroken("reason_missing", str(assignment_id))
    row.state, row.lapsed_because = AssignmentState.LAPSED, because.strip()
    row.save(update_fields=["state", "lapsed_because"])
    _event(row, "lapsed", because.strip(), actor, at)
    return row


@transaction.atomic
def assignment_reopen(*, assignment_id: int, actor: User, at: datetime) -> Assignment:
    """It goes on after all. A writer."""
    row = _lock(assignment_id, actor)
    _writer(row, actor)
    row.state, row.lapsed_because = AssignmentState.OPEN, ""
    row.save(update_fields=["state", "lapsed_because"])
    _event(row, "reopened", "", actor, at)
    return row
