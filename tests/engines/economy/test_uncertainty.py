"""Intervals into kronor, and what prevention costs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vardnara.engines.economy import (
    Programme,
    Range,
    Term,
    discounted,
    icer_sek,
    net_monetary_benefit_sek,
    prevention_estimate,
    uncertainty_simulate,
)

RANGES = {
    "hours": Range(6_000, 8_000, 9_000),
    "hourly": Range(330, 340, 350),
    "taken home": Range(0.1, 0.4, 0.9),
    "service": Range(900_000, 900_000, 900_000),
}
TERMS = (
    Term("care", "hours taken home", ("hours", "hourly", "taken home"), 1),
    Term("service", "added posts", ("service",), -1),
)


def test_the_mean_is_the_theory() -> None:
    """Independent triangles: the mean of a product is the product of the means."""
    found = uncertainty_simulate(RANGES, TERMS, seed=4, draws=20_000)
    theory = (23_000 / 3) * 340 * (1.4 / 3)
    care, service = found.by_payer
    assert care.mean == pytest.approx(theory, rel=0.01)
    assert (service.mean, service.low, service.payback_share) == (-900_000, -900_000, 0)
    assert found.total.mean == pytest.approx(theory - 900_000, rel=0.05)
    assert care.low < care.median < care.high


def test_the_share_that_is_taken_home_matters_most() -> None:
    """What nobody measured decides; what is certain does not matter at all."""
    found = uncertainty_simulate(RANGES, TERMS, seed=4, draws=2_000)
    assert found.importance[0].factor == "taken home"
    last = found.importance[-1]
    assert (last.factor, last.correlation) == ("service", 0)
    most = found.importance[0]
    assert most.at_low == pytest.approx(8_000 * 340 * 0.1 - 900_000)
    assert most.at_high == pytest.approx(8_000 * 340 * 0.9 - 900_000)


def test_the_probability_of_paying_back_is_the_theory() -> None:
    """One triangle from -1 to 1 with its top at 0: half the draws, within four standard errors."""
    found = uncertainty_simulate({"x": Range(-1, 0, 1)}, (Term("care", "x", ("x",), 1),), seed=1)
    assert found.total.payback_share == pytest.approx(0.5, abs=0.02)


def test_the_same_seed_gives_the_same_answer() -> None:
    """Invariant 9."""
    assert uncertainty_simulate(RANGES, TERMS, seed=7, draws=500) == uncertainty_simulate(
        RANGES, TERMS, seed=7, draws=500
    )
    assert uncertainty_simulate(RANGES, TERMS, seed=7, draws=500) != uncertainty_simulate(
        RANGES, TERMS, seed=8, draws=500
    )


def test_an_assumption_that_is_not_given_is_named() -> None:
    """No factor is taken for nought."""
    with pytest.raises(ValueError, match="hourly"):
        uncertainty_simulate({"hours": RANGES["hours"]}, (Term("care", "x", ("hours", "hourly"), 1),), seed=1)


def test_protection_against_rsv() -> None:
    """K-16: 1,200 born, 90 % take it at 2,000 kr; of 1.5 % admitted 80 % are averted, one in ten to intensive care."""
    found = prevention_estimate(
        Programme(
            born=Decimal(1200),
            coverage=Decimal("0.9"),
            efficacy=Decimal("0.8"),
            dose_sek=Decimal(1900),
            giving_sek=Decimal(100),
            risk=Decimal("0.015"),
            ward_days=Decimal(4),
            ward_day_sek=Decimal(10_000),
            intensive_share=Decimal("0.1"),
            intensive_sek=Decimal(1_000_000),
        )
    )
    assert (found.given, found.cost_sek, found.admissions_averted) == (1080, 2_160_000, Decimal("12.96"))
    assert found.averted_sek == Decimal("1814400.00")
    assert found.net_cost_sek == Decimal("345600.00")
    assert found.needed_to_treat is not None and round(found.needed_to_treat, 2) == Decimal("83.33")


def test_kronor_for_health() -> None:
    """K-13: present value at 3 %, kronor a QALY, and net monetary benefit; no ratio where no health is gained."""
    assert discounted((Decimal(100), Decimal(103), Decimal("106.09")), Decimal("0.03")) == 300
    assert icer_sek(Decimal(345_600), Decimal("0.5")) == 691_200
    assert icer_sek(Decimal(345_600), Decimal(0)) is None
    assert net_monetary_benefit_sek(Decimal(345_600), Decimal("0.5"), threshold_sek=Decimal(500_000)) == -95_600
