"""Words for the kitchen's production and tickets."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django import template
from django.utils.formats import number_format
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.meals.choices import BaseDiet, Unit
from vardnara.apps.meals.queries.kitchen_meals import LeftOut
from vardnara.apps.meals.templatetags.diet_words import cause_text, code_name

register = template.Library()

THOUSAND = 1000  # grams to a kilogram, millilitres to a litre
WHY = {
    "held": pgettext_lazy("tray ticket", "held"),
    "substitute": pgettext_lazy("tray ticket", "nothing fits: ask the ward for a substitute"),
    "unchecked": pgettext_lazy("tray ticket", "diet or dish has changed and is not checked yet: call the ward"),
    "empty": pgettext_lazy("tray ticket", "no dish is ordered"),
    "no_choice": pgettext_lazy("tray ticket", "nothing chosen yet"),
}


def _rounded(value: Fraction, places: int) -> str:
    step = Decimal(1).scaleb(-places)
    exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(step, ROUND_HALF_UP)
    return str(number_format(exact, places, use_l10n=True))


@register.simple_tag
def amount_text(amount: Fraction | None, unit: str) -> str:
    """An amount as a cook weighs it: kilograms and litres from a thousand on."""
    if amount is None:
        return pgettext("production", "amount not known")
    if unit == Unit.PIECE:
        return pgettext("production", "%(n)s pieces") % {"n": _rounded(amount, 0 if amount.denominator == 1 else 1)}
    if amount >= THOUSAND:
        return f"{_rounded(amount / THOUSAND, 2)} {'kg' if unit == Unit.GRAM else 'l'}"
    return f"{_rounded(amount, 0 if amount >= 10 else 1)} {unit}"


@register.filter
def batches(value: Fraction | None) -> str:
    """How many batches, with one decimal."""
    return "" if value is None else _rounded(value, 0 if value.denominator == 1 else 1)


@register.filter
def signed(value: int) -> str:
    """A difference with its sign."""
    return f"+{value}" if value > 0 else f"\u2212{-value}" if value < 0 else "0"


@register.filter
def percent(value: float) -> str:
    """A share in percent with one decimal."""
    return f"{number_format(Decimal(value * 100).quantize(Decimal('0.1'), ROUND_HALF_UP), 1)} %"


@register.filter
def why_text(row: LeftOut) -> str:
    """Why a meal gets no ticket."""
    said = str(WHY.get(row.why, row.why))
    return f"{said}: {cause_text(row.reason).lower()}" if row.why == "held" and row.reason else said


@register.filter
def code_word(code: str) -> str:
    """A diet or texture by its name."""
    return str(BaseDiet.NORMAL.label) if code == BaseDiet.NORMAL else code_name(code)
