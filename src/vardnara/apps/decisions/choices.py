"""Value lists of decisions."""

from django.db import models
from django.utils.translation import pgettext_lazy


class CaseState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("case", "Being prepared")
    DECIDED = "decided", pgettext_lazy("case", "Decided")
    EXECUTED = "executed", pgettext_lazy("case", "Carried out")
    CLOSED = "closed", pgettext_lazy("case", "Followed up")
    WITHDRAWN = "withdrawn", pgettext_lazy("case", "Withdrawn")


class CaseKind(models.TextChoices):
    """The forms of DOMAIN 2.1."""

    MEMO = "memo", pgettext_lazy("case", "Memo to a board")
    DIRECTOR_DECISION = "director_decision", pgettext_lazy("case", "Director's decision")
    PROTOCOL_PARAGRAPH = "protocol_paragraph", pgettext_lazy("case", "Paragraph of minutes")
    PROPOSAL = "proposal", pgettext_lazy("case", "Proposal to a board")


class TemplateKind(models.TextChoices):
    """The forms that have a Word template: those of cases, and the extract of minutes that decided one."""

    MEMO = CaseKind.MEMO.value, CaseKind.MEMO.label
    DIRECTOR_DECISION = CaseKind.DIRECTOR_DECISION.value, CaseKind.DIRECTOR_DECISION.label
    PROTOCOL_PARAGRAPH = CaseKind.PROTOCOL_PARAGRAPH.value, CaseKind.PROTOCOL_PARAGRAPH.label
    PROPOSAL = CaseKind.PROPOSAL.value, CaseKind.PROPOSAL.label
    PROTOCOL_EXTRACT = "protocol_extract", pgettext_lazy("case", "Extract of minutes")


class ConsultationKind(models.TextChoices):
    """MBL 11, 14 and 19 §, or cooperation in their place (DOMAIN 2.4)."""

    MBL_11 = "mbl_11", pgettext_lazy("case", "Negotiation, MBL 11 §")
    MBL_14 = "mbl_14", pgettext_lazy("case", "Central negotiation, MBL 14 §")
    MBL_19 = "mbl_19", pgettext_lazy("case", "Information, MBL 19 §")
    COOPERATION = "cooperation", pgettext_lazy("case", "Cooperation group")


class ConsultationOutcome(models.TextChoices):
    AGREED = "agreed", pgettext_lazy("case", "agreed")
    DISAGREED = "disagreed", pgettext_lazy("case", "not agreed")
    INFORMED = "informed", pgettext_lazy("case", "informed")


class Section(models.TextChoices):
    """Parts of a case's content, by their keys in a case file, in the order of the page."""

    SOURCE = "source", pgettext_lazy("case", "Sources")
    FIGURE = "figure", pgettext_lazy("case", "Figures")
    POSTS = "posts", pgettext_lazy("case", "Posts")
    AMOUNT = "amount", pgettext_lazy("case", "Money that changes")
    REALLOCATION = "reallocation", pgettext_lazy("case", "Frames that move")
    HOME = "home", pgettext_lazy("case", "Where hours go")
    TASK = "task", pgettext_lazy("case", "Tasks that move")
    SCOPE = "scope", pgettext_lazy("case", "Scope")
    STEP = "step", pgettext_lazy("case", "Chain of decisions")
    ACCOUNT = "account", pgettext_lazy("case", "What sources say")
    MEASURE = "measure", pgettext_lazy("case", "Measures")
    SECTION = "section", pgettext_lazy("case", "Text")
    PROPOSAL = "proposal", pgettext_lazy("case", "Proposals")
    SIGNATORY = "signatory", pgettext_lazy("case", "Signatories")


class RiskSide(models.TextChoices):
    SERVICE = "service", pgettext_lazy("risk", "Service")
    CARE = "care", pgettext_lazy("risk", "Care")


class RiskArea(models.TextChoices):
    PATIENT = "patient", pgettext_lazy("risk", "Patient")
    STAFF = "staff", pgettext_lazy("risk", "Staff")
    OPERATION = "operation", pgettext_lazy("risk", "Operation")
    ECONOMY = "economy", pgettext_lazy("risk", "Economy")


class RiskVoice(models.TextChoices):
    """Who a comment is from: those who take part in the analysis (AFS 2023:1)."""

    SAFETY_REPRESENTATIVE = "safety", pgettext_lazy("risk", "Safety representative")
    UNION = "union", pgettext_lazy("risk", "Union")
    EMPLOYER = "employer", pgettext_lazy("risk", "Employer")


class Indicator(models.TextChoices):
    """Live figures that a risk can be bound to; each over the last 28 days."""

    SPILLOVER_MINUTES = "spillover_minutes", pgettext_lazy("risk", "Minutes of service work done by care, a week")
    SPILLOVER_COUNT = "spillover_count", pgettext_lazy("risk", "Service work done by care, times a week")
    NOT_DONE = "not_done", pgettext_lazy("risk", "Tasks closed as not done, a week")


class MeasureKind(models.TextChoices):
    """What a measure is (doc S4)."""

    COST = "cost", pgettext_lazy("measure", "Cost reduction")
    LOW_VALUE = "low_value", pgettext_lazy("measure", "Low-value care")
    GAP = "gap", pgettext_lazy("measure", "Gap analysis")
    CAPACITY = "capacity", pgettext_lazy("measure", "Production and capacity")
    REINVESTMENT = "reinvestment", pgettext_lazy("measure", "Reinvestment")
    OTHER = "other", pgettext_lazy("measure", "Other measure")


class BenefitKind(models.TextChoices):
    """What becomes of what it releases; each krona is one of them (own-3, mech-29)."""

    CASH = "cash", pgettext_lazy("measure", "Changes the cost")
    MOVED = "moved", pgettext_lazy("measure", "Used for something else")
    OTHER = "other", pgettext_lazy("measure", "Not in money")


class GuideKind(models.TextChoices):
    """Guide values of Socialstyrelsen (S-10)."""

    BEDS = "beds", pgettext_lazy("measure", "Staffed care places")
    OCCUPANCY = "occupancy", pgettext_lazy("measure", "Occupancy, %")


class PatternForm(models.TextChoices):
    """How the form of a registry number is written."""

    TEMPLATE = "template", pgettext_lazy("organ", "Template")
    REGEX = "regex", pgettext_lazy("organ", "Regular expression")


class OrganKind(models.TextChoices):
    ASSEMBLY = "assembly", pgettext_lazy("organ", "Assembly")
    EXECUTIVE = "executive", pgettext_lazy("organ", "Executive board")
    BOARD = "board", pgettext_lazy("organ", "Board")
    COMMITTEE = "committee", pgettext_lazy("organ", "Committee")
    MANAGEMENT = "management", pgettext_lazy("organ", "Management group")
    DIRECTOR = "director", pgettext_lazy("organ", "Director")


class AssignmentState(models.TextChoices):
    OPEN = "open", pgettext_lazy("assignment", "Open")
    REPORTED = "reported", pgettext_lazy("assignment", "Reported")
    DONE = "done", pgettext_lazy("assignment", "Done")
    LAPSED = "lapsed", pgettext_lazy("assignment", "Lapsed")


class ReminderKind(models.TextChoices):
    EXPIRES = "expires", pgettext_lazy("reminder", "expires")
    REVIEW = "review", pgettext_lazy("reminder", "to be decided again")
    PROMISE = "promise", pgettext_lazy("reminder", "promise to be looked at")
    ASSIGNMENT = "assignment", pgettext_lazy("reminder", "assignment")


class ReviewKind(models.TextChoices):
    """What is asked for in a special review (DOMAIN 2.6)."""

    AGENCY = "agency", pgettext_lazy("review", "Call-off of agency staff")
    HIRE = "hire", pgettext_lazy("review", "Hire")
    EXTENSION = "extension", pgettext_lazy("review", "Rehire or extension")


class ReviewMeasure(models.TextChoices):
    FTE = "fte", pgettext_lazy("review", "full-time posts")
    SHIFTS = "shifts", pgettext_lazy("review", "shifts")


class ReviewState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("review", "Draft")
    ASKED = "asked", pgettext_lazy("review", "Waits for a decision")
    QUESTION = "question", pgettext_lazy("review", "Waits for an answer")
    APPROVED = "approved", pgettext_lazy("review", "Approved")
    LIMITED = "limited", pgettext_lazy("review", "Approved with limits")
    REFUSED = "refused", pgettext_lazy("review", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("review", "Withdrawn")
    UNDECIDED = "undecided", pgettext_lazy("review", "Expired undecided")


class ReviewOutcome(models.TextChoices):
    """What a level decides."""

    APPROVED = "approved", pgettext_lazy("review", "approved")
    LIMITED = "limited", pgettext_lazy("review", "approved with limits")
    REFUSED = "refused", pgettext_lazy("review", "refused")


class ReviewInstead(models.TextChoices):
    """What came of what was not granted."""

    OWN_STAFF = "own_staff", pgettext_lazy("review", "Staffed by own people at ordinary pay")
    OVERTIME = "overtime", pgettext_lazy("review", "Overtime or extra shifts")
    LOAN = "loan", pgettext_lazy("review", "Borrowed from another unit")
    BEDS_CLOSED = "beds_closed", pgettext_lazy("review", "Beds were closed")
    POSTPONED = "postponed", pgettext_lazy("review", "Activity was postponed")
    OTHER = "other", pgettext_lazy("review", "Something else")
    NOTHING = "nothing", pgettext_lazy("review", "Nothing: it was done without")


REVIEW_WAITS = (ReviewState.ASKED, ReviewState.QUESTION)
REVIEW_DECIDED = (ReviewState.APPROVED, ReviewState.LIMITED, ReviewState.REFUSED)


class Stance(models.TextChoices):
    """Where a party stands."""

    SEEN = "seen", pgettext_lazy("party", "seen")
    AGREED = "agreed", pgettext_lazy("party", "agrees")
    DISAGREED = "disagreed", pgettext_lazy("party", "does not agree")


class FreedPart(models.TextChoices):
    """Which hours of a case's balance were freed (K-17)."""

    LEAVING = "leaving", pgettext_lazy("take home", "hours that leave with posts")
    RELEASED = "released", pgettext_lazy("take home", "hours released by something else")


class TakenTo(models.TextChoices):
    """What became of a freed hour; the names of ``engines.economy`` (own-3, mech-29)."""

    CASH_RELEASED = "cash_released", pgettext_lazy("take home", "Cash-released")
    REDISTRIBUTED = "redistributed", pgettext_lazy("take home", "Redistributed")
    EVAPORATED = "evaporated", pgettext_lazy("take home", "Evaporated")
