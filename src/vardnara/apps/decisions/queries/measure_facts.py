"""What is known of a measure: its standing, its promises, what it waits for, and what that comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Measure, MeasureStatus, Promise
from vardnara.engines.measures import Facts, Gate, Promised, standing_propose
from vardnara.parameters.measures import MeasureStatus as Vocabulary
from vardnara.parameters.measures import measure_statuses, status_of_standing

DECIDED = (CaseState.DECIDED, CaseState.EXECUTED, CaseState.CLOSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a measure stands now: its newest status, whether it has begun, and since when it stands so."""

    status: Vocabulary
    begun: bool
    because: str
    since: datetime | None


def word_of(code: str) -> Vocabulary:
    """The status of a code; one that the vocabulary no longer has keeps its code as its name, in no colour."""
    known = measure_statuses().get(code)
    return known or Vocabulary(code, code, code, "", "neutral", len(measure_statuses()), False, False, True)


def standing_of(measure: Measure) -> Standing:
    """How a measure stands, from its statuses."""
    rows: list[MeasureStatus] = sorted(measure.statuses.all(), key=lambda one: (one.at, one.pk))
    if not rows:
        return Standing(status_of_standing("proposed"), False, "", None)
    newest = rows[-1]
    return Standing(word_of(newest.status), any(one.begun for one in rows), newest.because, newest.at)


def promised(promises: Iterable[Promise]) -> tuple[Promised, ...]:
    """Promises as the engine knows them."""
    return tuple(Promised(one.promised, one.check_on, one.baseline, one.outcome) for one in promises)


def gates_of(measure: Measure) -> tuple[Gate, ...]:
    """What a measure waits for, with what those promised."""
    return tuple(
        Gate(gate.first_id, gate.share, promised(gate.first.promises.all()))
        for gate in sorted(measure.gates.all(), key=lambda one: one.pk)
    )


def proposal_of(measure: Measure, *, begun: bool, on: date) -> str:
    """The status that a measure's dates and outcomes speak for; one that has ended stays as it is."""
    now = standing_of(measure).status
    if now.is_end:
        return now.code
    facts = Facts(
        has_owner=bool(measure.owner),
        is_decided=measure.case is None or measure.case.state in DECIDED,
        has_begun=begun,
        is_multi_year=measure.is_multi_year,
        starts_on=measure.starts_on,
        ends_on=measure.ends_on,
        promises=promised(measure.promises.all()),
    )
    return status_of_standing(standing_propose(facts, on=on)).code
