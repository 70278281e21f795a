"""Draws tray tickets: on A4, eight to a page with a cover page for each ward, or one to a label."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

import segno

from vardnara.engines.documents.typesetting import STAND_IN, pdf_typeset
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

TEMPLATE = "tray_ticket.typ"
QR_MASK = 4  # one of the eight patterns that a reader undoes; trying all for the prettiest takes most of the time


class TicketPaper(StrEnum):
    """What tickets are printed on: sheets of A4, labels of 100 x 60 mm, an endless roll of 62 mm."""

    A4 = "a4"
    LABEL = "label"
    ROLL = "roll"


@dataclass(frozen=True, slots=True)
class TicketDish:
    """A dish on a tray: ``detail`` is its texture and diet in words, ``change`` what is left out ("utan sås")."""

    name: str
    quantity: int = 1
    detail: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class TrayTicket:
    """A tray's ticket. Every text in the kitchen's language; no patient's name has a place in it.

    Parameters
    ----------
    number, code, address
        Its number in the run, the tray's code as people read it, and what the QR code holds.
    ward, place
        Where it goes.
    when
        Meal, day and time, in words.
    dishes, portion
        What is on it.
    avoid
        Allergens that must not be on it, each in words: printed white on black, before all else but the place.
    facts
        Diet, texture, IDDSI, drinks, what the patient does not eat.
    help
        Aids, and help needed at the meal.
    marks
        Late, instead of another, extra, printed again.
    """

    number: int
    code: str
    address: str
    ward: str
    place: str
    when: str
    dishes: tuple[TicketDish, ...]
    portion: str
    avoid: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.dishes:
            raise InputError([Fault("tray ticket", self.code, "no dish", "at least one")], "bad_ticket")


@dataclass(frozen=True, slots=True)
class TicketCover:
    """What a ward gets, for the page before its tickets: how many trays, and counted things in words."""

    ward: str
    when: str
    n: int
    counts: tuple[tuple[str, int], ...]
    special: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TicketWords:
    """The fixed words."""

    title: str
    avoid: str
    help: str
    trays: str
    tray: str
    special: str


def tickets_build(
    tickets: Sequence[TrayTicket],
    covers: Sequence[TicketCover],
    words: TicketWords,
    paper: TicketPaper,
    *,
    language: str,
    as_of: datetime,
) -> bytes:
    """Tickets as one PDF, in the order given, each ward's after its cover.

    Parameters
    ----------
    tickets
        At least one; those of a ward together.
    covers
        At most one for each ward; a ward without one has none.
    words, language
        The fixed words, and which language all of it is in.
    paper
        On a label a ticket that says much is set smaller, and goes on over the next label rather than lose a word.
    as_of
        When it was made.

    Returns
    -------
    bytes
        PDF/UA-1; the same tickets give the same bytes.
    """
    data: dict[str, object] = {
        "tickets": [asdict(one) | {"qr": qr_svg(one.address)} for one in tickets],
        "covers": {one.ward: asdict(one) for one in covers},
        "words": asdict(words),
        "paper": paper.value,
        "language": language,
    }
    return pdf_typeset(TEMPLATE, data, as_of, stand_in=STAND_IN)


def qr_svg(address: str) -> str:
    """The QR code of an address as SVG, with its quiet zone."""
    drawing = io.BytesIO()
    made = segno.make_qr(address, error="m", mask=QR_MASK, boost_error=False)
    made.save(drawing, kind="svg", border=3, xmldecl=False)
    return drawing.getvalue().decode()
