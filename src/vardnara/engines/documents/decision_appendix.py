"""What a decision rests on, as tables: warnings, figures, contradicting accounts, hours, risks, chain of decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_parts import Figure, FigureKind, RiskRow, Source
from vardnara.engines.documents.decision_table import Column, View, table_view
from vardnara.kernel.formula import formula_in_words
from vardnara.kernel.swedish import DASH, date_swedish, number_swedish, quantity_swedish

KINDS: Final = {
    FigureKind.QUOTED: "Citerad",
    FigureKind.DERIVED: "Beräknad",
    FigureKind.ENTERED: "Inmatad",
    FigureKind.REGISTER: "Avläst",
}
TEXT_WEIGHT: Final = 51.0  # of a risk and its actions together: who has more to say gets more room
UNKNOWN: Final = "inte mätt"
FIGURE_WORDS: Final = "Varje siffra är citerad, avläst, inmatad eller beräknad ur de andra."
SPREAD_WORDS: Final = (
    "Nettoeffekt av ett helt år, kronor. Siffrornas intervall har följt med genom formlerna; nio av tio dragningar "
    "ligger mellan lägst och högst."
)
ASSUMPTION_WORDS: Final = (
    "Nettoeffekten för alla betalare när en uppgift är som lägst eller som högst och de andra är som mest troligt. "
    "Överst står den som betyder mest."
)


def appendix_view(document: DecisionDocument) -> list[View]:
    """The appendix: a heading, words and a table for each part that has content."""
    parts = (
        _part("Varningar", _warnings(document), "Reglerna har reagerat på ärendets egna uppgifter."),
        _part(
            "Siffror och källor",
            _figures(document),
            FIGURE_WORDS,
        ),
        _part("Hur säker effekten är", _spread(document), SPREAD_WORDS),
        _part("Vad som betyder mest", _assumptions(document), ASSUMPTION_WORDS),
        _part("Uppgifter som säger emot varandra", _contradictions(document)),
        _part("Arbetsuppgifter som byter ägare", _transfer(document), "Timmar per år."),
        _part("Risk- och konsekvensanalys", _risks(document), _risk_words(document)),
        _part("Beslutskedja", _chain(document)),
    )
    return [part for part in parts if part is not None]


def _part(heading: str, table: View | None, text: str = "") -> View | None:
    return None if table is None else {"heading": heading, "text": text, "table": table}


def _warnings(document: DecisionDocument) -> View | None:
    if not document.warnings:
        return None
    rows = [(str(number), one.text, one.code) for number, one in enumerate(document.warnings, 1)]
    columns = (Column("Nr", weight=4), Column("Varning", weight=58), Column("Kod", weight=34))
    return table_view("Varningar", columns, rows)


def figure_value(figure: Figure) -> str:
    """Value with unit, and its interval where it has one."""
    shown = quantity_swedish(figure.value, figure.unit)
    if figure.low is None or figure.high is None:
        return shown
    return f"{shown}\n({quantity_swedish(figure.low, '')} till {quantity_swedish(figure.high, '')})"


def figure_origin(figure: Figure, labels: dict[str, str]) -> str:
    """How it was computed, or where it stands."""
    lines = []
    if figure.formula or figure.formula_text:
        lines.append(figure.formula_text or formula_in_words(figure.formula, labels.__getitem__))
    if figure.source is not None:
        lines.append(source_text(figure.source))
    if figure.note:
        lines.append(figure.note)
    return "\n".join(lines)


def source_text(source: Source) -> str:
    """Document, place and quote."""
    where = ", ".join(text for text in (source.document, source.place) if text)
    return f"{where}: ”{source.quote}”" if source.quote else where


def _figures(document: DecisionDocument) -> View | None:
    if not document.figures:
        return None
    labels = {figure.id: figure.label for figure in document.figures}
    rows = [
        (figure.label, figure_value(figure), KINDS[figure.kind], figure_origin(figure, labels))
        for figure in document.figures
    ]
    columns = (
        Column("Uppgift", weight=27),
        Column("Värde", True, weight=23),
        Column("Slag", weight=11),
        Column("Så räknad, eller källa", weight=39),
    )
    return table_view("Siffror och källor", columns, rows)


def _spread(document: DecisionDocument) -> View | None:
    if document.spread is None:
        return None
    rows = [
        (
            row.payer,
            *(number_swedish(amount, 0) for amount in (row.low_sek, row.mean_sek, row.high_sek)),
            quantity_swedish(row.payback_share, "share"),
        )
        for row in document.spread.rows
    ]
    numbers = ("Lägst", "I genomsnitt", "Högst", "Går minst jämnt ut")
    columns = (Column("Betalare", weight=36), *(Column(text, True, weight=16) for text in numbers))
    return table_view("Hur säker effekten är, kronor per år", columns, rows, total=len(rows) > 1)


def _assumptions(document: DecisionDocument) -> View | None:
    if document.spread is None or not document.spread.assumptions:
        return None
    rows = [
        (row.label, number_swedish(row.at_low_sek, 0), number_swedish(row.at_high_sek, 0))
        for row in document.spread.assumptions
    ]
    columns = (
        Column("Uppgift", weight=52),
        Column("När den är lägst", True, weight=24),
        Column("När den är högst", True, weight=24),
    )
    return table_view("Vad som betyder mest, nettoeffekt i kronor per år", columns, rows)


def _contradictions(document: DecisionDocument) -> View | None:
    rows = [
        (one.matter, account.statement, source_text(account.source))
        for one in document.contradictions
        for account in one.accounts
    ]
    columns = (Column("Fråga", weight=22), Column("Uppgift", weight=28), Column("Källa", weight=50))
    return table_view("Uppgifter som säger emot varandra", columns, rows) if rows else None


def _hours(value: Decimal | None) -> str:
    return UNKNOWN if value is None else number_swedish(value.quantize(Decimal("0.1")))


def _transfer(document: DecisionDocument) -> View | None:
    if not document.transfer:
        return None
    rows = [
        (
            f"{row.task}\n{row.note}" if row.note else row.task,
            _hours(row.hours_leaving),
            _hours(row.hours_received),
            _hours(row.hours_released),
            _hours(row.hours_without_home),
        )
        for row in document.transfer
    ]
    columns = (
        Column("Arbetsuppgift", weight=40),
        Column("Lämnas", True, weight=15),
        Column("Tas emot", True, weight=15),
        Column("Frigörs", True, weight=15),
        Column("Utan ägare", True, weight=15),
    )
    return table_view("Arbetsuppgifter som byter ägare, timmar per år", columns, rows)


def _labelled(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"{label}: {text}" if label else text for label, text in pairs if text)


def _score(row: RiskRow) -> str:
    parts = [
        f"{letter} {number}"
        for letter, number in (("S", row.likelihood), ("K", row.severity), ("R", row.value))
        if number is not None
    ]
    left = [] if row.residual is None else [f"Kvar {row.residual}"]
    return "\n".join([*parts, *([row.level] if row.level else []), *left])


def _risk_words(document: DecisionDocument) -> str:
    words = "S är sannolikhet, K konsekvens, R riskvärde och Kvar riskvärdet efter åtgärd."
    versions = {row.version for row in document.risks}
    return f"Version {versions.pop()}. {words}" if len(versions) == 1 and "" not in versions else words


def _risks(document: DecisionDocument) -> View | None:
    if not document.risks:
        return None
    many_versions = len({row.version for row in document.risks}) > 1
    rows = [
        (
            row.number,
            _labelled(("", row.area), ("", row.side), ("Version", row.version if many_versions else "")),
            _labelled(("", row.risk), ("Orsak", row.cause), ("Konsekvens", row.consequence)),
            _score(row),
            _labelled(("Finns", row.existing_action), ("Ny", row.new_action)),
            _labelled(
                ("", row.responsible),
                ("Klart", date_swedish(row.due_on) if row.due_on else ""),
                ("Följs upp", row.follow_up),
            ),
        )
        for row in document.risks
    ]
    told, done = (sum(len(row[at]) for row in rows) + 1 for at in (2, 4))
    risk = min(TEXT_WEIGHT - 20, max(20.0, TEXT_WEIGHT * told / (told + done)))
    columns = (
        Column("Nr", weight=5),
        Column("Område", weight=15),
        Column("Risk", weight=risk),
        Column("Värde", weight=10),
        Column("Åtgärd", weight=TEXT_WEIGHT - risk),
        Column("Ansvar och datum", weight=19),
    )
    return table_view("Risk- och konsekvensanalys", columns, rows)


def _chain(document: DecisionDocument) -> View | None:
    if not document.chain:
        return None
    rows = [
        (
            date_swedish(row.decided_on) if row.decided_on else DASH,
            f"{row.organ} §\u00a0{row.paragraph.removeprefix('§').strip()}" if row.paragraph else row.organ,
            f"{row.kind}\n{row.note}" if row.note else row.kind,
            date_swedish(row.valid_to) if row.valid_to else DASH,
        )
        for row in document.chain
    ]
    columns = (
        Column("Datum", weight=19),
        Column("Organ", weight=28),
        Column("Vad", weight=34),
        Column("Gäller till", weight=19),
    )
    return table_view("Beslutskedja", columns, rows)
