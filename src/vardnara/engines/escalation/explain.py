"""What would happen, told ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from vardnara.engines.escalation.data import Order, Outcome, Past
from vardnara.engines.escalation.plan import escalation_plan
from vardnara.engines.escalation.result import Send


@dataclass(frozen=True, slots=True)
class Told:
    """A message that would be made, and when."""

    at: datetime
    send: Send


def timeline_explain(order: Order, *, most: int = 200) -> tuple[Told, ...]:
    """Everything that would be sent if nobody answered and every message arrived, from ``begins_at`` on.

    Parameters
    ----------
    order
        Its ``now``, ``past`` and answers are not looked at.
    most
        Messages at which the telling ends.
    """
    told: list[Told] = []
    now: datetime | None = order.begins_at
    past: tuple[Past, ...] = ()
    while now is not None and len(told) < most:
        plan = escalation_plan(replace(order, now=now, past=past, acknowledged_at=None, cleared_at=None))
        told += [Told(now, send) for send in plan.send]
        past += tuple(Past(send.level, send.turn, send.target, Outcome.DELIVERED, now) for send in plan.send)
        now = plan.next_look_at
    return tuple(told)
