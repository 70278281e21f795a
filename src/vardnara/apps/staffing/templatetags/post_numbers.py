"""Numbers of posts and people as a reader writes them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def bare(amount: Decimal | None) -> str:
    """A number with the decimals that it has and no more: 3,5 and 13, not 3,50."""
    if amount is None:
        return "–"
    places = max(0, -int(amount.normalize().as_tuple().exponent))
    return str(number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True))


@register.filter
def in_hours(minutes: Decimal) -> str:
    """Minutes as hours and minutes: 19 h 8 min. Part of a minute is rounded."""
    hours, rest = divmod(round(minutes), 60)
    if not rest:
        return pgettext("people", "%(hours)d h") % {"hours": hours}
    return pgettext("people", "%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def weekday_name(number: int) -> str:
    """The weekday of a number; 0 is Monday."""
    return str(WEEKDAYS[number]).capitalize()
