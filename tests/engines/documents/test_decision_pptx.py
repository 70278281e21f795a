"""The slide deck: its slides, native tables and charts with words, nothing left empty, the same each time."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from pptx import Presentation
from tests.strategies import decided
from tests.strategies import decided_forms as forms
from tests.strategies import decided_words as words

from vardnara.engines.documents import DecisionDocument, Point, Resolution, Section, document_pptx


def opened(document: DecisionDocument) -> Any:
    return Presentation(io.BytesIO(document_pptx(document)))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def everything(deck: Any) -> list[str]:
    """Text of every paragraph, in tables too."""
    frames = [shape.text_frame for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    frames += [cell.text_frame for table in tables for row in table.rows for cell in row.cells]
    return [paragraph.text for frame in frames for paragraph in frame.paragraphs]


def test_slides() -> None:
    """Title, matter, figures, charts, what to mind, risks, decision; parts without content have no slide."""
    assert titles(opened(decided.DIRECTOR)) == [
        "Översyn av vårdnära service, VNS", "Ärendet", "Siffror", "Siffror (2)", "Helårseffekt per betalare",
        "Ackumulerad nettoeffekt 2026", "Att beakta", "Konsekvenser och risker", "Beslut",
    ]  # fmt: skip
    assert titles(opened(forms.MEMO)) == [forms.MEMO.title, "Ärendet", "Regiondirektörens förslag"]
    bare = dataclasses.replace(decided.DIRECTOR, charts=())
    assert "Helårseffekt per betalare" in titles(opened(bare))


def test_points_are_numbered_by_the_program() -> None:
    """1., a) to d), 2. as PowerPoint's own numbers."""
    slide = opened(decided.DIRECTOR).slides[-1]
    numbers = [
        (kind.get("type"), kind.get("startAt"))
        for kind in slide.placeholders[1].element.iter(
            "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum"
        )
    ]
    below = [("alphaLcParenR", start) for start in (None, "2", "3", "4")]
    assert numbers == [("arabicPeriod", None), *below, ("arabicPeriod", "2")]


@pytest.mark.parametrize("document", [decided.DIRECTOR, *forms.ALL], ids=lambda one: one.kind.value)
def test_nothing_is_left_empty_and_everything_has_words(document: DecisionDocument) -> None:
    """No placeholder says "click here"; charts and tables have alternative texts; every run is in Swedish."""
    deck = opened(document)
    for slide in deck.slides:
        assert all(shape.text_frame.text for shape in slide.placeholders)
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert set(slide.element.xpath(".//a:r/a:rPr/@lang")) <= {"sv-SE"}
        assert not slide.element.xpath(".//a:r[not(a:rPr/@lang)]")
        assert all(shape.left >= 0 and shape.left + shape.width <= deck.slide_width for shape in slide.shapes)
        assert all(shape.top >= 0 and shape.top + shape.height <= deck.slide_height for shape in slide.shapes)


def test_charts_can_be_edited_and_hold_the_numbers() -> None:
    """Native, in million kronor, with the workbook inside."""
    deck = opened(decided.DIRECTOR)
    (chart,) = [shape.chart for shape in deck.slides[4].shapes if shape.has_chart]
    assert [(one.name, tuple(one.values)) for one in chart.plots[0].series] == [
        ("Brutto", (4.3, 0.46)), ("Netto", (4.3, 0.0)),
    ]  # fmt: skip


def test_long_matters_and_decisions_go_on() -> None:
    """Over as many slides as they need, and nothing is lost."""
    sentence = "Detta är en mening om arbetsfördelningen på avdelningen. "
    points = tuple(Point(f"Göra sak nummer {number}.", ("En del.", "En till.")) for number in range(1, 21))
    long = dataclasses.replace(
        forms.MEMO,
        summary=(),
        sections=(Section("", (sentence * 40,)),),
        proposals=(Resolution(points, "Chefen får i uppdrag att:"),),
    )
    deck = opened(long)
    assert titles(deck).count("Ärendet") == 1 and "Ärendet (5)" in titles(deck)
    text = everything(deck)
    assert " ".join(text).count(sentence.strip()) == 40
    assert [one for one in text if one.startswith("Göra sak")] == [point.text for point in points]


def test_only_the_highest_risks_are_shown_and_that_is_said() -> None:
    """A deck is short; the document has all of them."""
    many = tuple(dataclasses.replace(decided.RISKS[0], risk=f"Risk {value}", value=value) for value in range(1, 21))
    deck = opened(dataclasses.replace(decided.DIRECTOR, risks=many))
    assert "Risker: de 8 högsta av 20" in titles(deck)
    assert [text for text in everything(deck) if text.startswith("Risk ")] == [f"Risk {n}" for n in range(20, 12, -1)]


def test_the_same_document_is_the_same_file() -> None:
    """Byte for byte, the workbooks inside charts too."""
    made = document_pptx(decided.DIRECTOR)
    assert made == document_pptx(decided.DIRECTOR)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        inner = next(name for name in package.namelist() if name.endswith(".xlsx"))
        with zipfile.ZipFile(io.BytesIO(package.read(inner))) as book:
            assert re.findall(r"<dcterms:created[^>]*>([^<]*)", book.read("docProps/core.xml").decode()) == [
                "2026-02-06T12:00:00Z"
            ]


@settings(max_examples=15, deadline=None)
@given(text=words.TEXT)
def test_what_people_write_is_text(text: str) -> None:
    """Whatever signs it has."""
    warned = dataclasses.replace(forms.PROPOSAL.warnings[0], text=text)
    document = dataclasses.replace(
        forms.PROPOSAL,
        title=text,
        warnings=(warned,),
        figures=(dataclasses.replace(decided.FIGURES[0], label=text, value=Decimal(1)),),
    )
    assert everything(opened(document)).count(text) == 3
