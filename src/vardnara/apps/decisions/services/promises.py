"""What a decision promised, and what came of it (own-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Promise
from vardnara.apps.decisions.services.recording import case_lock, draft_lock, event_add
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """A claimed effect, how it is measured, from what, and the day it is looked at."""

    label: str
    metric: str
    unit: str
    promised: Decimal
    check_on: date
    baseline: Decimal | None = None


@transaction.atomic
def promise_add(*, case_id: int, words: PromiseWords, actor: User, at: datetime) -> Promise:
    """Promise an effect. A writer, before the decision."""
    case = draft_lock(case_id, actor)
    if not words.label.strip() or not words.metric.strip():
        raise RuleBroken("bad_input", "a promise without words")
    fields = {name: getattr(words, name) for name in PromiseWords.__dataclass_fields__}
    return Promise.objects.create(case=case, made_at=at, made_by=actor, **fields)


@transaction.atomic
def promise_remove(*, case_id: int, promise_id: int, actor: User, at: datetime) -> None:
    """Promise it no longer. A writer, before the decision."""
    case = draft_lock(case_id, actor)
    for promise in case.promises.filter(pk=promise_id):
        promise.delete()


@transaction.atomic
def outcome_set(
    *, case_id: int, promise_id: int, outcome: Decimal, outcome_on: date, note: str = "", actor: User, at: datetime
) -> Promise:
    """What came of a promise; may be set again, and each time is kept among the events. A writer, after execution."""
    case = case_lock(case_id, actor)
    if case.state != CaseState.EXECUTED:
        raise RuleBroken("case_not_executed", f"case {case_id}")
    promise = case.promises.select_for_update().filter(pk=promise_id).first()
    if promise is None:
        raise RuleBroken("unknown_matter", f"promise {promise_id}")
    if outcome_on > local_date(at):
        raise RuleBroken("outcome_in_future", str(outcome_on))
    promise.outcome, promise.outcome_on, promise.outcome_note = outcome, outcome_on, note.strip()
    promise.outcome_at, promise.outcome_by = at, actor
    promise.save()
    event_add(case, "outcome", text=f"{promise.label}: {outcome:f} {promise.unit}", actor=actor, at=at)
    return promise
