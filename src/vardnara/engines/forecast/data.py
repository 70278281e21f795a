"""What is known: past days of one kitchen's meal, and the days that are asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class MealDay:
    """A meal of a past day.

    Parameters
    ----------
    on
        The day.
    menu_day
        What day of which menu it was; the same again a cycle later. Empty where it stood alone (a holiday).
    census
        Patients that the kitchen cooked for.
    portions
        By dish; a dish that was offered and that nobody had is there with 0.
    slots
        The dish's place on the menu: a dish that was never cooked is expected to do as others in its place.
    """

    on: date
    menu_day: str
    census: float
    portions: Mapping[int, int]
    slots: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.census < 0 or min(self.portions.values(), default=0) < 0:
            raise ValueError(f"{self.on}: fewer than nobody")


@dataclass(frozen=True, slots=True)
class History:
    """Past days of one kitchen's meal, in order, each once; days on which the meal was not served may be missing."""

    days: tuple[MealDay, ...]

    def __post_init__(self) -> None:
        if any(one.on >= other.on for one, other in zip(self.days, self.days[1:], strict=False)):
            raise ValueError("days are not in order, or twice")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day that is asked about.

    Parameters
    ----------
    on
        The day, after the last of the history.
    menu_day
        As of a past day.
    slots
        The dishes that are offered, by their place on the menu.
    booked
        Patients who will have come by then less those who will have left, as booked by now.
    ordered
        Portions that are ordered already.
    n_ordered
        Patients whose meal is ordered already.
    may_eat
        By dish the share of the patients whose diet allows it, where each has one portion at most: no more are
        expected.
    """

    on: date
    menu_day: str
    slots: Mapping[int, int]
    booked: float = 0.0
    ordered: Mapping[int, int] = field(default_factory=dict)
    n_ordered: int = 0
    may_eat: Mapping[int, float] = field(default_factory=dict)
