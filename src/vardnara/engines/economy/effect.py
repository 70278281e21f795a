"""Flows to an effect per payer, in a full year and in calendar years (K-01, K-02)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from vardnara.engines.economy.data import EconomyCase, Flow, FlowKind
from vardnara.engines.economy.result import Effect, PayerRow, YearEffect
from vardnara.kernel.money import ZERO_SEK, sek, sek_parts

COLUMNS = ("gross", "transferred", "reinvested", "one_off", "unfunded")
type Cell = tuple[str, str]  # column, payer


def effect_estimate(case: EconomyCase) -> Effect:
    """The effect of a case.

    Parameters
    ----------
    case
        Flows, reallocations and the budget year.

    Returns
    -------
    Effect
        Each total is the sum of its parts to the öre. The order of flows does not matter.

    Notes
    -----
    By whole months: a month counts where the change holds on its first day, so that a change from 1 March gives ten
    twelfths of its first year, and one from 2 March nine. Two periods that follow each other give what one would.

    References
    ----------
    STANDARDS K-01, K-02; CONTRACT 3 and 5.
    """
    year = case.budget_year
    full = _year_effect(case, None, _full_share)
    if year is None:
        return Effect(full, None, None, None, _years(case))
    days = {column: Fraction(0) for column in COLUMNS}
    for (column, _), exact in _cells(case, lambda flow: days_share(flow, year), year, days_share_from).items():
        days[column] += exact
    net_by_days = days["gross"] + days["transferred"] + days["reinvested"] + days["one_off"]
    return Effect(full, _of_year(case, year), sek(days["gross"]), sek(net_by_days), _years(case))


def months_share(flow: Flow, year: int) -> Fraction:
    """The share of a year in which a flow holds, by whole months; of a one-off amount 1 in its year, else 0."""
    start, end = _months(felt_on(flow)), None if flow.to_on is None else _months(flow.to_on)
    if flow.kind is FlowKind.ONE_OFF:
        return Fraction(int(felt_on(flow).year == year))
    first, after = year * 12, (year + 1) * 12
    return Fraction(max(0, min(after, after if end is None else end) - max(first, start)), 12)


def days_share(flow: Flow, year: int) -> Fraction:
    """The same by exact days."""
    if flow.kind is FlowKind.ONE_OFF:
        return months_share(flow, year)
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    start, end = max(first, felt_on(flow)), min(after, flow.to_on or after)
    return Fraction(max(0, (end - start).days), (after - first).days)


def days_share_from(day: date, year: int) -> Fraction:
    """The share of a year from a day on, by exact days."""
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    return Fraction(max(0, (after - max(first, day)).days), (after - first).days)


def months_share_from(day: date, year: int) -> Fraction:
    """The share of a year from a day on, by whole months."""
    return Fraction(max(0, (year + 1) * 12 - max(year * 12, _months(day))), 12)


def felt_on(flow: Flow) -> date:
    """The first day on which a flow is felt: its date, notice added."""
    months = flow.from_on.year * 12 + flow.from_on.month - 1 + flow.notice_months
    year, month = divmod(months, 12)
    for day in range(flow.from_on.day, 0, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:  # the 31st of a shorter month: its last day
            continue
    raise AssertionError("every month has a first day")


def _months(day: date) -> int:
    """Number of the first month that begins on a day or after it."""
    return day.year * 12 + day.month - 1 + (day.day > 1)


def _full_share(flow: Flow) -> Fraction:
    return Fraction(int(flow.kind is not FlowKind.ONE_OFF and flow.to_on is None))


def _column(flow: Flow) -> str:
    if flow.kind in (FlowKind.SAVING, FlowKind.ADDED_COST):
        return "gross" if flow.in_frame else "unfunded"
    names = {
        FlowKind.TRANSFERRED_COST: "transferred",
        FlowKind.REINVESTMENT: "reinvested",
        FlowKind.ONE_OFF: "one_off",
    }
    return names[flow.kind]


def _cells(
    case: EconomyCase,
    share: Callable[[Flow], Fraction],
    year: int | None,
    share_from: Callable[[date, int], Fraction],
) -> dict[Cell, Fraction]:
    cells: dict[Cell, Fraction] = defaultdict(Fraction)
    for flow in case.flows:
        cells[_column(flow), flow.payer] += flow.kind.sign * Fraction(flow.amount_sek) * share(flow)
    for move in case.reallocations:
        moved = Fraction(move.amount_sek) * (Fraction(1) if year is None else share_from(move.from_on, year))
        cells["gross", move.giver] -= moved
        cells["gross", move.receiver] += moved
    return cells


def _year_effect(case: EconomyCase, year: int | None, share: Callable[[Flow], Fraction]) -> YearEffect:
    cells = _cells(case, share, year, months_share_from)
    payers = _payers(case)
    # Gross before what is taken from it, so that the total of either is right to the öre by itself; larger first, so
    # that the öre that is left over goes where it is least.
    order = sorted(cells, key=lambda cell: (COLUMNS.index(cell[0]), -abs(cells[cell]), cell[1]))
    framed = [cell for cell in order if cell[0] != "unfunded"]
    outside = [cell for cell in order if cell[0] == "unfunded"]
    rounded: dict[Cell, Decimal] = {}
    for group in (framed, outside):
        rounded |= dict(zip(group, sek_parts(cells[cell] for cell in group), strict=True))
    rows = [PayerRow(payer, *(rounded.get((column, payer), ZERO_SEK) for column in COLUMNS)) for payer in payers]
    return YearEffect(year, tuple(rows))


def _of_year(case: EconomyCase, year: int) -> YearEffect:
    return _year_effect(case, year, lambda flow: months_share(flow, year))


def _payers(case: EconomyCase) -> tuple[str, ...]:
    """In the order in which the case names them first; those of reallocations last."""
    named = [flow.payer for flow in case.flows]
    named += [party for move in case.reallocations for party in (move.giver, move.receiver)]
    return tuple(dict.fromkeys(named))


def _years(case: EconomyCase) -> tuple[YearEffect, ...]:
    """Every calendar year from the first change to the first in which nothing changes any more."""
    days = [*_change_days(case)]
    if not days:
        return ()
    return tuple(_of_year(case, year) for year in range(min(days).year, max(days).year + 2))


def _change_days(case: EconomyCase) -> Iterable[date]:
    for flow in case.flows:
        yield felt_on(flow)
        if flow.to_on is not None:
            yield flow.to_on
    for move in case.reallocations:
        yield move.from_on
