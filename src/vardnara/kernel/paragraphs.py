"""Numbering of paragraphs (§) in minutes: by organ and year, each once, in the order of the days (DOMAIN 2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date


def paragraph_next(taken: Iterable[int]) -> int:
    """The number that the next paragraph gets.

    Parameters
    ----------
    taken
        Numbers that an organ has used in a year.

    Returns
    -------
    int
        One more than the highest; 1 where there is none.
    """
    return max(taken, default=0) + 1


def paragraphs_out_of_order(rows: Iterable[tuple[int, date]]) -> frozenset[int]:
    """Numbers whose day goes against that of another number.

    Parameters
    ----------
    rows
        Number and day of every paragraph of an organ's year.

    Returns
    -------
    frozenset of int
        Numbers that are dated before a lower number, or after a higher one; empty where the days are in order.
    """
    ordered = sorted(rows)
    wrong, latest = set(), date.min
    for number, on in ordered:
        if on < latest:
            wrong.add(number)
        latest = max(latest, on)
    earliest = date.max
    for number, on in reversed(ordered):
        if on > earliest:
            wrong.add(number)
        earliest = min(earliest, on)
    return frozenset(wrong)


def paragraph_number(text: str) -> int | None:
    """The number in what a document calls a paragraph.

    Parameters
    ----------
    text
        Such as ``§ 139``.

    Returns
    -------
    int or None
        The first number, None where there is none.
    """
    found = re.search(r"[0-9]{1,6}", text)
    return int(found[0]) if found else None
