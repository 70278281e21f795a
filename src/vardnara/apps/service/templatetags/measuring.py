"""Words and figures of what was measured: rules, minutes, intervals."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.choices import Activity
from vardnara.engines.durations import DurationParams, Estimate, Rule

register = template.Library()

LONG = 100  # minutes and more are told without decimals

RULES = {
    Rule.NO_SPELL: pgettext_lazy("measuring rule", "Finished without ever being started"),
    Rule.BACKWARDS: pgettext_lazy("measuring rule", "Ended before it began, by the phone's clock"),
    Rule.FAR_BEYOND_NORM: pgettext_lazy(
        "measuring rule",
        "Left running: over %(factor)s times the norm and %(extra)s min beyond it, or %(longest)s min without a norm",
    ),
    Rule.OVER_SHIFT_END: pgettext_lazy(
        "measuring rule", "Left running: more than %(grace)s min past the end of the shift"
    ),
    Rule.OVER_MIDNIGHT: pgettext_lazy("measuring rule", "Left running: over midnight and longer than %(midnight)s min"),
    Rule.FINISHED_IN_BATCH: pgettext_lazy(
        "measuring rule",
        "Ticked off afterwards: %(batch)s or more within %(gap)s seconds of each other, each begun just before",
    ),
    Rule.TOO_SHORT: pgettext_lazy("measuring rule", "Begun and finished within %(shortest)s seconds"),
    Rule.OVERLAPPING: pgettext_lazy(
        "measuring rule", "At the same time as other work of the same person, for more than %(overlap)s seconds"
    ),
}


@register.simple_tag
def rule_words(rule: str, params: DurationParams | None = None) -> str:
    """The sentence of a rule with its bounds."""
    bounds = params or DurationParams()
    return str(RULES[Rule(rule)]) % {
        "factor": f"{bounds.norm_factor:g}",
        "extra": f"{bounds.norm_extra_minutes:g}",
        "longest": f"{bounds.longest_minutes:g}",
        "grace": f"{bounds.shift_grace_minutes:g}",
        "midnight": f"{bounds.midnight_minutes:g}",
        "batch": bounds.batch_least,
        "gap": f"{bounds.batch_gap_seconds:g}",
        "shortest": f"{bounds.shortest_seconds:g}",
        "overlap": f"{bounds.overlap_seconds:g}",
    }


@register.filter
def minutes(value: float | None) -> str:
    """Minutes as a ward says them: one decimal where it matters."""
    if value is None:
        return "–"
    return str(number_format(round(value, 1), decimal_pos=0 if abs(value) >= LONG else 1, force_grouping=True))


@register.filter
def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{percent_number(share)} %"


@register.filter
def percent_number(share: float) -> int:
    """The same without its sign."""
    return round(100 * share)


@register.filter
def activity(category: str) -> str:
    """The word of a category of work sampling."""
    return str(Activity(category).label)


@register.filter
def interval(estimate: Estimate) -> str:
    """``12–18``, or that there are too few."""
    if estimate.value is None or estimate.few:
        return pgettext("interval", "too few")
    return f"{minutes(estimate.low)}–{minutes(estimate.high)}"


@register.filter
def figure(estimate: Estimate) -> str:
    """The figure, or that it has not been reached."""
    return pgettext("waiting", "not reached") if estimate.value is None else minutes(estimate.value)
