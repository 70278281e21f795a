"""Quantiles with intervals that assume no shape, and waiting times of which some have not ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import exp, lgamma, log, sqrt
from statistics import NormalDist

from vardnara.engines.durations.result import Distribution, Estimate, Survival


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which a share lies, between neighbours in a straight line (Hyndman and Fan's type 7)."""
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@lru_cache(maxsize=4096)
def order_bounds(n: int, share: float, confidence: float) -> tuple[int | None, int | None]:
    """Ranks, from 1, of the observations that enclose a quantile with at least this confidence.

    How many observations lie below the true quantile is binomial, whatever their shape (Conover, Practical
    Nonparametric Statistics, 3.2). None where even the least or the greatest observation does not bound it.
    """
    tail = (1 - confidence) / 2
    lower, upper, below = None, None, 0.0
    for rank in range(1, n + 1):
        below += _chance(n, rank - 1, share)  # P(fewer than ``rank`` lie below)
        if below <= tail:
            lower = rank
        if below >= 1 - tail:
            upper = rank
            break
    return lower, upper


def _chance(n: int, k: int, share: float) -> float:
    """P(k of n), each by a share."""
    ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(ways + k * log(share) + (n - k) * log(1 - share))


def quantile_estimate(ordered: Sequence[float], share: float, confidence: float) -> Estimate:
    """A quantile with its interval; a bound that cannot be given is None."""
    lower, upper = order_bounds(len(ordered), share, confidence)
    return Estimate(
        quantile(ordered, share),
        None if lower is None else ordered[lower - 1],
        None if upper is None else ordered[upper - 1],
    )


def distribution_of(minutes: Iterable[float], confidence: float) -> Distribution:
    """Quantiles of at least one observation."""
    ordered = sorted(minutes)
    return Distribution(
        n=len(ordered),
        p10=quantile_estimate(ordered, 0.1, confidence),
        q25=quantile(ordered, 0.25),
        median=quantile_estimate(ordered, 0.5, confidence),
        q75=quantile(ordered, 0.75),
        p90=quantile_estimate(ordered, 0.9, confidence),
    )


def survival_of(times: Iterable[tuple[float, bool]], confidence: float) -> Survival:
    """Median and 90th percentile of a waiting time of which some have not ended (STANDARDS V-40).

    Parameters
    ----------
    times
        (minutes, whether it ended then; else it was still waited for).
    confidence
        Of the intervals: Greenwood's variance on the log-log scale, turned round (Brookmeyer and Crowley 1982).
    """
    ordered = sorted(times, key=lambda one: (one[0], not one[1]))
    steps = _steps(ordered, NormalDist().inv_cdf((1 + confidence) / 2))
    n_open = sum(not ended for _, ended in ordered)
    return Survival(len(ordered), n_open, _reach(steps, 0.5), _reach(steps, 0.1))


def _steps(ordered: Sequence[tuple[float, bool]], z: float) -> list[tuple[float, float, float, float]]:
    """(minutes, share still waiting, its low and high bound) at each time when something ended."""
    found: list[tuple[float, float, float, float]] = []
    share, variance, index = 1.0, 0.0, 0
    while index < len(ordered):
        now, at_risk, ended, passed = ordered[index][0], len(ordered) - index, 0, 0
        while index + passed < len(ordered) and ordered[index + passed][0] == now:
            ended += ordered[index + passed][1]
            passed += 1
        index += passed
        if not ended:
            continue
        share *= 1 - ended / at_risk
        if ended == at_risk:
            found.append((now, 0.0, 0.0, found[-1][3] if found else 1.0))  # no variance at the end: the bound stays
            continue
        variance += ended / (at_risk * (at_risk - ended))
        width = z * sqrt(variance) / -log(share)
        found.append((now, share, share ** exp(width), share ** exp(-width)))
    return found


def _reach(steps: Sequence[tuple[float, float, float, float]], waiting: float) -> Estimate:
    """When the share that still waits, and its bounds, have come down to ``waiting``."""
    near = waiting + 1e-12  # rounding of products
    value, low, high = (next((step[0] for step in steps if step[part] <= near), None) for part in (1, 2, 3))
    return Estimate(value, low, high)
