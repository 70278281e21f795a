"""Counts around a mean: chance alone is a Poisson's; what is beyond it is measured on the kitchen's own past."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

ROOM = 0.5  # a count is a whole number: it stands for the half on each side
FEW = 30  # trials with whose weight the prior counts


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of a count with mean m: ``chance x m + (share x m)^2``."""

    chance: float
    share: float

    def sd(self, mean: float) -> float:
        """Standard deviation at a mean."""
        return sqrt(self.chance * mean + (self.share * mean) ** 2)


def spread_of(mean: NDArray[np.float64], truth: NDArray[np.float64], *, prior: float) -> Spread:
    """The spread that past forecasts had, by least squares of the squared misses on the mean and its square.

    Robust: misses are measured by their absolute size, so that a single shock does not widen every interval.
    """
    if not len(mean):
        return Spread(1.0, prior)
    miss = np.abs(truth - mean) * sqrt(np.pi / 2)  # the standard deviation of which this is the mean absolute miss
    sd_chance = np.sqrt(np.maximum(mean, 0.25))
    scale = float(np.mean(miss / np.sqrt(sd_chance**2 + (prior * mean) ** 2)))
    scale = (len(mean) * scale + FEW) / (len(mean) + FEW)
    return Spread(scale**2, prior * scale)


def count_interval(mean: float, spread: Spread, coverage: float) -> tuple[int, int]:
    """The whole numbers that hold ``coverage`` of the counts; never below 0, never without the median."""
    z = NormalDist().inv_cdf((1 + coverage) / 2)
    sd = spread.sd(max(mean, 0.0))
    low, high = ceil(mean - z * sd - ROOM), floor(mean + z * sd + ROOM)
    middle = count_median(mean, spread)
    return max(0, min(low, middle)), max(high, middle)


def count_median(mean: float, spread: Spread) -> int:
    """The number that is as often too low as too high: of skewed counts a little below the mean (a Poisson's third)."""
    return max(0, round(mean - min(1 / 6, mean / 2) * min(1.0, spread.chance)))
