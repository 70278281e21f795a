"""Ladders and cases as the engine reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from vardnara.apps.service.choices import AlertOutcome
from vardnara.apps.service.models import AlertSend, EscalationCase, LadderStep
from vardnara.engines.escalation import Level, Order, Outcome, Past
from vardnara.kernel.time_window import TimeWindow


def level_of(step: LadderStep, targets: Sequence[str]) -> Level:
    """A step with whom it reaches now."""
    return Level(
        tuple(targets),
        step.wait_minutes,
        step.retries,
        step.retry_minutes,
        TimeWindow(step.start_minutes, step.end_minutes),
    )


def past_of(sends: Iterable[AlertSend]) -> tuple[Past, ...]:
    """Messages that were made."""
    return tuple(
        Past(send.level, send.turn, send.target, _outcome(send), send.done_at or send.made_at) for send in sends
    )


def _outcome(send: AlertSend) -> Outcome:
    if send.done_at is None:
        return Outcome.WAITING
    return Outcome.DELIVERED if send.outcome == AlertOutcome.DELIVERED else Outcome.FAILED


def order_of(case: EscalationCase, levels: Sequence[Level], sends: Iterable[AlertSend], at: datetime) -> Order:
    """A case at a moment."""
    return Order(
        tuple(levels),
        case.begins_at,
        max(at, case.begins_at),
        past_of(sends),
        acknowledged_at=case.acknowledged_at,
        cleared_at=case.closed_at,
    )
