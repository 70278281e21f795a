"""Draws a ward's list for the hours without the system: A4, to be written on and typed in afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from vardnara.engines.documents.typesetting import STAND_IN, pdf_typeset
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

TEMPLATE = "paper_list.typ"


@dataclass(frozen=True, slots=True)
class PaperBed:
    """A bed place and its state, in words."""

    place: str
    state: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row: its code, when, what and where, what to watch out for, who has it."""

    code: str
    when: str
    what: str
    place: str
    careful: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class PaperWords:
    """The fixed words of a list."""

    valid: str
    number: str
    beds: str
    work: str
    found: str
    code: str
    when: str
    what: str
    place: str
    done: str
    start: str
    finish: str
    who: str
    note: str
    nothing: str
    how: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """A ward's list. Every text in the reader's language; no patient's name has a place in it.

    Parameters
    ----------
    title, number
        The ward, and what the list is found by when it is typed in.
    valid
        When what stands here was true, in words.
    beds, rows, blank_codes
        Beds and their state, work, and the codes of blank lines for found work.
    """

    title: str
    number: str
    valid: str
    beds: tuple[PaperBed, ...]
    rows: tuple[PaperRow, ...]
    blank_codes: tuple[str, ...]

    def __post_init__(self) -> None:
        codes = [row.code for row in self.rows] + list(self.blank_codes)
        if len(set(codes)) != len(codes):
            raise InputError([Fault("paper list", self.number, "a code twice", "each code once")], "bad_list")


def paper_lists_build(sheets: Sequence[PaperSheet], words: PaperWords, *, language: str, as_of: datetime) -> bytes:
    """Lists as one PDF, each beginning on a page of its own.

    Parameters
    ----------
    sheets
        At least one.
    words, language
        The fixed words, and which language all of it is in.
    as_of
        When it was made.

    Returns
    -------
    bytes
        PDF/UA-1; the same lists give the same bytes.
    """
    data: dict[str, object] = {
        "sheets": [asdict(sheet) for sheet in sheets],
        "words": asdict(words),
        "language": language,
    }
    return pdf_typeset(TEMPLATE, data, as_of, stand_in=STAND_IN)
