"""Swedish forms of numbers, money and dates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.kernel.swedish import (
    date_swedish,
    list_swedish,
    msek_swedish,
    number_swedish,
    quantity_swedish,
    sek_swedish,
    share_swedish,
    text_unbroken,
)

S = "\u00a0"


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        (sek_swedish(Decimal(4_760_000)), f"4{S}760{S}000{S}kr"),
        (sek_swedish(Decimal("3966666.67")), f"3{S}966{S}666,67{S}kr"),
        (sek_swedish(Decimal("-0.5")), f"\u22120,50{S}kr"),
        (msek_swedish(Decimal(4_760_000)), f"4,76{S}mkr"),
        (msek_swedish(Decimal(11_000_000)), f"11,0{S}mkr"),
        (msek_swedish(Decimal(-12_400_000)), f"\u221212,4{S}mkr"),
        (msek_swedish(Decimal(175_000_000)), f"175,0{S}mkr"),
        (share_swedish(Decimal("0.66")), f"66{S}%"),
        (share_swedish(Decimal("0.6667")), f"66,7{S}%"),
        (share_swedish(Decimal(0)), f"0{S}%"),
        (date_swedish(date(2026, 3, 5)), f"5{S}mars{S}2026"),
        (quantity_swedish(Decimal(1), "posts"), f"1{S}tjänst"),
        (quantity_swedish(Decimal(13), "posts"), f"13{S}tjänster"),
        (quantity_swedish(Decimal("21385"), "hours"), f"21{S}385{S}timmar"),
        (quantity_swedish(Decimal("2.50"), "kr per portion"), f"2,5{S}kr per portion"),
        (number_swedish(Decimal("-0.004"), 2), "0,00"),
        (number_swedish(Decimal("0.125"), 2), "0,13"),
        (number_swedish(Decimal("-2.5"), 0), "\u22123"),
        (number_swedish(Decimal("1E+3")), f"1{S}000"),
        (list_swedish(["a"]), "a"),
        (list_swedish(["a", "b", "c"]), "a, b och c"),
    ],
)  # fmt: skip
def test_forms(shown: str, wanted: str) -> None:
    """Groups of three, decimal comma, U+2212, units that never stand alone on a line."""
    assert shown == wanted


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_can_be_read_back(value: Decimal) -> None:
    """Nothing is lost to the öre."""
    shown = number_swedish(value)
    assert Decimal(shown.replace(S, "").replace("\u2212", "-").replace(",", ".")) == value


@given(st.text(alphabet="0123456789 §.%s,-kramjår\n", max_size=60))
def test_nothing_but_spaces_is_changed_in_running_text(text: str) -> None:
    """The words stay, and what is unbroken stays so."""
    unbroken = text_unbroken(text)
    assert unbroken.replace(S, " ") == text
    assert text_unbroken(unbroken) == unbroken


def test_a_line_breaks_where_no_number_is_torn() -> None:
    """A number stays with what it counts and its year with its month; other words part freely."""
    assert text_unbroken("av 13 tjänster om 30 000 kr") == f"av 13{S}tjänster om 30{S}000{S}kr"
    assert text_unbroken("§ 139, s. 2, den 4 november 2025") == f"§{S}139, s.{S}2, den 4{S}november{S}2025"
    assert text_unbroken("år 2024 och 3 krans; 12 till") == "år 2024 och 3 krans; 12 till"
