"""Numbers and events of cases in the reader's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import npgettext, pgettext_lazy

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
    "shared": pgettext_lazy("case event", "shared with"),
    "unshared": pgettext_lazy("case event", "no longer shared with"),
    "party_signed": pgettext_lazy("case event", "a party said where it stands"),
    "risk_suggested": pgettext_lazy("case event", "risk suggested"),
    "suggestion_taken": pgettext_lazy("case event", "suggestion taken in"),
    "suggestion_not": pgettext_lazy("case event", "suggestion answered"),
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
def whole(value: float) -> str:
    """A simulated amount: its decimals say nothing."""
    return exact(round(value))


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


REVIEW_EVENTS = {
    "created": pgettext_lazy("review", "written"),
    "copied": pgettext_lazy("review", "written anew from request"),
    "asked": pgettext_lazy("review", "sent for review"),
    "question": pgettext_lazy("review", "asks"),
    "answer": pgettext_lazy("review", "answers"),
    "decided_approved": pgettext_lazy("review", "approved"),
    "decided_limited": pgettext_lazy("review", "approved with limits"),
    "decided_refused": pgettext_lazy("review", "refused"),
    "withdrawn": pgettext_lazy("review", "withdrawn"),
    "expired": pgettext_lazy("review", "closed, as nobody decided in time"),
    "followed": pgettext_lazy("review", "said what happened instead"),
}


@register.simple_tag
def review_amount(quantity: Decimal, measure: str) -> str:
    """Such as "0,5 heltid", "2 heltider", "10 pass"."""
    n = 1 if quantity <= 1 else 2
    if measure == "fte":
        word = npgettext("review", "full-time post", "full-time posts", n)
    else:
        word = npgettext("review", "shift", "shifts", n)
    return f"{plain(quantity)} {word}"


@register.simple_tag
def review_event(what: str) -> str:
    return str(REVIEW_EVENTS.get(what, what))


@register.simple_tag
def event_name(what: str) -> str:
    return str(EVENTS.get(what, what))
