"""Numbers and events of cases in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import pgettext_lazy

register = template.Library()
MINUS = "\u2212"
EVENTS = {
    "created": pgettext_lazy("case event", "begun"),
    "registered": pgettext_lazy("case event", "registry number"),
    "waived": pgettext_lazy("case event", "no consultation due"),
    "waived_not": pgettext_lazy("case event", "consultation is due after all"),
    "decided": pgettext_lazy("case event", "decided"),
    "executed": pgettext_lazy("case event", "carried out"),
    "closed": pgettext_lazy("case event", "followed up"),
    "reopened": pgettext_lazy("case event", "follow-up taken up again"),
    "withdrawn": pgettext_lazy("case event", "withdrawn"),
    "consultation_opened": pgettext_lazy("case event", "consultation opened"),
    "consultation_closed": pgettext_lazy("case event", "consultation closed"),
    "outcome": pgettext_lazy("case event", "outcome"),
    "documents": pgettext_lazy("case event", "documents made"),
    "analysis_begun": pgettext_lazy("case event", "risk analysis begun"),
    "analysis_settled": pgettext_lazy("case event", "risk analysis settled"),
    "checklists": pgettext_lazy("case event", "checklists of posts made"),
    "post_step": pgettext_lazy("case event", "step behind a post"),
    "paragraph": pgettext_lazy("case event", "paragraph of minutes"),
    "paragraph_not": pgettext_lazy("case event", "not that paragraph after all"),
    "agenda": pgettext_lazy("case event", "on the agenda"),
    "agenda_not": pgettext_lazy("case event", "off the agenda"),
    "extract": pgettext_lazy("case event", "extract sent"),
    "extract_not": pgettext_lazy("case event", "extract not sent after all"),
    "assignment": pgettext_lazy("case event", "assignment given"),
    "redecides": pgettext_lazy("case event", "takes again"),
    "redecided": pgettext_lazy("case event", "is taken again in"),
    "risk_followed_up": pgettext_lazy("case event", "risk followed up"),
}


@register.filter
def exact(value: Any, decimals: int = 0) -> str:
    """A number with so many decimals, or more where it has öre that would be lost."""
    number = Decimal(value)
    if decimals == 0 and number != number.to_integral_value():
        decimals = 2
    text = number_format(abs(number), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"{MINUS}{text}" if number < 0 else text


@register.filter
def plain(value: Any) -> str:
    """A number with the decimals that it needs."""
    number = Decimal(value).normalize()
    exponent = number.as_tuple().exponent
    return exact(number, max(0, -exponent) if isinstance(exponent, int) else 0)


@register.filter
def percent(value: Any) -> str:
    """A share as whole per cent."""
    return f"{exact(round(Decimal(value) * 100))} %"


@register.simple_tag
def event_name(what: str) -> str:
    return str(EVENTS.get(what, what))
