"""Tables and charts of a filled Word template: the template says where, this says what.

A template's ``{{p table.place }}`` leaves a paragraph with a mark; the mark gives way to the table or picture. So no
table is squeezed through the filler of templates, and a picture gets its alternative text.
"""

from __future__ import annotations

import io
from typing import Any, Final

from vardnara.engines.documents.docx_style import STYLES
from vardnara.engines.documents.docx_xml import element, qualified
from vardnara.engines.documents.typesetting import picture_typeset

MARK: Final = "vardnara-place-"
PICTURE: Final = ("chart.typ", "chart_picture.typ")
DOTS_PER_INCH: Final = 220  # sharp in print, some 40 kB a chart
TWIPS_PER_EMU: Final = 635  # English Metric Units in a twentieth of a point
SMALL_HALF_POINTS: Final = "15"
AIRY: Final = ("Heading 1", "Heading 2", "Heading 3")  # these have room above themselves
AIR: Final = 101600  # 8 points in English Metric Units
SOFT_HYPHEN: Final = "\u00ad"
CELL_MARGIN: Final = 80  # twips; older Word hangs a table out by it
LONG_ROW: Final = 1200  # signs; a row with more may break over pages, lest it leave a page empty
FIRST_PICTURE_ID: Final = 1000


def places_give(view: Any) -> tuple[Any, list[Any]]:
    """The view with a ``place`` in every table and chart, and these in the order of the places' numbers."""
    places: list[Any] = []

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(one) for one in value]
        if not isinstance(value, dict):
            return value
        if ("columns" in value and "rows" in value) or "alternative" in value:
            from markupsafe import Markup

            places.append(value)
            mark = f'<w:p><w:pPr><w:pStyle w:val="{MARK}{len(places) - 1}"/></w:pPr></w:p>'
            return value | {"place": Markup(mark)}  # noqa: S704 (a number is all that it holds)
        return {name: walk(one) for name, one in value.items()}

    return walk(view), places


def places_fill(word: Any, places: list[Any]) -> None:
    """Put every table and picture where its mark stands."""
    width = _text_width(word)
    ids = {style.name: style.style_id for style in word.styles}
    for mark in word.element.body.xpath(f'.//w:p[w:pPr/w:pStyle[starts-with(@w:val, "{MARK}")]]'):
        number = int(mark.pPr.pStyle.val.removeprefix(MARK))
        what = places[number]
        made = _picture(word, what, width, number) if "alternative" in what else _table(what, width, ids)
        mark.getparent().replace(mark, made)
        if "alternative" not in what:
            _air(made, ids)


def _text_width(word: Any) -> int:
    """In twips, of the last section."""
    section = word.sections[-1]
    return int((section.page_width - section.left_margin - section.right_margin) / TWIPS_PER_EMU)


def _air(table: Any, ids: dict[str, str]) -> None:
    """Room below a table: above the paragraph that follows, if that has none; an empty one only where none follows."""
    follows = table.getnext()
    if follows is None or follows.tag != qualified("w:p"):
        spacing = element("w:spacing", before="0", after="120", line="120", lineRule="exact")
        table.addnext(element("w:p", element("w:pPr", spacing)))
        return
    own = {ids.get(name) for name in AIRY} | {ids.get(STYLES["TableCaption"][0])}
    if follows.style not in own and not follows.xpath("w:pPr/w:spacing/@w:before"):
        properties = follows.get_or_add_pPr()
        properties.spacing_before = AIR


def _table(table: Any, width: int, ids: dict[str, str]) -> Any:
    columns = table["columns"]
    widths = [int((width - CELL_MARGIN) * column["share"]) for column in columns]
    look = {"firstRow": "1", "lastRow": "1" if table["total"] else "0", "firstColumn": "0", "noHBand": "1"}
    properties = element("w:tblPr")
    if style := ids.get("Vardnara tabell"):
        properties.append(element("w:tblStyle", val=style))
    for child in (
        element("w:tblW", w=str(sum(widths)), type="dxa"),
        element("w:tblInd", w=str(CELL_MARGIN), type="dxa"),
        element("w:tblLayout", type="fixed"),
        element("w:tblLook", val="04A0", **look),
        element("w:tblCaption", val=table["caption"]),
        element("w:tblDescription", val=table["caption"]),
    ):
        properties.append(child)
    grid = element("w:tblGrid", *(element("w:gridCol", w=str(one)) for one in widths))
    text = ids.get(STYLES["TableText"][0], "")
    numeric = [column["numeric"] for column in columns]
    last = len(table["rows"]) - 1
    small = table["small"]
    head = _row([column["text"] for column in columns], widths, numeric, text, small, head=True, keep=True, bold=True)
    rows = [
        _row(row, widths, numeric, text, small, keep=table["short"] and at < last, bold=table["total"] and at == last)
        for at, row in enumerate(table["rows"])
    ]
    return element("w:tbl", properties, grid, head, *rows)


def _row(
    cells: list[str],
    widths: list[int],
    numeric: list[bool],
    style: str,
    small: bool,
    *,
    head: bool = False,
    keep: bool = False,
    bold: bool = False,
) -> Any:
    properties = element("w:trPr")
    if head or sum(map(len, cells)) < LONG_ROW:
        properties.append(element("w:cantSplit"))
    if head:
        properties.append(element("w:tblHeader"))
    row = element("w:tr", properties)
    for cell, width, number in zip(cells, widths, numeric, strict=True):
        form = element("w:pPr")
        if style:
            form.append(element("w:pStyle", val=style))
        if keep:
            form.append(element("w:keepNext"))
        if number:
            form.append(element("w:jc", val="right"))
        looks = ([element("w:b")] if bold else []) + ([element("w:sz", val=SMALL_HALF_POINTS)] if small else [])
        run = element("w:r", *([element("w:rPr", *looks)] if looks else []))
        for at, line in enumerate(cell.split("\n")):
            if at:
                run.append(element("w:br"))
            for part, piece in enumerate(line.split(SOFT_HYPHEN)):
                if part:
                    run.append(element("w:softHyphen"))
                run.append(_text(piece))
        box = element("w:tcPr", element("w:tcW", w=str(width), type="dxa"))
        row.append(element("w:tc", box, element("w:p", form, run)))
    return row


def _text(line: str) -> Any:
    made = element("w:t")
    made.text = line
    made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _picture(word: Any, chart: Any, width: int, number: int) -> Any:
    drawn = picture_typeset(PICTURE, {"chart": chart}, dots_per_inch=DOTS_PER_INCH)
    inline = word.part.new_pic_inline(io.BytesIO(drawn), width * TWIPS_PER_EMU)
    about = inline.docPr
    about.set("id", str(FIRST_PICTURE_ID + number))
    about.set("name", f"Diagram {number + 1}")
    about.set("descr", chart["alternative"])
    inner = inline.xpath(".//pic:cNvPr")[0]
    inner.set("descr", chart["alternative"])
    form = element("w:pPr", element("w:spacing", before="40", after="160"))
    return element("w:p", form, element("w:r", element("w:drawing", inline)))
