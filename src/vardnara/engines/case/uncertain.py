"""How sure a case's figures are: every interval carried through its formulas to kronor per payer (own-10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from vardnara.engines.case.data import Amount, Figure, FigureKind
from vardnara.engines.case.examine import figure_rounded
from vardnara.engines.case.result import Examination
from vardnara.engines.economy import (
    EconomyCase,
    Flow,
    Range,
    Uncertainty,
    drawn,
    effect_estimate,
    nine_tenths,
    uncertainty_carry,
)
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.formula import FormulaError, formula_columns

SEED = 1
DRAWS = 10_000
UNIT_SEK = Decimal(1_000_000)  # what a krona of an amount comes to is reckoned for this many, to be exact

type Columns = Mapping[str, list[float]]
type Shares = list[
    tuple[str, str, float]
]  # payer, figure, kronor of the payer's net effect for each krona of the figure


@dataclass(frozen=True, slots=True)
class CaseUncertainty:
    """How sure a case is.

    Parameters
    ----------
    money
        Net effect of a full year per payer (of a case with two ledgers only: what is paid less what it costs), with the
        share of draws in which the payer at least breaks even, and which figure matters most; None where no figure with
        an interval bears on money.
    spreads
        Of each figure that is uncertain: as it was given, of a derived one what nine tenths of the draws lie between.
    """

    money: Uncertainty | None
    spreads: Mapping[str, tuple[Decimal, Decimal]]


def case_uncertainty(found: Examination, *, seed: int = SEED, draws: int = DRAWS) -> CaseUncertainty | None:
    """Carry the intervals of a case's figures through everything that is reckoned from them.

    Parameters
    ----------
    found
        The examined case.
    seed, draws
        The same seed gives the same answer.

    Returns
    -------
    CaseUncertainty or None
        None where no figure has an interval.

    Raises
    ------
    InputError
        A formula divides by nought within the intervals, at the formula's pointer.
    """
    ranges = {
        value.figure.id: Range(float(value.figure.low), float(value.value), float(value.figure.high))
        for value in found.figures
        if value.figure.low is not None and value.figure.high is not None
    }
    if not ranges:
        return None
    moving = _moving(found, set(ranges))
    shares = _shares(found)
    money = None
    if any(name in moving for _, name, _ in shares):
        money = uncertainty_carry(
            ranges, lambda columns: _nets(shares, _figures(found, moving, columns)), seed=seed, draws=draws
        )
    columns = _figures(found, moving, drawn(ranges, seed=seed, draws=draws))
    spreads = {}
    for value in found.figures:
        figure = value.figure
        if figure.low is not None and figure.high is not None:
            spreads[figure.id] = (figure.low, figure.high)
        elif figure.id in moving:
            low, high = (_rounded(figure, end) for end in nine_tenths(columns[figure.id]))
            spreads[figure.id] = (low, high)
    return CaseUncertainty(money, spreads)


def _rounded(figure: Figure, end: float) -> Decimal:
    """Öre of what is simulated say nothing."""
    return Decimal(round(end)) if figure.unit.startswith("sek") else figure_rounded(figure, Decimal(repr(end)))


def _moving(found: Examination, uncertain: set[str]) -> set[str]:
    """The figures that have an interval, or are reckoned from some that have."""
    moving = set(uncertain)
    derived = [value.figure for value in found.figures if value.figure.kind is FigureKind.DERIVED]
    while more := {one.id for one in derived if one.id not in moving and not moving.isdisjoint(one.needs)}:
        moving |= more
    return moving


def _figures(found: Examination, moving: set[str], ranges: Columns) -> dict[str, list[float]]:
    """A column of every figure; of one that is certain a single row."""
    known = {value.figure.id: value for value in found.figures}
    places = {value.figure.id: number for number, value in enumerate(found.figures)}
    length = len(next(iter(ranges.values())))
    columns: dict[str, list[float]] = {}

    def column(name: str) -> list[float]:
        if name not in columns:
            if name in ranges:
                columns[name] = ranges[name]
            elif name not in moving:
                columns[name] = [float(known[name].value)] * length
            else:
                figure = known[name].figure
                try:
                    columns[name] = formula_columns(figure.formula, {need: column(need) for need in figure.needs})
                except FormulaError as error:
                    place = f"/figure/{places[name]}/formula"
                    wrong = f"{figure.formula} {error} within the intervals of its figures"
                    raise InputError([Fault("", place, wrong, "intervals without that value")]) from error
        return columns[name]

    for name in known:
        column(name)
    return columns


def _nets(shares: Shares, columns: Columns) -> dict[str, list[float]]:
    nets: dict[str, list[float]] = {}
    for payer, name, share in shares:
        column = columns[name]
        before = nets.get(payer) or [0.0] * len(column)
        nets[payer] = [net + share * amount for net, amount in zip(before, column, strict=True)]
    return nets


def _shares(found: Examination) -> Shares:
    """What a krona of each amount does to a payer's net effect of a full year, as the economy engine has it."""
    case = found.case
    shares = [(amount.payer, amount.figure, _share(amount)) for amount in case.amounts]
    for move in case.moves:
        shares += [(move.giver, move.figure, -1.0), (move.receiver, move.figure, 1.0)]
    if not shares and case.ledger is not None:
        of = case.ledger
        shares = [(of.provider, of.compensation, 1.0), (of.provider, of.cost, -1.0)]
    return shares


def _share(amount: Amount) -> float:
    flow = Flow(
        id="one",
        payer=amount.payer,
        kind=amount.kind,
        amount_sek=UNIT_SEK,
        from_on=amount.from_on,
        to_on=amount.to_on,
        notice_months=amount.notice_months,
        in_frame=amount.in_frame,
    )
    return float(effect_estimate(EconomyCase((flow,))).full_year.net_sek / UNIT_SEK)
