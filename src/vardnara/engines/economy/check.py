"""An independent judge of effects: counts month by month what the estimate counts by shares. Never imports it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from vardnara.engines.economy.data import EconomyCase, Flow
from vardnara.engines.economy.result import Effect, YearEffect

HALF_ORE = Fraction(1, 200)
ORE = Fraction(1, 100)


def effect_check(case: EconomyCase, effect: Effect) -> list[str]:
    """What is wrong with an effect; empty where nothing is."""
    wrong = _year(case, effect.full_year, None)
    if effect.budget_year is not None:
        wrong += _year(case, effect.budget_year, effect.budget_year.year)
        if effect.budget_year.gross_sek + (effect.carry_over_sek or Decimal(0)) != effect.full_year.gross_sek:
            wrong.append("budget year and carry-over do not make the full year")
    for year in effect.years:
        wrong += _year(case, year, year.year)
    return wrong


def _year(case: EconomyCase, found: YearEffect, year: int | None) -> list[str]:
    wrong = []
    exact: dict[tuple[str, str], Fraction] = {}
    for flow in case.flows:
        column = flow.kind.value
        if column in ("saving", "added_cost"):
            column = "gross" if flow.in_frame else "unfunded"
        amount = _amount(flow, year) * (1 if flow.kind.value == "saving" else -1)
        exact[flow.payer, column] = exact.get((flow.payer, column), Fraction(0)) + amount
    for move in case.reallocations:
        months = 12 if year is None else _months_held(move.from_on, None, year)
        amount = Fraction(move.amount_sek) * months / 12
        for payer, sign in ((move.giver, -1), (move.receiver, 1)):
            exact[payer, "gross"] = exact.get((payer, "gross"), Fraction(0)) + sign * amount
    names = {
        "gross": "gross_sek",
        "transferred_cost": "transferred_sek",
        "reinvestment": "reinvested_sek",
        "one_off": "one_off_sek",
        "unfunded": "unfunded_sek",
    }
    rows = {row.payer: row for row in found.rows}
    for (payer, column), amount in exact.items():
        shown = getattr(rows[payer], names[column]) if payer in rows else Decimal(0)
        if abs(Fraction(shown) - amount) > ORE:
            wrong.append(f"{year} {payer} {column}: {shown}, expected {float(amount):.4f}")
    for column, attribute in (("gross", found.gross_sek), ("net", found.net_sek)):
        of = ("gross",) if column == "gross" else ("gross", "transferred_cost", "reinvestment", "one_off")
        whole = sum((amount for (_, name), amount in exact.items() if name in of), Fraction(0))
        if abs(Fraction(attribute) - whole) > HALF_ORE:
            wrong.append(f"{year} {column} in all: {attribute}, expected {float(whole):.4f}")
    return wrong


def _amount(flow: Flow, year: int | None) -> Fraction:
    starts = _after_notice(flow)
    if flow.kind.value == "one_off":
        return Fraction(flow.amount_sek) if year == starts.year else Fraction(0)
    if year is None:
        return Fraction(flow.amount_sek) if flow.to_on is None else Fraction(0)
    return Fraction(flow.amount_sek) * _months_held(starts, flow.to_on, year) / 12


def _months_held(start: date, end: date | None, year: int) -> int:
    """How many first days of a month of the year lie within."""
    firsts = [date(year, month, 1) for month in range(1, 13)]
    return sum(start <= first and (end is None or first < end) for first in firsts)


def _after_notice(flow: Flow) -> date:
    """Month after month, from the same day or the last of a shorter month."""
    first = flow.from_on.replace(day=1)
    for _ in range(flow.notice_months):
        first = (first + timedelta(days=31)).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=flow.from_on.day - 1), following - timedelta(days=1))
