"""How much work an hour has: what is planned, and what comes when it comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, sqrt
from typing import NamedTuple

FAR = 12  # standard deviations beyond which nothing is expected: a probability below 1e-20
ROUNDING = 1e-9  # of sums and of probabilities


class Work(NamedTuple):
    """Work of one hour: planned minutes, and arrivals: how many are expected, by how many minutes each takes."""

    planned: float
    arrivals: Mapping[float, float]

    @property
    def mean(self) -> float:
        return self.planned + sum(minutes * often for minutes, often in self.arrivals.items())


class Distribution:
    """Minutes of work X = planned + Y, where Y is a compound Poisson sum on whole minutes.

    An arrival of 27.5 minutes takes 27 or 28, each as often, so that the mean is kept. Found by its characteristic
    function, exact but for rounding.
    """

    def __init__(self, planned: float, chances: Sequence[float]) -> None:
        self.planned = planned
        self._below, self._first = [0.0], [0.0]  # P(Y < y), and E[Y; Y < y]
        for minutes, chance in enumerate(chances):
            self._below.append(self._below[-1] + chance)
            self._first.append(self._first[-1] + minutes * chance)

    def done(self, capacity: float) -> float:
        """E[min(X, capacity)]: minutes done in the mean by who has so many."""
        left = capacity - self.planned
        if left <= 0:
            return capacity
        last = min(floor(left) + 1, len(self._below) - 1)
        return self.planned + self._first[last] + left * max(0.0, 1 - self._below[last])

    def within(self, capacity: float) -> float:
        """P(X <= capacity)."""
        left = capacity - self.planned + ROUNDING
        return 0.0 if left < 0 else self._below[min(floor(left) + 1, len(self._below) - 1)]


def distributions(works: Sequence[Work]) -> list[Distribution]:
    """One for each hour; together, since they share the transform."""
    import numpy as np

    steps = sorted({minutes for work in works for each in work.arrivals for minutes in _whole(each)})
    if not steps:
        return [Distribution(work.planned, (1.0,)) for work in works]
    often = np.zeros((len(works), len(steps)))
    for row, work in enumerate(works):
        for each, number in work.arrivals.items():
            for minutes, part in _whole(each).items():
                often[row, steps.index(minutes)] += number * part
    jumps = np.array(steps, dtype=float)
    reach = float((often @ jumps + FAR * np.sqrt(often @ jumps**2)).max()) + FAR * float(jumps.max())
    size = 1 << max(6, int(np.ceil(np.log2(reach + 1))))
    turns = np.exp(-2j * np.pi * np.outer(jumps, np.arange(size // 2 + 1)) / size)
    chances = np.clip(np.fft.irfft(np.exp(often @ (turns - 1)), n=size), 0.0, None)
    return [Distribution(work.planned, row.tolist()) for work, row in zip(works, chances, strict=True)]


def _whole(minutes: float) -> dict[int, float]:
    """Minutes as whole ones around them, by share."""
    low = floor(minutes)
    part = minutes - low
    return {low: 1 - part, low + 1: part} if part > ROUNDING else {low: 1.0}


def quadrature(deviations: Mapping[str, float]) -> float:
    """Errors of different norms, which are independent; those of one norm have been added before."""
    return sqrt(sum(one * one for one in deviations.values()))
