"""The transfer balance against a judge that counts minute by minute, and what must hold of any."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from tests.strategies.transfer import YEAR, cases

from vardnara.engines.transfer import Home, HomeKind, TransferCase, balance_estimate
from vardnara.engines.transfer.check import balance_faults
from vardnara.engines.workload import CAUSED, WorkloadOrder, workload_estimate

FEW = settings(max_examples=40, deadline=None)


@FEW
@given(cases())
def test_the_judge_counts_the_same(case: TransferCase) -> None:
    """Every hour that leaves is received, released or without a home: none lost, none twice, each where it is."""
    assert balance_faults(balance_estimate(case), case) == ()


@FEW
@given(cases())
def test_one_home_more_never_makes_more_homeless(case: TransferCase) -> None:
    before = balance_estimate(case).total.homeless
    more = replace(case, homes=(*case.homes, Home(99, case.items[0].id, HomeKind.ADDED, None)))
    after = balance_estimate(more).total.homeless
    assert after.typical <= before.typical + 1e-6 and after.high <= before.high + 1e-6


@FEW
@given(cases())
def test_the_order_of_what_is_given_does_not_matter(case: TransferCase) -> None:
    turned = replace(case, items=case.items[::-1], homes=case.homes[::-1], wards=case.wards[::-1])
    one, other = balance_estimate(case).total, balance_estimate(turned).total
    for name in ("leaving", "received", "released", "homeless"):
        assert getattr(one, name).typical == pytest.approx(getattr(other, name).typical)


@FEW
@given(cases())
def test_what_leaves_is_what_the_workload_says(case: TransferCase) -> None:
    """Planned work moves with all the minutes, low, typical and high, that the workload has for it."""
    for row in balance_estimate(case).items:
        item = next(item for item in case.items if item.id == row.item)
        works = [piece.work for piece in item.pieces if piece.work]
        if any(work.norm.driver in CAUSED for work in works):
            continue
        ward = next(ward for ward in case.wards if ward.code == item.ward)
        found = [
            workload_estimate(WorkloadOrder((replace(work, wards=None),), (ward,), YEAR)).rows[0].minutes
            for work in works
        ]
        for level in ("low", "typical", "high"):
            assert getattr(row.sums.leaving, level) == pytest.approx(sum(getattr(one, level) for one in found))
