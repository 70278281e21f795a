"""Tables of decisions."""

from vardnara.apps.decisions.models.assignment import Assignment, AssignmentEvent, Reminder
from vardnara.apps.decisions.models.case import Case, CaseDocument, CaseEvent, CaseVersion
from vardnara.apps.decisions.models.consultation import Consultation
from vardnara.apps.decisions.models.measure import (
    GuideValue,
    Measure,
    MeasureEvent,
    MeasureGate,
    MeasureReading,
    MeasureStatus,
)
from vardnara.apps.decisions.models.organ import (
    Extract,
    Meeting,
    MeetingItem,
    Organ,
    Organisation,
    Paragraph,
    RegistryPattern,
)
from vardnara.apps.decisions.models.party import CaseShare, PartySign, RiskSuggestion, SuggestionAnswer
from vardnara.apps.decisions.models.post_checklist import PostCheck, PostChecklist
from vardnara.apps.decisions.models.promise import Promise
from vardnara.apps.decisions.models.review_order import ReviewLevel, ReviewOrder
from vardnara.apps.decisions.models.review_request import (
    ReviewDecision,
    ReviewEvent,
    ReviewFollowUp,
    ReviewRequest,
)
from vardnara.apps.decisions.models.risk import RiskAnalysis, RiskComment, RiskRow, RiskScale
from vardnara.apps.decisions.models.take_home import FreedBooking, FreedHours
from vardnara.apps.decisions.models.template import DocumentTemplate

__all__ = [
    "Assignment",
    "AssignmentEvent",
    "Case",
    "CaseDocument",
    "CaseEvent",
    "CaseShare",
    "CaseVersion",
    "Consultation",
    "DocumentTemplate",
    "Extract",
    "FreedBooking",
    "FreedHours",
    "GuideValue",
    "Measure",
    "MeasureEvent",
    "MeasureGate",
    "MeasureReading",
    "MeasureStatus",
    "Meeting",
    "MeetingItem",
    "Organ",
    "Organisation",
    "Paragraph",
    "PartySign",
    "PostCheck",
    "PostChecklist",
    "Promise",
    "RegistryPattern",
    "Reminder",
    "ReviewDecision",
    "ReviewEvent",
    "ReviewFollowUp",
    "ReviewLevel",
    "ReviewOrder",
    "ReviewRequest",
    "RiskAnalysis",
    "RiskComment",
    "RiskRow",
    "RiskScale",
    "RiskSuggestion",
    "SuggestionAnswer",
]
