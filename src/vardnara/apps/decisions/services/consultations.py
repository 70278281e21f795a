"""Consultation with the unions: called, held, closed. What is open keeps a decision from being carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState, ConsultationKind, ConsultationOutcome
from vardnara.apps.decisions.models import Case, Consultation
from vardnara.apps.decisions.services.recording import case_lock, event_add
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class ConsultationWords:
    """What is said of a consultation before it is closed."""

    kind: str
    organ: str
    parties: str = ""
    called_on: date | None = None
    held_on: date | None = None
    adjusted_on: date | None = None
    text: str = ""


def _open_case(case_id: int, actor: User) -> Case:
    case = case_lock(case_id, actor)
    if case.state not in (CaseState.DRAFT, CaseState.DECIDED):
        raise RuleBroken("case_is_executed", f"case {case_id}")
    return case


def _check(words: ConsultationWords) -> None:
    if words.kind not in ConsultationKind.values or not words.organ.strip():
        raise RuleBroken("bad_input", "a consultation without kind or organ")
    if words.called_on and words.held_on and words.held_on < words.called_on:
        raise RuleBroken("held_before_called", str(words.held_on))


@transaction.atomic
def consultation_add(*, case_id: int, words: ConsultationWords, actor: User, at: datetime) -> Consultation:
    """A consultation that is open from now on. A writer, before the decision is carried out."""
    case = _open_case(case_id, actor)
    _check(words)
    made = Consultation.objects.create(case=case, made_at=at, made_by=actor, **_fields(words))
    event_add(case, "consultation_opened", text=words.organ, actor=actor, at=at)
    return made


def _fields(words: ConsultationWords) -> dict[str, object]:
    return {name: getattr(words, name) for name in ConsultationWords.__dataclass_fields__}


def _open_lock(case: Case, consultation_id: int) -> Consultation:
    talks = case.consultations.select_for_update().filter(pk=consultation_id).first()
    if talks is None:
        raise RuleBroken("unknown_matter", f"consultation {consultation_id}")
    if talks.closed_on is not None:
        raise RuleBroken("consultation_is_closed", f"consultation {consultation_id}")
    return talks


@transaction.atomic
def consultation_set(
    *, case_id: int, consultation_id: int, words: ConsultationWords, actor: User, at: datetime
) -> Consultation:
    """What is said of an open consultation. A writer."""
    case = _open_case(case_id, actor)
    _check(words)
    talks = _open_lock(case, consultation_id)
    for name, value in _fields(words).items():
        setattr(talks, name, value)
    talks.save()
    return talks


@transaction.atomic
def consultation_close(
    *, case_id: int, consultation_id: int, closed_on: date, outcome: str, actor: User, at: datetime
) -> Consultation:
    """It is closed, with its outcome: agreed, not agreed, or informed. A writer."""
    case = _open_case(case_id, actor)
    talks = _open_lock(case, consultation_id)
    if outcome not in ConsultationOutcome.values:
        raise RuleBroken("bad_input", outcome)
    if talks.held_on is None:
        raise RuleBroken("not_held", f"consultation {consultation_id}")
    if not talks.held_on <= closed_on <= local_date(at):
        raise RuleBroken("closed_before_held", str(closed_on))
    talks.closed_on, talks.outcome = closed_on, outcome
    talks.save(update_fields=["closed_on", "outcome"])
    event_add(case, "consultation_closed", text=talks.organ, actor=actor, at=at)
    return talks
