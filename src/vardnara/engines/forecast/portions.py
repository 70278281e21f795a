"""The verb of this engine: a kitchen's past in, portions of each dish on the days ahead out.

Expected portions = patients x portions a patient has of the dish. The latter is drawn together (empirical Bayes): what
the dish got on this day of the menu, what it got at all, what its place on the menu gets on this weekday, each with the
weight of its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from vardnara.engines.forecast.census import Floats, census_ahead
from vardnara.engines.forecast.data import Ahead, History, MealDay
from vardnara.engines.forecast.interval import Spread, count_interval, count_median, spread_of
from vardnara.engines.forecast.params import ForecastParams
from vardnara.engines.forecast.result import DishForecast, MealForecast

WEEK = 7
HALF = 0.5  # a portion: below it nobody is expected to have the dish


type Key = tuple[object, ...]


class Table:
    """The past as columns, one row a dish and day, with the group of each row by place, weekday, dish and menu day."""

    def __init__(self, days: Sequence[MealDay]) -> None:
        self.past = days
        self.days = np.array([day.on.toordinal() for day in days], dtype=np.float64)
        self.census = np.array([day.census for day in days], dtype=np.float64)
        rows = [(day, dish, n) for day in days for dish, n in day.portions.items()]
        self.day = np.array([day.on.toordinal() for day, _, _ in rows], dtype=np.float64)
        self.portions = np.array([n for _, _, n in rows], dtype=np.float64)
        self.eaters = np.array([day.census for day, _, _ in rows], dtype=np.float64)
        self.keys: dict[Key, int] = {}
        self.groups = np.array(
            [[self._group(key) for key in _keys(day, dish)] for day, dish, _ in rows], dtype=np.intp
        ).reshape(len(rows), len(LEVELS) + 1)
        weekdays = [day.on.weekday() for day in days]
        self.lines_a_day = {
            one: sum(len(day.portions) for day in days if day.on.weekday() == one) / weekdays.count(one)
            for one in set(weekdays)
        }
        self.n_times = {dish: sum(dish in day.portions for day in days) for dish in {dish for _, dish, _ in rows}}

    def _group(self, key: Key) -> int:
        return self.keys.setdefault(key, len(self.keys))

    @property
    def rate(self) -> float:
        """Portions that a patient has of any dish."""
        return float(self.portions.sum() / max(1.0, self.eaters.sum())) if len(self.portions) else 0.0


LEVELS = ("slot", "slot_weekday", "dish", "dish_menu_day")  # from far to near


def _keys(day: MealDay | Ahead, dish: int) -> tuple[Key, ...]:
    """The groups of a dish on a day, from far to near, and its weekday's last."""
    slot, weekday = day.slots.get(dish, 0), day.on.weekday()
    near = ("dish_menu_day", dish, day.menu_day) if day.menu_day else ("dish", dish)
    return ("slot", slot), ("slot_weekday", slot, weekday), ("dish", dish), near, ("weekday", weekday)


class Shares:
    """Portions a patient has, by group, with the past fading by a half life, each drawn to the level above it."""

    def __init__(self, table: Table, half_life: float, strength: float) -> None:
        self.table, self.strength, self.prior = table, strength, table.rate
        weight = 0.5 ** ((table.days[-1] - table.day) / half_life)
        n, groups = len(table.keys), table.groups.ravel()
        wide = table.groups.shape[1]
        self.eaten = np.bincount(groups, np.repeat(weight * table.portions, wide), n)
        self.eaters = np.bincount(groups, np.repeat(weight * table.eaters, wide), n)

    def drawn(self, prior: float, key: Key) -> float:
        """The share in a group, drawn to what was believed before with the weight of ``strength`` eaters."""
        group = self.table.keys.get(key)
        if group is None:
            return prior
        return float((self.eaten[group] + self.strength * prior) / (self.eaters[group] + self.strength))

    def rate(self, day: MealDay | Ahead, dish: int) -> float:
        """Portions that a patient has of a dish: from its place on the menu, over the dish, to this day of it."""
        rate = self.prior
        *levels, _ = _keys(day, dish)
        for key in dict.fromkeys(levels):
            rate = self.drawn(rate, key)
        return rate

    def total(self, on: date) -> float:
        """Portions of all dishes that a patient has on this weekday."""
        return self.drawn(self.prior, ("weekday", on.weekday())) * self.table.lines_a_day.get(on.weekday(), 0.0)


def portions_forecast(
    history: History, aheads: Sequence[Ahead], params: ForecastParams | None = None
) -> tuple[MealForecast, ...]:
    """Portions of each dish on days ahead.

    Parameters
    ----------
    history
        Past days of one kitchen's meal.
    aheads
        The days asked about, all after the history.
    params
        Tunables.

    Returns
    -------
    tuple of MealForecast
        In the order of ``aheads``; the expected number is the median, the interval holds ``coverage_share`` of the days
        as tried on the kitchen's own past.

    Notes
    -----
    How fast the past fades, how strongly shares are drawn together, and how much the model counts against the baseline
    is chosen for this kitchen by the least absolute error on its last days, each forecast from what was known before
    it (rolling origin). Where the past is short the baseline is told.
    """
    params = params or ForecastParams()
    days = history.days
    if not days:
        return tuple(_unknown(ahead, params) for ahead in aheads)
    fitted = _fit(days, params)
    table = Table(days)
    means = _model(table, aheads, fitted.half_life, fitted.strength, params)
    found = []
    for ahead, (census, mean) in zip(aheads, means, strict=True):
        base = baseline_estimate(days, ahead)
        dishes = []
        for dish in ahead.slots:
            mixed = fitted.weight * mean[dish] + (1 - fitted.weight) * base[dish]
            ordered = ahead.ordered.get(dish, 0)
            still, spread = max(0.0, mixed - ordered), fitted.spread
            low, high = count_interval(still, spread, params.coverage_share)
            dishes.append(
                DishForecast(
                    dish=dish,
                    expected=ordered + count_median(still, spread),
                    low=ordered + low,
                    high=ordered + high,
                    mean=mixed,
                    baseline=base[dish],
                    ordered=ordered,
                    n_times=table.n_times.get(dish, 0),
                )
            )
        found.append(
            MealForecast(
                on=ahead.on,
                census=float(census),
                dishes=tuple(dishes),
                weight=fitted.weight,
                half_life_days=fitted.half_life,
                strength_eaters=fitted.strength,
                n_days=len(days),
                coverage=fitted.coverage,
                coverage_share=params.coverage_share,
            )
        )
    return tuple(found)


def baseline_estimate(days: Sequence[MealDay], ahead: Ahead) -> dict[int, float]:
    """Census x last week's mix: today's patients, each having what a patient had on that weekday last week.

    A dish that was not on the menu then gets the share of the dish in its place; where that weekday had no meal, the
    last day that had one stands for it.
    """
    by_day = {day.on: day for day in days}
    on = ahead.on - timedelta(days=WEEK)
    last = by_day.get(on)
    while last is None and on > days[0].on - timedelta(days=WEEK):
        on -= timedelta(days=WEEK)
        last = by_day.get(on)
    last = last or days[-1]
    by_slot = {last.slots.get(dish, 0): n for dish, n in last.portions.items()}
    now = days[-1].census
    share = now / last.census if last.census else 0.0
    return {
        dish: share * last.portions.get(dish, by_slot.get(slot, 0)) for dish, slot in ahead.slots.items()
    }  # fmt: skip


def _unknown(ahead: Ahead, params: ForecastParams) -> MealForecast:
    dishes = tuple(
        DishForecast(dish, n := ahead.ordered.get(dish, 0), n, n, float(n), 0.0, n, 0) for dish in ahead.slots
    )
    return MealForecast(ahead.on, 0.0, dishes, 0.0, 0.0, 0.0, 0, None, params.coverage_share)


def _model(
    table: Table, aheads: Sequence[Ahead], half_life: float, strength: float, params: ForecastParams
) -> list[tuple[float, dict[int, float]]]:
    """Patients and mean portions by dish on each day ahead."""
    census = census_ahead(
        table.days,
        table.census,
        [ahead.on for ahead in aheads],
        [ahead.booked for ahead in aheads],
        half_life=half_life,
        ridge=params.ridge_days,
    )
    shares = Shares(table, half_life, strength)
    lately = _lately(shares, params)
    return [
        (float(n), _dishes(shares, ahead, float(n), lately)) for ahead, n in zip(aheads, census, strict=True)
    ]  # fmt: skip


def _lately(shares: Shares, params: ForecastParams) -> dict[int, float]:
    """How each place on the menu has done in the last days against what was expected of its dishes: tastes drift
    together, and a dish that comes once a cycle says so too late.
    """
    had: dict[int, float] = {}
    told: dict[int, float] = {}
    for day in shares.table.past[-params.lately_days :]:
        for dish, n in day.portions.items():
            slot = day.slots.get(dish, 0)
            had[slot] = had.get(slot, 0.0) + n
            told[slot] = told.get(slot, 0.0) + day.census * shares.rate(day, dish)
    return {slot: (n + params.lately_portions) / (told[slot] + params.lately_portions) for slot, n in had.items()}


def _dishes(shares: Shares, ahead: Ahead, census: float, lately: Mapping[int, float]) -> dict[int, float]:
    rates = {dish: shares.rate(ahead, dish) * lately.get(slot, 1.0) for dish, slot in ahead.slots.items()}
    usual, told = shares.total(ahead.on), sum(rates.values())
    if told > 0 and usual > 0:  # dishes compete: what all are had of together is steadier than each alone
        rates = {dish: rate * (usual / told) ** 0.5 for dish, rate in rates.items()}
    rates = {dish: min(rate, ahead.may_eat.get(dish, rate)) for dish, rate in rates.items()}
    if not ahead.n_ordered:
        return {dish: rate * census for dish, rate in rates.items()}
    left = max(0.0, census - ahead.n_ordered)
    known = shares.strength + ahead.n_ordered  # who has ordered already also tells what the others will have
    return {
        dish: ahead.ordered.get(dish, 0) + left * (shares.strength * rate + ahead.ordered.get(dish, 0)) / known
        for dish, rate in rates.items()
    }


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was chosen for a kitchen."""

    half_life: float
    strength: float
    weight: float
    spread: Spread
    coverage: float | None


def _fit(days: Sequence[MealDay], params: ForecastParams) -> Fitted:
    half_life, strength = params.half_lives_days[-1], params.strengths_eaters[0]
    prior = Spread(1.0, params.prior_sd_share)
    if len(days) < params.least_days:
        return Fitted(half_life, strength, 0.0, prior, None)
    trials = _trials(days, params)
    best: tuple[float, float, float, float] | None = None
    chosen: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
    truth, base = trials.truth, trials.base
    for (life, drawn), model in trials.models.items():
        for weight in params.weights:
            mean = weight * model + (1 - weight) * base
            score = (float(np.sum(np.abs(mean - truth))), -weight, life, drawn)
            if best is None or score < best:
                best, chosen = score, (mean, truth)
    assert best is not None
    mean, had = chosen  # what nobody is expected to have and nobody has says nothing about the others' spread
    chosen = (mean[told := (mean >= HALF) | (had > 0)], had[told])
    spread = spread_of(*chosen, prior=params.prior_sd_share)
    inside = [
        low <= n <= high
        for mean, n in zip(*chosen, strict=True)
        for low, high in [count_interval(float(mean), spread, params.coverage_share)]
    ]
    return Fitted(best[2], best[3], -best[1], spread, sum(inside) / len(inside) if inside else None)


@dataclass(frozen=True, slots=True)
class Trials:
    """Past days forecast from what was known before: truth, baseline and each candidate, all of shape (n,)."""

    truth: Floats
    base: Floats
    models: Mapping[tuple[float, float], Floats]


def _trials(days: Sequence[MealDay], params: ForecastParams) -> Trials:
    """Every other origin of the last days, each up to a week ahead, as the forecast is used."""
    truth: list[float] = []
    base: list[float] = []
    models: dict[tuple[float, float], list[float]] = {
        (life, drawn): [] for life in params.half_lives_days for drawn in params.strengths_eaters
    }
    first = max(params.least_days - WEEK, len(days) - params.validation_days)
    for origin in range(max(WEEK + 1, first), len(days), 2):
        past = days[:origin]
        then = [day for day in days[origin : origin + WEEK] if (day.on - past[-1].on).days <= WEEK]
        aheads = [Ahead(day.on, day.menu_day, {dish: day.slots.get(dish, 0) for dish in day.portions}) for day in then]
        table = Table(past)
        for day, ahead in zip(then, aheads, strict=True):
            told = baseline_estimate(past, ahead)
            truth += [float(n) for n in day.portions.values()]
            base += [told[dish] for dish in day.portions]
        for (life, drawn), said in models.items():
            for _, mean in _model(table, aheads, life, drawn, params):
                said += mean.values()
    return Trials(np.array(truth), np.array(base), {key: np.array(said) for key, said in models.items()})
