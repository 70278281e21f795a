"""Words of the catalogue: drivers, minutes and the shipped checklists, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.choices import DRIVER_WORDS
from vardnara.apps.service.queries.catalogue import NormRow

register = template.Library()

CHECKS = {
    "Wash hands and put on a clean apron": pgettext_lazy("checklist", "Wash hands and put on a clean apron"),
    "Check diets against the ward's list": pgettext_lazy("checklist", "Check diets against the ward's list"),
    "Take and note the temperature": pgettext_lazy("checklist", "Take and note the temperature"),
    "Collect trays and wipe the trolley": pgettext_lazy("checklist", "Collect trays and wipe the trolley"),
    "Wash hands": pgettext_lazy("checklist", "Wash hands"),
    "Note the temperature of refrigerator and freezer": pgettext_lazy(
        "checklist", "Note the temperature of refrigerator and freezer"
    ),
    "Wipe surfaces": pgettext_lazy("checklist", "Wipe surfaces"),
    "Throw away what is out of date": pgettext_lazy("checklist", "Throw away what is out of date"),
    "Ask about diets that have changed": pgettext_lazy("checklist", "Ask about diets that have changed"),
    "Oldest first": pgettext_lazy("checklist", "Oldest first"),
    "Take away what is out of date": pgettext_lazy("checklist", "Take away what is out of date"),
    "Clean linen first, dirty linen last": pgettext_lazy("checklist", "Clean linen first, dirty linen last"),
    "Check the mattress": pgettext_lazy("checklist", "Check the mattress"),
    "Wipe the bed": pgettext_lazy("checklist", "Wipe the bed"),
    "Make the bed": pgettext_lazy("checklist", "Make the bed"),
    "Touch surfaces": pgettext_lazy("checklist", "Touch surfaces"),
    "Bedside table": pgettext_lazy("checklist", "Bedside table"),
    "Hygiene room": pgettext_lazy("checklist", "Hygiene room"),
    "Floor last": pgettext_lazy("checklist", "Floor last"),
}


@register.filter
def driver_word(code: str) -> str:
    return str(DRIVER_WORDS[str(code)])


@register.filter
def check_words(text: str) -> str:
    """A point of a checklist: what is shipped in the reader's language, a hospital's own as it was written."""
    return str(CHECKS.get(text, text))


@register.filter
def norm_words(norm: NormRow) -> str:
    """``25 (15-35) min + 2.5 (1.5-3.5) min for each``."""
    parts = []
    if any(norm.fixed):
        parts.append(_range(norm.fixed))
    if any(norm.unit):
        each = pgettext("norm", "%(minutes)s for each") % {"minutes": _range(norm.unit)}
        parts.append(each)
    return " + ".join(parts)


def _range(values: tuple[float, float, float]) -> str:
    low, typical, high = (number_format(value, decimal_pos=None if value % 1 else 0) for value in values)
    return f"{typical} ({low}–{high}) min"
