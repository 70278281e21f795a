"""A forecast in plain English."""

from __future__ import annotations

from vardnara.engines.forecast.result import MealForecast


def forecast_text(found: MealForecast) -> str:
    """What it rests on, in one line."""
    if not found.n_days:
        return "nothing is known yet: only what is ordered"
    rest = "last week's mix alone" if not found.weight else f"the model with weight {found.weight:.0%}"
    tried = "" if found.coverage is None else f"; {found.coverage:.0%} of past days fell within the interval"
    return f"{found.census:.0f} patients, {found.n_days} days of history, {rest}{tried}"
