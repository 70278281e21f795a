"""Formulas between figures: evaluated exactly, written for a sheet, told in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.kernel.formula import (
    FormulaError,
    formula_evaluate,
    formula_for_sheet,
    formula_in_words,
    formula_references,
)

VALUES = {"a": Decimal(7), "b": Decimal(2), "long id": Decimal("0.5")}


@pytest.mark.parametrize(
    ("formula", "gives"),
    [
        ("{a} + {b} * 3", "13"),
        ("({a} + {b}) * 3", "27"),
        ("{a} - {b} - 1", "4"),
        ("{a} / {b} / 7", "0.5"),
        ("-{a} + -{b}", "-9"),
        ("ROUND({a} / 3, 2)", "2.33"),
        ("ROUND(-2.5, 0)", "-3"),
        ("ROUND(1250, -2)", "1300"),
        ("SUM({a}, {b}, {long id})", "9.5"),
        ("MAX({a}, {b}) - MIN({a}, {b})", "5"),
    ],
)
def test_values(formula: str, gives: str) -> None:
    """Products before sums, from left to right; rounding half away from nought as a sheet does."""
    assert formula_evaluate(formula, VALUES) == Decimal(gives)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("{c}", "unknown figure 'c'"),
        ("{a} / 0", "divides by nought"),
        ("{a} +", "ends too early"),
        ("({a}", "expected"),
        ("{a} {b}", "does not end"),
        ("IF({a}, 1)", "does not know IF"),
        ("{a} ^ 2", "cannot read"),
        ("", "ends too early"),
        (")", "did not expect"),
    ],
)
def test_faults(formula: str, told: str) -> None:
    """What is wrong is said."""
    with pytest.raises(FormulaError, match=told):
        formula_evaluate(formula, VALUES)


def test_writing() -> None:
    """For a sheet with cells, for people with names; whole roundings go without saying."""
    assert formula_for_sheet("ROUND({a} * {b} / 12, 2)", {"a": "C2", "b": "C3"}.__getitem__) == "ROUND(C2*C3/12,2)"
    assert formula_in_words("ROUND({a} * {b} / 12, 2)", str.upper) == "A × B / 12"
    assert formula_in_words("SUM({a}, 0.5) - {b}", str) == "summan av (a; 0,5) − b"
    assert formula_references("{a} + {b} * {a}") == ("a", "b")


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=8), st.sampled_from("+-"))
def test_a_chain_is_what_decimal_says(numbers: list[Decimal], sign: str) -> None:
    """Against the plain arithmetic."""
    values = {str(at): number for at, number in enumerate(numbers)}
    formula = sign.join(f"{{{name}}}" for name in values)
    rest = sum(numbers[1:], Decimal(0))
    assert formula_evaluate(formula, values) == numbers[0] + (rest if sign == "+" else -rest)
