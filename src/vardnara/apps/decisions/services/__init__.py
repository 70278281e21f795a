"""Writes of decisions."""

from vardnara.apps.decisions.services.cases import (
    case_close,
    case_create,
    case_decide,
    case_execute,
    case_registry_set,
    case_reopen,
    case_restore,
    case_withdraw,
    consultation_waive,
    head_set,
    row_move,
    row_remove,
    row_set,
)
from vardnara.apps.decisions.services.consultations import (
    ConsultationWords,
    consultation_add,
    consultation_close,
    consultation_set,
)
from vardnara.apps.decisions.services.documents import documents_make
from vardnara.apps.decisions.services.promises import (
    PromiseWords,
    outcome_set,
    promise_add,
    promise_remove,
)
from vardnara.apps.decisions.services.risks import (
    RiskWords,
    analysis_begin,
    analysis_settle,
    risk_comment,
    risk_follow_up,
    risk_remove,
    risk_set,
)

__all__ = [
    "ConsultationWords",
    "PromiseWords",
    "RiskWords",
    "analysis_begin",
    "analysis_settle",
    "case_close",
    "case_create",
    "case_decide",
    "case_execute",
    "case_registry_set",
    "case_reopen",
    "case_restore",
    "case_withdraw",
    "consultation_add",
    "consultation_close",
    "consultation_set",
    "consultation_waive",
    "documents_make",
    "head_set",
    "outcome_set",
    "promise_add",
    "promise_remove",
    "risk_comment",
    "risk_follow_up",
    "risk_remove",
    "risk_set",
    "row_move",
    "row_remove",
    "row_set",
]
