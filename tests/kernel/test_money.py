"""Kronor to the öre, and parts that make their whole."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.kernel.money import sek, sek_parts

EXACT = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=365)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("11900000/3", "3966666.67"), ("1/200", "0.01"), ("-1/200", "-0.01"), ("0", "0.00"), ("1/201", "0.00")],
)
def test_half_an_ore_goes_away_from_zero(exact: str, shown: str) -> None:
    """An amount is rounded as people round by hand."""
    assert str(sek(Fraction(exact))) == shown


def test_no_number_is_no_amount() -> None:
    """A sum that is no number stops at the door."""
    with pytest.raises(ValueError, match="NaN"):
        sek(Decimal("NaN"))


@given(st.lists(EXACT, max_size=30))
def test_leading_parts_sum_to_their_rounded_whole(exact: list[Fraction]) -> None:
    """Whatever totals a table has of its leading rows, they agree with the rows to the öre."""
    parts = sek_parts(exact)
    for n in range(len(exact) + 1):
        assert sum(parts[:n], Decimal(0)) == sek(sum(exact[:n], Fraction(0)))
    assert all(abs(Fraction(part) - one) <= Fraction(1, 100) for part, one in zip(parts, exact, strict=True))
