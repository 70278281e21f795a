"""What a rule says to whoever asked: a sentence on the next page, or that there is no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import pgettext

from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.staffing.templatetags.schedule_words import RULES, rule_names
from vardnara.kernel.errors import RuleBroken

GONE = frozenset({"unknown_roster", "unknown_person", "unknown_kind", "unknown_shift", "unknown_offer"})

KEY_DIGITS = 19  # more is no number that the database has


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """Tell a broken rule on the next page, rules of working time by name; what is out of reach is not found."""
    try:
        with found():
            yield
    except RuleBroken as error:
        rules = [code for code in error.detail.split(",") if code in RULES]
        if not rules:
            rule_say(request, error)
            return
        named = pgettext("swap", "The rule: %(rules)s.") % {"rules": rule_names(rules)}
        messages.error(request, f"{rule_text(error.code)} {named}")


@contextmanager
def found(*more: str) -> Iterator[None]:
    """What is out of reach, by the usual codes or these, is not found; every other rule is the caller's."""
    try:
        yield
    except RuleBroken as error:
        if error.code in GONE or error.code in more:
            raise Http404 from error
        raise


def key_read(text: str | None) -> int:
    """A row's number as a form or an address sends it; 0, which is no row's, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < KEY_DIGITS else 0
