"""Small pieces of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph


def qualified(tag: str) -> str:
    """``w:p`` with its namespace."""
    from docx.oxml.ns import qn

    return str(qn(tag))


def element(tag: str, *children: Any, **attributes: str) -> Any:
    """An element of the ``w:`` namespace with attributes of the same."""
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qualified(f"w:{name}"), value)
    for child in children:
        made.append(child)
    return made


def border(paragraph: Paragraph, side: str) -> None:
    """A thin rule at one side of a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    rule = element(f"w:{side}", val="single", sz="4", space="4", color="9AA8A5")
    properties.insert_element_before(
        element("w:pBdr", rule), "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def field(paragraph: Paragraph, code: str) -> None:
    """A field that Word computes, such as PAGE."""
    text = element("w:t")
    text.text = "1"
    paragraph._p.append(element("w:fldSimple", element("w:r", text), instr=f" {code} "))
