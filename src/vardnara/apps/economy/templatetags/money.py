"""Money as a Swede reads it."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from django import template
from django.utils.dates import MONTHS
from django.utils.formats import number_format

register = template.Library()


def money_text(amount: Decimal | None, decimals: int = 0) -> str:
    """An amount with a true minus and grouped digits; a dash where there is none."""
    if amount is None:
        return "–"
    rounded = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    text = number_format(abs(rounded), decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return f"−{text}" if rounded < 0 else str(text)


@register.filter
def kronor(amount: Decimal | None) -> str:
    """Whole kronor."""
    return money_text(amount)


@register.filter
def ore(amount: Decimal | None) -> str:
    """Kronor and öre."""
    return money_text(amount, 2)


@register.filter
def month_name(number: int) -> str:
    """The month's name."""
    return str(MONTHS[int(number)])
