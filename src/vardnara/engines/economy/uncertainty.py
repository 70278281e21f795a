"""From effect, price and take-home intervals to kronor per payer (own-10)."""

from __future__ import annotations

import operator
import statistics
from collections.abc import Callable, Mapping
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


type Columns = Mapping[str, list[float]]
type Reckon = Callable[[Columns], Mapping[str, list[float]]]
"""Net effects of each payer, a number a draw, from what each assumption is in that draw."""


def uncertainty_simulate(
    ranges: Mapping[str, Range], terms: tuple[Term, ...], *, seed: int, draws: int = DRAWS
) -> Uncertainty:
    """Carry every interval into kronor, for effects that are sums of products.

    Parameters
    ----------
    ranges
        Every assumption by name: hours freed, kronor an hour, share taken home.
    terms
        What they add up to.
    seed, draws
        As for :func:`uncertainty_carry`.

    Raises
    ------
    ValueError
        A term names an assumption that is not given, or there is no term, or fewer than 100 draws.
    """
    names = {name for term in terms for name in term.factors}
    missing = sorted(names - ranges.keys())
    if missing or not terms:
        raise ValueError(f"{missing} missing, {len(terms)} terms, expected none missing, a term")

    def reckon(columns: Columns) -> dict[str, list[float]]:
        length = max(len(column) for column in columns.values())
        nets = {term.payer: [0.0] * length for term in terms}
        for term in terms:
            products = [float(term.sign)] * length
            for name in term.factors:
                products = list(map(operator.mul, products, columns[name]))
            nets[term.payer] = list(map(operator.add, nets[term.payer], products))
        return nets

    return uncertainty_carry({name: ranges[name] for name in names}, reckon, seed=seed, draws=draws)


def uncertainty_carry(ranges: Mapping[str, Range], reckon: Reckon, *, seed: int, draws: int = DRAWS) -> Uncertainty:
    """Carry every interval through whatever reckons kronor from it.

    Parameters
    ----------
    ranges
        Every assumption by name.
    reckon
        Called with a column of each assumption: of all draws, and of one row to see what one assumption does alone.
    seed, draws
        The same seed gives the same answer; assumptions are drawn in the order of their names.

    Raises
    ------
    ValueError
        Fewer than 100 draws.
    """
    if draws < 100:
        raise ValueError(f"{draws} draws, expected 100 or more")
    columns = drawn(ranges, seed=seed, draws=draws)
    nets = reckon(columns)
    totals = [sum(row) for row in zip(*nets.values(), strict=True)]
    importance = []
    for name, span in ranges.items():
        moves = min(columns[name]) < max(columns[name]) and min(totals) < max(totals)
        correlation = statistics.correlation(columns[name], totals, method="ranked") if moves else 0.0
        at_low, at_high = (_alone(ranges, reckon, name, value) for value in (span.low, span.high))
        importance.append(Importance(name, correlation, at_low, at_high))
    importance.sort(key=lambda found: (-abs(found.correlation), found.factor))
    by_payer = tuple(_outcome(payer, column) for payer, column in nets.items())
    return Uncertainty(by_payer, _outcome("", totals), tuple(importance), draws, seed)


def drawn(ranges: Mapping[str, Range], *, seed: int, draws: int) -> dict[str, list[float]]:
    """A column of draws of each assumption, in the order of their names."""
    rng = Random(seed)  # noqa: S311  # simulation, not secrecy
    return {name: [_draw(rng, ranges[name]) for _ in range(draws)] for name in sorted(ranges)}


def _draw(rng: Random, span: Range) -> float:
    if span.low == span.high:
        return span.low
    return rng.triangular(span.low, span.high, span.typical)


def _outcome(payer: str, nets: list[float]) -> Outcome:
    low, high = nine_tenths(nets)
    return Outcome(
        payer=payer,
        mean=statistics.fmean(nets),
        low=low,
        median=statistics.median(nets),
        high=high,
        payback_share=sum(net >= 0 for net in nets) / len(nets),
    )


def nine_tenths(column: list[float]) -> tuple[float, float]:
    """The values between which nine tenths of the draws lie."""
    cuts = statistics.quantiles(column, n=20, method="inclusive")
    return cuts[0], cuts[-1]


def _alone(ranges: Mapping[str, Range], reckon: Reckon, name: str, value: float) -> float:
    """The net effect with one assumption at a value and all others typical."""
    nets = reckon({other: [value if other == name else span.typical] for other, span in ranges.items()})
    return sum(column[0] for column in nets.values())
