"""Writes of the work: one function per intention. Imported from here; how it is split is nobody else's business."""

from vardnara.apps.service.services.agreement_checking import Check, version_check
from vardnara.apps.service.services.agreement_lines import (
    LineFault,
    LineInput,
    LinesWrong,
    draft_lines_import,
    draft_lines_save,
    draft_ward_copy,
    draft_ward_remove,
    lines_table,
)
from vardnara.apps.service.services.agreements import (
    Terms,
    agreement_create,
    agreement_sign,
    draft_create,
    draft_delete,
    draft_set,
    signature_withdraw,
    version_end,
    version_mark,
)
from vardnara.apps.service.services.catalogue import catalogue_ship
from vardnara.apps.service.services.creating import NewTask, found_job_report, tasks_create, work_request
from vardnara.apps.service.services.following import follow_ups_make
from vardnara.apps.service.services.merging import (
    DEEDS,
    Answer,
    Command,
    commands_merge,
    conflict_accept,
    conflict_dismiss,
)
from vardnara.apps.service.services.norms import norm_proposal_approve, norm_proposal_decline, norm_proposals_make
from vardnara.apps.service.services.planning import day_plan_follow_beds, day_plan_sync, day_plans_keep
from vardnara.apps.service.services.shifts import (
    shift_break_begin,
    shift_break_end,
    shift_sign_off,
    shift_sign_on,
)
from vardnara.apps.service.services.spillover import spillover_undo, task_done_by_care
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
from vardnara.apps.service.services.withdrawing import task_adjust, task_withdraw, tasks_withdraw

__all__ = [
    "DEEDS",
    "Answer",
    "Check",
    "Command",
    "LineFault",
    "LineInput",
    "LinesWrong",
    "NewTask",
    "Terms",
    "agreement_create",
    "agreement_sign",
    "catalogue_ship",
    "commands_merge",
    "conflict_accept",
    "conflict_dismiss",
    "day_plan_follow_beds",
    "day_plan_sync",
    "day_plans_keep",
    "draft_create",
    "draft_delete",
    "draft_lines_import",
    "draft_lines_save",
    "draft_set",
    "draft_ward_copy",
    "draft_ward_remove",
    "follow_ups_make",
    "found_job_report",
    "lines_table",
    "norm_proposal_approve",
    "norm_proposal_decline",
    "norm_proposals_make",
    "shift_break_begin",
    "shift_break_end",
    "shift_sign_off",
    "shift_sign_on",
    "signature_withdraw",
    "spillover_undo",
    "task_adjust",
    "task_claim",
    "task_delay",
    "task_done_by_care",
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
    "tasks_withdraw",
    "version_check",
    "version_end",
    "version_mark",
    "work_request",
]
