"""Words for the codes of messages: why one stands still, and what became of an event."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext_lazy

register = template.Library()

OUTCOMES = {
    "applied": pgettext_lazy("outcome", "applied"),
    "parked": pgettext_lazy("outcome", "parked"),
    "ignored": pgettext_lazy("outcome", "no effect"),
}

REASONS = {
    "cancelled": pgettext_lazy("message reason", "Applied, and later taken back by a cancel"),
    "later_events": pgettext_lazy(
        "message reason", "The event to cancel has later events: what should happen to those?"
    ),
    "nothing_to_cancel": pgettext_lazy("message reason", "The event to cancel is not known here"),
    "visit_cancelled": pgettext_lazy("message reason", "The visit was cancelled, so this changes nothing"),
    "already_left": pgettext_lazy("message reason", "The patient had already left"),
    "already_admitted": pgettext_lazy("message reason", "The patient was already admitted"),
    "unknown_visit": pgettext_lazy("message reason", "The visit is not known, nor where the patient is"),
    "nothing_to_delete": pgettext_lazy("message reason", "There was no record to delete"),
    "no_effect": pgettext_lazy("message reason", "This kind of event changes nothing here"),
    "identifier_in_use": pgettext_lazy("message reason", "The identifier already belongs to another patient"),
    "bed_is_occupied": pgettext_lazy("message reason", "The bed is occupied, so its state cannot be set from outside"),
    "clean_not_finished": pgettext_lazy("message reason", "A clean of the bed is not finished"),
    "departure_cancelled": pgettext_lazy("message reason", "The departure was cancelled"),
    "unknown_bed_status": pgettext_lazy("message reason", "The bed status is not in the table"),
    "unknown_bed": pgettext_lazy("message reason", "The bed place is not known"),
    "unknown_patient": pgettext_lazy("message reason", "The patient is not known"),
    "wrong_state": pgettext_lazy("message reason", "It does not fit what is known now"),
    "has_open_stay": pgettext_lazy("message reason", "The patient has an open stay"),
    "already_merged": pgettext_lazy("message reason", "The patients were already merged"),
    "older_than_known": pgettext_lazy("message reason", "Older than what is already known"),
    "nobody_known_in_bed": pgettext_lazy("message reason", "Nobody is known to lie in the bed"),
    "several_stays": pgettext_lazy("message reason", "The patient has several stays, and the message names none"),
    "unknown_order": pgettext_lazy("message reason", "The diet order that it speaks of is not known yet"),
    "ends_before_it_begins": pgettext_lazy("message reason", "The diet order ends before it begins"),
    "history_conflict": pgettext_lazy("message reason", "It contradicts what is known of the bed"),
}


@register.filter
def outcome_word(code: str) -> str:
    return str(OUTCOMES.get(code, code))


@register.filter
def message_reason(code: str) -> str:
    """The sentence of a reason code; free text of a refusal is shown as the sender got it."""
    return str(REASONS.get(code, code))
