"""Writes of the work: one function per intention. Imported from here; how it is split is nobody else's business."""

from vardnara.apps.service.services.absence import absence_mark, absence_undo
from vardnara.apps.service.services.agreement_checking import Check, version_check, version_check_of, ward_check
from vardnara.apps.service.services.agreement_lines import (
    LineFault,
    LineInput,
    LinesWrong,
    draft_lines_import,
    draft_lines_save,
    draft_ward_copy,
    draft_ward_remove,
    lines_table,
    lines_table_of,
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
    version_mark_of,
)
from vardnara.apps.service.services.catalogue import (
    catalogue_ship,
    norm_state,
    task_type_add,
    task_type_change,
    task_type_retire,
)
from vardnara.apps.service.services.creating import NewTask, found_job_report, tasks_create, work_request
from vardnara.apps.service.services.demo_agreement import demo_agreement_load
from vardnara.apps.service.services.following import follow_ups_make
from vardnara.apps.service.services.handing_out import task_move
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
from vardnara.apps.service.services.sampling import sampling_answer, sampling_prompts_keep, sampling_shift_set
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
    "absence_mark",
    "absence_undo",
    "agreement_create",
    "agreement_sign",
    "catalogue_ship",
    "commands_merge",
    "conflict_accept",
    "conflict_dismiss",
    "day_plan_follow_beds",
    "day_plan_sync",
    "day_plans_keep",
    "demo_agreement_load",
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
    "lines_table_of",
    "norm_proposal_approve",
    "norm_proposal_decline",
    "norm_proposals_make",
    "norm_state",
    "sampling_answer",
    "sampling_prompts_keep",
    "sampling_shift_set",
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
    "task_move",
    "task_pause",
    "task_reassign",
    "task_reprioritise",
    "task_resume",
    "task_start",
    "task_type_add",
    "task_type_change",
    "task_type_retire",
    "task_withdraw",
    "tasks_create",
    "tasks_withdraw",
    "version_check",
    "version_check_of",
    "version_end",
    "version_mark",
    "version_mark_of",
    "ward_check",
    "work_request",
]
