"""Judges a forecast without the solver: whole numbers in order, and nothing below what is ordered."""

from __future__ import annotations

from collections.abc import Sequence

from vardnara.engines.forecast.data import Ahead
from vardnara.engines.forecast.result import MealForecast


def forecast_faults(found: Sequence[MealForecast], aheads: Sequence[Ahead]) -> tuple[str, ...]:
    """What is wrong with forecasts; empty when all is well."""
    faults = []
    if [one.on for one in found] != [ahead.on for ahead in aheads]:
        return ("other days than were asked about",)
    for meal, ahead in zip(found, aheads, strict=True):
        if {one.dish for one in meal.dishes} != set(ahead.slots):
            faults.append(f"{meal.on}: other dishes than are offered")
        for one in meal.dishes:
            if not ahead.ordered.get(one.dish, 0) <= one.low <= one.expected <= one.high:
                faults.append(f"{meal.on}, dish {one.dish}: {one.low} to {one.high} around {one.expected}")
            if not 0 <= meal.weight <= 1 or one.mean < 0:
                faults.append(f"{meal.on}, dish {one.dish}: mean {one.mean}, weight {meal.weight}")
    return tuple(faults)
