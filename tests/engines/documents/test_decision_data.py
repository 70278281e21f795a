"""A decision document's data: refused whole, with every fault, where it contradicts itself."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.strategies import decided_forms as forms

from vardnara.engines.documents import (
    Chart,
    ChartKind,
    DecisionDocument,
    DocumentKind,
    EconomyAmounts,
    EconomyRow,
    Figure,
    FigureKind,
    Section,
    Series,
    TextTable,
)
from vardnara.kernel.errors import InputError

ONE = Decimal(1)
QUOTED, DERIVED = FigureKind.QUOTED, FigureKind.DERIVED


def figures(*given: tuple[str, Decimal, FigureKind, str]) -> dict[str, Any]:
    return {"figures": tuple(Figure(name, name, value, "sek", kind, formula) for name, value, kind, formula in given)}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": " "}, "title: empty"),
        ({"summary": ("a", "b\x07")}, r"summary\[1\]: the sign U\+0007"),
        ({"recipients": ("\ufffe",)}, r"recipients\[0\]: the sign U\+FFFE"),
        ({"sections": (Section("", (TextTable("T", ("a", "b"), (("1",),)),)),)}, "unlike its header"),
        ({"sections": (Section("", (TextTable("T", (), ()),)),)}, "without columns"),
        ({"charts": (Chart("C", ChartKind.BAR, ("a",), (Series("s", ()),)),)}, "not as long as"),
        ({"charts": (Chart("C", ChartKind.BAR, (), ()),)}, "nothing to draw"),
        (figures(("a", ONE, QUOTED, ""), ("a", ONE, QUOTED, "")), "given twice"),
        (figures(("a", Decimal("NaN"), QUOTED, "")), "not a finite number"),
        (figures(("a", ONE, DERIVED, "")), "derived without a formula"),
        (figures(("a", ONE, DERIVED, "{b}")), "unknown figure 'b'"),
        (figures(("a", ONE, QUOTED, ""), ("b", ONE, DERIVED, "{a} + 1")), "is 1, its formula gives 2"),
        (figures(("a", ONE, DERIVED, "{b}"), ("b", ONE, DERIVED, "{a}")), "in a circle: a, b"),
    ],
)
def test_faults_are_named(change: dict[str, Any], told: str) -> None:
    """With their place, and what was expected."""
    with pytest.raises(InputError, match=told):
        dataclasses.replace(forms.MEMO, **change)


def test_all_faults_at_once() -> None:
    """Not only the first."""
    with pytest.raises(InputError) as refused:
        DecisionDocument(DocumentKind.MEMO, "", date(2026, 1, 1), **figures(("a", ONE, DERIVED, "")))
    assert len(refused.value.faults) == 2


def test_the_amounts_of_a_payer() -> None:
    """Net is gross less transferred cost, re-investment and one-off; what lies outside a frame is only told."""
    full = EconomyAmounts(*map(Decimal, (100, 10, 20, 5, 30)))
    row = EconomyRow("Vården", full, EconomyAmounts(Decimal(60)))
    assert (full.net_sek, row.carry_over_sek) == (65, 40)
    assert EconomyRow("Vården", full).carry_over_sek is None
