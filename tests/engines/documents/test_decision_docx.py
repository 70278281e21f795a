"""A decision document as Word: its form, its words, real headings and lists, the same each time."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import decided
from tests.strategies import decided_forms as forms
from tests.strategies import decided_words as words

from vardnara.engines.documents import (
    Bullets,
    DecisionDocument,
    DocumentKind,
    Point,
    Resolution,
    Section,
    TextTable,
    document_docx,
)
from vardnara.kernel.swedish import text_unbroken


def opened(document: DecisionDocument) -> Any:
    return Document(io.BytesIO(document_docx(document)))


def texts(word: Any) -> list[str]:
    """Text of every paragraph in reading order, those in tables too; a break within one is a space."""
    found = []
    for paragraph in word.element.body.iter(qn("w:p")):
        signs = {qn("w:br"): "\n", qn("w:noBreakHyphen"): "-"}
        pieces = [signs.get(node.tag) or node.text or "" for node in paragraph.iter(qn("w:t"), *signs)]
        found.append("".join(pieces))
    return found


def everything(word: Any) -> str:
    head = [paragraph.text for section in word.sections for paragraph in section.header.paragraphs]
    return "\n".join([*head, *texts(word)])


def numbers_of(word: Any) -> list[tuple[str, str, str]]:
    """List, level and text of every numbered point of the decisions and proposals."""
    found = []
    for paragraph in word.paragraphs:
        number = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if number is not None:
            level, listed = (number.find(qn(name)).get(qn("w:val")) for name in ("w:ilvl", "w:numId"))
            found.append((listed, level, paragraph.text))
    return found


@pytest.mark.parametrize("document", forms.ALL, ids=lambda one: one.kind.value)
def test_the_parts_stand_in_the_order_of_the_form(document: DecisionDocument) -> None:
    """Headings of each kind exactly as its form has them."""
    text = everything(opened(document)).replace("\u00a0", " ")
    place = 0
    for heading in words.HEADINGS[document.kind]:
        place = text.find(heading, place)
        assert place >= 0, heading


@pytest.mark.parametrize("document", forms.ALL, ids=lambda one: one.kind.value)
def test_it_says_all_that_the_data_say(document: DecisionDocument) -> None:
    """Every text, amount and date is in the file, and no placeholder is left."""
    text = everything(opened(document))
    for wanted in words.said(document):
        assert text_unbroken(wanted) in text, wanted
    assert not re.search(r"\{\{|\{%|vardnara-place", text)


def test_headings_are_headings() -> None:
    """The title is the first level, the parts the second: Word's own, so that they can be walked and listed."""
    word = opened(decided.DIRECTOR)
    heads = [(one.style.name, one.text) for one in word.paragraphs if one.style.name.startswith("Heading")]
    assert heads[:4] == [
        ("Heading 1", decided.DIRECTOR.title),
        ("Heading 2", "Sammanfattning"),
        ("Heading 2", "Ärendebeskrivning"),
        ("Heading 3", "Konsekvenser för bemanningen"),
    ]


def test_points_are_numbered_by_word_and_each_list_begins_at_one() -> None:
    """1., a) to d), 2.; proposals and decisions each count from one, through all leads; a single one bears none."""
    word = opened(decided.DIRECTOR)
    listed = numbers_of(word)
    assert [level for _, level, _ in listed] == ["0", "1", "1", "1", "1", "0"]
    assert len({number for number, _, _ in listed}) == 1
    both = dataclasses.replace(
        decided.DIRECTOR,
        decisions=(
            *decided.DIRECTOR.decisions,
            Resolution((Point("Följa upp beslutet."),), "Controllern ska:"),
        ),
        proposals=(Resolution((Point("Ett."), Point("Två."))),),
    )
    listed = numbers_of(opened(both))
    assert [text for _, level, text in listed if level == "0"] == [
        "Ett.", "Två.", "Avveckla utökad VNS i nuvarande form till senast 2026-02-28:",
        "Ställa om resterande tjänst på Akuten/IVA och C-OP för patientnära arbete.", "Följa upp beslutet.",
    ]  # fmt: skip
    assert listed[0][0] == listed[1][0] != listed[2][0] == listed[-1][0]
    numbering = opened(both).part.numbering_part.element
    for number in {listed[0][0], listed[2][0]}:
        (restart,) = numbering.xpath(f'w:num[@w:numId="{number}"]/w:lvlOverride[@w:ilvl="0"]/w:startOverride/@w:val')
        assert restart == "1"
    assert numbers_of(opened(forms.PARAGRAPH)) == []


def test_lettered_lists_each_begin_at_a() -> None:
    """Two in one section, with words between them."""
    blocks = (Bullets(("Ett.", "Två."), True), "Dessutom:", Bullets(("Tre.",), True))
    listed = numbers_of(opened(dataclasses.replace(forms.PARAGRAPH, sections=(Section("", blocks),))))
    assert [text for _, _, text in listed] == ["Ett.", "Två.", "Tre."]
    assert listed[0][0] == listed[1][0] != listed[2][0]


def test_tables_repeat_their_header_and_have_words() -> None:
    """The first row is a header on every page; a table has a name, its numbers stand to the right."""
    word = opened(decided.DIRECTOR)
    assert len(word.tables) == 9
    for table in word.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table.style.name == "Vardnara tabell"
    amounts = word.tables[1]
    assert [cell.text for cell in amounts.rows[-1].cells] == [
        "Summa", "4\u00a0760\u00a0000", "460\u00a0000", "4\u00a0300\u00a0000",
    ]  # fmt: skip
    assert amounts.rows[1].cells[1].paragraphs[0].alignment == 2


def test_charts_have_words_for_every_value() -> None:
    """Each picture says what it shows."""
    told = opened(decided.DIRECTOR).element.body.xpath(".//wp:docPr/@descr")
    assert len(told) == 2 and told[0].startswith("Stapeldiagram: Helårseffekt per betalare. Brutto är 4,3")


def test_language_title_and_page_numbers() -> None:
    """Swedish for the speller and the voice; title, number and author in the properties; ``1 (3)`` in the head."""
    word = opened(forms.MEMO)
    about = word.core_properties
    assert (about.title, about.subject, about.author) == (
        forms.MEMO.title, "HSN/1895/2025", "Region Jämtland Härjedalen",
    )  # fmt: skip
    assert about.language == "sv-SE" and about.created.date() == forms.MEMO.dated_on
    assert word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val") == ["sv-SE"]
    fields = word.sections[0].header._element.xpath(".//w:fldSimple/@w:instr")
    assert [code.strip() for code in fields] == ["PAGE", "NUMPAGES"]


def test_the_minutes_have_their_furniture() -> None:
    """Protokoll, Sammanträdesdatum, organ and date, Utdragsbestyrkande on every page."""
    section = opened(forms.PARAGRAPH).sections[0]
    head = "\n".join(paragraph.text for paragraph in section.header.paragraphs)
    assert "Protokoll" in head and "Regionstyrelsens arbetsutskott\tSammanträdesdatum 26\u00a0januari\u00a02021" in head
    assert "Utdragsbestyrkande" in section.footer.paragraphs[0].text
    extract = dataclasses.replace(forms.PARAGRAPH, kind=DocumentKind.PROTOCOL_EXTRACT)
    assert "Rätt utdraget intygas" in everything(opened(extract))


def test_no_line_breaks_within_a_number_or_a_date() -> None:
    """Between a number and what it counts stands a no-break space, in a date Word's hyphen that no line breaks at."""
    said = "Avveckla 12,4 mkr till senast 2026-02-28 för C-OP, §  30 och § 31: 5 mars 2026 e-post 1-2."
    document = dataclasses.replace(forms.MEMO, sections=(Section("", (said,)),))
    (paragraph,) = [one for one in opened(document).paragraphs if one.text.startswith("Avveckla")]
    assert paragraph.text.replace("\u00a0", " ") == said
    assert "12,4\u00a0mkr" in paragraph.text and "§\u00a031" in paragraph.text
    assert "5\u00a0mars\u00a02026" in paragraph.text
    assert len(paragraph._p.findall(f".//{qn('w:noBreakHyphen')}")) == 3


def test_the_same_document_is_the_same_file() -> None:
    """Byte for byte, whatever the clock says."""
    made = document_docx(decided.DIRECTOR)
    assert made == document_docx(decided.DIRECTOR)
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {member.date_time[:3] for member in package.infolist()} == {(2026, 2, 6)}


def test_a_table_of_two_thousand_rows_is_made_in_time() -> None:
    """All of it, and in seconds."""
    rows = tuple((f"Avdelning {number}", str(number)) for number in range(2000))
    long = dataclasses.replace(forms.MEMO, sections=(Section("", (TextTable("Alla", ("Namn", "Antal"), rows, (1,)),)),))
    assert texts(opened(long)).count("Avdelning 1999") == 1


@settings(max_examples=15, deadline=None)
@given(text=words.TEXT, many=st.integers(1, 30))
def test_what_people_write_is_text_and_never_markup(text: str, many: int) -> None:
    """Jinja's signs and XML's stand in the file as they are, wherever they were written."""
    document = DecisionDocument(
        kind=DocumentKind.DIRECTOR_DECISION,
        title=text,
        dated_on=forms.MEMO.dated_on,
        sections=(Section(text, (text, TextTable(text, (text,), ((text,),)))),),
        decisions=(Resolution(tuple(Point(text, (text,)) for _ in range(many)), text),),
        recipients=(text,),
    )
    assert texts(opened(document)).count(text_unbroken(text)) == 2 * many + 8
