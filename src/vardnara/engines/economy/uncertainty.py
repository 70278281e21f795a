"""From effect, price and take-home intervals to kronor per payer (own-10)."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

DRAWS = 10_000  # at which the standard error of a probability is at most 0.5 percentage points
MOST_FACTORS = 8


@dataclass(frozen=True, slots=True)
class Range:
    """What is not known for certain: lowest, most likely and highest value, drawn from a triangular distribution."""

    low: float
    typical: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.typical <= self.high or self.high == float("inf") or self.low == float("-inf"):
            raise ValueError(f"{self.low} {self.typical} {self.high}, expected low <= typical <= high, finite")


@dataclass(frozen=True, slots=True)
class Term:
    """An amount of a year: the product of named factors, counted with a sign for one payer.

    ``sign`` is 1 for what lowers cost and -1 for what raises it. A factor that several terms name is drawn once, so
    that what hangs together moves together.
    """

    payer: str
    label: str
    factors: tuple[str, ...]
    sign: int

    def __post_init__(self) -> None:
        if self.sign not in (1, -1) or not 1 <= len(self.factors) <= MOST_FACTORS:
            raise ValueError(f"sign {self.sign}, {len(self.factors)} factors, expected 1 or -1, 1 to {MOST_FACTORS}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Yearly net effect of one payer, or of all; kronor, positive where cost falls.

    ``low`` and ``high`` hold nine tenths of the draws between them; ``payback_share`` is the share of draws in which
    the payer at least breaks even.
    """

    payer: str
    mean: float
    low: float
    median: float
    high: float
    payback_share: float


@dataclass(frozen=True, slots=True)
class Importance:
    """How much an assumption matters: rank correlation with the net effect, -1 to 1, and the net effect when only it
    goes from its lowest to its highest value and all else is typical."""

    factor: str
    correlation: float
    at_low: float
    at_high: float


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What a simulation of all assumptions at once gave. ``total`` is over every payer; what matters most is first."""

    by_payer: tuple[Outcome, ...]
    total: Outcome
    importance: tuple[Importance, ...]
    draws: int
    seed: int


def uncertainty_simulate(
    ranges: Mapping[str, Range], terms: tuple[Term, ...], *, seed: int, draws: int = DRAWS
) -> Uncertainty:
    """Carry every interval into kronor.

    Parameters
    ----------
    ranges
        Every assumption by name: hours freed, kronor an hour, share taken home.
    terms
        What they add up to.
    seed, draws
        The same seed gives the same answer; assumptions are drawn in the order of their names.

    Raises
    ------
    ValueError
        A term names an assumption that is not given, or there is no term, or fewer than 100 draws.
    """
    missing = sorted({name for term in terms for name in term.factors} - ranges.keys())
    if missing or not terms or draws < 100:
        raise ValueError(f"{missing} missing, {len(terms)} terms, {draws} draws, expected none missing, a term, 100")
    rng = Random(seed)  # noqa: S311  # simulation, not secrecy
    names = sorted({name for term in terms for name in term.factors})
    drawn = {name: [_draw(rng, ranges[name]) for _ in range(draws)] for name in names}
    payers = tuple(dict.fromkeys(term.payer for term in terms))
    nets = {payer: [0.0] * draws for payer in payers}
    for term in terms:
        own = nets[term.payer]
        columns = [drawn[name] for name in term.factors]
        for index, amounts in enumerate(zip(*columns, strict=True)):
            product = float(term.sign)
            for amount in amounts:
                product *= amount
            own[index] += product
    totals = [sum(column) for column in zip(*nets.values(), strict=True)]
    importance = sorted(
        (_importance(name, ranges, terms, drawn[name], totals) for name in names),
        key=lambda found: (-abs(found.correlation), found.factor),
    )
    by_payer = tuple(_outcome(payer, nets[payer]) for payer in payers)
    return Uncertainty(by_payer, _outcome("", totals), tuple(importance), draws, seed)


def _draw(rng: Random, span: Range) -> float:
    if span.low == span.high:
        return span.low
    return rng.triangular(span.low, span.high, span.typical)


def _outcome(payer: str, nets: list[float]) -> Outcome:
    cuts = statistics.quantiles(nets, n=20, method="inclusive")
    return Outcome(
        payer=payer,
        mean=statistics.fmean(nets),
        low=cuts[0],
        median=statistics.median(nets),
        high=cuts[-1],
        payback_share=sum(net >= 0 for net in nets) / len(nets),
    )


def _importance(
    name: str, ranges: Mapping[str, Range], terms: tuple[Term, ...], drawn: list[float], totals: list[float]
) -> Importance:
    moves = min(drawn) < max(drawn) and min(totals) < max(totals)
    correlation = statistics.correlation(drawn, totals, method="ranked") if moves else 0.0
    span = ranges[name]
    return Importance(name, correlation, _net(ranges, terms, name, span.low), _net(ranges, terms, name, span.high))


def _net(ranges: Mapping[str, Range], terms: tuple[Term, ...], name: str, value: float) -> float:
    """The net effect with one assumption at a value and all others typical."""
    total = 0.0
    for term in terms:
        product = float(term.sign)
        for factor in term.factors:
            product *= value if factor == name else ranges[factor].typical
        total += product
    return total
