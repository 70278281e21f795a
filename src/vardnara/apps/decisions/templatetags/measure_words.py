"""Words of measures in the reader's language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language, pgettext_lazy

from vardnara.apps.decisions.templatetags.decision_numbers import exact
from vardnara.parameters.measures import MeasureIndicator, Named

register = template.Library()
COLOURS = {
    "green": pgettext_lazy("risk", "green"),
    "yellow": pgettext_lazy("risk", "yellow"),
    "red": pgettext_lazy("risk", "red"),
}
LATE = {
    "unowned": pgettext_lazy("measure", "nobody owns it"),
    "not_begun": pgettext_lazy("measure", "has not begun in time"),
    "not_ended": pgettext_lazy("measure", "its last day has passed"),
    "unchecked": pgettext_lazy("measure", "a promise was not looked at in time"),
}
EVENTS = {
    "changed": pgettext_lazy("measure event", "changed"),
    "promised": pgettext_lazy("measure event", "promised"),
    "not_promised": pgettext_lazy("measure event", "promised no longer"),
    "outcome": pgettext_lazy("measure event", "outcome"),
    "waits": pgettext_lazy("measure event", "waits for"),
    "waits_not": pgettext_lazy("measure event", "waits no longer for"),
}


def _language() -> str:
    return get_language() or "sv"


@register.filter
def named(one: Named) -> str:
    """A word of a vocabulary."""
    return one.name(_language())


@register.filter
def unit_of(one: MeasureIndicator) -> str:
    return one.unit(_language())


@register.filter
def colour_word(colour: str) -> Any:
    """The word that stands beside a colour; none where there is no colour."""
    return COLOURS.get(colour, "")


@register.filter
def late_word(code: str) -> Any:
    return LATE.get(code, code)


@register.filter
def measure_event(what: str) -> Any:
    return EVENTS.get(what, what)


@register.filter
def signed(value: int) -> str:
    """A change with its sign."""
    return f"+{value}" if value > 0 else f"\u2212{-value}" if value < 0 else "0"


@register.filter
def exact_days(value: Any) -> str:
    """Bed days, whole."""
    return exact(round(value))
