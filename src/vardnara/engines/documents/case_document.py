"""An examined case as a finished document: every figure with its source, every warning in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from vardnara.engines.case import Account as CaseAccount
from vardnara.engines.case import Case, CaseUncertainty, Examination, FigureValue, Quote, StepKind, case_uncertainty
from vardnara.engines.case.explain import concern_text
from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_docx import document_docx
from vardnara.engines.documents.decision_parts import (
    Account,
    AssumptionRow,
    ChainRow,
    Chart,
    ChartKind,
    Contradiction,
    DocumentKind,
    Economy,
    EconomyAmounts,
    EconomyRow,
    Figure,
    FigureKind,
    Point,
    Resolution,
    RiskRow,
    Section,
    Series,
    Signatory,
    Source,
    Spread,
    SpreadRow,
    TransferRow,
    WarningNote,
)
from vardnara.engines.documents.decision_pdf import document_pdf
from vardnara.engines.documents.decision_pptx import document_pptx
from vardnara.engines.documents.decision_xlsx import document_xlsx
from vardnara.engines.economy import PayerRow
from vardnara.kernel.swedish import date_swedish

STEPS: Final = {
    StepKind.PROPOSAL: "Förslag",
    StepKind.ANALYSIS: "Analys",
    StepKind.INFORMATION: "Information",
    StepKind.DIRECTION: "Inriktning",
    StepKind.CONSULTATION: "Samverkan",
    StepKind.DECISION: "Beslut",
    StepKind.EXECUTION: "Verkställighet",
    StepKind.EVALUATION: "Utvärdering",
}
UNITS: Final = {
    "sek": "sek",
    "sek_per_year": "kr per år",
    "sek_per_post": "kr per tjänst",
    "sek_per_hour": "kr per timme",
    "posts": "posts",
    "hours": "hours",
    "hours_per_year": "timmar per år",
    "hours_per_post": "timmar per tjänst och år",
    "days": "days",
    "beds": "beds",
    "wards": "wards",
    "persons": "personer",
    "share": "share",
    "count": "count",
}
FORMATS: Final[Mapping[str, Callable[[DecisionDocument], bytes]]] = {
    "docx": document_docx,
    "pdf": document_pdf,
    "xlsx": document_xlsx,
    "pptx": document_pptx,
}
"""Every kind of file that a case is written as, by its suffix."""


def case_document(found: Examination, *, dated_on: date, risks: tuple[RiskRow, ...] = ()) -> DecisionDocument:
    """The document of a case.

    Parameters
    ----------
    found
        What the case came to.
    dated_on
        Of the document, where the case has no date of its own.
    risks
        Rows of the risk and consequence analysis.
    """
    case = found.case
    sure = case_uncertainty(found)
    spreads = sure.spreads if sure else {}
    decided = case.kind in ("director_decision", "protocol_paragraph")
    points = tuple(Point(proposal.text, proposal.points) for proposal in case.proposals)
    resolutions = (Resolution(points, case.decision_opening),) if points else ()
    return DecisionDocument(
        kind=DocumentKind(case.kind),
        title=case.title,
        dated_on=case.dated_on or dated_on,
        organisation=case.organisation,
        organ=case.organ,
        registry_number=case.registry_number,
        paragraph=case.paragraph,
        meeting_on=case.meeting_on,
        summary=(case.summary,) if case.summary else (),
        sections=tuple(Section(section.heading, section.paragraphs) for section in case.sections),
        proposals=() if decided else resolutions,
        decisions=resolutions if decided else (),
        basis=case.basis_documents,
        signatories=tuple(Signatory(one.name, one.title) for one in case.signatories),
        recipients=case.recipients,
        figures=tuple(_figure(value, case, spreads.get(value.figure.id)) for value in found.figures),
        economy=_economy(found),
        charts=_charts(found),
        spread=_spread(found, sure),
        warnings=tuple(WarningNote(concern.code, concern_text(concern)) for concern in found.concerns),
        contradictions=_contradictions(case),
        transfer=_transfer(found),
        risks=risks,
        chain=tuple(
            ChainRow(
                step.on,
                step.organ,
                STEPS[step.kind] if step.is_decided else f"{STEPS[step.kind]} (inte beslutat)",
                step.paragraph,
                step.valid_through,
                step.text,
            )
            for step in case.steps
        ),
    )


def _source(quote: Quote, case: Case) -> Source:
    title = next((source.title for source in case.sources if source.id == quote.source), quote.source)
    return Source(title, quote.place, quote.text)


def _figure(value: FigureValue, case: Case, spread: tuple[Decimal, Decimal] | None) -> Figure:
    figure = value.figure
    source = _source(figure.quote, case) if figure.quote else Source(figure.note) if figure.note else None
    if figure.query and figure.read_on is not None:
        source = Source(f"Vardnara, {figure.query}", f"läst {date_swedish(figure.read_on)}")
    low, high = spread or (None, None)
    return Figure(
        id=figure.id,
        label=figure.label,
        value=value.value,
        unit=UNITS[figure.unit],
        kind=FigureKind(figure.kind.value),
        formula=figure.formula if figure.kind.value == "derived" else "",
        source=source,
        low=low,
        high=high,
        note=figure.note if figure.quote or figure.query else "",
    )


def _kronor(amount: float) -> Decimal:
    return Decimal(round(amount))


def _share(share: float) -> Decimal:
    return Decimal(str(round(share, 3)))


def _spread(found: Examination, sure: CaseUncertainty | None) -> Spread | None:
    money = sure.money if sure else None
    if money is None:
        return None
    labels = {value.figure.id: value.figure.label for value in found.figures}
    outcomes = [(one.payer, one) for one in money.by_payer]
    if len(outcomes) > 1:
        outcomes.append(("Summa", money.total))
    return Spread(
        rows=tuple(
            SpreadRow(payer, _kronor(one.mean), _kronor(one.low), _kronor(one.high), _share(one.payback_share))
            for payer, one in outcomes
        ),
        assumptions=tuple(
            AssumptionRow(labels[one.factor], _kronor(one.at_low), _kronor(one.at_high))
            for one in money.importance
            if one.at_low != one.at_high
        ),
    )


def _amounts(row: PayerRow) -> EconomyAmounts:
    return EconomyAmounts(
        gross_saving_sek=row.gross_sek,
        transferred_cost_sek=-row.transferred_sek,
        reinvestment_sek=-row.reinvested_sek,
        one_off_sek=-row.one_off_sek,
        unfunded_sek=row.unfunded_sek,
    )


def _economy(found: Examination) -> Economy | None:
    effect = found.effect
    if effect is None:
        return None
    year = effect.budget_year
    rows = tuple(
        EconomyRow(row.payer, _amounts(row), _amounts(year.row(row.payer)) if year else None)
        for row in effect.full_year.rows
    )
    note = "Belopp som minskar kostnaden är positiva. Budgetåret är räknat i hela månader."
    return Economy(rows, year.year if year else None, note)


def _charts(found: Examination) -> tuple[Chart, ...]:
    if found.effect is not None:
        full, year = found.effect.full_year, found.effect.budget_year
        payers = tuple(row.payer for row in full.rows)
        series = [Series("Helår, netto", tuple(row.net_sek for row in full.rows))]
        if year is not None:
            series.insert(0, Series(f"{year.year}, netto", tuple(year.row(payer).net_sek for payer in payers)))
        return (Chart("Ekonomisk effekt per betalare", ChartKind.BAR, payers, tuple(series)),)
    if found.ledger is not None:
        of = found.ledger
        parties = (f"Ersättning från {of.buyer}", f"Kostnad hos {of.provider}")
        values = Series("Kronor per år", (of.compensation_sek, of.cost_sek))
        return (Chart("Ersättning och kostnad", ChartKind.BAR, parties, (values,)),)
    return ()


def _transfer(found: Examination) -> tuple[TransferRow, ...]:
    balance = found.balance
    if balance is None:
        return ()
    n = sum((group.n_posts for group in found.groups if group.change.value == "removed"), Decimal(0))
    label = f"Arbetet i {n.normalize():f} {'tjänst' if n == 1 else 'tjänster'} som avvecklas"
    return (TransferRow(label, balance.leaving, balance.received, balance.released, balance.without_home),)


def _contradictions(case: Case) -> tuple[Contradiction, ...]:
    found = []
    for fact in dict.fromkeys(account.fact for account in case.accounts):
        told: list[CaseAccount] = [account for account in case.accounts if account.fact == fact]
        if len({account.says for account in told}) > 1:
            accounts = tuple(Account(account.says, _source(account.quote, case)) for account in told)
            found.append(Contradiction(fact, accounts))
    return tuple(found)
