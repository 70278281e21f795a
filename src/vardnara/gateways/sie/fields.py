"""The fields of one SIE line: bare words, quoted texts with escapes, and lists of objects in braces."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from vardnara.kernel.errors import VardnaraError

FIELD = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\{)|([^\s"{}]+))')
IN_BRACES = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\})|([^\s"{}]+))')
ESCAPE = re.compile(r"\\(.)")
AMOUNT = re.compile(r"-?\d{1,13}(?:\.\d{1,2})?")

type Field = str | tuple[str, ...]  # a text, or the words of an object list


class LineFault(VardnaraError):
    """A line that cannot be read: what is wrong, and what was expected."""

    def __init__(self, wrong: str, expected: str = "") -> None:
        super().__init__("bad_line", wrong)
        self.wrong, self.expected = wrong, expected


def fields_split(text: str) -> list[Field]:
    """Split a line at its blanks.

    Parameters
    ----------
    text
        Line without its end.

    Returns
    -------
    list
        The label first. ``{...}`` becomes a tuple of its words.

    Raises
    ------
    LineFault
        ``wrong`` says which quote or brace is not closed.
    """
    found: list[Field] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = FIELD.match(text, place)
        if match is None:
            rest = text[place:].strip()
            raise LineFault(f"a quote is not closed ({rest[:20]})" if '"' in rest[:1] else f"unexpected {rest[:20]}")
        place = match.end()
        quoted, brace, bare = match.groups()
        if brace is None:
            found.append(ESCAPE.sub(r"\1", quoted) if quoted is not None else bare)
            continue
        words: list[str] = []
        while (inner := IN_BRACES.match(text, place)) is not None:
            place = inner.end()
            if inner[2] is not None:
                break
            words.append(ESCAPE.sub(r"\1", inner[1]) if inner[1] is not None else inner[3])
        else:
            raise LineFault("the list of objects is not closed", "}")
        found.append(tuple(words))
    return found


def date_read(text: str) -> date:
    """``YYYYMMDD`` as a date; raises ``LineFault``."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise LineFault(f"date {text}", "YYYYMMDD")


def amount_read(text: str) -> Decimal:
    """An amount in SEK, debit positive; raises ``LineFault``."""
    if AMOUNT.fullmatch(text) is None:
        raise LineFault(f"amount {text}", "digits, a decimal point and at most two decimals")
    return Decimal(text)
