"""Dispatch: who does what, when and in which order, over a day and from one moment to the next."""

from vardnara.engines.dispatch.check import plan_check
from vardnara.engines.dispatch.data import Break, Day, Hygiene, Task, Worker, hygiene_of
from vardnara.engines.dispatch.explain import Explanation, task_explain
from vardnara.engines.dispatch.live import Answer, Policy, Suggestion, Why, suggest_next, suggest_worker
from vardnara.engines.dispatch.live_state import Live, live_prepare
from vardnara.engines.dispatch.params import DispatchParams
from vardnara.engines.dispatch.part import part_keep, replan_part
from vardnara.engines.dispatch.plan import plan_day, plan_greedy, plan_keep, replan
from vardnara.engines.dispatch.result import (
    Figures,
    Left,
    LeftReason,
    Plan,
    Status,
    Step,
    StepKind,
    Timeline,
    Violation,
)
from vardnara.engines.dispatch.walking import Spot, Walking, walking_derive

__all__ = [
    "Answer",
    "Break",
    "Day",
    "DispatchParams",
    "Explanation",
    "Figures",
    "Hygiene",
    "Left",
    "LeftReason",
    "Live",
    "Plan",
    "Policy",
    "Spot",
    "Status",
    "Step",
    "StepKind",
    "Suggestion",
    "Task",
    "Timeline",
    "Violation",
    "Walking",
    "Why",
    "Worker",
    "hygiene_of",
    "live_prepare",
    "part_keep",
    "plan_check",
    "plan_day",
    "plan_greedy",
    "plan_keep",
    "replan",
    "replan_part",
    "suggest_next",
    "suggest_worker",
    "task_explain",
    "walking_derive",
]
