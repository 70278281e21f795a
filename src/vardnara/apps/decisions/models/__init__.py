"""Tables of decisions."""

from vardnara.apps.decisions.models.case import Case, CaseDocument, CaseEvent, CaseVersion
from vardnara.apps.decisions.models.consultation import Consultation
from vardnara.apps.decisions.models.promise import Promise
from vardnara.apps.decisions.models.risk import RiskAnalysis, RiskComment, RiskRow

__all__ = [
    "Case",
    "CaseDocument",
    "CaseEvent",
    "CaseVersion",
    "Consultation",
    "Promise",
    "RiskAnalysis",
    "RiskComment",
    "RiskRow",
]
