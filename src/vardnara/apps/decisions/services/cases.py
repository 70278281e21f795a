"""Cases: begun, written row by row, decided, carried out, followed up."""

from __future__ import annotations

import copy
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from vardnara.apps.decisions.choices import CaseState, ConsultationKind, ConsultationOutcome, Section
from vardnara.apps.decisions.models import Case, CaseVersion, Consultation
from vardnara.apps.decisions.services.organs import registry_number_check
from vardnara.apps.decisions.services.recording import (
    DECIDERS,
    case_lock,
    content_of,
    draft_lock,
    event_add,
    version_add,
    writer_require,
)
from vardnara.gateways.case_file.content import Content, content_check, content_pack
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

OUTCOME_IN_FILE = {"agreed", "disagreed", "informed"}


@transaction.atomic
def case_create(*, hospital_id: int, content: Content, actor: User, at: datetime, what: str = "") -> Case:
    """A case with its first version, such as a file says it; a writer of the hospital.

    Consultations of a file become rows of their own. Raises ``InputError`` where the content cannot be read.
    """
    writer_require(actor, hospital_id)
    packed = content_pack(content)
    told, _ = content_check(packed)
    talks = packed.pop("consultation", [])
    case = Case(hospital_id=hospital_id, title=told.title, made_at=at, made_by=actor)
    _registry(case, told.registry_number, told.organisation)
    version_add(case, packed, what=what, actor=actor, at=at)
    for talk in talks:
        closed = talk.get("closed_on")
        outcome = talk.get("outcome", "")
        if closed and outcome not in OUTCOME_IN_FILE:
            informed = talk["kind"] == ConsultationKind.MBL_19
            outcome = ConsultationOutcome.INFORMED if informed else ConsultationOutcome.AGREED
        Consultation.objects.create(
            case=case,
            kind=talk["kind"],
            organ=talk["organ"],
            held_on=talk.get("held_on") or closed,
            closed_on=closed,
            outcome=outcome if closed else "",
            text=talk.get("outcome", ""),
            made_at=at,
            made_by=actor,
        )
    event_add(case, "created", actor=actor, at=at)
    return case


def _registry(case: Case, number: str, organisation: str) -> None:
    """Set the registry number and save: in the organisation's own form, each once in a hospital's register."""
    case.registry_number = number.strip()
    registry_number_check(case, organisation, case.registry_number)
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if "registry_once" not in str(error):
            raise
        raise RuleBroken("registry_number_taken", number) from error


@transaction.atomic
def case_registry_set(*, case_id: int, number: str, actor: User, at: datetime) -> Case:
    """The registry number, which may come after the decision. A writer."""
    case = case_lock(case_id, actor)
    _registry(case, number, str(content_of(case).get("organisation", "")))
    event_add(case, "registered", text=number, actor=actor, at=at)
    return case


@transaction.atomic
def head_set(*, case_id: int, values: dict[str, Any], seen: int, actor: User, at: datetime) -> CaseVersion:
    """What the case says of itself as a whole: title, form, organ, dates, texts. A writer, before the decision."""
    case = seen_lock(case_id, seen, actor)
    content = content_of(case)
    rows = {key: value for key, value in content.items() if isinstance(value, list) and key in Section.values}
    kept = {key: content[key] for key in ("ledger",) if key in content}
    head = {key: value for key, value in content_pack(values).items() if value not in (None, "", [], {})}
    return version_add(case, head | kept | rows, what="head", actor=actor, at=at)


def seen_lock(case_id: int, seen: int, actor: User) -> Case:
    """The draft, where the newest version is the one that the writer had in front of them."""
    case = draft_lock(case_id, actor)
    if case.n_versions != seen:
        raise RuleBroken("somebody_changed_it", f"case {case_id} is at {case.n_versions}, seen {seen}")
    return case


@transaction.atomic
def row_set(
    *, case_id: int, section: str, number: int | None, values: dict[str, Any], seen: int, actor: User, at: datetime
) -> CaseVersion:
    """Change a row of a section, or add one at its end (``number`` None). A writer, before the decision.

    Raises ``InputError`` with every fault that the whole case then has.
    """
    case = seen_lock(case_id, seen, actor)
    content = copy.deepcopy(content_of(case))
    rows = _rows(content, section)
    row = {key: value for key, value in content_pack(values).items() if value not in (None, [])}
    if number is None:
        rows.append(row)
    else:
        rows[number] = _still_read(_row(rows, number), row)
    return version_add(case, content, what=section, actor=actor, at=at)


@transaction.atomic
def row_remove(*, case_id: int, section: str, number: int, seen: int, actor: User, at: datetime) -> CaseVersion:
    """Take a row away; raises ``InputError`` where others need it. A writer, before the decision."""
    case = seen_lock(case_id, seen, actor)
    content = copy.deepcopy(content_of(case))
    rows = _rows(content, section)
    _row(rows, number)
    del rows[number]
    if not rows:
        del content[section]
    return version_add(case, content, what=section, actor=actor, at=at)


@transaction.atomic
def row_move(*, case_id: int, section: str, number: int, up: bool, seen: int, actor: User, at: datetime) -> CaseVersion:
    """Let a row change places with the one before or after it. A writer, before the decision."""
    case = seen_lock(case_id, seen, actor)
    content = copy.deepcopy(content_of(case))
    rows = _rows(content, section)
    other = number - 1 if up else number + 1
    _row(rows, number)
    _row(rows, other)
    rows[number], rows[other] = rows[other], rows[number]
    return version_add(case, content, what=section, actor=actor, at=at)


def _still_read(old: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A figure from a register stays one while nobody gives it another value."""
    if old.get("query") and Decimal(old["value"]) == Decimal(row.get("value", "NaN")):
        return row | {key: old[key] for key in ("query", "read_on")}
    return row


def _rows(content: Content, section: str) -> list[dict[str, Any]]:
    if section not in Section.values:
        raise RuleBroken("bad_input", section)
    rows: list[dict[str, Any]] = content.setdefault(section, [])
    return rows


def _row(rows: list[dict[str, Any]], number: int) -> dict[str, Any]:
    if not 0 <= number < len(rows):
        raise RuleBroken("unknown_line", str(number))
    return rows[number]


@transaction.atomic
def case_restore(*, case_id: int, number: int, seen: int, actor: User, at: datetime) -> CaseVersion:
    """Say again what an earlier version said: the undo of every change. A writer, before the decision."""
    case = seen_lock(case_id, seen, actor)
    earlier = case.versions.filter(number=number).first()
    if earlier is None:
        raise RuleBroken("unknown_line", str(number))
    return version_add(case, earlier.content, what=f"restored {number}", actor=actor, at=at)


@transaction.atomic
def consultation_waive(*, case_id: int, because: str, actor: User, at: datetime) -> Case:
    """Say why no consultation is due; empty takes it back. A writer, before it is carried out."""
    case = case_lock(case_id, actor)
    if case.state not in (CaseState.DRAFT, CaseState.DECIDED):
        raise RuleBroken("case_is_executed", f"case {case_id}")
    case.consultation_waived_because = because.strip()
    case.save(update_fields=["consultation_waived_because"])
    event_add(case, "waived" if because.strip() else "waived_not", text=because.strip(), actor=actor, at=at)
    return case


@transaction.atomic
def case_decide(*, case_id: int, decided_on: date, despite: str = "", actor: User, at: datetime) -> Case:
    """The decision is taken; what the case says stands still from then on. A decision-maker.

    While a consultation is open MBL 11 § says to wait; who does not must say why, and it can still not be carried out.
    """
    case = case_lock(case_id, actor, DECIDERS)
    if case.state != CaseState.DRAFT:
        raise RuleBroken("case_is_decided", f"case {case_id}")
    if decided_on > local_date(at):
        raise RuleBroken("decided_in_future", str(decided_on))
    if not content_of(case).get("proposal"):
        raise RuleBroken("nothing_to_decide", f"case {case_id}")
    if case.consultations.filter(closed_on__isnull=True).exists() and not despite.strip():
        raise RuleBroken("consultation_is_open", f"case {case_id}")
    case.state, case.decided_on, case.decided_despite = CaseState.DECIDED, decided_on, despite.strip()
    case.save(update_fields=["state", "decided_on", "decided_despite"])
    event_add(case, "decided", text=despite.strip(), actor=actor, at=at)
    return case


@transaction.atomic
def case_execute(*, case_id: int, executed_on: date, actor: User, at: datetime) -> Case:
    """The decision is carried out: never while its consultation is open (invariant 8), which the database holds too."""
    case = case_lock(case_id, actor, DECIDERS)
    if case.state != CaseState.DECIDED or case.decided_on is None:
        raise RuleBroken("case_not_decided", f"case {case_id}")
    if case.consultations.filter(closed_on__isnull=True).exists():
        raise RuleBroken("consultation_is_open", f"case {case_id}")
    if not case.consultation_waived_because and not case.consultations.exists():
        raise RuleBroken("not_consulted", f"case {case_id}")
    if executed_on < case.decided_on or executed_on > local_date(at):
        raise RuleBroken("executed_before_decided", str(executed_on))
    case.state, case.executed_on = CaseState.EXECUTED, executed_on
    case.save(update_fields=["state", "executed_on"])
    event_add(case, "executed", actor=actor, at=at)
    return case


@transaction.atomic
def case_close(*, case_id: int, actor: User, at: datetime) -> Case:
    """It is followed up: every promise has its outcome. A writer."""
    case = case_lock(case_id, actor)
    if case.state != CaseState.EXECUTED:
        raise RuleBroken("case_not_executed", f"case {case_id}")
    if case.promises.filter(outcome__isnull=True).exists():
        raise RuleBroken("promises_without_outcome", f"case {case_id}")
    case.state = CaseState.CLOSED
    case.save(update_fields=["state"])
    event_add(case, "closed", actor=actor, at=at)
    return case


@transaction.atomic
def case_reopen(*, case_id: int, actor: User, at: datetime) -> Case:
    """The follow-up goes on after all. A writer."""
    case = case_lock(case_id, actor)
    if case.state != CaseState.CLOSED:
        raise RuleBroken("case_not_executed", f"case {case_id}")
    case.state = CaseState.EXECUTED
    case.save(update_fields=["state"])
    event_add(case, "reopened", actor=actor, at=at)
    return case


@transaction.atomic
def case_withdraw(*, case_id: int, because: str, actor: User, at: datetime) -> Case:
    """Nothing comes of it; it stays in the register with the reason. A writer, before it is carried out."""
    case = case_lock(case_id, actor)
    if case.state not in (CaseState.DRAFT, CaseState.DECIDED):
        raise RuleBroken("case_is_executed", f"case {case_id}")
    if not because.strip():
        raise RuleBroken("reason_missing", f"case {case_id}")
    case.state = CaseState.WITHDRAWN
    case.save(update_fields=["state"])
    event_add(case, "withdrawn", text=because.strip(), actor=actor, at=at)
    return case
