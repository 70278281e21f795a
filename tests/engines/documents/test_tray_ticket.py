"""Tray tickets on paper: nothing that matters is ever cut off, whatever a patient avoids and a dish is called."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.documents import (
    TicketCover,
    TicketDish,
    TicketPaper,
    TicketWords,
    TrayTicket,
    tickets_build,
    tickets_zpl,
)
from vardnara.kernel.errors import InputError

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = TicketWords("Brickkort", "UNDVIK", "Hjälp", "brickor", "Bricka", "Att se upp med")
ADDRESS = "https://vardnara.example/maltider/bricka/4RDQN9Y9DFBD/"


def ticket(**words: Any) -> TrayTicket:
    said = {
        "number": 1, "code": "4RDQ-N9Y9-DFBD", "address": ADDRESS, "ward": "K31 Kirurgi", "place": "Sal 1, plats 2",
        "when": "Lunch", "dishes": (TicketDish("Torsk"),), "portion": "Normal portion",
    }  # fmt: skip
    return TrayTicket(**(said | words))


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def built(tickets: list[TrayTicket], paper: TicketPaper, covers: tuple[TicketCover, ...] = ()) -> bytes:
    return tickets_build(tickets, covers, WORDS, paper, language="sv", as_of=AT)


@pytest.mark.parametrize("paper", list(TicketPaper))
def test_a_ticket_that_says_much_loses_nothing(paper: TicketPaper) -> None:
    """All allergens of the law, eight long dishes, every aid: smaller and over the next label, never cut off."""
    avoid = tuple(f"Allergen{n:02}" for n in range(28))
    dishes = tuple(TicketDish(f"Långkokt rätt nummer {n:02} med tillbehör", 2, "Timbal", "utan sås") for n in range(8))
    helped = tuple(f"Hjälpmedel{n:02}" for n in range(7))
    made = pages(built([ticket(avoid=avoid, dishes=dishes, help=helped)], paper))
    assert len(made) > 1 or paper is not TicketPaper.LABEL  # a label goes on over the next one
    text = " ".join(made)
    for word in (*avoid, *helped, *(f"nummer {n:02}" for n in range(8))):
        assert word in text, word


def test_eight_to_a_page_after_the_cover_of_their_ward() -> None:
    """A ward begins on a page of its own; the cover counts what is in it; the same tickets give the same bytes."""
    tickets = [ticket(number=n, ward=ward) for ward in ("K31", "M52") for n in range(1, 10)]
    covers = tuple(TicketCover(ward, "Lunch", 9, (("Torsk", 9),)) for ward in ("K31", "M52"))
    made = built(tickets, TicketPaper.A4, covers)
    texts = pages(made)
    assert len(texts) == 6 and "9 brickor" in texts[0] and texts[1].count("UNDVIK") == 0
    assert [text.count("Sal 1, plats 2") for text in texts] == [0, 8, 1, 0, 8, 1]
    assert made == built(tickets, TicketPaper.A4, covers)


def test_a_ticket_without_a_dish_is_refused() -> None:
    """An empty tray has no ticket."""
    with pytest.raises(InputError):
        ticket(dishes=())


@given(
    name=st.text(min_size=1, max_size=60),
    avoid=st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=30), max_size=12),
    height=st.sampled_from([60, None]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_stays_text_on_the_label(name: str, avoid: list[str], height: float | None) -> None:
    """No text of a kitchen becomes a command: the same commands whatever the name; fields lie within the label."""
    label = tickets_zpl([ticket(dishes=(TicketDish(name),), avoid=tuple(avoid))], WORDS, height_mm=height)
    assert label.count("^XA") == label.count("^XZ") == 1
    assert label.count("^FD") == label.count("^FS") - label.count("^GB")
    length = int(re.search(r"\^LL(\d+)", label)[1])
    assert all(int(y) < length for y in re.findall(r"\^FO\d+,(\d+)", label))
    assert "~" not in label and "\\" not in label
