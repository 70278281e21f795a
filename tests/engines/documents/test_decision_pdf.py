"""A decision document as PDF: its form, its words, readable by machines, the same each time."""

from __future__ import annotations

import dataclasses
import io
import re

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import decided
from tests.strategies import decided_forms as forms
from tests.strategies import decided_words as words
from tests.strategies.pdf_ua import pdf_ua_faults, tags_of

from vardnara.engines.documents import (
    DecisionDocument,
    DocumentKind,
    Point,
    Resolution,
    Section,
    TextTable,
    document_pdf,
)
from vardnara.kernel.errors import InputError


def opened(document: DecisionDocument) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(document_pdf(document)))


def squeezed(text: str) -> str:
    """Without spaces and hyphens: lines break where the paper ends, long words too."""
    return re.sub(r"[\s-]+", "", text)


def words_of(document: DecisionDocument) -> str:
    return squeezed("".join(page.extract_text() for page in opened(document).pages))


@pytest.mark.parametrize("document", forms.ALL, ids=lambda one: one.kind.value)
def test_the_parts_stand_in_the_order_of_the_form(document: DecisionDocument) -> None:
    """Headings of each kind exactly as its form has them, and none for what there is not."""
    text = words_of(document)
    place = 0
    for heading in words.HEADINGS[document.kind]:
        place = text.find(squeezed(heading), place)
        assert place >= 0, heading


@pytest.mark.parametrize("document", forms.ALL, ids=lambda one: one.kind.value)
def test_it_says_all_that_the_data_say(document: DecisionDocument) -> None:
    """Every text, amount and date is on the paper."""
    text = words_of(document)
    for wanted in words.said(document):
        assert squeezed(wanted) in text, wanted


@pytest.mark.parametrize("document", forms.ALL, ids=lambda one: one.kind.value)
def test_a_screen_reader_gets_all_of_it(document: DecisionDocument) -> None:
    """PDF/UA-1 as far as structure tells: tags, language, title, headings, headed tables, texts of figures."""
    assert pdf_ua_faults(document_pdf(document)) == []


def test_the_structural_check_sees_faults() -> None:
    """A file whose tags, language or alternative texts are gone does not pass."""
    whole = document_pdf(decided.DIRECTOR)
    for name, fault in (("/Lang", "no language"), ("/MarkInfo", "not marked"), ("/ViewerPreferences", "the window")):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(whole))
        del writer._root_object[name]
        made = io.BytesIO()
        writer.write(made)
        assert [found for found in pdf_ua_faults(made.getvalue()) if found.startswith(fault)]
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(whole))
    for part in writer._objects:
        if isinstance(part, dict) and part.get("/S") == "/Figure":
            del part["/Alt"]
    made = io.BytesIO()
    writer.write(made)
    assert "a figure without words" in pdf_ua_faults(made.getvalue())


def test_charts_have_words_for_every_value() -> None:
    """Who does not see the bars is told each of them."""
    texts = [tag.alternative for tag in tags_of(opened(decided.DIRECTOR)) if tag.kind == "/Figure"]
    assert texts[0] == (
        "Stapeldiagram: Helårseffekt per betalare. Brutto är 4,3\u00a0mkr för Regionservice och 0,46\u00a0mkr för "
        "Hälso- och sjukvården. Netto är 4,3\u00a0mkr för Regionservice och 0 för Hälso- och sjukvården."
    )
    assert len(texts) == 2 and "1,433\u00a0mkr för juni" in texts[1]


def test_points_are_lists_of_their_own() -> None:
    """1., a) to d) and 2. are a list in a list, as a screen reader counts them."""
    tags = tags_of(opened(decided.DIRECTOR))
    inner = [tag for tag in tags if tag.kind == "/L" and "/L" in tag.above]
    assert len(inner) == 1 and inner[0].children == ("/LI",) * 4
    text = words_of(decided.DIRECTOR)
    assert "1.Avveckla" in text and "a)5tjänsterinomdivisionKirurgi" in text and "d)1av2tjänster" in text


def test_points_are_numbered_through_all_leads() -> None:
    """So that "punkt 3" is one point of the decision, whoever's it is."""
    more = Resolution(
        (Point("Följa upp beslutet."), Point("Återkomma till nämnden.")), "Controllern får i uppdrag att:"
    )
    text = words_of(dataclasses.replace(decided.DIRECTOR, decisions=(*decided.DIRECTOR.decisions, more)))
    assert "3.Följauppbeslutet." in text and "4.Återkommatillnämnden." in text


def test_it_tells_what_it_is() -> None:
    """Title, author and language in its properties; dated by the document, not by the clock."""
    pdf = opened(forms.PARAGRAPH)
    assert pdf.metadata.title == "§\u00a030 Återrapportering av vårdnära service"
    assert pdf.metadata.author == "Region Jämtland Härjedalen"
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("sv")
    assert pdf.metadata.creation_date.date() == forms.PARAGRAPH.dated_on


def test_the_same_document_is_the_same_file() -> None:
    """Byte for byte."""
    assert document_pdf(decided.DIRECTOR) == document_pdf(decided.DIRECTOR)


def test_pages_are_numbered_and_long_tables_go_on_with_their_header() -> None:
    """A table of 400 rows: each page says which it is of how many, and repeats the header."""
    rows = tuple((f"Avdelning {number}", str(number)) for number in range(400))
    long = dataclasses.replace(
        forms.MEMO, sections=(Section("", (TextTable("Avdelningar", ("Namn", "Antal"), rows, (1,)),)),)
    )
    pdf = opened(long)
    pages = [page.extract_text() for page in pdf.pages]
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"{number} ({len(pages)})" in page
    for page in pages[1:-1]:
        assert "Namn" in page and "Antal" in page
    assert "Avdelning 399" in "".join(pages) and pdf_ua_faults(document_pdf(long)) == []


def test_names_from_other_alphabets_are_printed_and_an_emoji_is_refused_by_name() -> None:
    """People are called Łukasz and Šimić; what no face has is told, never printed as a box."""
    named = dataclasses.replace(forms.MEMO, recipients=("Łukasz Šimić", "Ирина", "≥ 3"))
    assert squeezed("Łukasz Šimić") in words_of(named)
    with pytest.raises(InputError, match="😀"):
        document_pdf(dataclasses.replace(forms.MEMO, title="Glad 😀"))


@settings(max_examples=40, deadline=None)
@given(text=words.TEXT, many=st.integers(1, 40))
def test_what_people_write_is_text_and_never_markup(text: str, many: int) -> None:
    """Typst's signs, Jinja's and XML's are printed as they are, wherever they stand."""
    document = DecisionDocument(
        kind=DocumentKind.DIRECTOR_DECISION,
        title=text,
        dated_on=forms.MEMO.dated_on,
        sections=(Section(text, (text,)),),
        decisions=(Resolution(tuple(Point(text, (text,)) for _ in range(many)), text),),
        recipients=(text,),
    )
    found = words_of(document)
    assert squeezed(text) == "" or found.count(squeezed(text)) >= 2 * many + 4
