"""What must hold of any history of work."""

from __future__ import annotations

import random
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.durations import orders, plain_works

from vardnara.engines.durations import DurationOrder, durations_estimate
from vardnara.engines.durations.check import duration_faults
from vardnara.engines.durations.quantiles import order_bounds, survival_of


@settings(max_examples=150, deadline=None)
@given(orders())
def test_the_judge_counts_the_same(order: DurationOrder) -> None:
    """Pair by pair, in whole fractions."""
    assert duration_faults(durations_estimate(order), order) == ()


@settings(max_examples=60, deadline=None)
@given(orders(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(order: DurationOrder, shuffle: random.Random) -> None:
    works = list(order.works)
    shuffle.shuffle(works)
    assert durations_estimate(replace(order, works=tuple(works))) == durations_estimate(order)


@settings(max_examples=60, deadline=None)
@given(orders())
def test_nothing_vanishes(order: DurationOrder) -> None:
    """Each observation is kept or taken by one rule with a name."""
    found = durations_estimate(order)
    assert found.n_kept + sum(found.removed.values()) == found.n_seen == len(order.told())
    shown = [cell for cell in found.cells if cell.spread is not None]
    assert all(cell.spread.n + sum(cell.removed.values()) == cell.n_seen for cell in shown)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(1, 200), min_size=1, max_size=60))
def test_without_open_ones_the_median_is_an_observation_in_the_middle(minutes: list[float]) -> None:
    """Kaplan and Meier without anything open are the plain distribution."""
    found = survival_of([(one, True) for one in minutes], 0.95)
    ordered = sorted(minutes)
    assert found.median.value == ordered[(len(ordered) + 1) // 2 - 1]
    assert found.n_open == 0


def test_the_interval_holds_what_it_promises() -> None:
    """Of 2,000 samples of 60 from a known law, at least 95 % hold its 90th percentile (less three deviations)."""
    draw, held, tries = Random(7), 0, 2000
    low, high = order_bounds(60, 0.9, 0.95)
    assert low is not None and high is not None
    for _ in range(tries):
        sample = sorted(draw.random() for _ in range(60))
        held += sample[low - 1] <= 0.9 <= sample[high - 1]
    assert held / tries >= 0.95 - 3 * (0.95 * 0.05 / tries) ** 0.5


def test_plain_work_is_left_alone() -> None:
    """The rules take nothing from an ordinary week."""
    found = durations_estimate(DurationOrder(tuple(plain_works([float(5 + n % 40) for n in range(100)]))))
    assert found.n_kept == 100
