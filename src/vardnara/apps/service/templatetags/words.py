"""Words for codes: reasons, warnings and the contagion instruction, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.hospital.choices import BedStatus, MessageStatus
from vardnara.apps.hospital.templatetags.shapes import shape
from vardnara.apps.service.choices import (
    GIVEN,
    GIVEN_BACK,
    CancelReason,
    DeclineReason,
    DelayReason,
    PauseReason,
    TaskState,
)
from vardnara.parameters import contagion

register = template.Library()

DEVIATION_ICONS = {
    "broken": "wrench",
    "missing": "package",
    "hygiene": "droplets",
    "blocked": "lock",
    "unsafe": "triangle-alert",
    "other": "message-circle",
}

WHY = {
    "stat": pgettext_lazy("why this task", "Marked as urgent now."),
    "patient_waits": pgettext_lazy("why this task", "A patient is waiting for the bed."),
    "late": pgettext_lazy("why this task", "It is past its time."),
    "next": pgettext_lazy("why this task", "It is to be done next."),
    "no_ready_bed": pgettext_lazy("why this task", "The ward has no bed ready."),
    "due_first": pgettext_lazy("why this task", "It is to be finished first."),
    "oldest": pgettext_lazy("why this task", "It has waited the longest."),
}

ZONES = {
    "own": pgettext_lazy("why this task", "One of your wards."),
    "outside": pgettext_lazy("why this task", "Outside your wards."),
}

WORKER_STATUS = {
    "available": pgettext_lazy("worker status", "available"),
    "working": pgettext_lazy("worker status", "at work"),
    "break": pgettext_lazy("worker status", "on a break"),
    "lunch": pgettext_lazy("worker status", "at lunch"),
    "off": pgettext_lazy("worker status", "not signed on"),
    "absent": pgettext_lazy("worker status", "absent"),
}

WARNINGS = {
    "patient_in_bed": pgettext_lazy("warning", "There is a patient in the bed"),
    "discharge_pending": pgettext_lazy("warning", "Discharge expected: wait with the daily clean"),
    "bed_occupied": pgettext_lazy("warning", "The bed was occupied on arrival"),
    "history_conflict": pgettext_lazy("warning", "The record of the bed contradicts itself"),
    "began_before_first_message": pgettext_lazy("warning", "Was here before the first message"),
    "moved_after_discharge": pgettext_lazy("warning", "Was moved after the discharge"),
    "prior_location_differs": pgettext_lazy("warning", "The message says another place before the move"),
    "location_differs": pgettext_lazy("warning", "The message says another place"),
}
QUIET_WARNINGS = frozenset({"began_before_first_message"})  # true of everybody on the first day: no news to a ward

REASONS = {
    "from_paper": pgettext_lazy("reason", "entered from list"),
    "found": pgettext_lazy("task reason", "found by a worker"),
    "requested": pgettext_lazy("task reason", "asked for by the ward"),
    "departure": pgettext_lazy("task reason", "the patient left"),
    "external": pgettext_lazy("task reason", "another system says so"),
    "daily": pgettext_lazy("task reason", "daily"),
    "departure_cancelled": pgettext_lazy("task reason", "the departure was cancelled"),
    "patient_left": pgettext_lazy("task reason", "the patient left"),
    "bed_used_again": pgettext_lazy("task reason", "the bed is in use again"),
    "bed_free": pgettext_lazy("task reason", "the bed is empty"),
    "bed_empty": pgettext_lazy("task reason", "nobody lies there any more"),
    "no_discharge": pgettext_lazy("task reason", "no discharge after all"),
    "contagion": pgettext_lazy("task reason", "contagion"),
    "not_approved": pgettext_lazy("task reason", "not approved at inspection"),
    "done_by_care": pgettext_lazy("task reason", "done by the ward"),
    "follows": pgettext_lazy("task reason", "follows on work that is finished"),
    "planned": pgettext_lazy("task reason", "planned"),
    "planned_again": pgettext_lazy("task reason", "planned again"),
    "not_planned": pgettext_lazy("task reason", "no longer planned"),
    "handed_over": pgettext_lazy("task reason", "others do it now"),
    "replanned": pgettext_lazy("task reason", "the plan changed"),
    "not_done": pgettext_lazy("task reason", "was not done that day"),
    "shift_over": pgettext_lazy("task reason", "the shift is over"),
    "next_shift": pgettext_lazy("task reason", "for the next shift"),
    "absent": pgettext_lazy("task reason", "whoever had it is absent"),
    "absence_undone": pgettext_lazy("task reason", "is there after all"),
    **{reason.value: reason.label for reason in (*CancelReason, *DeclineReason)},
    GIVEN: pgettext_lazy("task reason", "by the day plan"),
    GIVEN_BACK: pgettext_lazy("task reason", "taken back by the day plan"),
    "time_added": pgettext_lazy("task reason", "time worked without contact"),
    "recorded_after": pgettext_lazy("task reason", "recorded afterwards"),
}

CONFLICTS = {
    "taken": pgettext_lazy("conflict", "%(who)s has the task now. What you did is kept; the coordinator decides."),
    "withdrawn": pgettext_lazy(
        "conflict", "The task is not needed any more. What you did is kept; the coordinator decides."
    ),
    "done_already": pgettext_lazy("conflict", "%(who)s had already finished it. What you did is kept."),
    "put_back": pgettext_lazy(
        "conflict", "The task was put back among the open ones. What you did is kept; the coordinator decides."
    ),
    "bed_used_again": pgettext_lazy(
        "conflict", "Somebody has lain in the bed since. Your time counts, but the bed must be cleaned again."
    ),
    "unknown_task": pgettext_lazy("conflict", "The task no longer exists. Ask the coordinator."),
    "out_of_scope": pgettext_lazy("conflict", "The ward is not yours any more. Ask the coordinator."),
    "wrong_state": pgettext_lazy("conflict", "That did not fit how the task stood. Look at it once more."),
}
SOMEBODY = pgettext_lazy("conflict", "Somebody else")

DEED_WORDS = {
    "claim": pgettext_lazy("deed", "took it"),
    "start": pgettext_lazy("deed", "started"),
    "pause": pgettext_lazy("deed", "paused"),
    "resume": pgettext_lazy("deed", "went on"),
    "delay": pgettext_lazy("deed", "delayed"),
    "hand_back": pgettext_lazy("deed", "handed it back"),
    "finish": pgettext_lazy("deed", "finished"),
    "found": pgettext_lazy("deed", "found something"),
}

COUNTS = {
    "bed": {"total": pgettext_lazy("count", "All")} | {str(status): status.label for status in BedStatus},
    "stay": {"open": pgettext_lazy("stay", "In hospital"), "without_place": pgettext_lazy("count", "Without a place")},
    "task": {str(state): state.label for state in TaskState},
    "message": {
        "received": pgettext_lazy("count", "Received"),
        "duplicates": pgettext_lazy("count", "Sent again"),
    }
    | {str(status): status.label for status in MessageStatus},
}

INSTRUCTION_WORDS = {
    "No contagion": pgettext_lazy("instruction", "No contagion"),
    "Contagion class A": pgettext_lazy("instruction", "Contagion class A"),
    "Contagion class B": pgettext_lazy("instruction", "Contagion class B"),
    "Contagion class C": pgettext_lazy("instruction", "Contagion class C"),
    "Contagion, class not known": pgettext_lazy("instruction", "Contagion, class not known"),
    "Detergent and water; disinfect touch surfaces": pgettext_lazy(
        "instruction", "Detergent and water; disinfect touch surfaces"
    ),
    "Combined cleaning and disinfection agent on all touch surfaces": pgettext_lazy(
        "instruction", "Combined cleaning and disinfection agent on all touch surfaces"
    ),
    "Oxidising agent on the whole place and the hygiene room": pgettext_lazy(
        "instruction", "Oxidising agent on the whole place and the hygiene room"
    ),
    "Sporicidal agent, after cleaning with detergent": pgettext_lazy(
        "instruction", "Sporicidal agent, after cleaning with detergent"
    ),
    "Ask the nurse in charge before you begin": pgettext_lazy(
        "instruction", "Ask the nurse in charge before you begin"
    ),
    "Gloves": pgettext_lazy("instruction", "Gloves"),
    "Plastic apron": pgettext_lazy("instruction", "Plastic apron"),
    "Mouth protection": pgettext_lazy("instruction", "Mouth protection"),
    "Wash hands with soap and disinfect": pgettext_lazy("instruction", "Wash hands with soap and disinfect"),
    "Touch surfaces": pgettext_lazy("instruction", "Touch surfaces"),
    "Bed and mattress": pgettext_lazy("instruction", "Bed and mattress"),
    "Bedside table": pgettext_lazy("instruction", "Bedside table"),
    "Bedside table, also underneath": pgettext_lazy("instruction", "Bedside table, also underneath"),
    "Hygiene room": pgettext_lazy("instruction", "Hygiene room"),
    "Floor last": pgettext_lazy("instruction", "Floor last"),
    "Air the room": pgettext_lazy("instruction", "Air the room"),
    "Clean with detergent first": pgettext_lazy("instruction", "Clean with detergent first"),
    "Sporicidal agent on all horizontal and touch surfaces": pgettext_lazy(
        "instruction", "Sporicidal agent on all horizontal and touch surfaces"
    ),
    "Room before hygiene room": pgettext_lazy("instruction", "Room before hygiene room"),
    "Floor with detergent last": pgettext_lazy("instruction", "Floor with detergent last"),
    "Ask the nurse in charge which class": pgettext_lazy("instruction", "Ask the nurse in charge which class"),
    "Then as for that class; if nobody knows, as for class C": pgettext_lazy(
        "instruction", "Then as for that class; if nobody knows, as for class C"
    ),
}


CHECKLIST_WORDS = {
    "Wash hands and put on a clean apron": pgettext_lazy("checklist", "Wash hands and put on a clean apron"),
    "Check diets against the ward's list": pgettext_lazy("checklist", "Check diets against the ward's list"),
    "Take and note the temperature": pgettext_lazy("checklist", "Take and note the temperature"),
    "Collect trays and wipe the trolley": pgettext_lazy("checklist", "Collect trays and wipe the trolley"),
    "Wash hands": pgettext_lazy("checklist", "Wash hands"),
    "Note the temperature of refrigerator and freezer": pgettext_lazy(
        "checklist", "Note the temperature of refrigerator and freezer"
    ),
    "Wipe surfaces": pgettext_lazy("checklist", "Wipe surfaces"),
    "Throw away what is out of date": pgettext_lazy("checklist", "Throw away what is out of date"),
    "Ask about diets that have changed": pgettext_lazy("checklist", "Ask about diets that have changed"),
    "Oldest first": pgettext_lazy("checklist", "Oldest first"),
    "Take away what is out of date": pgettext_lazy("checklist", "Take away what is out of date"),
    "Clean linen first, dirty linen last": pgettext_lazy("checklist", "Clean linen first, dirty linen last"),
    "Check the mattress": pgettext_lazy("checklist", "Check the mattress"),
    "Wipe the bed": pgettext_lazy("checklist", "Wipe the bed"),
    "Make the bed": pgettext_lazy("checklist", "Make the bed"),
}


def _plain(code: str) -> str:
    """A code that nobody has given a word: readable, and visible as such."""
    return code.replace("_", " ")


@register.simple_tag
def shape_party(party: str) -> str:
    """The shape of a party of an agreement; its word stands beside it."""
    return shape(f"party-{party}")


@register.filter
def why(code: str) -> str:
    return str(WHY.get(code, _plain(code)))


@register.filter
def zone_text(code: str) -> str:
    return str(ZONES.get(code, ""))


@register.filter
def status_text(code: str) -> str:
    return str(WORKER_STATUS.get(code, _plain(code)))


@register.filter
def warning_text(code: str) -> str:
    return str(WARNINGS.get(code, _plain(code)))


@register.filter
def ward_news(codes: tuple[str, ...]) -> list[str]:
    """Those of a stay's warnings that a ward can do something about."""
    return [code for code in codes if code not in QUIET_WARNINGS]


@register.filter
def reason_text(code: str) -> str:
    for choices in (PauseReason, DelayReason):
        if code in choices.values:
            return str(choices(code).label)
    return str(REASONS.get(code) or WARNINGS.get(code) or _plain(code))


@register.simple_tag
def conflict_text(code: str, who: str = "") -> str:
    """What a command that met something else means for who sent it, and what to do."""
    known = CONFLICTS.get(code)
    if known is None:
        return pgettext("conflict", "It could not be carried out (%(code)s). Ask the coordinator.") % {"code": code}
    return str(known) % {"who": who or str(SOMEBODY)}


@register.filter
def deed_text(deed: str) -> str:
    return str(DEED_WORDS.get(deed, _plain(deed)))


@register.filter
def instruction(code: str) -> contagion.Instruction:
    """The instruction of a contagion class: what to do, never why."""
    return contagion.instruction(code)


@register.filter
def instruction_text(key: str) -> str:
    return str(INSTRUCTION_WORDS.get(key, key))


@register.filter
def check_text(text: str) -> str:
    """A point of a checklist; what a hospital has written itself stands as it was written."""
    return str(CHECKLIST_WORDS.get(text) or INSTRUCTION_WORDS.get(text, text))


def check_code(text: str) -> str:
    """The shipped point that reads so in the reader's language, else the text itself."""
    return next((code for code, word in {**INSTRUCTION_WORDS, **CHECKLIST_WORDS}.items() if str(word) == text), text)


@register.filter
def count_word(name: str, of: str) -> str:
    """The word of one number on the status page."""
    return str(COUNTS[of].get(name, _plain(name)))


@register.filter
def deviation_icon(kind: str) -> str:
    """The pictogram of a kind of deviation."""
    return DEVIATION_ICONS.get(str(kind), "triangle-alert")
