"""Kronor: exact inside, whole öre outside, and parts that always sum to their whole.

Shares of a year are fractions such as 10/12, which no decimal holds. Sums are therefore kept as fractions and rounded
once, at the end; where a sum is shown with its parts, both are rounded together.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

ORE = Decimal("0.01")
ZERO_SEK = Decimal("0.00")


def sek(amount: Fraction | Decimal | int) -> Decimal:
    """An amount in kronor, to the öre; half an öre goes away from zero.

    Raises
    ------
    ValueError
        The amount is infinite or no number.
    """
    if isinstance(amount, Decimal) and not amount.is_finite():
        raise ValueError(f"amount {amount}, expected a finite number of kronor")
    exact = Fraction(amount)
    sign = -1 if exact < 0 else 1
    ore = (abs(exact) * 200 + 1) // 2
    return (Decimal(sign * ore) / 100).quantize(ORE, ROUND_HALF_UP)


def sek_parts(amounts: Iterable[Fraction]) -> tuple[Decimal, ...]:
    """Amounts to the öre, such that the sum of the first n is, for every n, the rounded sum of the exact first n.

    So any total that is made of the leading parts is right to the öre, and the parts sum to it exactly. No part is
    further than an öre from what it would be alone.
    """
    exact, given, parts = Fraction(0), ZERO_SEK, []
    for amount in amounts:
        exact += amount
        parts.append(sek(exact) - given)
        given = sek(exact)
    return tuple(parts)
