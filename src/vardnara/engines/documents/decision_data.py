"""A finished decision document as data: what it says, not how it was computed, nor how it looks.

Texts are in Swedish, as the region writes them; nothing is translated here. Everything but kind, title and date of
the document may be left out, and what is left out does not appear.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal

from vardnara.engines.documents.decision_parts import (
    ChainRow,
    Chart,
    Contradiction,
    DocumentKind,
    Economy,
    Figure,
    FigureKind,
    Resolution,
    RiskRow,
    Section,
    Signatory,
    Spread,
    TextTable,
    TransferRow,
    WarningNote,
)
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.formula import FormulaError, formula_evaluate, formula_references

HALF_ORE = Decimal("0.005")  # a derived figure may be rounded to the öre


@dataclass(frozen=True, slots=True)
class DecisionDocument:
    """A decision document.

    Parameters
    ----------
    kind, title
        Which form, and what it is about.
    dated_on
        Date of the document; also the time in its properties, so that the same data give the same bytes.
    organisation, organ
        The region, and the board, committee or person that decides or is written to.
    registry_number, paragraph, meeting_on
        ``RS 35-2021``; ``30`` or ``§ 30``; date of the meeting.
    summary
        Paragraphs; wanted where the matter is longer than eight lines.
    sections
        The matter. The first may lack a heading.
    proposals, decisions, proposal_heading
        What is proposed, what was decided; who proposes, such as ``Regiondirektörens förslag``.
    basis
        Documents that the decision rests on (Beslutsunderlag), the memo first.
    signatories, recipients
        Who signs; who gets an extract (Utdrag till).
    figures, economy, charts, spread, warnings, contradictions, transfer, risks, chain
        What it rests on. They stand in an appendix, the economy and its charts with the matter.
    appendix_title
        Of that appendix.

    Raises
    ------
    InputError
        (``bad_document``) No title; a control sign in a text; a table that is not square; a chart whose series differ
        in length; a figure twice; a figure that is not finite; a derived figure whose formula does not give its value,
        or whose formulas go in a circle. All faults at once.
    """

    kind: DocumentKind
    title: str
    dated_on: date
    organisation: str = ""
    organ: str = ""
    registry_number: str = ""
    paragraph: str = ""
    meeting_on: date | None = None
    summary: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    proposals: tuple[Resolution, ...] = ()
    decisions: tuple[Resolution, ...] = ()
    proposal_heading: str = ""
    basis: tuple[str, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    recipients: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    economy: Economy | None = None
    charts: tuple[Chart, ...] = ()
    spread: Spread | None = None
    warnings: tuple[WarningNote, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    transfer: tuple[TransferRow, ...] = ()
    risks: tuple[RiskRow, ...] = ()
    chain: tuple[ChainRow, ...] = ()
    appendix_title: str = "Bilaga: Underlag"

    def __post_init__(self) -> None:
        faults = [*_text_faults(self), *_shape_faults(self), *_figure_faults(self.figures)]
        if faults:
            raise InputError(faults, "bad_document")


def _fault(place: str, wrong: str, expected: str) -> Fault:
    return Fault("decision document", place, wrong, expected)


def _text_faults(document: DecisionDocument) -> Iterator[Fault]:
    if not document.title.strip():
        yield _fault("title", "empty", "a title")
    for place, text in _texts(document, ""):
        bad = [sign for sign in text if unicodedata.category(sign) in {"Cc", "Cs", "Cn"} and sign not in "\n\t"]
        if bad:
            yield _fault(place, f"the sign U+{ord(bad[0]):04X}", "letters, digits and signs that can be read")


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    """Every text with its place, as ``sections[0].heading``."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _texts(one, f"{place}[{index}]")
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name), f"{place}.{field.name}".lstrip("."))


def _shape_faults(document: DecisionDocument) -> Iterator[Fault]:
    for at, section in enumerate(document.sections):
        for block in section.blocks:
            if isinstance(block, TextTable) and any(len(row) != len(block.header) for row in block.rows):
                yield _fault(f"sections[{at}]", f"{block.caption!r} has a row unlike its header", "a cell for each")
            if isinstance(block, TextTable) and not block.header:
                yield _fault(f"sections[{at}]", "a table without columns", "a header")
    for at, chart in enumerate(document.charts):
        if not chart.categories or not chart.series:
            yield _fault(f"charts[{at}]", "nothing to draw", "categories and a series")
        if any(len(series.values) != len(chart.categories) for series in chart.series):
            yield _fault(f"charts[{at}]", "a series is not as long as the categories", "a value each")


def _figure_faults(figures: tuple[Figure, ...]) -> Iterator[Fault]:
    ids = [figure.id for figure in figures]
    yield from (
        _fault(f"figures.{name}", "given twice", "each id once")
        for name in sorted({i for i in ids if ids.count(i) > 1})
    )
    odd = [figure for figure in figures if not figure.value.is_finite()]
    yield from (_fault(f"figures.{figure.id}", "not a finite number", "a number") for figure in odd)
    if odd:
        return
    values = {figure.id: figure.value for figure in figures}
    for figure in figures:
        if figure.kind is FigureKind.DERIVED and not (figure.formula or figure.formula_text):
            yield _fault(f"figures.{figure.id}", "derived without a formula", "a formula")
        if figure.formula:
            try:
                gives = formula_evaluate(figure.formula, values)
            except FormulaError as error:
                yield _fault(f"figures.{figure.id}", f"its formula {error}", "a formula over other figures")
                continue
            if abs(gives - figure.value) > HALF_ORE:
                yield _fault(f"figures.{figure.id}", f"is {figure.value}, its formula gives {gives:f}", "the same")
    yield from _circles(figures)


def _circles(figures: tuple[Figure, ...]) -> Iterator[Fault]:
    try:
        needs = {figure.id: set(formula_references(figure.formula)) for figure in figures}
    except FormulaError:
        return  # told above
    while True:
        free = {name for name, wanted in needs.items() if not wanted & needs.keys()}
        if not free:
            break
        needs = {name: wanted for name, wanted in needs.items() if name not in free}
    if needs:
        yield _fault("figures", f"formulas go in a circle: {', '.join(sorted(needs))}", "no circle")
