"""Word templates of the forms: made here, replaceable by a region's own.

A template is an ordinary Word file with placeholders in double braces. `docs/documents.md` lists them.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Final

from vardnara.engines.documents.decision_form import FORMS
from vardnara.engines.documents.decision_parts import DocumentKind
from vardnara.engines.documents.docx_style import page_set, styles_set
from vardnara.engines.documents.docx_xml import border, element, field, qualified

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

BLOCKS: Final = (
    ("{%p for block in BLOCKS %}", ""),
    ("{%p if block.text %}", ""),
    ("{{ block.text }}", "BodyText"),
    ("{%p endif %}", ""),
    ("{%p for item in block.bullets %}", ""),
    ("{{ item }}", "ListBullet"),
    ("{%p endfor %}", ""),
    ("{%p for item in block.letters %}", ""),
    ("{{ item }}", "Letter"),
    ("{%p endfor %}", ""),
    ("{%p if block.table %}", ""),
    ("{{ block.table.caption }}", "TableCaption"),
    ("{{p block.table.place }}", "BodyText"),
    ("{%p endif %}", ""),
    ("{%p endfor %}", ""),
)
RESOLUTIONS: Final = (
    ("{%p if RESOLUTIONS %}", ""),
    ("HEADING", "Heading2"),
    ("{%p for resolution in RESOLUTIONS %}", ""),
    ("{%p if resolution.lead %}", ""),
    ("{{ resolution.lead }}", "Lead"),
    ("{%p endif %}", ""),
    ("{%p for point in resolution.points %}", ""),
    ("{%p if point.numbered %}", ""),
    ("{{ point.text }}", "Point"),
    ("{%p else %}", ""),
    ("{{ point.text }}", "BodyText"),
    ("{%p endif %}", ""),
    ("{%p for below in point.points %}", ""),
    ("{{ below.text }}", "Subpoint"),
    ("{%p endfor %}", ""),
    ("{%p endfor %}", ""),
    ("{%p endfor %}", ""),
    ("{%p endif %}", ""),
)
LINES: Final = {
    "summary": (
        ("{%p if summary %}", ""),
        ("Sammanfattning", "Heading2"),
        ("{%p for text in summary %}", ""),
        ("{{ text }}", "BodyText"),
        ("{%p endfor %}", ""),
        ("{%p endif %}", ""),
    ),
    "matter": (
        ("{%p for section in sections %}", ""),
        ("{%p if section.heading and section.level == 2 %}", ""),
        ("{{ section.heading }}", "Heading2"),
        ("{%p endif %}", ""),
        ("{%p if section.heading and section.level == 3 %}", ""),
        ("{{ section.heading }}", "Heading3"),
        ("{%p endif %}", ""),
        *((text.replace("BLOCKS", "section.blocks"), style) for text, style in BLOCKS),
        ("{%p endfor %}", ""),
    ),
    "economy": (
        ("{%p if economy %}", ""),
        ("{%p if economy_together %}", ""),
        ("{{ economy_heading }}", "Heading3"),
        ("{%p else %}", ""),
        ("{{ economy_heading }}", "Heading2"),
        ("{%p endif %}", ""),
        *((text.replace("BLOCKS", "economy.blocks"), style) for text, style in BLOCKS),
        ("{%p for table in economy.tables %}", ""),
        ("{{ table.caption }}", "TableCaption"),
        ("{{p table.place }}", "BodyText"),
        ("{%p endfor %}", ""),
        ("{%p if economy.note %}", ""),
        ("{{ economy.note }}", "Note"),
        ("{%p endif %}", ""),
        ("{%p for chart in economy.charts %}", ""),
        ("{{ chart.title }}", "TableCaption"),
        ("{{p chart.place }}", "BodyText"),
        ("{%p endfor %}", ""),
        ("{%p endif %}", ""),
    ),
    "basis": (
        ("{%p if basis %}", ""),
        ("Beslutsunderlag", "Heading2"),
        ("{%p for item in basis %}", ""),
        ("{{ item }}", "ListBullet"),
        ("{%p endfor %}", ""),
        ("{%p endif %}", ""),
    ),
    "proposals": tuple(
        (text.replace("RESOLUTIONS", "proposals").replace("HEADING", "{{ proposal_heading }}"), style)
        for text, style in RESOLUTIONS
    ),
    "decisions": tuple(
        (text.replace("RESOLUTIONS", "decisions").replace("HEADING", "Beslut"), style) for text, style in RESOLUTIONS
    ),
    "signatures": (
        ("{%p if in_service %}", ""),
        ("{{ in_service }}", "InService"),
        ("{%p endif %}", ""),
        ("{%p for one in signatures %}", ""),
        ("{{ one.name }}", "SignatureName"),
        ("{{ one.title }}", "SignatureTitle"),
        ("{%p endfor %}", ""),
    ),
    "recipients": (
        ("{%p if recipients %}", ""),
        ("Utdrag till", "Heading2"),
        ("{%p for item in recipients %}", ""),
        ("{{ item }}", "Recipient"),
        ("{%p endfor %}", ""),
        ("{%p endif %}", ""),
    ),
}
CERTIFIED: Final = (
    ("{%p if extract %}", ""),
    ("Utdragsbestyrkande", "Heading2"),
    ("Rätt utdraget intygas", "BodyText"),
    ("Ort, datum och underskrift", "SignatureLine"),
    ("{%p endif %}", ""),
)
APPENDIX: Final = (
    ("{%p if appendix %}", ""),
    ("{{ appendix_title }}", "AppendixTitle"),
    ("{%p for part in appendix %}", ""),
    ("{{ part.heading }}", "Heading2"),
    ("{%p if part.text %}", ""),
    ("{{ part.text }}", "Lead"),
    ("{%p endif %}", ""),
    ("{{p part.table.place }}", "BodyText"),
    ("{%p endfor %}", ""),
    ("{%p endif %}", ""),
)


def document_template(kind: DocumentKind) -> bytes:
    """The Word template that a kind of document is made from, for a region to change in Word.

    Parameters
    ----------
    kind
        Which form.

    Returns
    -------
    bytes
        A docx; each kind has its parts in the order of its form.
    """
    return _template(kind)


@cache
def _template(kind: DocumentKind) -> bytes:
    from docx import Document as document_open

    form = FORMS[kind]
    document: Document = document_open()
    document._body.clear_content()
    _leftovers_drop(document)
    styles_set(document)
    page_set(document.sections[0], minutes=form.minutes)
    _running_head(document)
    if form.minutes:
        _minutes_foot(document)
    lines = [("{{ heading }}", "Heading1"), ("{%p if reference %}", ""), ("{{ reference }}", "Reference")]
    lines.append(("{%p endif %}", ""))
    if form.label and not form.minutes:
        lines = [("{%p if label %}", ""), ("{{ label }}", "Label"), ("{%p endif %}", ""), *lines]
    for part in form.order:
        lines += LINES[part]
    lines += CERTIFIED if form.minutes else ()
    lines += APPENDIX
    styles = {style.style_id: style for style in document.styles}
    for text, style in lines:
        document.add_paragraph(text, styles[style] if style else None)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _leftovers_drop(document: Document) -> None:
    """What python-docx's own template brings and ours would contradict: styles for Word 2010, a blank thumbnail."""
    for owner in (document.part, document.part.package):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
                owner.rels.pop(name)


def _running_head(document: Document) -> None:
    head = document.sections[0].header
    first = head.paragraphs[0]
    first.add_run("{{ organisation }}").bold = True
    first.add_run("\t{% if minutes %}{{ label }}   {% endif %}")
    _page_number(first)
    second = head.add_paragraph("{{ organ }}\t{% if meeting %}Sammanträdesdatum {{ meeting }}{% else %}{{ dated }}")
    second.runs[0].text += "{% endif %}"
    third = head.add_paragraph("\t{% if registry_number %}Dnr {{ registry_number }}{% endif %}")
    border(third, "bottom")
    for paragraph in (first, second, third):
        paragraph.style = document.styles["Header"]


def _page_number(paragraph: Paragraph) -> None:
    """``1 (3)``."""
    field(paragraph, "PAGE")
    paragraph.add_run(" (")
    field(paragraph, "NUMPAGES")
    paragraph.add_run(")")


def _minutes_foot(document: Document) -> None:
    foot = document.sections[0].footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    border(foot, "top")
    foot.add_run("Justerare\tUtdragsbestyrkande")
    spacing = element("w:spacing", after="500")
    foot._p.get_or_add_pPr().append(spacing)
    assert spacing.getparent().tag == qualified("w:pPr")
