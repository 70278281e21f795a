"""Invented kitchens for judging forecasts: patients who come and go, menus in cycles, tastes that last.

No real meals of hospital patients are open to anybody, so these are made up: nothing in them is measured. Sizes and
stays are of a Swedish hospital's order (a kitchen of 700 patients down to one of 18 beds; a mean stay of about five
days; fewer arrivals at weekends). The forecast knows neither the rates nor how this file makes them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from vardnara.engines.forecast import MealDay

START = date(2025, 1, 6)  # a Monday
KINDS = ("stable", "weekly_menu", "seasonal", "small", "many_diets", "trend", "shocks", "large")


@dataclass(frozen=True)
class Recipe:
    """How a kitchen is made."""

    kind: str
    beds: int = 220
    cycle_weeks: int = 4
    special: float = 0.1  # share of patients on diets with a dish of their own
    eats: float = 0.93
    stay_days: float = 5.0
    season: float = 0.0
    trend: float = 0.0
    shocks: bool = False
    taste_days: float = 60.0  # how slowly the patients' common taste drifts


RECIPES = {
    "stable": Recipe("stable"),
    "weekly_menu": Recipe("weekly_menu", cycle_weeks=1),
    "seasonal": Recipe("seasonal", season=0.25),
    "small": Recipe("small", beds=18, stay_days=8.0),
    "many_diets": Recipe("many_diets", special=0.4),
    "trend": Recipe("trend", trend=0.35),
    "shocks": Recipe("shocks", shocks=True),
    "large": Recipe("large", beds=700, stay_days=4.5),
}


@dataclass(frozen=True)
class Kitchen:
    """A made kitchen: its days, the mean that chance played around, and what was booked at each day's end."""

    kind: str
    days: tuple[MealDay, ...]
    means: tuple[dict[int, float], ...]
    booked: tuple[tuple[float, ...], ...]  # by day: the net number of bookings known for 1..7 days ahead


def kitchen(kind: str, seed: int, n_days: int = 26 * 7) -> Kitchen:
    """A kitchen of a kind; the same seed gives the same."""
    recipe, chance = RECIPES[kind], np.random.default_rng([seed, KINDS.index(kind)])
    census, booked = _patients(recipe, chance, n_days)
    days, means = [], []
    popular = chance.dirichlet([4.0, 3.0, 1.5], size=(recipe.cycle_weeks, 7))  # by day of the cycle: three dishes
    dish_of = chance.permutation(10_000)[: recipe.cycle_weeks * 7 * 3].reshape(recipe.cycle_weeks, 7, 3)
    for week in range(recipe.cycle_weeks):  # some dishes come more than once in a cycle
        for weekday in range(7):
            if chance.random() < 0.2:
                dish_of[week, weekday, 2] = dish_of[0, 0, 2]
    drift = np.zeros(3)
    for number in range(n_days):
        on = START + timedelta(days=number)
        week = number // 7 % recipe.cycle_weeks
        if recipe.shocks and number == n_days - 30:  # the spring menu: new dishes, other tastes
            popular = chance.dirichlet([4.0, 3.0, 1.5], size=(recipe.cycle_weeks, 7))
            dish_of = 20_000 + dish_of
        drift += chance.normal(0, 0.5 / recipe.taste_days**0.5, size=3) - drift / recipe.taste_days
        share = popular[week, on.weekday()] * np.exp(drift)
        share[1] *= np.exp(recipe.trend * 2 * number / n_days)  # the green dish gains
        share[0] *= np.exp(recipe.season * np.sin(2 * np.pi * number / 365))
        share /= share.sum()
        n = census[number]
        mean = np.append((1 - recipe.special) * recipe.eats * share, recipe.special * recipe.eats) * n
        eaten = chance.multinomial(n, np.append(mean, max(0.0, n - mean.sum())) / max(n, 1)) if n else np.zeros(5, int)
        dishes = [*(int(one) for one in dish_of[week, on.weekday()]), 99_999]
        days.append(
            MealDay(
                on=on,
                menu_day=f"{'new' if recipe.shocks and number >= n_days - 30 else 'old'}:{week}:{on.weekday()}",
                census=float(n),
                portions={dish: int(eaten[slot]) for slot, dish in enumerate(dishes)},
                slots={dish: slot + 1 for slot, dish in enumerate(dishes)},
            )
        )
        means.append({dish: float(mean[slot]) for slot, dish in enumerate(dishes)})
    return Kitchen(kind, tuple(days), tuple(means), booked)


def _patients(
    recipe: Recipe, chance: np.random.Generator, n_days: int
) -> tuple[list[int], tuple[tuple[float, ...], ...]]:
    """Patients on each day: planned ones are booked up to a week before, discharges a day or two before."""
    warm = 40
    per_day = recipe.beds * 0.88 / recipe.stay_days
    weekday = np.array([1.25, 1.2, 1.15, 1.1, 0.95, 0.65, 0.7])
    stays: list[tuple[int, int, int, int]] = []  # in, out, arrival known, departure known
    for day in range(-warm, n_days + 8):
        rate = per_day * weekday[day % 7] * (1 + recipe.season * np.cos(2 * np.pi * day / 365))
        rate *= 1 + recipe.trend * 0.4 * max(0, day) / n_days
        if recipe.shocks and n_days - 45 <= day < n_days - 35:  # a ward is closed for ten days
            rate *= 0.55
        for _ in range(chance.poisson(rate)):
            length = max(1, round(float(chance.gamma(1.3, recipe.stay_days / 1.3))))
            out = day + length
            if out % 7 >= 5 and chance.random() < 0.5:  # fewer go home at a weekend
                out += 7 - out % 7
            planned = chance.random() < 0.5
            arrival_known = day - (int(chance.integers(1, 8)) if planned else 0)
            stays.append((day, out, arrival_known, out - int(chance.integers(0, 3))))
    lying = [sum(came <= day < out for came, out, _, _ in stays) for day in range(n_days)]
    limit = recipe.beds + recipe.beds // 10
    known = []
    for day in range(n_days):
        near = [stay for stay in stays if day - 90 < stay[0] <= day + 7]
        known.append(
            tuple(
                float(
                    sum(day < came <= day + h < out and told <= day for came, out, told, _ in near)
                    - sum(came <= day and day < out <= day + h and told <= day for came, out, _, told in near)
                )
                for h in range(1, 8)
            )
        )
    return [min(n, limit) for n in lying], tuple(known)


def holidays(made: Kitchen, every: int = 45) -> Kitchen:
    """The same with days on which the menu of the cycle does not hold."""
    days = [replace(day, menu_day="") if n % every == 0 else day for n, day in enumerate(made.days)]
    return replace(made, days=tuple(days))
