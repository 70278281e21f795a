"""What is asked costs what its parts say, what is granted never more, and groups sum to the whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.economy import Basis, CallOff, Tried, avoided, avoided_by, call_off_cost, granted_cost

MONEY = st.decimals(0, 2_000_000, places=2)
QUANTITIES = st.decimals("0.05", 60, places=2)
DAYS = st.none() | st.integers(1, 900)


@pytest.mark.parametrize(
    ("asked", "cost"),
    [
        (CallOff(Basis.AGENCY_SHIFTS, Decimal(10), 14, Decimal(1000), hours_per_shift=Decimal(8)), "80000.00"),
        (CallOff(Basis.AGENCY_FTE, Decimal(2), 14, Decimal(1000), weekly_hours=Decimal("38.25")), "153000.00"),
        (CallOff(Basis.HIRE, Decimal("0.5"), None, Decimal(45_000)), "270000.00"),
        (CallOff(Basis.HIRE, Decimal(1), 730, Decimal(45_000)), "1080000.00"),
        (CallOff(Basis.HIRE, Decimal(1), 30, quoted_sek=Decimal("12.005")), "12.01"),
        (CallOff(Basis.HIRE, Decimal(1), 30), None),
    ],
)
def test_the_cost_is_its_parts(asked: CallOff, cost: str | None) -> None:
    found = call_off_cost(asked)
    assert (None if found is None else str(found)) == cost


@given(
    basis=st.sampled_from(Basis),
    quantity=QUANTITIES,
    days=DAYS,
    unit=st.none() | MONEY,
    quoted=MONEY,
    less=st.decimals("0.05", 1, places=2),
    fewer=st.integers(0, 900),
    cap=MONEY,
)
def test_what_is_granted_never_costs_more(
    basis: Basis,
    quantity: Decimal,
    days: int | None,
    unit: Decimal | None,
    quoted: Decimal,
    less: Decimal,
    fewer: int,
    cap: Decimal,
) -> None:
    """Fewer, shorter or cheaper: at most as much; and as asked: exactly as much."""
    asked = CallOff(basis, quantity, days, unit, Decimal(8), Decimal("38.25"), quoted)
    narrower = replace(
        asked,
        quantity=quantity * less,
        n_days=max(1, (days or 365) - fewer),
        unit_sek=None if unit is None else min(unit, cap),
    )
    whole = call_off_cost(asked)
    assert whole is not None
    assert granted_cost(asked, asked) == whole
    granted = granted_cost(asked, narrower)
    assert granted is not None and 0 <= granted <= whole


@st.composite
def rows(draw: st.DrawFn) -> Tried:
    refused, limited = draw(st.sampled_from([(True, False), (False, True), (False, False)]))
    asked = draw(st.none() | MONEY)
    granted = None if asked is None else Decimal("0.00") if refused else asked / 2 if limited else asked
    return Tried(
        (draw(st.sampled_from("AB")),),
        asked,
        granted,
        refused,
        limited,
        draw(st.none() | MONEY),
        draw(st.decimals(0, 900, places=1)),
    )


@given(st.lists(rows(), max_size=12))
def test_groups_sum_to_the_whole_and_nothing_is_counted_twice(found: list[Tried]) -> None:
    whole, parts = avoided(found), avoided_by(found, lambda one: one.groups[0]).values()
    for name in (
        "n",
        "n_refused",
        "n_limited",
        "n_unknown",
        "asked_sek",
        "granted_sek",
        "followed_sek",
        "instead_sek",
        "avoided_sek",
        "unfollowed_sek",
        "net_sek",
    ):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name
    assert whole.avoided_sek == whole.followed_sek + whole.unfollowed_sek
    assert whole.unfollowed_sek >= 0


def test_of_nothing_there_is_nothing_to_say() -> None:
    assert (avoided([]).median_hours, avoided([]).refused_share) == (None, None)
    with pytest.raises(ValueError, match="quantity"):
        CallOff(Basis.HIRE, Decimal(0), 3)
