"""Freed hours are booked once, and prices have their year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.economy import Booking, Destination, IndexSeries, deflated, mixed, take_home
from vardnara.kernel.errors import InputError, RuleBroken

CASH, OTHER, GONE = Destination.CASH_RELEASED, Destination.REDISTRIBUTED, Destination.EVAPORATED


def test_only_cash_released_hours_are_money() -> None:
    """own-3: an hour that is used for something else, or gone, saves no krona."""
    (row,) = take_home(
        {"K3": Decimal(1000)},
        [
            Booking("K3", CASH, Decimal(400), "a post", Decimal("281.50")),
            Booking("K3", OTHER, Decimal(250), "mobilisation"),
            Booking("K3", GONE, Decimal(100)),
        ],
    )
    assert (row.cash_sek, row.unbooked_hours) == (Decimal("112600.00"), 250)


def test_no_hour_is_booked_twice() -> None:
    """A booking beyond what was freed is refused, and so is one of nothing."""
    bookings = [Booking("K3", CASH, Decimal(600), "a post"), Booking("K3", OTHER, Decimal("400.1"), "meals")]
    with pytest.raises(RuleBroken) as caught:
        take_home({"K3": Decimal(1000)}, bookings)
    assert caught.value.code == "hours_booked_twice"
    with pytest.raises(RuleBroken) as caught:
        take_home({}, bookings)
    assert caught.value.code == "source_unknown"


@pytest.mark.parametrize("destination", [CASH, OTHER])
def test_an_hour_that_went_somewhere_says_where(destination: Destination) -> None:
    """Only what is gone needs no name."""
    with pytest.raises(ValueError, match="without saying"):
        Booking("K3", destination, Decimal(1))


@given(
    st.lists(
        st.tuples(st.sampled_from(Destination), st.integers(1, 500), st.integers(0, 60_000)),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_the_ledger_counts_each_hour_once(rows: list[tuple[Destination, int, int]], random: object) -> None:
    """Booked and unbooked make what was freed; in any order the same."""
    bookings = [Booking("K3", kind, Decimal(hours) / 4, "x", Decimal(price) / 100) for kind, hours, price in rows]
    freed = {"K3": sum((one.hours for one in bookings), Decimal(0)) + 10, "K4": Decimal(3)}
    (row, empty) = take_home(freed, bookings)
    booked = row.cash_released_hours + row.redistributed_hours + row.evaporated_hours
    assert booked + row.unbooked_hours == row.freed_hours
    assert row.unbooked_hours == 10
    assert empty.unbooked_hours == 3
    random.shuffle(bookings)  # type: ignore[attr-defined]
    assert take_home(freed, bookings) == (row, empty)


WAGES = IndexSeries("wages", date(2026, 2, 1), "w", {2018: Decimal(100), 2026: Decimal(130)})
PRICES = IndexSeries("prices", date(2026, 1, 1), "p", {2018: Decimal(200), 2026: Decimal(280)})


def test_an_amount_in_another_years_kronor() -> None:
    """K-04: 12.4 million of 2018 in kronor of 2026, by an index of pay and prices."""
    assert deflated(Decimal(12_400_000), WAGES, price_year=2018, to_year=2026) == 16_120_000
    both = mixed("both", WAGES, PRICES, wage_share=Decimal("0.75"))
    assert both.by_year == {2018: 100, 2026: Decimal("132.5")}
    assert deflated(Decimal(100), both, price_year=2026, to_year=2018) == Decimal("75.47")


def test_no_year_is_guessed() -> None:
    """An index number that is not there is said, not extrapolated."""
    with pytest.raises(InputError, match="2027"):
        deflated(Decimal(1), WAGES, price_year=2018, to_year=2027)
