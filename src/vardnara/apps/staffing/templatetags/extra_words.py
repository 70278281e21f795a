"""Words of overtime and additional time: kinds, stretches, what is left of a cap."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.staffing.queries.extra_time import ExtraRow
from vardnara.apps.staffing.templatetags.schedule_words import clock_hours
from vardnara.engines.hours import ExtraUse
from vardnara.parameters.extra_time import ExtraLimit

register = template.Library()

KINDS = {
    "overtime": pgettext_lazy("extra", "Overtime"),
    "additional": pgettext_lazy("extra", "Additional time"),
}
OVER = {
    "four_weeks": pgettext_lazy("extra", "in four weeks"),
    "month": pgettext_lazy("extra", "in a calendar month"),
    "year": pgettext_lazy("extra", "in a calendar year"),
}


@register.filter
def uses_by_kind(row: ExtraRow) -> list[tuple[str, list[ExtraUse]]]:
    """What a person has of each kind, over the stretches of the table."""
    return [(kind, [one for one in row.uses if one.kind == kind]) for kind in KINDS]


@register.filter
def left_said(one: ExtraUse) -> str:
    """What is left of a cap; a minus where it is passed."""
    return f"−{clock_hours(-one.left)}" if one.left < 0 else clock_hours(one.left)


@register.filter
def limit_said(one: ExtraLimit) -> str:
    """A cap in words."""
    words = {"kind": KINDS[one.kind], "hours": clock_hours(one.minutes), "over": OVER[one.over]}
    return pgettext("extra", "%(kind)s: at most %(hours)s %(over)s.") % words
