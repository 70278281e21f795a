"""What was wrong with a case's content, in the reader's words: engines and gateways speak English only."""

from __future__ import annotations

import re

from django.utils.translation import pgettext, pgettext_lazy

from vardnara.kernel.faults import Fault

WORDS = (  # what was said, and how it is put; the first that fits
    (r"no figure '(?P<name>.*)'", pgettext_lazy("fault", "There is no figure called %(name)s.")),
    (r"no source '(?P<name>.*)'", pgettext_lazy("fault", "There is no source called %(name)s.")),
    (r"no other step '(?P<name>.*)'", pgettext_lazy("fault", "There is no other step called %(name)s.")),
    (r"(?P<name>\w+) is needed for itself", pgettext_lazy("fault", "%(name)s cannot be reckoned from itself.")),
    (r"(?P<name>.*) divides by nought", pgettext_lazy("fault", "%(name)s divides by 0.")),
    (
        r"(?P<name>.*?) (?:cannot read|does not end|ends too early|expected|did not expect|does not know).*",
        pgettext_lazy(
            "fault",
            "%(name)s cannot be read as a formula. Use short names of figures, numbers, + - * / and brackets.",
        ),
    ),
    (
        r"'(?P<name>.*)' stands twice",
        pgettext_lazy("fault", "%(name)s is already there. Each short name is used once."),
    ),
    (
        r"a value without source",
        pgettext_lazy("fault", "Say where the value is from: the source and its words, or what a reader must know."),
    ),
    (r"neither value nor formula", pgettext_lazy("fault", "Give a value or a formula.")),
    (r"of a formula", pgettext_lazy("fault", "A reckoned figure gets its interval from the figures it names.")),
    (r"-?[\d.]+ -?[\d.]+ -?[\d.]+", pgettext_lazy("fault", "The value lies between the least and the most.")),
    (r"missing", pgettext_lazy("fault", "This is missing.")),
    (r"to_on .*|\d{4}-\d\d-\d\d", pgettext_lazy("fault", "The end must come after the beginning.")),
    (
        r"amount_sek .*",
        pgettext_lazy("fault", "An amount is 0 or more. The kind says whether it is a saving or a cost."),
    ),
    (r"n_posts .*", pgettext_lazy("fault", "Posts must be more than 0.")),
    (r"hours .*", pgettext_lazy("fault", "Hours must be 0 or more.")),
    (r".* gives to itself", pgettext_lazy("fault", "Giver and receiver must be two parties.")),
    (
        r"stands beside funding",
        pgettext_lazy("fault", "Give one payer for all the time, or payers one after the other, not both."),
    ),
    (
        r"'(?P<name>.*)'",
        pgettext_lazy(
            "fault",
            "%(name)s cannot be used here. Short names have small letters a to z, digits and _, a letter first.",
        ),
    ),
)


def fault_text(fault: Fault) -> str:
    """One sentence; one that has no words of its own is shown as it is."""
    for pattern, words in WORDS:
        found = re.fullmatch(pattern, fault.wrong)
        if found:
            return str(words) % found.groupdict()
    return pgettext("fault", "It cannot be used: %(what)s") % {"what": f"{fault.wrong} ({fault.expected})"}
