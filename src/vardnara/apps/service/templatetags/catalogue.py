"""Words of the catalogue: drivers and minutes, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import pgettext

from vardnara.apps.service.bridge.usual_words import usual_said
from vardnara.apps.service.choices import DRIVER_WORDS
from vardnara.apps.service.queries.catalogue import NormRow

register = template.Library()


@register.filter
def driver_word(code: str) -> str:
    return str(DRIVER_WORDS[str(code)])


@register.filter
def usual_lines(usual: list[list[object]]) -> list[str]:
    """When it is usually done, one sentence each."""
    return usual_said(usual)


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
