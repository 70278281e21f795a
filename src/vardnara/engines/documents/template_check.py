"""Says of a region's own Word template whether it can be used, and what it would leave out."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_parts import (
    Bullets,
    Chart,
    ChartKind,
    DocumentKind,
    Economy,
    EconomyAmounts,
    EconomyRow,
    Point,
    Resolution,
    Section,
    Series,
    Signatory,
    TextTable,
    WarningNote,
)
from vardnara.engines.documents.decision_view import decision_view
from vardnara.engines.documents.docx_fill import template_fill
from vardnara.engines.documents.docx_place import MARK, places_give
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

# What must come out, in one form at least: else a template would drop what somebody wrote
CONTENT: Final = (
    ("heading", "title"),
    ("registry_number", "reference"),
    ("dated", "reference"),
    ("summary",),
    ("sections.heading",),
    ("sections.blocks.text",),
    ("sections.blocks.bullets",),
    ("sections.blocks.letters",),
    ("sections.blocks.table.place",),
    ("economy.blocks.text",),
    ("economy.tables.place",),
    ("economy.charts.place",),
    ("economy.note",),
    ("proposals.lead",),
    ("proposals.points.text",),
    ("proposals.points.points.text",),
    ("decisions.lead",),
    ("decisions.points.text",),
    ("decisions.points.points.text",),
    ("basis",),
    ("signatures.name",),
    ("signatures.title",),
    ("recipients",),
    ("appendix.heading",),
    ("appendix.table.place",),
)
AMOUNTS = EconomyAmounts(Decimal(2))
RESOLUTIONS = (Resolution((Point("1", ("a",)), Point("2")), "lead"), Resolution((Point("3"),)))
SAMPLE: Final = DecisionDocument(
    kind=DocumentKind.PROTOCOL_EXTRACT,
    title="title",
    dated_on=date(2026, 3, 5),
    organisation="organisation",
    organ="organ",
    registry_number="RS 1-2026",
    paragraph="1",
    meeting_on=date(2026, 3, 5),
    summary=("summary",),
    sections=(
        Section("", ("text", Bullets(("a",)), Bullets(("a",), True), TextTable("caption", ("a",), (("b",),)))),
        Section("Ekonomiska konsekvenser", ("text",)),
    ),
    proposals=RESOLUTIONS,
    decisions=RESOLUTIONS,
    basis=("basis",),
    signatories=(Signatory("name", "title"),),
    recipients=("recipient",),
    economy=Economy((EconomyRow("payer", AMOUNTS, AMOUNTS),), 2026, "note"),
    charts=(Chart("chart", ChartKind.BAR, ("a",), (Series("b", (Decimal(1),)),)),),
    warnings=(WarningNote("CODE", "text"),),
)
EMPTY: Final = DecisionDocument(kind=DocumentKind.MEMO, title="title", dated_on=date(2026, 3, 5))


def template_faults(template: bytes) -> tuple[Fault, ...]:
    """What is wrong with a template.

    Parameters
    ----------
    template
        A docx with placeholders.

    Returns
    -------
    tuple of Fault
        No Word file; braces that do not match; placeholders that there are not; content that would not come out.
        Empty if it can be used.
    """
    view, _ = places_give(decision_view(SAMPLE))
    unknown: list[Fault] = []
    try:
        text = _filled_text(template, _marked(view), unknown)
        _filled_text(template, places_give(decision_view(EMPTY))[0], unknown)
    except InputError as error:
        return (*_brace_faults(template), *error.faults)
    missing = [
        Fault("template", "", f"the placeholder {' or '.join(names)} is missing", "a place for it: it would be lost")
        for names in CONTENT
        if not any(_mark(name) in text for name in names)
    ]
    return (*_brace_faults(template), *dict.fromkeys(unknown), *missing)


def _brace_faults(template: bytes) -> list[Fault]:
    """Paragraphs whose braces do not match: Jinja would look for the end of a name pages further down."""
    from docx import Document

    try:
        word = Document(io.BytesIO(template))
    except (zipfile.BadZipFile, KeyError, ValueError):
        return []  # told as what it is
    texts = [paragraph.text for paragraph in word.paragraphs]
    texts += [paragraph.text for section in word.sections for paragraph in section.header.paragraphs]
    texts += [paragraph.text for section in word.sections for paragraph in section.footer.paragraphs]
    return [
        Fault("template", text.strip()[:80], "braces that do not match", "{{ name }} or {%p ... %} in one paragraph")
        for text in texts
        if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}")
    ]


def _filled_text(template: bytes, view: Any, unknown: list[Fault]) -> str:
    """All text and marks of the filled template, running head and foot included."""
    filled = template_fill(template, view, unknown)
    made = io.BytesIO()
    filled.save(made)
    with zipfile.ZipFile(io.BytesIO(made.getvalue())) as package:
        names = [name for name in package.namelist() if re.match(r"word/(document|header|footer)\d*\.xml", name)]
        return "".join(package.read(name).decode() for name in names)


def _mark(path: str) -> str:
    return f"«{path}»"


def _marked(view: Any, path: str = "") -> Any:
    """The view with the path of each text instead of the text; conditions stay as they are."""
    if isinstance(view, dict):
        return {name: _marked(one, f"{path}.{name}".lstrip(".")) for name, one in view.items()}
    if isinstance(view, list):
        return [_marked(one, path) for one in view]
    if isinstance(view, str) and MARK in view:
        from markupsafe import Markup

        return Markup(f"<w:p><w:r><w:t>{_mark(path)}</w:t></w:r></w:p>")  # noqa: S704 (a path of ours)
    return _mark(path) if isinstance(view, str) and view else view
