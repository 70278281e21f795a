"""Tables of decisions."""

from vardnara.apps.decisions.models.case import Case, CaseDocument, CaseEvent, CaseVersion
from vardnara.apps.decisions.models.consultation import Consultation
from vardnara.apps.decisions.models.promise import Promise

__all__ = ["Case", "CaseDocument", "CaseEvent", "CaseVersion", "Consultation", "Promise"]
