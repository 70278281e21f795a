"""Dishes to choose among, and the steps of the ladder."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.diet.data import Dish


@dataclass(frozen=True, slots=True)
class Option:
    """A dish of a meal.

    Parameters
    ----------
    key
        What the caller knows it by.
    cells
        The dish as it is cooked for each diet and texture, the kitchen's plainest first.
    """

    key: int
    cells: tuple[Dish, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder: where its options come from, and these in the order in which they are tried."""

    name: str
    options: tuple[Option, ...]
