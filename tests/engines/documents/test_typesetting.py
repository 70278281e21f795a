"""Paper for the hours without the system is printed whatever people have written."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, datetime

import pypdf
import pytest
from tests.strategies.decided_forms import MEMO

from vardnara.engines.documents import PaperBed, PaperRow, PaperSheet, PaperWords, paper_lists_build
from vardnara.engines.documents.decision_view import decision_view
from vardnara.engines.documents.typesetting import pdf_typeset
from vardnara.kernel.errors import InputError

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = PaperWords(*(field.name for field in dataclasses.fields(PaperWords)))


def printed(note: str, who: str = "") -> str:
    sheet = PaperSheet("K31", "1-2", "nu", (PaperBed("1", "ren"),), (PaperRow("1", "nu", note, "1", who=who),), ())
    pdf = pypdf.PdfReader(io.BytesIO(paper_lists_build([sheet], WORDS, language="sv", as_of=AT)))
    return " ".join(pdf.pages[0].extract_text().split())


def test_names_from_other_alphabets_are_printed() -> None:
    """Łukasz and Ирина work here; one letter that our face lacks never stops a ward's list."""
    assert "Łukasz Šimić" in printed("Spill", "Łukasz Šimić") and "Ирина" in printed("Spill", "Ирина")


def test_signs_that_no_face_has_are_replaced() -> None:
    """An emoji in a note from the phone, several of them, a control sign: the rest is there."""
    text = printed("Spill 😀🧹 vid 漢字 sal 4\x07")
    assert "Spill" in text and "sal 4" in text and "\ufffd" in text


def test_without_a_stand_in_the_sign_is_named() -> None:
    """A decision is not signed with a sign missing."""
    with pytest.raises(InputError, match="😀") as refused:
        pdf_typeset(("chart.typ", "decision.typ"), {**decision_view(MEMO), "heading": "😀"}, AT)
    assert refused.value.code == "no_glyph"
