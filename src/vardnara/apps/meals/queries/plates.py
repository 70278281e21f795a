"""Offered dishes as the options that the engine selects among."""

from __future__ import annotations

from vardnara.apps.meals.queries.offered import OfferedDish
from vardnara.engines.selection import Option


def option_of(dish: OfferedDish) -> Option:
    """A dish with its cells, in their order."""
    return Option(dish.dish_id, tuple(cell for _, cell in dish.engine_dishes()))
