"""A short slide deck on a decision ("Bilaga 1 - Presentation"): the matter, figures, economy, risks, decision."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import Final

from vardnara.engines.documents.decision_appendix import KINDS, figure_value
from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_form import FORMS
from vardnara.engines.documents.decision_parts import Bullets, Chart, ChartKind, Economy, Resolution, Series
from vardnara.engines.documents.decision_pdf import document_time
from vardnara.engines.documents.package import package_settle
from vardnara.engines.documents.pptx_slide import Deck
from vardnara.kernel.swedish import date_swedish

SLIDE_SIGNS: Final = 450  # of running text at 24 points on one slide
SLIDE_POINTS: Final = 6
RISKS_SHOWN: Final = 8  # the document has all of them
SLIDE_ROWS: Final = 8
SLIDE_LINES: Final = 13  # in a table, at 16 points
TABLE_SIGNS: Final = 105  # across the whole table
FIGURE_SHARES: Final = (0.52, 0.33, 0.15)  # of a table's width
RISK_SHARES: Final = (0.34, 0.12, 0.34, 0.2)
SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ0-9])")


def document_pptx(document: DecisionDocument) -> bytes:
    """The deck.

    Parameters
    ----------
    document
        Parts without content get no slide; long ones go on over the next.

    Returns
    -------
    bytes
        A pptx with native charts and tables that have words of their own; the same document gives the same bytes.
    """
    deck = Deck(document.organisation, document.registry_number)
    under = (document.organ, date_swedish(document.dated_on), _number(document))
    deck.title_slide(document.title, [text for text in (document.organisation, *under) if text])
    for paragraphs in _slides_of_text(_matter(document)):
        deck.text_slide("Ärendet", paragraphs)
    _figures(deck, document)
    for chart in _charts(document):
        deck.chart_slide(chart)
    _risks(deck, document)
    for name, resolutions in (
        (document.proposal_heading or FORMS[document.kind].proposal_heading, document.proposals),
        ("Beslut", document.decisions),
    ):
        for points in _slides_of_points(resolutions):
            deck.points_slide(name, points)
    made = io.BytesIO()
    deck.properties(document.title, document.organisation, document.registry_number, document_time(document))
    deck.save(made)
    return package_settle(made.getvalue(), document_time(document))


def _number(document: DecisionDocument) -> str:
    return f"Dnr {document.registry_number}" if document.registry_number else ""


def _matter(document: DecisionDocument) -> list[str]:
    """The summary; where there is none, the paragraphs of the first section."""
    if document.summary:
        return list(document.summary)
    blocks = document.sections[0].blocks if document.sections else ()
    texts: list[str] = []
    for block in blocks:
        texts += [block] if isinstance(block, str) else list(block.items) if isinstance(block, Bullets) else []
    return texts


def _slides_of_text(paragraphs: Sequence[str]) -> Iterator[list[str]]:
    """Paragraphs by slide; one that is longer than a slide is cut between sentences."""
    pieces = [piece for text in paragraphs for piece in _cut(text)]
    slide: list[str] = []
    for piece in pieces:
        if slide and sum(map(len, slide)) + len(piece) > SLIDE_SIGNS:
            yield slide
            slide = []
        slide.append(piece)
    if slide:
        yield slide


def _cut(text: str) -> list[str]:
    if len(text) <= SLIDE_SIGNS:
        return [text]
    pieces = [""]
    for sentence in SENTENCE.split(text):
        if pieces[-1] and len(pieces[-1]) + len(sentence) > SLIDE_SIGNS:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {sentence}".strip()
    return pieces


def _figures(deck: Deck, document: DecisionDocument) -> None:
    rows = [(one.label, figure_value(one).replace("\n", " "), KINDS[one.kind]) for one in document.figures]
    for part in _parts(rows, FIGURE_SHARES):
        deck.table_slide("Siffror", ("Uppgift", "Värde", "Slag"), part, FIGURE_SHARES, numeric=(1,))


def _parts(rows: Sequence[tuple[str, ...]], shares: Sequence[float]) -> Iterator[Sequence[tuple[str, ...]]]:
    """As many rows a slide as it has lines for."""
    slide: list[tuple[str, ...]] = []
    used = 0
    for row in rows:
        lines = max(math.ceil(len(cell) / (share * TABLE_SIGNS)) for cell, share in zip(row, shares, strict=True))
        if slide and (used + lines > SLIDE_LINES or len(slide) == SLIDE_ROWS):
            yield slide
            slide, used = [], 0
        slide.append(row)
        used += lines
    if slide:
        yield slide


def _charts(document: DecisionDocument) -> list[Chart]:
    """The document's charts; where it has none, its economy by payer."""
    if document.charts or document.economy is None or not document.economy.rows:
        return list(document.charts)
    return [economy_chart(document.economy)]


def economy_chart(economy: Economy) -> Chart:
    """Gross and net effect of a full year by payer."""
    gross = Series("Brutto", tuple(row.full_year.gross_saving_sek for row in economy.rows))
    net = Series("Netto", tuple(row.full_year.net_sek for row in economy.rows))
    return Chart("Helårseffekt per betalare", ChartKind.BAR, tuple(row.payer for row in economy.rows), (gross, net))


def _risks(deck: Deck, document: DecisionDocument) -> None:
    for paragraphs in _slides_of_text([one.text for one in document.warnings]):
        deck.text_slide("Att beakta", paragraphs, bullets=True)
    highest = sorted(document.risks, key=lambda one: -1 if one.value is None else one.value, reverse=True)[:RISKS_SHOWN]
    rows = [
        (
            one.risk,
            " ".join(text for text in ("" if one.value is None else str(one.value), one.level) if text),
            one.new_action or one.existing_action,
            one.responsible,
        )
        for one in highest
    ]
    left = len(document.risks) > len(highest)
    title = f"Risker: de {len(highest)} högsta av {len(document.risks)}" if left else "Konsekvenser och risker"
    for part in _parts(rows, RISK_SHARES):
        deck.table_slide(title, ("Risk", "Riskvärde", "Åtgärd", "Ansvarig"), part, RISK_SHARES)


def _slides_of_points(resolutions: tuple[Resolution, ...]) -> Iterator[list[tuple[str, int, str]]]:
    """Lines as (kind, number, text): ``lead``, ``point``, ``plain`` for an only point, ``below`` for a), b)."""
    only = sum(len(one.points) for one in resolutions) == 1
    slide: list[tuple[str, int, str]] = []
    number = 0
    for one in resolutions:
        lines = [("lead", 0, one.lead)] if one.lead else []
        for point in one.points:
            number += 1
            lines.append(("plain" if only else "point", number, point.text))
            lines += [("below", at, text) for at, text in enumerate(point.points, 1)]
            room = SLIDE_SIGNS - sum(len(text) for _, _, text in slide)
            if slide and (sum(len(text) for _, _, text in lines) > room or len(slide) + len(lines) > SLIDE_POINTS + 2):
                yield slide
                slide = []
            slide += lines
            lines = []
    if slide:
        yield slide
