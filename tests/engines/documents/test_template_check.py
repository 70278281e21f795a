"""A region's own Word template: filled where it is right, refused by name where it is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from tests.strategies import decided
from tests.strategies import decided_forms as forms

from vardnara.engines.documents import DocumentKind, document_docx, document_template, template_faults
from vardnara.kernel.errors import InputError


def changed(change: Callable[[Any], None]) -> bytes:
    """The director's template, opened and saved anew as a region would."""
    word = Document(io.BytesIO(document_template(DocumentKind.DIRECTOR_DECISION)))
    change(word)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def replaced(old: str, new: str) -> Callable[[Any], None]:
    def change(word: Any) -> None:
        (paragraph,) = [one for one in word.paragraphs if one.text == old]
        paragraph.runs[0].text = new

    return change


@pytest.mark.parametrize("kind", DocumentKind)
def test_the_shipped_templates_are_whole(kind: DocumentKind) -> None:
    """Each asks for nothing unknown and leaves nothing out; each is the same file each time."""
    assert template_faults(document_template(kind)) == ()
    assert document_template(kind) == document_template(kind)


def test_a_changed_template_is_used() -> None:
    """A logo's line, other words and another order are the region's business."""
    made = document_docx(decided.DIRECTOR, changed(replaced("Beslutsunderlag", "Det här bygger beslutet på")))
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs)
    assert "Det här bygger beslutet på" in text and "Bilaga 1: Presentation" in text


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{{ heading }}", "{{ headin }}", "{{ headin }}: no such placeholder"),
        ("{{ one.name }}", "{{ one.nam }}", "{{ nam }}: no such placeholder"),
        ("{{ one.name }}", "Regiondirektören", "signatures.name is missing"),
        ("{{p part.table.place }}", "", "appendix.table.place is missing"),
        ("{%p if recipients %}", "", "endif"),
        ("{{ heading }}", "{{ heading", "braces that do not match"),
        ("{{ heading }}", "{{ heading.__class__.__mro__ }}", "{{ __class__ }}: no such placeholder"),
    ],
)
def test_a_wrong_placeholder_is_named(old: str, new: str, told: str) -> None:
    """Unknown ones with what there is, missing ones with what would be lost, braces with their place."""
    faults = template_faults(changed(replaced(old, new)))
    assert faults and any(told in str(fault) for fault in faults), [str(fault) for fault in faults]


def test_what_is_no_word_file_is_refused() -> None:
    """By name, and as an input error where it is used."""
    assert [fault.wrong for fault in template_faults(b"%PDF-1.7")] == ["not a Word file"]
    with pytest.raises(InputError, match="not a Word file"):
        document_docx(forms.MEMO, b"PK\x03\x04")
    with pytest.raises(InputError, match="headin"):
        document_docx(forms.MEMO, changed(replaced("{{ heading }}", "{{ headin }}")))


def test_a_placeholder_that_word_has_cut_into_pieces_is_still_one() -> None:
    """Spelling marks and edits split what looks whole; other ids of styles are another language's Word."""

    def change(word: Any) -> None:
        (paragraph,) = [one for one in word.paragraphs if one.text == "{{ heading }}"]
        paragraph.runs[0].text = "{"
        for piece in ("{ hea", "ding ", "}}"):
            paragraph.add_run(piece).bold = True
        for style in list(word.styles):
            if style.name in {"Heading 2", "Beslutspunkt"}:
                old, new = style.style_id, f"Rubrik{style.style_id}"
                style.element.set(qn("w:styleId"), new)
                for node in word.element.body.xpath(f'.//w:pStyle[@w:val="{old}"]'):
                    node.set(qn("w:val"), new)

    template = changed(change)
    assert template_faults(template) == ()
    word = Document(io.BytesIO(document_docx(decided.DIRECTOR, template)))
    points = [one._p.pPr.numPr.numId.val for one in word.paragraphs if one.style.name == "Beslutspunkt"]
    assert len(points) == 2 and len(set(points)) == 1
    assert word.paragraphs[1].text == decided.DIRECTOR.title
