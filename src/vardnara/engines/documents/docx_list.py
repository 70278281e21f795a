"""Numbered lists of a filled template begin anew where a new list begins: Word would count on through the document."""

from __future__ import annotations

from typing import Any, Final

from vardnara.engines.documents.docx_style import STYLES
from vardnara.engines.documents.docx_xml import element, qualified

POINT: Final = STYLES["Point"][0]
SUBPOINT: Final = STYLES["Subpoint"][0]
LETTER: Final = STYLES["Letter"][0]


def lists_restart(word: Any) -> None:
    """Give each list of points under a heading, and each lettered list, a number of its own to count from.

    Styles are found by their names: Word renames the ids of its own styles to the language that it runs in.
    """
    names = {style.style_id: style.name for style in word.styles}
    ids = {name: identity for identity, name in names.items()}
    lists = {name: _list_of(word, ids[name]) for name in (POINT, LETTER) if name in ids}
    current: dict[str, str] = {}
    for paragraph in word.element.body.iterchildren(qualified("w:p")):
        style = names.get(paragraph.style or "", "")
        if style.startswith("Heading"):
            current = {}
        if style != LETTER:
            current.pop(LETTER, None)
        kind = POINT if style in {POINT, SUBPOINT} else style
        if kind not in lists or lists[kind] is None:
            continue
        if kind not in current:
            current[kind] = _list_new(word, str(lists[kind]), levels=2 if kind == POINT else 1)
        properties = paragraph.get_or_add_pPr()
        for old in properties.findall(qualified("w:numPr")):
            properties.remove(old)
        level = "1" if style == SUBPOINT else "0"
        properties._insert_numPr(
            element("w:numPr", element("w:ilvl", val=level), element("w:numId", val=current[kind]))
        )


def _list_of(word: Any, style: str) -> str | None:
    """The list definition behind a style, through its number."""
    found = word.styles.element.xpath(f'w:style[@w:styleId="{style}"]/w:pPr/w:numPr/w:numId/@w:val')
    if not found:
        return None
    definition = word.part.numbering_part.element.xpath(f'w:num[@w:numId="{found[0]}"]/w:abstractNumId/@w:val')
    return str(definition[0]) if definition else None


def _list_new(word: Any, definition: str, *, levels: int) -> str:
    numbering = word.part.numbering_part.element
    number = str(1 + max(int(one) for one in numbering.xpath("w:num/@w:numId")))
    restarts = [
        element("w:lvlOverride", element("w:startOverride", val="1"), ilvl=str(level)) for level in range(levels)
    ]
    numbering.append(element("w:num", element("w:abstractNumId", val=definition), *restarts, numId=number))
    return number
