"""Fragments that say the same whoever reads them: rendered once for each content and language.

A tile or a line of a board is a pure function of its row. Thirty open boards ask for the same few that changed, and
each board asks for many that did not; what was rendered before is taken as it is.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

KEPT = 20_000  # fragments: a hospital of 500 beds and 2,000 tasks in two languages, several states of each


@register.simple_tag(takes_context=True)
def fragment(context: Context, name: str, **words: object) -> SafeString:
    """The template ``name`` with ``words`` and today's date, and nothing else of the page. Words must be hashable."""
    return _rendered(name, get_language() or "", context["today"], tuple(words.items()))


@lru_cache(maxsize=KEPT)
def _rendered(name: str, language: str, today: date, words: tuple[tuple[str, object], ...]) -> SafeString:
    """``language`` is only part of what tells fragments apart: it is active when this is called."""
    page = get_template(name).template.render(Context({"today": today, **dict(words)}))
    return mark_safe(page)  # noqa: S308 - rendered by a template with escaping
