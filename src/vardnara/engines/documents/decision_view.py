"""A decision document in the words and numbers that a reader sees: what Word and PDF both are laid out from.

Values are plain text, lists and truth values only. `docs/documents.md` lists the names, for they are what a region's
own Word template may use.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from vardnara.engines.documents.chart_view import chart_view
from vardnara.engines.documents.decision_appendix import appendix_view
from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_form import ECONOMY_HEADING, FORMS, DecisionForm
from vardnara.engines.documents.decision_parts import (
    Bullets,
    DocumentKind,
    Economy,
    EconomyAmounts,
    Resolution,
    Section,
    TextTable,
)
from vardnara.engines.documents.decision_table import Column, View, table_view
from vardnara.kernel.swedish import date_swedish, number_swedish, text_unbroken

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzåäö"


def decision_view(document: DecisionDocument) -> View:
    """What every name of the template stands for.

    Parameters
    ----------
    document
        Whatever has been left out is empty text, an empty list or ``False``.

    Returns
    -------
    View
        Text, truth values, lists and the like of these; ready for JSON.
    """
    form = FORMS[document.kind]
    sections, economy_text = _sections(document, form)
    economy = _economy(document, economy_text)
    view: View = {
        "kind": document.kind.value,
        "language": "sv",
        "label": form.label,
        "title": document.title,
        "heading": _heading(document),
        "organisation": document.organisation,
        "organ": document.organ,
        "registry_number": document.registry_number,
        "dated": date_swedish(document.dated_on),
        "meeting": date_swedish(document.meeting_on) if document.meeting_on else "",
        "reference": _reference(document),
        "minutes": form.minutes,
        "extract": document.kind is DocumentKind.PROTOCOL_EXTRACT,
        "summary": list(document.summary),
        "sections": sections,
        "economy": economy,
        "economy_heading": ECONOMY_HEADING,
        "economy_together": form.matter_together and bool(sections),
        "proposal_heading": document.proposal_heading or form.proposal_heading,
        "proposals": _resolutions(document.proposals),
        "decisions": _resolutions(document.decisions),
        "basis": list(document.basis),
        "in_service": form.in_service if document.signatories else "",
        "signatures": [{"name": one.name, "title": one.title} for one in document.signatories],
        "recipients": list(document.recipients),
        "appendix": appendix_view(document),
        "appendix_title": document.appendix_title,
        "order": list(form.order),
    }
    return {name: _unbroken(one) for name, one in view.items()}


def _unbroken(value: object) -> object:
    """The same with every text so that no line breaks within a number."""
    if isinstance(value, dict):
        return {name: _unbroken(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_unbroken(one) for one in value]
    return text_unbroken(value) if isinstance(value, str) else value


def _heading(document: DecisionDocument) -> str:
    number = document.paragraph.removeprefix("§").strip()
    return f"§\u00a0{number} {document.title}" if number else document.title


def _reference(document: DecisionDocument) -> str:
    """What files it, under the title: a running head is not read aloud."""
    number = f"Dnr {document.registry_number}" if document.registry_number else ""
    return " · ".join(text for text in (number, date_swedish(document.dated_on)) if text)


def _sections(document: DecisionDocument, form: DecisionForm) -> tuple[list[View], list[View]]:
    """The sections, and the blocks of the one on economy, which stand with its tables."""
    shown: list[View] = []
    economy: list[View] = []
    has_economy = document.economy is not None or bool(document.charts)
    for section in document.sections:
        if has_economy and section.heading == ECONOMY_HEADING:
            economy += [_block(block) for block in section.blocks]
            continue
        heading = section.heading or ("" if shown else form.matter_heading)
        below = form.matter_together and bool(shown)
        if form.matter_together and not shown and heading != form.matter_heading:
            shown.append({"heading": form.matter_heading, "level": 2, "blocks": []})
            below = True
        shown.append({"heading": heading, "level": 3 if below else 2, "blocks": _blocks(section)})
    return shown, economy


def _blocks(section: Section) -> list[View]:
    return [_block(block) for block in section.blocks]


def _block(block: str | Bullets | TextTable) -> View:
    empty: View = {"text": "", "bullets": [], "letters": [], "table": None}
    if isinstance(block, str):
        return empty | {"text": block}
    if isinstance(block, Bullets):
        return empty | {"letters" if block.lettered else "bullets": list(block.items)}
    columns = [Column(text, index in block.numeric) for index, text in enumerate(block.header)]
    return empty | {"table": table_view(block.caption, columns, block.rows)}


def _resolutions(resolutions: tuple[Resolution, ...]) -> list[View]:
    """Numbered through all leads, so that "punkt 3" is one point; a single point bears no number."""
    many = sum(len(one.points) for one in resolutions) > 1
    shown: list[View] = []
    number = 0
    for one in resolutions:
        points: list[View] = []
        for point in one.points:
            number += 1
            below = [
                {"letter": LETTERS[at] if at < len(LETTERS) else str(at + 1), "text": text}
                for at, text in enumerate(point.points)
            ]
            points.append({"number": str(number), "numbered": many, "text": point.text, "points": below})
        shown.append({"lead": one.lead, "points": points})
    return shown


AMOUNTS: Final = (
    ("gross_saving_sek", "Brutto\u00adbesparing"),
    ("transferred_cost_sek", "Överförd kostnad"),
    ("reinvestment_sek", "Åter\u00adinvestering"),
    ("one_off_sek", "Engångs\u00adkostnad"),
    ("net_sek", "Netto\u00adeffekt"),
    ("unfunded_sek", "Därav utanför ram"),
)


def _economy(document: DecisionDocument, text: list[View]) -> View | None:
    if document.economy is None and not document.charts:
        return None
    tables = _economy_tables(document.economy) if document.economy else []
    return {
        "blocks": text,
        "tables": tables,
        "note": document.economy.note if document.economy else "",
        "charts": [chart_view(chart) for chart in document.charts],
    }


def _economy_tables(economy: Economy) -> list[View]:
    full = [(row.payer, row.full_year) for row in economy.rows]
    tables = [_amounts_table("Helårseffekt per betalare, kronor", full)]
    part = [(row.payer, row.budget_year) for row in economy.rows if row.budget_year is not None]
    if part:
        carried = {row.payer: row.carry_over_sek for row in economy.rows if row.carry_over_sek is not None}
        year = f" {economy.year}" if economy.year else ""
        following = f" till {economy.year + 1}" if economy.year else ""
        tables.append(
            _amounts_table(
                f"Effekt budgetåret{year} per betalare, kronor",
                part,
                f"Överförs{following} (brutto)",
                [carried[payer] for payer, _ in part],
            )
        )
    return [table for table in tables if table]


def _amounts_table(
    caption: str, rows: list[tuple[str, EconomyAmounts]], last: str = "", carried: list[Decimal] | None = None
) -> View:
    names = [
        (name, word)
        for name, word in AMOUNTS
        if name in {"gross_saving_sek", "net_sek"} or any(getattr(amounts, name) for _, amounts in rows)
    ]
    lines = [[getattr(amounts, name) for name, _ in names] for _, amounts in rows]
    if carried is not None:
        lines = [[*line, one] for line, one in zip(lines, carried, strict=True)]
    decimals = 0 if all(value == value.to_integral_value() for line in lines for value in line) else 2
    body = [
        [payer, *(number_swedish(value, decimals) for value in line)]
        for (payer, _), line in zip(rows, lines, strict=True)
    ]
    if len(rows) > 1:
        sums = [sum(column[1:], column[0]) for column in zip(*lines, strict=True)]
        body.append(["Summa", *(number_swedish(value, decimals) for value in sums)])
    columns = [Column("Betalare"), *(Column(word, True) for _, word in names)]
    if last:
        columns.append(Column(last, True))
    return table_view(caption, columns, body, total=len(rows) > 1)
