"""Styles, lists, page and language of the Word templates. Headings and lists are Word's own: they can be walked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vardnara.engines.documents.docx_xml import element, qualified

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section
    from docx.styles.style import ParagraphStyle

FACE: Final = "Arial"  # on every office machine; LibreOffice has Liberation Sans with the same widths
LANGUAGE: Final = "sv-SE"
QUIET: Final = "485856"
TEXT_WIDTH_MM: Final = 158
LISTS: Final = {"point": 1, "letter": 2, "bullet": 3}

# id: (name, based on, size in points, bold, space before, space after, keep with next)
STYLES: Final = {
    "Label": ("Dokumenttyp", "Normal", 10, True, 0, 8, True),
    "Reference": ("Ärendeuppgifter", "Normal", 9, False, 0, 10, False),
    "Lead": ("Ingress till punkter", "BodyText", None, None, None, None, True),
    "Point": ("Beslutspunkt", "Normal", None, None, 0, 6, None),
    "Subpoint": ("Beslutspunkt a", "Normal", None, None, 0, 3, None),
    "Letter": ("Bokstavslista", "Normal", None, None, 0, 3, None),
    "TableCaption": ("Tabellrubrik", "Normal", 9, True, 10, 4, True),
    "TableText": ("Tabelltext", "Normal", 8.5, None, 1.5, 1.5, None),
    "Note": ("Anmärkning", "Normal", 8.5, None, 2, 8, None),
    "InService": ("I tjänsten", "Normal", None, None, 18, 0, True),
    "SignatureName": ("Underskrift namn", "Normal", None, None, 34, 0, True),
    "SignatureTitle": ("Underskrift titel", "Normal", 9.5, None, 0, 6, None),
    "SignatureLine": ("Underskriftsrad", "Normal", 8.5, None, 54, 6, None),
    "Recipient": ("Mottagare", "Normal", None, None, 0, 2, True),
    "AppendixTitle": ("Bilagerubrik", "Heading1", None, None, None, None, True),
}
HEADINGS: Final = {"Heading1": (17, 0, 10), "Heading2": (12.5, 14, 5), "Heading3": (10.5, 12, 5)}


def styles_set(document: Document) -> None:
    """Give a fresh document the styles, lists and language of the templates."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    styles = {style.style_id: style for style in document.styles}
    for name in list(styles):
        if name.startswith("List") and name != "ListBullet":
            styles.pop(name).delete()
    _language(document)
    normal = styles["Normal"]
    normal.font.size = Pt(10.5)
    _look(normal, None, 0, 6, None)
    _look(styles["BodyText"], None, 0, 7, None)
    normal.paragraph_format.line_spacing = 1.12
    normal.paragraph_format.widow_control = True
    for name, (large, above, below) in HEADINGS.items():
        _look(styles[name], large, above, below, True)
        _face(styles[name])
        styles[name].font.bold = True
    for name in ("Header", "Footer"):
        _look(styles[name], 8.5, 0, 1, None)
        _tabs(styles[name])
    _look(styles["ListBullet"], None, 0, 3, None)
    for name, (title, base, size, bold, before, after, keep) in STYLES.items():
        style: Any = document.styles.add_style(title, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qualified("w:styleId"), name)
        style.base_style = styles[base]
        styles[name] = style
        style.quick_style = True
        _look(style, size, before, after, keep)
        if bold is not None:
            style.font.bold = bold
    _colour(styles)
    styles["AppendixTitle"].paragraph_format.page_break_before = True
    _rule_above(styles["SignatureLine"])
    _hyphens(document, styles)
    _lists(document, styles)
    _table_style(document)


def page_set(section: Section, *, minutes: bool) -> None:
    """A4 with room for the running head, and for the certifier's signature where there is one."""
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(210 - 28 - TEXT_WIDTH_MM)
    section.top_margin, section.bottom_margin = Mm(34), Mm(30 if minutes else 20)
    section.header_distance, section.footer_distance = Mm(12), Mm(10)


def _look(style: Any, size: float | None, before: float | None, after: float | None, keep: bool | None) -> None:
    from docx.shared import Pt

    if size is not None:
        style.font.size = Pt(size)
    form = style.paragraph_format
    if before is not None:
        form.space_before = Pt(before)
    if after is not None:
        form.space_after = Pt(after)
    if keep is not None:
        form.keep_with_next = keep


def _face(style: ParagraphStyle) -> None:
    """The one face, with no face or colour of the theme left over."""
    from docx.shared import RGBColor

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qualified(f"w:{script}"), FACE)
    style.font.color.rgb = RGBColor(0, 0, 0)


def _colour(styles: dict[str, Any]) -> None:
    from docx.shared import RGBColor

    for name in ("Reference", "Note", "SignatureTitle", "SignatureLine"):
        styles[name].font.color.rgb = RGBColor.from_string(QUIET)
    styles["InService"].font.italic = True
    styles["Lead"].paragraph_format.keep_with_next = True


def _tabs(style: Any) -> None:
    """One tab, at the right edge of the text (two in a foot's middle would cut a name off)."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qualified("w:tabs")):
        properties.remove(old)
    head = style.style_id == "Header"
    where = (TEXT_WIDTH_MM, WD_TAB_ALIGNMENT.RIGHT) if head else (TEXT_WIDTH_MM / 2, WD_TAB_ALIGNMENT.LEFT)
    style.paragraph_format.tab_stops.add_tab_stop(Mm(where[0]), where[1])


def _hyphens(document: Document, styles: dict[str, Any]) -> None:
    """Word divides long words in tables, where columns are narrow, and nowhere else."""
    settings = document.settings.element
    settings.insert_element_before(
        element("w:autoHyphenation", val="1"), "w:consecutiveHyphenLimit", "w:hyphenationZone", "w:doNotHyphenateCaps",
        "w:evenAndOddHeaders", "w:drawingGridHorizontalSpacing", "w:drawingGridVerticalSpacing",
        "w:displayHorizontalDrawingGridEvery", "w:displayVerticalDrawingGridEvery", "w:characterSpacingControl",
        "w:compat", "w:rsids", "w:themeFontLang", "w:clrSchemeMapping",
    )  # fmt: skip
    for name, value in (("Normal", "1"), ("TableText", "0")):
        styles[name].element.get_or_add_pPr().insert_element_before(
            element("w:suppressAutoHyphens", val=value), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr"
        )


def _rule_above(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    rule = element("w:top", val="single", sz="4", space="3", color=QUIET)
    properties.insert_element_before(
        element("w:pBdr", rule), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"
    )
    from docx.shared import Mm

    style.paragraph_format.right_indent = Mm(80)


def _language(document: Document) -> None:
    defaults = document.styles.element.find(qualified("w:docDefaults"))
    properties = defaults.find(f"{qualified('w:rPrDefault')}/{qualified('w:rPr')}")
    for old in list(properties):
        if old.tag in {qualified("w:lang"), qualified("w:rFonts")}:
            properties.remove(old)
    properties.insert(0, element("w:rFonts", ascii=FACE, hAnsi=FACE, cs=FACE, eastAsia=FACE))
    properties.append(element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"))
    settings = document.settings.element
    for old in settings.findall(qualified("w:themeFontLang")):
        old.set(qualified("w:val"), LANGUAGE)


def _lists(document: Document, styles: dict[str, Any]) -> None:
    """Three lists: points 1. and a), lettered a), bullets. Numbers are Word's, so that a moved point is renumbered."""
    numbering = document.part.numbering_part.element
    for old in list(numbering):
        numbering.remove(old)
    levels = {
        "point": (("decimal", "%1.", "Point", 400, 400), ("lowerLetter", "%2)", "Subpoint", 850, 400)),
        "letter": (("lowerLetter", "%1)", "Letter", 400, 400),),
        "bullet": (("bullet", "•", "ListBullet", 400, 300),),
    }
    for name, number in LISTS.items():
        kind = "multilevel" if len(levels[name]) > 1 else "singleLevel"
        numbering.append(
            element(
                "w:abstractNum",
                element("w:multiLevelType", val=kind),
                *(_level(at, *level) for at, level in enumerate(levels[name])),
                abstractNumId=str(number),
            )
        )
    for number in LISTS.values():
        numbering.append(element("w:num", element("w:abstractNumId", val=str(number)), numId=str(number)))
    for name, number in LISTS.items():
        for at, (_, _, style, _, _) in enumerate(levels[name]):
            properties = styles[style].element.get_or_add_pPr()
            for old in properties.findall(qualified("w:numPr")):
                properties.remove(old)
            properties._insert_numPr(
                element("w:numPr", element("w:ilvl", val=str(at)), element("w:numId", val=str(number)))
            )


def _level(at: int, form: str, text: str, style: str, left: int, hanging: int) -> Any:
    return element(
        "w:lvl",
        element("w:start", val="1"),
        element("w:numFmt", val=form),
        element("w:pStyle", val=style),
        element("w:lvlText", val=text),
        element("w:lvlJc", val="left"),
        element("w:pPr", element("w:ind", left=str(left), hanging=str(hanging))),
        ilvl=str(at),
    )


def _table_style(document: Document) -> None:
    """``VardnaraTable``: rules above and below, a tinted header row, a bold last row where it is a sum."""
    rule = {"val": "single", "sz": "6", "space": "0", "color": QUIET}
    thin = {"val": "single", "sz": "4", "space": "0", "color": "C3CCCA"}
    sides = ("top", "left", "bottom", "right")
    margins = [element(f"w:{side}", w=width, type="dxa") for side, width in zip(sides, ("20", "80") * 2, strict=True)]
    document.styles.element.append(
        element(
            "w:style",
            element("w:name", val="Vardnara tabell"),
            element("w:basedOn", val="TableNormal"),
            element("w:uiPriority", val="59"),
            element("w:qFormat"),
            element(
                "w:tblPr",
                element(
                    "w:tblBorders",
                    element("w:top", **rule),
                    element("w:bottom", **rule),
                    element("w:insideH", **thin),
                ),
                element("w:tblCellMar", *margins),
            ),
            element(
                "w:tblStylePr",
                element("w:rPr", element("w:b")),
                element(
                    "w:tcPr",
                    element("w:tcBorders", element("w:bottom", **rule)),
                    element("w:shd", val="clear", color="auto", fill="EEF3F2"),
                    element("w:vAlign", val="bottom"),
                ),
                type="firstRow",
            ),
            element("w:tblStylePr", element("w:rPr", element("w:b")), type="lastRow"),
            type="table",
            customStyle="1",
            styleId="VardnaraTable",
        )
    )
