"""Judges times and shares without the engine: gaps one by one, intervals by search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import isclose, sqrt
from statistics import NormalDist

from vardnara.engines.sampling.data import Category, DrawOrder, SampleOrder
from vardnara.engines.sampling.result import Samples

NEAR = 1e-6  # of a share, by search


def draw_faults(times: Sequence[datetime], order: DrawOrder) -> tuple[str, ...]:
    """What is wrong with the times of a shift; empty when all is well."""
    faults = []
    stands = timedelta(minutes=order.params.open_minutes)
    if len(times) > order.n:
        faults.append(f"{len(times)} questions, {order.n} allowed")
    for time in times:
        if time < order.start_at or time + stands > order.end_at:
            faults.append(f"{time} is outside the shift")
    for first, second in pairwise(times):
        if (second - first) < timedelta(minutes=order.params.gap_minutes) - timedelta(seconds=1):
            faults.append(f"{first} and {second} are too near")
    return tuple(faults)


def sample_faults(samples: Samples, order: SampleOrder) -> tuple[str, ...]:
    """Every figure that counting gives differently; empty when all is well."""
    total = sum(order.answers.values())
    faults = []
    if samples.n_answered != total or samples.n_asked != total + order.n_declined + order.n_missed:
        faults.append(f"{samples.n_answered} of {samples.n_asked}")
    if samples.few != (total < order.params.answers_least) or samples.few != (not samples.shares):
        faults.append(f"{total} answers and {len(samples.shares)} shares")
    z = NormalDist().inv_cdf((1 + order.params.confidence_share) / 2)
    whole = order.shift_minutes * order.n_staff
    for one in samples.shares:
        n = order.answers.get(one.category, 0)
        share = n / total

        def against(true: float, share: float = share) -> bool:
            return abs(share - true) > z * sqrt(true * (1 - true) / total)

        low = _edge(against, 0.0, share) if n else 0.0
        high = _edge(against, 1.0, share) if n < total else 1.0
        wanted = (share, low, high, share * whole, low * whole, high * whole)
        told = (one.share, one.low, one.high, one.minutes, one.minutes_low, one.minutes_high)
        if one.n != n or not all(
            isclose(a, b, abs_tol=NEAR * max(1, whole)) for a, b in zip(told, wanted, strict=True)
        ):
            faults.append(f"{one.category}: {told}, counted {wanted}")
    if samples.shares and [one.category for one in samples.shares] != list(Category):
        faults.append("categories are missing")
    return tuple(faults)


def _edge(against: Callable[[float], bool], outside: float, inside: float) -> float:
    """Where shares begin that the answers do not speak against, by halving."""
    for _ in range(80):
        middle = (outside + inside) / 2
        outside, inside = (middle, inside) if against(middle) else (outside, middle)
    return inside
