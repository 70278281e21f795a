"""Tray tickets in the language of label printers (ZPL II): text to be sent to the printer as it is.

Signs go as UTF-8 (``^CI28``). Fields are written with ``^FH``, so that no text of a dish can be taken for a command. A
label that says more than it has room for is made longer rather than cut: the printer goes on over the next one.

References
----------
Zebra Technologies, ZPL II Programming Guide: ^CI, ^FB, ^FH, ^BQ, ^LL, ^A0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vardnara.engines.documents.tray_ticket import TicketWords, TrayTicket

DOTS_A_MM: Final = 8  # 203 dots an inch, the usual label printer
MARGIN: Final = 16
QR_DOTS: Final = 4  # of a module: 0.5 mm, readable by a phone from 20 cm
LETTER: Final = 0.62  # width of the widest usual letters of font 0, by their height: lines are never counted too few
SIZES: Final = (28, 24, 20)  # dots of running text: 3.5, 3 and 2.5 mm


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    scale: float = 1.0
    inverse: bool = False
    framed: bool = False


def tickets_zpl(
    tickets: Sequence[TrayTicket], words: TicketWords, *, width_mm: float = 100, height_mm: float | None = 60
) -> str:
    """Labels in the order given.

    Parameters
    ----------
    tickets
        At least one.
    words
        The fixed words.
    width_mm, height_mm
        Of the label; without a height it is endless, and each is as long as it must be.

    Returns
    -------
    str
        ZPL, one ``^XA`` to ``^XZ`` for each ticket.
    """
    return "".join(_label(one, words, round(width_mm * DOTS_A_MM), height_mm) for one in tickets)


def _label(one: TrayTicket, words: TicketWords, width: int, height_mm: float | None) -> str:
    height = None if height_mm is None else round(height_mm * DOTS_A_MM)
    for size in SIZES:
        body, used = _drawn(one, words, width, size)
        if height is None or used <= height:
            break
    length = used if height is None else max(used, height)
    return f"^XA\n^CI28\n^PW{width}\n^LL{length}\n^LH0,0\n{body}^XZ\n"


def _drawn(one: TrayTicket, words: TicketWords, width: int, size: int) -> tuple[str, int]:
    """The commands of a label, and how many dots long it is."""
    qr_side = 37 * QR_DOTS  # a code of the length of our addresses has 33 to 37 modules
    out = [f"^FO{width - MARGIN - qr_side},{MARGIN - 8}^BQN,2,{QR_DOTS}^FH_^FDMA,{_safe(one.address)}^FS\n"]
    y = MARGIN
    beside = width - 3 * MARGIN - qr_side
    head = (
        _Line(one.place, 1.6),
        _Line(one.ward, 1.1),
        _Line(one.when),
        _Line(f"{words.tray} {one.number} · {one.code}", 0.9),
    )
    for line in head:
        text, y = _field(line, MARGIN, y, beside, size)
        out.append(text)
    y = max(y, MARGIN + qr_side)
    for line in _lines(one, words):
        text, y = _field(line, MARGIN, y, width - 2 * MARGIN, size)
        out.append(text)
    return "".join(out), y + MARGIN


def _lines(one: TrayTicket, words: TicketWords) -> list[_Line]:
    lines = []
    if one.marks:
        lines.append(_Line(" · ".join(one.marks).upper(), 1.1, framed=True))
    if one.avoid:
        lines.append(_Line(f"{words.avoid}: {', '.join(one.avoid)}", 1.2, inverse=True))
    for dish in one.dishes:
        name = f"{dish.quantity} × {dish.name}" if dish.quantity > 1 else dish.name
        lines.append(_Line(name, 1.3))
        if dish.change:
            lines.append(_Line(dish.change.upper(), 1.3, framed=True))
        if dish.detail:
            lines.append(_Line(dish.detail))
    lines.append(_Line(one.portion))
    if one.facts:
        lines.append(_Line(" · ".join(one.facts)))
    if one.help:
        lines.append(_Line(f"{words.help}: {', '.join(one.help)}"))
    return lines


def _field(line: _Line, x: int, y: int, width: int, size: int) -> tuple[str, int]:
    """A text in its block; returns the commands and where the next begins."""
    high = round(size * line.scale)
    n = _n_lines(line.text, width, high)
    tall = n * (high + 4)
    before = ""
    if line.inverse or line.framed:
        thick = tall + 6 if line.inverse else 3
        before = f"^FO{x},{y}^GB{width},{tall + 6},{thick}^FS\n"
        reverse = "^FR" if line.inverse else ""
        text = f"^FO{x + 6},{y + 4}{reverse}^A0N,{high},{high}^FB{width - 12},{n},4,L^FH_^FD{_safe(line.text)}^FS\n"
        return before + text, y + tall + 12
    return f"^FO{x},{y}^A0N,{high},{high}^FB{width},{n},4,L^FH_^FD{_safe(line.text)}^FS\n", y + tall + 4


def _n_lines(text: str, width: int, high: int) -> int:
    """Lines that a text needs at most, broken between words and, where one word is longer than a line, within it."""
    room = max(1, math.floor((width - 12) / (high * LETTER)))
    n, used = 1, 0
    for word in text.split():
        if used and used + 1 + len(word) > room:
            n, used = n + 1, 0
        used += len(word) + (1 if used else 0)
        n, used = n + (used - 1) // room, (used - 1) % room + 1
    return n


def _safe(text: str) -> str:
    """Text in which nothing is a command: what ZPL gives a meaning to is written by its number."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return "".join(f"_{ord(sign):02X}" if sign in "^~_\\" else sign for sign in plain)
