"""Writes of the work: one function per intention. Imported from here; how it is split is nobody else's business."""

from vardnara.apps.service.services.catalogue import catalogue_ship
from vardnara.apps.service.services.creating import NewTask, found_job_report, tasks_create, work_request
from vardnara.apps.service.services.planning import day_plan_follow_beds, day_plan_sync, day_plans_keep
from vardnara.apps.service.services.steps import (
    task_claim,
    task_delay,
    task_finish,
    task_hand_back,
    task_inspect,
    task_pause,
    task_reassign,
    task_reprioritise,
    task_resume,
    task_start,
)
from vardnara.apps.service.services.withdrawing import task_adjust, task_withdraw

__all__ = [
    "NewTask",
    "catalogue_ship",
    "day_plan_follow_beds",
    "day_plan_sync",
    "day_plans_keep",
    "found_job_report",
    "task_adjust",
    "task_claim",
    "task_delay",
    "task_finish",
    "task_hand_back",
    "task_inspect",
    "task_pause",
    "task_reassign",
    "task_reprioritise",
    "task_resume",
    "task_start",
    "task_withdraw",
    "tasks_create",
    "work_request",
]
