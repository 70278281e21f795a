"""Numbers of posts as a reader writes them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def bare(amount: Decimal | None) -> str:
    """A number with the decimals that it has and no more: 3,5 and 13, not 3,50."""
    if amount is None:
        return "–"
    places = max(0, -int(amount.normalize().as_tuple().exponent))
    return str(number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True))
