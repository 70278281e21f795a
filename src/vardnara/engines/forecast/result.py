"""Portions by dish with an interval, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

VERSION = "1"


@dataclass(frozen=True, slots=True)
class DishForecast:
    """A dish: the portions to expect (the median), the interval, the baseline's figure, and what is ordered already.

    ``n_times`` is how often the dish was cooked in the history.
    """

    dish: int
    expected: int
    low: int
    high: int
    mean: float
    baseline: float
    ordered: int
    n_times: int


@dataclass(frozen=True, slots=True)
class MealForecast:
    """A meal of a day ahead. ``weight`` is the model's against the baseline, ``n_days`` the days it rests on.

    ``coverage`` is the share of the past days tried that fell within the interval as it would have been told then;
    None where nothing could be tried.
    """

    on: date
    census: float
    dishes: tuple[DishForecast, ...]
    weight: float
    half_life_days: float
    strength_eaters: float
    n_days: int
    coverage: float | None
    coverage_share: float
    version: str = VERSION

    @property
    def expected(self) -> int:
        """All portions."""
        return sum(one.expected for one in self.dishes)
