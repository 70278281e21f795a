"""Shares with intervals, and the minutes that they come to."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.sampling.data import Category

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Share:
    """A category: its answers, its share of all, and the minutes of all staff in a shift; each with its interval."""

    category: Category
    n: int
    share: float
    low: float
    high: float
    minutes: float
    minutes_low: float
    minutes_high: float


@dataclass(frozen=True, slots=True)
class Samples:
    """What the answers come to; ``shares`` is empty where they are too few to say, in the order of the categories."""

    n_asked: int
    n_answered: int
    n_least: int
    shares: tuple[Share, ...]
    version: str = VERSION

    @property
    def few(self) -> bool:
        return self.n_answered < self.n_least

    @property
    def answered_share(self) -> float:
        """Share of the questions that somebody answered."""
        return self.n_answered / self.n_asked if self.n_asked else 0.0

    @property
    def service(self) -> Share | None:
        """Service work that care staff do."""
        return next((one for one in self.shares if one.category is Category.SERVICE), None)
