"""Swedish forms of numbers, money and dates, in one place: every document says them alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

SPACE: Final = "\u00a0"  # no-break space: an amount never breaks over two lines
MINUS: Final = "\u2212"
DASH: Final = "\u2013"
MONTHS: Final = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
UNITS: Final = {
    "sek": ("krona", "kronor"),
    "posts": ("tjänst", "tjänster"),
    "hours": ("timme", "timmar"),
    "minutes": ("minut", "minuter"),
    "days": ("dag", "dagar"),
    "months": ("månad", "månader"),
    "beds": ("vårdplats", "vårdplatser"),
    "wards": ("avdelning", "avdelningar"),
    "count": ("", ""),
}
MILLION: Final = Decimal(1_000_000)
COUNTED: Final = "|".join(
    (
        *("%", "kr", "tkr", "mkr", "mnkr", "mdkr", "procent", "tusen", "miljon", "miljoner", "miljarder", "år"),
        *("timmar", "minuter", "dagar", "veckor", "månader", "tjänster", "heltidstjänster", "vårdplatser", *MONTHS),
    )
)
TOGETHER: Final = re.compile(
    rf"(?<=\d) (?=(?:{COUNTED})(?!\w))|(?<=\d) (?=\d{{3}}(?!\d))|(?<=§) (?=\d)|(?<=\bs\.) (?=\d)"
    rf"|(?:{'|'.join(f'(?<={month})' for month in MONTHS)}) (?=\d{{4}}(?!\d))"
)


def number_swedish(value: Decimal, decimals: int | None = None) -> str:
    """A number: groups of three with no-break space, decimal comma, minus as U+2212.

    Parameters
    ----------
    value
        Finite.
    decimals
        How many to show, rounded half away from zero; by default as many as the value needs.

    Returns
    -------
    str
        Such as ``−12 400 000,50``.
    """
    if decimals is None:
        exponent = value.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    digits = f"{abs(rounded):,.{decimals}f}".replace(",", SPACE).replace(".", ",")
    return f"{MINUS}{digits}" if rounded < 0 else digits


def text_unbroken(text: str) -> str:
    """Running text in which no line breaks between a number and what it counts, as in ``12,4 mkr``, ``§ 30``.

    Parameters
    ----------
    text
        As somebody wrote it.

    Returns
    -------
    str
        The same with no-break spaces there.
    """
    return TOGETHER.sub(SPACE, text)


def sek_swedish(value: Decimal) -> str:
    """Kronor, ``4 760 000 kr``; öre only where there are any, ``3 966 666,67 kr``."""
    whole = value == value.to_integral_value()
    return f"{number_swedish(value, 0 if whole else 2)}{SPACE}kr"


def msek_swedish(value: Decimal) -> str:
    """Million kronor, ``4,76 mkr``, ``11,0 mkr``: one decimal at least, three at most."""
    millions = (value / MILLION).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP).normalize()
    exponent = millions.as_tuple().exponent
    return f"{number_swedish(millions, max(1, -exponent if isinstance(exponent, int) else 1))}{SPACE}mkr"


def share_swedish(value: Decimal) -> str:
    """A share (0-1) as per cent with at most one decimal, ``66 %``, ``66,5 %``."""
    percent = (value * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{number_swedish(percent.normalize() if percent else Decimal(0))}{SPACE}%"


def date_swedish(day: date) -> str:
    """``5 mars 2026``."""
    return f"{day.day}{SPACE}{MONTHS[day.month - 1]}{SPACE}{day.year}"


def quantity_swedish(value: Decimal, unit: str) -> str:
    """A value with its unit.

    Parameters
    ----------
    value
        Finite.
    unit
        ``sek``, ``share``, a key of `UNITS`, or the unit in Swedish words; empty for a bare number.
    """
    if unit == "sek":
        return sek_swedish(value)
    if unit == "share":
        return share_swedish(value)
    one, many = UNITS.get(unit, (unit, unit))
    word = one if value == 1 else many
    shown = number_swedish(value if value == value.to_integral_value() else value.quantize(Decimal("0.01")))
    return f"{shown}{SPACE}{word}" if word else shown


def list_swedish(items: Sequence[str]) -> str:
    """``a, b och c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} och {items[-1]}"
