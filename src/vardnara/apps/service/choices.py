"""Value lists of the work."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy

from vardnara.parameters.task_norms import Driver


class TaskKind(models.TextChoices):
    DISCHARGE_CLEAN = "discharge_clean", pgettext_lazy("task", "Discharge clean")
    CONTAGION_CLEAN = "contagion_clean", pgettext_lazy("task", "Contagion clean")
    DAILY_CLEAN = "daily_clean", pgettext_lazy("task", "Daily clean")
    FOUND_BED = "found_bed", pgettext_lazy("task", "Bed found dirty")
    SPILL = "spill", pgettext_lazy("task", "Spill")
    REQUEST = "request", pgettext_lazy("task", "Request from the ward")
    SERVICE = "service", pgettext_lazy("task", "Service")


TURNOVER_KINDS = (TaskKind.DISCHARGE_CLEAN, TaskKind.CONTAGION_CLEAN, TaskKind.FOUND_BED)


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task state", "Waiting")
    CLAIMED = "claimed", pgettext_lazy("task state", "Claimed")
    STARTED = "started", pgettext_lazy("task state", "Started")
    PAUSED = "paused", pgettext_lazy("task state", "Paused")
    DELAYED = "delayed", pgettext_lazy("task state", "Delayed")
    DONE = "done", pgettext_lazy("task state", "Done")
    INSPECTED = "inspected", pgettext_lazy("task state", "Inspected")
    WITHDRAWN = "withdrawn", pgettext_lazy("task state", "Withdrawn")


LIVE_STATES = (TaskState.OPEN, TaskState.CLAIMED, TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)
OWNED_STATES = (TaskState.CLAIMED, TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)


class DayState(models.TextChoices):
    """How a task of the day stands for whoever looks over all of it; each has one of these."""

    PLANNED = "planned", pgettext_lazy("day state", "To be taken")
    TAKEN = "taken", pgettext_lazy("day state", "Taken, begun")
    DONE = "done", pgettext_lazy("day state", "Done")
    LATE = "late", pgettext_lazy("day state", "Late")
    UNOWNED = "unowned", pgettext_lazy("day state", "Without an owner")


class Priority(models.IntegerChoices):
    STAT = 0, pgettext_lazy("priority", "Now")
    NEXT = 1, pgettext_lazy("priority", "Next")
    NORMAL = 2, pgettext_lazy("priority", "Normal")


class EventKind(models.TextChoices):
    CREATED = "created", pgettext_lazy("task event", "Created")
    CLAIMED = "claimed", pgettext_lazy("task event", "Claimed")
    STARTED = "started", pgettext_lazy("task event", "Started")
    PAUSED = "paused", pgettext_lazy("task event", "Paused")
    RESUMED = "resumed", pgettext_lazy("task event", "Resumed")
    DELAYED = "delayed", pgettext_lazy("task event", "Delayed")
    HANDED_BACK = "handed_back", pgettext_lazy("task event", "Handed back")
    REASSIGNED = "reassigned", pgettext_lazy("task event", "Reassigned")
    FINISHED = "finished", pgettext_lazy("task event", "Finished")
    INSPECTED = "inspected", pgettext_lazy("task event", "Approved")
    FAILED = "failed", pgettext_lazy("task event", "Not approved")
    REPRIORITISED = "reprioritised", pgettext_lazy("task event", "Priority changed")
    CHANGED = "changed", pgettext_lazy("task event", "Changed")
    WITHDRAWN = "withdrawn", pgettext_lazy("task event", "Withdrawn")
    RESTORED = "restored", pgettext_lazy("task event", "Taken up again")
    CLOSED = "closed", pgettext_lazy("task event", "Closed with reason")
    RECORDED = "recorded", pgettext_lazy("task event", "Recorded as done afterwards")


class Settlement(models.TextChoices):
    """What became of a command that met something else; empty while nobody has decided."""

    NOTHING = "nothing", pgettext_lazy("settlement", "Nothing was done")
    ACCEPTED = "accepted", pgettext_lazy("settlement", "Recorded as done")
    DISMISSED = "dismissed", pgettext_lazy("settlement", "Dismissed")


class DeviationKind(models.TextChoices):
    """What was not as it should be."""

    BROKEN = "broken", pgettext_lazy("deviation", "Something is broken")
    MISSING = "missing", pgettext_lazy("deviation", "Material is missing")
    HYGIENE = "hygiene", pgettext_lazy("deviation", "Hygiene")
    BLOCKED = "blocked", pgettext_lazy("deviation", "I could not get in")
    UNSAFE = "unsafe", pgettext_lazy("deviation", "Somebody may be hurt")
    OTHER = "other", pgettext_lazy("deviation", "Something else")


class PauseReason(models.TextChoices):
    BREAK = "break", pgettext_lazy("pause", "Break")
    PATIENT = "patient", pgettext_lazy("pause", "Patient needs the room")
    MATERIAL = "material", pgettext_lazy("pause", "Material is missing")
    MORE_URGENT = "more_urgent", pgettext_lazy("pause", "Something more urgent")
    OTHER = "other", pgettext_lazy("pause", "Other")


class Zones(models.TextChoices):
    ALL = "all", pgettext_lazy("zones", "All wards")
    SOME = "some", pgettext_lazy("zones", "Some wards")
    NONE = "none", pgettext_lazy("zones", "No ward in particular")


class BreakKind(models.TextChoices):
    BREAK = "break", pgettext_lazy("shift", "Break")
    LUNCH = "lunch", pgettext_lazy("shift", "Lunch")


class LeaveWork(models.TextChoices):
    """What becomes of work in hand when its owner goes home."""

    HAND_BACK = "hand_back", pgettext_lazy("leaving", "Hand back")
    NEXT_SHIFT = "next_shift", pgettext_lazy("leaving", "Pause for the next shift")


class DelayReason(models.TextChoices):
    PATIENT_IN_BED = "patient_in_bed", pgettext_lazy("delay", "Patient still in the bed")
    BELONGINGS = "belongings", pgettext_lazy("delay", "Belongings left")
    EQUIPMENT = "equipment", pgettext_lazy("delay", "Medical equipment in the way")
    VENTILATION = "ventilation", pgettext_lazy("delay", "Waiting for ventilation time")
    REPAIR = "repair", pgettext_lazy("delay", "Repair needed")
    OTHER = "other", pgettext_lazy("delay", "Other")


class Party(models.TextChoices):
    """Whose work something is by agreement; empty where no agreement says so."""

    SERVICE = "service", pgettext_lazy("party", "Ward service")
    CARE = "care", pgettext_lazy("party", "Care staff")
    CONTRACTOR = "contractor", pgettext_lazy("party", "Contractor")
    OTHER = "other", pgettext_lazy("party", "Somebody else")


FOR_SERVICE = ("", Party.SERVICE)  # what an agreement gives to others is not offered on phones


class Area(models.TextChoices):
    MEALS = "meals", pgettext_lazy("area", "Meals")
    KITCHEN = "kitchen", pgettext_lazy("area", "Ward kitchen")
    DIETS = "diets", pgettext_lazy("area", "Diets")
    STORES = "stores", pgettext_lazy("area", "Stores")
    TEXTILES = "textiles", pgettext_lazy("area", "Textiles")
    BEDS = "beds", pgettext_lazy("area", "Beds")
    CLEANING = "cleaning", pgettext_lazy("area", "Cleaning")
    TRANSPORT = "transport", pgettext_lazy("area", "Transport")
    HANDOVER = "handover", pgettext_lazy("area", "Handover")


class Each(models.TextChoices):
    """What one task of a kind is for."""

    WARD = "ward", pgettext_lazy("one task for each", "The ward")
    BED = "bed", pgettext_lazy("one task for each", "Each bed")


class Competence(models.TextChoices):
    FOOD_HYGIENE = "food_hygiene", pgettext_lazy("competence", "Food hygiene")
    CLEANING = "cleaning", pgettext_lazy("competence", "Trained in cleaning")
    CONTAGION = "contagion", pgettext_lazy("competence", "Trained in contagion cleaning")


class Confidence(models.TextChoices):
    UNVERIFIED = "unverified", pgettext_lazy("confidence", "Not verified")
    ESTIMATED = "estimated", pgettext_lazy("confidence", "Estimated")
    MEASURED = "measured", pgettext_lazy("confidence", "Measured")


class ProposalState(models.TextChoices):
    OPEN = "open", pgettext_lazy("proposal", "To be decided")
    APPROVED = "approved", pgettext_lazy("proposal", "Approved")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    REPLACED = "replaced", pgettext_lazy("proposal", "Replaced by a newer one")


class Activity(models.TextChoices):
    """What somebody is doing at a random moment (STANDARDS V-41)."""

    DIRECT_CARE = "direct_care", pgettext_lazy("activity", "With a patient")
    INDIRECT_CARE = "indirect_care", pgettext_lazy("activity", "Care without the patient")
    SERVICE = "service", pgettext_lazy("activity", "Service: food, cleaning, stores")
    ADMIN = "admin", pgettext_lazy("activity", "Writing, calling, planning")
    WALKING = "walking", pgettext_lazy("activity", "On my way")
    BREAK = "break", pgettext_lazy("activity", "Break")


class PromptState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("sampling", "Waiting")
    ANSWERED = "answered", pgettext_lazy("sampling", "Answered")
    DECLINED = "declined", pgettext_lazy("sampling", "Not now")
    MISSED = "missed", pgettext_lazy("sampling", "No answer")


class VersionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "Draft")
    SIGNED = "signed", pgettext_lazy("agreement", "Signed")
    ENDED = "ended", pgettext_lazy("agreement", "Ended early")


class HomeHow(models.TextChoices):
    """What takes care of work that changes hands; the first two receive it, the others release it."""

    ADDED = "added", pgettext_lazy("transfer home", "Received, with added staff")
    EXISTING = "existing", pgettext_lazy("transfer home", "Received within today's staffing")
    AUTOMATED = "automated", pgettext_lazy("transfer home", "A tool or a system does it")
    LESS_OFTEN = "less_often", pgettext_lazy("transfer home", "Done less often")
    STOPS = "stops", pgettext_lazy("transfer home", "No longer done")
    ELSEWHERE = "elsewhere", pgettext_lazy("transfer home", "Done by somebody else")


class StepKind(models.TextChoices):
    TRAINING = "training", pgettext_lazy("transfer step", "Training")
    HANDOVER = "handover", pgettext_lazy("transfer step", "Handover")
    OTHER = "other", pgettext_lazy("transfer step", "Other")


class CancelReason(models.TextChoices):
    """Why a ward takes back what it asked for; a code of the task's history."""

    NOT_NEEDED = "cancel_not_needed", pgettext_lazy("cancel", "Not needed any more")
    MISTAKE = "cancel_mistake", pgettext_lazy("cancel", "Asked by mistake")
    TWICE = "cancel_twice", pgettext_lazy("cancel", "Asked twice")
    ELSEWHERE = "cancel_elsewhere", pgettext_lazy("cancel", "Solved in another way")


class DeclineReason(models.TextChoices):
    """Why a worker says no to what the day plan has given; a code of the task's history."""

    BUSY = "decline_busy", pgettext_lazy("decline", "I have no time for it")
    NOT_TRAINED = "decline_not_trained", pgettext_lazy("decline", "I am not trained for it")
    FAR = "decline_far", pgettext_lazy("decline", "Somebody else is nearer")
    OTHER = "decline_other", pgettext_lazy("decline", "Something else")


# Reason of a claimed task that the day plan gave to its owner, and of its return: nobody chose it, nobody has begun.
GIVEN = "day_plan"
GIVEN_BACK = "day_plan_back"


class SpilloverReason(models.TextChoices):
    NOBODY = "nobody", pgettext_lazy("spillover", "No service staff there")
    TOO_LONG = "too_long", pgettext_lazy("spillover", "It would have taken too long")
    URGENT = "urgent", pgettext_lazy("spillover", "It could not wait")
    UNCLEAR = "unclear", pgettext_lazy("spillover", "Unclear whose it is")
    EASIER = "easier", pgettext_lazy("spillover", "Was there anyway")


BY_EVENTS = (Driver.DISCHARGE, Driver.CONTAGION_CASE, Driver.EVENT)  # made when it happens, not ahead
DRIVER_WORDS = {
    "bed": pgettext_lazy("driver", "staffed beds"),
    "occupied_bed": pgettext_lazy("driver", "occupied beds"),
    "patient": pgettext_lazy("driver", "patients"),
    "ward": pgettext_lazy("driver", "nothing: once for the ward"),
    "meal": pgettext_lazy("driver", "patients' meals"),
    "discharge": pgettext_lazy("driver", "discharges"),
    "contagion_case": pgettext_lazy("driver", "discharges with contagion"),
    "square_metre": pgettext_lazy("driver", "square metres"),
    "event": pgettext_lazy("driver", "events"),
    "shift": pgettext_lazy("driver", "shifts"),
}


def name_in_language(name: str, name_en: str) -> str:
    """A name of the hospital's own in the reader's language; Swedish where it has no other."""
    return (name_en if (get_language() or "").startswith("en") else "") or name


class AlertTrigger(models.TextChoices):
    """What stands still and is told up the ladder."""

    UNOWNED = "unowned", pgettext_lazy("alert", "Work without an owner")
    LATE = "late", pgettext_lazy("alert", "Work past its time")
    URGENT = "urgent", pgettext_lazy("alert", "Urgent work that nobody has taken")
    CONTAGION = "contagion", pgettext_lazy("alert", "Contagion clean that waits")
    UNCLEAN_BED = "unclean_bed", pgettext_lazy("alert", "Patient in a bed that is not cleaned")
    SILENT = "silent", pgettext_lazy("alert", "A part of the system is silent")


class AlertChannel(models.TextChoices):
    PAGE = "page", pgettext_lazy("alert channel", "The page Escalation")
    PUSH = "push", pgettext_lazy("alert channel", "Notification on phone or computer")
    MAIL = "mail", pgettext_lazy("alert channel", "E-mail")
    WEBHOOK = "webhook", pgettext_lazy("alert channel", "SMS or pager (webhook)")


class AlertOutcome(models.TextChoices):
    """What became of one try: taken by the receiver, to be tried again, given up, or a receiver that is no more."""

    DELIVERED = "delivered", pgettext_lazy("alert outcome", "Delivered")
    RETRY = "retry", pgettext_lazy("alert outcome", "Failed, tried again")
    FAILED = "failed", pgettext_lazy("alert outcome", "Failed")
    GONE = "gone", pgettext_lazy("alert outcome", "Receiver removed")
    MOOT = "moot", pgettext_lazy("alert outcome", "Not needed any more")
