"""How much work there is: catalogue x drivers x frequency, in minutes by ward, weekday and hour, and in posts."""

from vardnara.engines.workload.data import TaskType, WardFacts, WorkloadOrder
from vardnara.engines.workload.estimate import CAUSED, hours_of, shares_of, units_of, workload_estimate, workload_of_day
from vardnara.engines.workload.params import WorkloadParams
from vardnara.engines.workload.result import Notice, Spread, Workload, WorkRow, spread_of

__all__ = [
    "CAUSED",
    "Notice",
    "Spread",
    "TaskType",
    "WardFacts",
    "WorkRow",
    "Workload",
    "WorkloadOrder",
    "WorkloadParams",
    "hours_of",
    "shares_of",
    "spread_of",
    "units_of",
    "workload_estimate",
    "workload_of_day",
]
