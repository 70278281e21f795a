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

REASONS: dict[str, object] = {}


@register.filter
def outcome_word(code: str) -> str:
    return str(OUTCOMES.get(code, code))


@register.filter
def message_reason(code: str) -> str:
    """The sentence of a reason code; free text of a refusal is shown as the sender got it."""
    return str(REASONS.get(code, code))
