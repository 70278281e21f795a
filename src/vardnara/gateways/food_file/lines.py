"""Numbers as kitchens write them, and lines of recipes: amount, unit and the rest of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"}
UNITS = {  # as written: unit, and how many of it
    "g": ("g", "1"),
    "gr": ("g", "1"),
    "gram": ("g", "1"),
    "hg": ("g", "100"),
    "kg": ("g", "1000"),
    "mg": ("g", "0.001"),
    "ml": ("ml", "1"),
    "cl": ("ml", "10"),
    "dl": ("ml", "100"),
    "l": ("ml", "1000"),
    "liter": ("ml", "1000"),
    "krm": ("ml", "1"),
    "tsk": ("ml", "5"),
    "msk": ("ml", "15"),
    "st": ("piece", "1"),
    "stk": ("piece", "1"),
    "styck": ("piece", "1"),
    "piece": ("piece", "1"),
    "pieces": ("piece", "1"),
}
NUMBER = r"\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?"
LINE = re.compile(
    rf"\s*(?P<amount>(?:\d+\s+)?{NUMBER})(?P<range>\s*[-–]\s*{NUMBER})?\s*(?P<unit>[A-Za-zåäö]+\b)?\.?\s*(?P<rest>.*)",
    re.DOTALL,
)
GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?:\D|$))")
PLAIN = re.compile(r"[-−]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line of a recipe.

    Parameters
    ----------
    amount, unit
        In ``g``, ``ml`` or ``piece``; None and empty where the line says none, or a range.
    name
        The text without amount and unit.
    is_range
        Two amounts stand there, of which none is taken.
    """

    amount: Decimal | None
    unit: str
    name: str
    is_range: bool = False


def number_read(text: str) -> Decimal | None:
    """A number with decimal comma or point, blanks between thousands; None where the text is no such number."""
    bare = GROUPED.sub("", text.strip())
    return Decimal(bare.replace("−", "-").replace(",", ".")) if PLAIN.fullmatch(bare) else None


def line_read(text: str) -> LineRead:
    """Read a line such as ``1½ dl vispgrädde``. What is not a known measure belongs to the name.

    Notes
    -----
    Measures of Swedish kitchens: krm 1 ml, tsk 5 ml, msk 15 ml. A number with no measure counts pieces. Of a range
    nothing is taken: which end would be meant nobody has said.
    """
    plain = re.sub(r"(?<=\d)(?=[½¼¾⅓⅔⅛⅜⅝⅞])", " ", text.strip())
    for sign, spelled in FRACTIONS.items():
        plain = plain.replace(sign, spelled)
    found = LINE.fullmatch(plain)
    if found is None:
        return LineRead(None, "", text.strip())
    unit = (found["unit"] or "").lower()
    name = found["rest"].strip()
    if unit not in UNITS:
        name = f"{found['unit'] or ''} {name}".strip()
        unit = "st"
    if found["range"]:
        return LineRead(None, "", name, is_range=True)
    amount = _amount(found["amount"])
    if amount is None:
        return LineRead(None, "", text.strip())
    kind, many = UNITS[unit]
    return LineRead(round(amount * Decimal(many), 4), kind, name)


def _amount(text: str) -> Decimal | None:
    whole = Decimal(0)
    for part in text.replace(",", ".").split():
        above, _, below = part.partition("/")
        if below and not int(below):
            return None
        whole += Decimal(above) / Decimal(below or 1)
    return whole
