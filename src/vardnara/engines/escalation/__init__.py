"""Escalation: work that stands still is told to one after the other until somebody answers."""

from vardnara.engines.escalation.data import Level, Order, Outcome, Past
from vardnara.engines.escalation.explain import timeline_explain
from vardnara.engines.escalation.params import EscalationParams
from vardnara.engines.escalation.plan import escalation_plan
from vardnara.engines.escalation.result import Plan, Send, Standing

__all__ = [
    "EscalationParams",
    "Level",
    "Order",
    "Outcome",
    "Past",
    "Plan",
    "Send",
    "Standing",
    "escalation_plan",
    "timeline_explain",
]
