"""Words for findings of waste: when it was known, what says so, and what to do about a cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.meals.choices import WasteCause
from vardnara.apps.meals.queries.waste import Tally

register = template.Library()
TIMINGS = {
    "in_time": pgettext_lazy("waste timing", "Known in time, and cooked all the same"),
    "told_late": pgettext_lazy("waste timing", "It had happened; the message came too late"),
    "after_limit": pgettext_lazy("waste timing", "It happened when the kitchen could no longer act"),
}
SOURCES = {
    "record": pgettext_lazy("waste source", "Bed history"),
    "order": pgettext_lazy("waste source", "Order"),
    "restriction": pgettext_lazy("waste source", "Diet"),
    "intake": pgettext_lazy("waste source", "The ward's note"),
}
ADVICE = {
    WasteCause.DISCHARGED: pgettext_lazy("waste todo", "Ask the wards to enter discharges when they are decided."),
    WasteCause.MOVED: pgettext_lazy("waste todo", "Look at which moves between wards come close to a meal."),
    WasteCause.FASTING: pgettext_lazy("waste todo", "Have fasting written with its start as soon as it is planned."),
    WasteCause.WRONG_DIET: pgettext_lazy("waste todo", "Go through how changes of diets reach the kitchen."),
    WasteCause.LATE: pgettext_lazy("waste todo", "See whether the meal's limits can be later, or cancels earlier."),
    WasteCause.WRONG_PORTION: pgettext_lazy("waste todo", "Offer smaller portions, and ask about the size."),
    WasteCause.DISLIKED: pgettext_lazy("waste todo", "Taste the dishes that came back, or change them on the menu."),
    WasteCause.UNWELL: pgettext_lazy("waste todo", "Offer something light, and a snack later."),
    WasteCause.AWAY: pgettext_lazy("waste todo", "Ask the wards to enter leave and examinations before the limit."),
    WasteCause.KITCHEN: pgettext_lazy("waste todo", "Go through what went wrong in the kitchen."),
}
LATE_NEWS = pgettext_lazy("waste todo", "Talk to the wards about messages that come after it has happened.")


@register.filter
def timing_words(timing: str) -> str:
    """Whether the kitchen could have known."""
    return str(TIMINGS.get(timing, timing))


@register.simple_tag
def evidence_words(one: dict[str, Any]) -> str:
    """A line of evidence: which record, what, when it happened and when it was known."""
    kind, _, number = one["ref"].partition(":")
    at, known = (localtime(datetime.fromisoformat(one[name])) for name in ("at", "known_at"))
    what = dict(WasteCause.choices).get(one["what"], pgettext("waste", "noted"))
    said = f"{SOURCES.get(kind, kind)} {number}: {what} {date_format(at, 'j F H:i')}"
    if known > at:
        said += ", " + pgettext("waste", "known %(at)s") % {"at": date_format(known, "j F H:i")}
    return said


@register.simple_tag
def todo_words(tally: Tally) -> str:
    """What to do about a cause; where most of it was told late, that comes first."""
    late = tally.told_late * 2 > tally.n
    return str(LATE_NEWS if late else ADVICE.get(WasteCause(tally.key), ""))
