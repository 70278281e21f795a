"""Intervals of a case's figures, carried to kronor per payer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.cases import ALL, example

from vardnara.engines.case import Amount, Case, Figure, FigureKind, LedgerOf, case_examine, case_uncertainty
from vardnara.engines.economy import FlowKind
from vardnara.kernel.errors import InputError
from vardnara.kernel.formula import FormulaError, formula_columns, formula_evaluate

MARCH = date(2026, 3, 1)


def figure(name: str, value: str | None, low: str = "", high: str = "", formula: str = "") -> Figure:
    return Figure(
        id=name,
        label=name,
        unit="sek_per_year" if formula else "count",
        kind=FigureKind.DERIVED if formula else FigureKind.ENTERED,
        value=Decimal(value) if value else None,
        formula=formula,
        low=Decimal(low) if low else None,
        high=Decimal(high) if high else None,
    )


def a_case(*figures: Figure) -> Case:
    return Case(
        "Fall",
        "memo",
        figures=(
            figure("hours", "8000", "6000", "9000"),
            figure("hourly", "340"),
            figure("taken_home", "0.4", "0.1", "0.9"),
            figure("cost", "900000"),
            figure("saved", None, formula="hours * hourly * taken_home"),
            *figures,
        ),
        amounts=(
            Amount("saved", "Vården", FlowKind.SAVING, MARCH),
            Amount("cost", "Regionservice", FlowKind.ADDED_COST, MARCH),
        ),
    )


def test_the_mean_is_the_theory_and_what_is_not_taken_home_matters_most() -> None:
    """Independent triangles: the mean of a product is the product of the means."""
    found = case_uncertainty(case_examine(a_case()))
    assert found is not None and found.money is not None
    care, service = found.money.by_payer
    assert care.mean == pytest.approx((23_000 / 3) * 340 * (1.4 / 3), rel=0.02)
    assert (service.mean, service.payback_share) == (-900_000, 0)
    assert 0 < found.money.total.payback_share < 1
    most = found.money.importance[0]
    assert most.factor == "taken_home"
    assert (most.at_low, most.at_high) == pytest.approx((8000 * 340 * 0.1 - 900_000, 8000 * 340 * 0.9 - 900_000))


def test_a_reckoned_figure_gets_the_interval_of_what_it_is_reckoned_from() -> None:
    """Given intervals stay as they are given; a figure of certain ones has none."""
    case = a_case(figure("whole", None, formula="half * 2"), figure("half", None, formula="saved / 2"))
    case = replace(case, figures=(*case.figures, figure("twice", None, formula="hourly * 2")))
    found = case_uncertainty(case_examine(case))
    assert found is not None
    assert found.spreads["hours"] == (6000, 9000)
    low, high = found.spreads["saved"]
    assert 6000 * 340 * Decimal("0.1") < low < 8000 * 340 * Decimal("0.4") < high < 9000 * 340 * Decimal("0.9")
    assert found.spreads["whole"] == found.spreads["saved"]
    assert set(found.spreads) == {"hours", "taken_home", "saved", "half", "whole"}


def test_two_ledgers_without_flows_are_what_is_paid_less_what_it_costs() -> None:
    """The Halland question with an interval on the cost."""
    case = Case(
        "Fall",
        "memo",
        figures=(figure("cost", "23400000", "22000000", "25000000"), figure("paid", "11000000")),
        ledger=LedgerOf("Service", "Hallands sjukhus", "cost", "paid"),
    )
    found = case_uncertainty(case_examine(case))
    assert found is not None and found.money is not None
    (provider,) = found.money.by_payer
    assert provider.payer == "Service"
    assert provider.mean == pytest.approx(11_000_000 - 70_400_000 / 3, rel=0.01)


@pytest.mark.parametrize("name", ALL)
def test_documents_without_intervals_are_as_sure_as_they_say(name: str) -> None:
    """None of the five says how sure it is, and nothing is made up."""
    assert case_uncertainty(example(name)) is None


def test_intervals_through_nought_are_named() -> None:
    """A formula that divides by a figure that may be nought says so at its place."""
    case = a_case(figure("people", "1", "0", "2"), figure("each", None, formula="hours / MAX(0, people - 1.5)"))
    case = replace(
        case, figures=tuple(replace(one, value=Decimal(2)) if one.id == "people" else one for one in case.figures)
    )
    with pytest.raises(InputError) as raised:
        case_uncertainty(case_examine(case))
    assert [fault.place for fault in raised.value.faults] == ["/figure/6/formula"]


NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=3)
PARTS = st.sampled_from(
    ["a", "b", "2", "0.5", "(a + b)", "MAX(a, 3)", "MIN(a, b, 7)", "SUM(a, b, 1)", "ROUND(a, 0)", "-b"]
)


@given(parts=st.lists(PARTS, min_size=1, max_size=5), signs=st.lists(st.sampled_from("+-*/"), min_size=4, max_size=4),
       rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=4))  # fmt: skip
def test_columns_are_the_rows(parts: list[str], signs: list[str], rows: list[tuple[Decimal, Decimal]]) -> None:
    """Many rows at once give what each gives by itself, or refuse as it does."""
    formula = " ".join(word for pair in zip(parts, signs, strict=False) for word in pair).rstrip("+-*/ ")
    try:
        each = [formula_evaluate(formula, {"a": a, "b": b}) for a, b in rows]
    except FormulaError:
        return
    columns = {"a": [float(a) for a, _ in rows], "b": [float(b) for _, b in rows]}
    try:
        found = formula_columns(formula, columns)
    except FormulaError:  # what is nought to a float and not to 40 digits
        return
    biggest = max(1.0, *(abs(float(one)) for one in each))
    assert found == pytest.approx([float(one) for one in each], rel=1e-6, abs=1e-6 * biggest)
