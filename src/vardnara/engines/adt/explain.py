"""Why an event had the outcome that it had, in words for a person at the inbox."""

from __future__ import annotations

REASONS: dict[str, str] = {
    "cancelled": "Applied, and later taken back by a cancel",
    "later_events": "The event to cancel has later events on it: what should happen to those?",
    "nothing_to_cancel": "The event to cancel is not known here",
    "visit_cancelled": "The visit was cancelled, so this changes nothing",
    "already_left": "The patient had already left",
    "not_admitted": "The patient was only expected, not admitted",
    "already_admitted": "The patient was already admitted",
    "unknown_visit": "Nothing is known of this visit, and this event does not say where the patient is",
    "nothing_to_delete": "There was no record to delete",
    "no_effect": "This kind of event changes nothing here",
}


def explain(reason: str) -> str:
    """The English sentence (message key) of a reason code; the code itself where none is written."""
    return REASONS.get(reason, reason)
