"""A function card on paper: its words, its size, readable by machines, the same each time."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, datetime

import pypdf
import pytest

from vardnara.engines.documents import (
    A5,
    A7,
    CardLine,
    CardSize,
    CardTask,
    CardWords,
    ElsewhereTask,
    FunctionCard,
    function_card_build,
)
from vardnara.kernel.errors import InputError

CARD = FunctionCard(
    title="Vårdnära service",
    subtitle="Avd. K31, Kirurgavdelning",
    agreed="VNS 2026-1 version 1, från 1 mars 2026",
    tasks=(
        CardTask(
            "Frukost",
            (
                CardLine("måndag till fredag", "07:30–09:00", quality="I tid"),
                CardLine("lördag", "08:00–09:00", "varannan vecka"),
            ),
            "25 min + 2,5 min per måltid",
            "mall, inte mätt",
            ("Tvätta händerna", "Stäm av kosterna"),
        ),
    ),
    elsewhere=(ElsewhereTask("Smittstäd", "alla dagar 16:00–24:00", "ingen"),),
    contact="Samordnaren, 010-000 00 00",
    address="https://exempel.se/funktionskort/1/service/",
    words=CardWords("När", "Ungefär", "Inte ditt", "Fråga", "Så gäller det i dag", "Inget är överenskommet."),
    language="sv",
    as_of=datetime(2026, 3, 1, 12, tzinfo=UTC),
)  # fmt: skip


def opened(card: FunctionCard = CARD, size: CardSize = A5) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(function_card_build(card, size)))


def words_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)


@pytest.mark.parametrize(("size", "sides"), [(A5, [148.0, 210.0]), (A7, [74.0, 105.0])])
def test_it_says_everything_on_the_paper_that_was_asked_for(size: CardSize, sides: list[float]) -> None:
    """Task, hours, minutes with how well they are known, checklist, what is not yours and whose, whom to ask."""
    pdf = opened(size=size)
    text = words_of(pdf)
    for words in (
        "Vårdnära service", "Avd. K31, Kirurgavdelning", "Frukost", "07:30–09:00", "måndag till fredag",
        "varannan vecka",
        "25 min + 2,5 min per måltid (mall, inte mätt)", "Tvätta händerna", "Inte ditt", "Smittstäd",
        "alla dagar 16:00–24:00: ingen", "Samordnaren, 010", "VNS 2026",
    ):  # fmt: skip
        assert words in text, words
    box = pdf.pages[0].mediabox
    millimetres = [round(float(side) * 25.4 / 72, 1) for side in (box.width, box.height)]
    assert millimetres == sides  # ISO 216


def test_it_is_read_aloud_as_it_is_read() -> None:
    """PDF/UA-1: tagged, with title and language, and the code has words of its own."""
    pdf = opened()
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "sv"
    assert "pdfuaid:part>1<" in root["/Metadata"].get_object().get_data().decode()
    assert pdf.metadata.title == "Vårdnära service, Avd. K31, Kirurgavdelning"
    tree = repr(_nodes(root["/StructTreeRoot"]))
    assert "Så gäller det i dag https://exempel.se/funktionskort/1/service/" in tree
    assert {"/H1", "/H2", "/L", "/Figure"} <= {kind for kind, _ in _nodes(root["/StructTreeRoot"])}


def _nodes(node: object) -> list[tuple[str, str]]:
    """Kind and alternative text of every part of the tree of tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for one in node for found in _nodes(one)]
    if not isinstance(node, dict):
        return []
    here = [(str(node["/S"]), str(node.get("/Alt", "")))] if "/S" in node else []
    return here + (_nodes(node["/K"]) if "/K" in node else [])


def test_only_the_vendored_face_is_used() -> None:
    """The card looks the same on every machine."""
    fonts = {
        str(font.get_object()["/BaseFont"]) for font in opened().pages[0]["/Resources"]["/Font"].get_object().values()
    }
    assert fonts and all("Inter" in name for name in fonts)


def test_the_same_card_is_the_same_file() -> None:
    """Byte for byte, and dated by when it was made for, not by the clock."""
    assert function_card_build(CARD) == function_card_build(CARD)
    assert opened().metadata.creation_date == CARD.as_of


def test_a_long_card_goes_on_and_an_empty_one_says_so() -> None:
    """Twenty tasks in the pocket: more pages, each numbered; none: in words."""
    many = dataclasses.replace(CARD, tasks=CARD.tasks * 20)
    pdf = opened(many, A7)
    assert len(pdf.pages) > 3 and f"{len(pdf.pages)}/{len(pdf.pages)}" in pdf.pages[-1].extract_text()
    assert "Inget är överenskommet." in words_of(opened(dataclasses.replace(CARD, tasks=())))


def test_what_people_write_is_text_and_never_markup() -> None:
    """Typst's own signs in a name or a note are printed as they are."""
    odd = dataclasses.replace(CARD, contact='#panic("x") *fet* $x$ @ref <b> \\ "citat"')
    assert '#panic("x") *fet* $x$ @ref <b> \\ "citat"' in words_of(opened(odd))


def test_minutes_without_confidence_are_refused() -> None:
    """An unverified norm never passes for a measured one."""
    with pytest.raises(InputError):
        dataclasses.replace(CARD, tasks=(CardTask("Frukost", (), "25 min"),))
    with pytest.raises(InputError):
        dataclasses.replace(CARD, title="")
