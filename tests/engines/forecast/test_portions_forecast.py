"""Portions ahead: what is known decides, the interval holds what it says, and a useless model gives the baseline."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.forecast import (
    Ahead,
    ForecastParams,
    History,
    MealDay,
    baseline_estimate,
    forecast_text,
    portions_forecast,
)
from vardnara.engines.forecast.check import forecast_faults

MONDAY = date(2026, 1, 5)


def past(n_days: int, seed: int = 1, census: int = 100, cycle: int = 2) -> tuple[MealDay, ...]:
    """A kitchen whose first dish is liked in odd weeks of its menu and not in even ones."""
    chance = np.random.default_rng(seed)
    days = []
    for number in range(n_days):
        week = number // 7 % cycle
        share = (0.6, 0.3) if week == 0 else (0.2, 0.7)
        dishes = (10 * week + 1, 10 * week + 2)
        eaten = chance.multinomial(census, [*share, 0.1])
        days.append(
            MealDay(
                MONDAY + timedelta(days=number),
                f"{week}:{number % 7}",
                float(census),
                {dish: int(n) for dish, n in zip(dishes, eaten, strict=False)},
                {dish: slot for slot, dish in enumerate(dishes, start=1)},
            )
        )
    return tuple(days)


def ahead(day: MealDay, **words: object) -> Ahead:
    return Ahead(day.on, day.menu_day, day.slots, **words)


def test_the_menus_day_is_learnt() -> None:
    """Last week's mix is of the other week of the cycle; the dish's own past is not."""
    days = past(63)
    then = days[56:]
    aheads = [ahead(day) for day in then]
    found = portions_forecast(History(days[:56]), aheads)
    assert forecast_faults(found, aheads) == ()
    pairs = [(one, day.portions[one.dish]) for meal, day in zip(found, then, strict=True) for one in meal.dishes]
    assert sum(abs(one.expected - n) for one, n in pairs) < 0.3 * sum(abs(one.baseline - n) for one, n in pairs)
    assert sum(one.low <= n <= one.high for one, n in pairs) / len(pairs) >= 0.6
    assert found[0].weight > 0.5 and found[0].coverage is not None and forecast_text(found[0])


def test_the_baseline_is_census_times_last_weeks_mix() -> None:
    """Reckoned by hand: 60 of 120 patients had it last Monday, and 100 are there now."""
    days = (
        MealDay(MONDAY, "a", 120.0, {1: 60, 2: 30}, {1: 1, 2: 2}),
        MealDay(MONDAY + timedelta(days=1), "b", 100.0, {3: 10}, {3: 1}),
    )
    on = MONDAY + timedelta(days=7)
    assert baseline_estimate(days, Ahead(on, "a", {1: 1, 2: 2})) == {1: 50.0, 2: 25.0}
    assert baseline_estimate(days, Ahead(on, "c", {8: 1, 9: 7})) == {8: 50.0, 9: 0.0}


def test_a_short_past_tells_the_baseline() -> None:
    """Before three weeks are known nothing is fitted; with none only what is ordered."""
    days = past(14)
    day = replace_day(days[7], 14)
    found = portions_forecast(History(days), [ahead(day)])[0]
    assert found.weight == 0 and found.coverage is None
    assert [one.mean for one in found.dishes] == list(baseline_estimate(days, ahead(day)).values())
    nothing = portions_forecast(History(()), [Ahead(MONDAY, "", {1: 1, 2: 2}, ordered={2: 4})])[0]
    assert [(one.low, one.expected, one.high) for one in nothing.dishes] == [(0, 0, 0), (4, 4, 4)]


def replace_day(day: MealDay, number: int) -> MealDay:
    return MealDay(MONDAY + timedelta(days=number), day.menu_day, day.census, day.portions, day.slots)


def test_what_is_ordered_and_who_may_eat_count() -> None:
    """Orders are a floor and tell of the others; no more are expected than may eat it; bookings move the census."""
    days = past(56)
    day = replace_day(days[0], 56)
    plain = portions_forecast(History(days), [ahead(day)])[0]
    told = portions_forecast(History(days), [ahead(day, ordered={1: 90}, n_ordered=95)])[0]
    assert told.dishes[0].low >= 90 and told.dishes[0].expected > plain.dishes[0].expected
    assert told.dishes[0].mean > 90 + 5 * plain.dishes[0].mean / 100 + 0.1
    few = portions_forecast(History(days), [ahead(day, may_eat={1: 0.05})])[0]
    assert few.dishes[0].mean <= 5.5 < plain.dishes[0].mean and few.dishes[1] == plain.dishes[1]
    more = portions_forecast(History(days), [ahead(day, booked=20.0)])[0]
    assert more.census == pytest.approx(plain.census + 10, abs=1)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40),
    st.integers(0, 5),
)
def test_any_past_gives_whole_numbers_in_order(rows: list[tuple[int, int, int]], ordered: int) -> None:
    """Empty kitchens, days without eaters, dishes never cooked: the judge finds no fault, twice the same."""
    days = tuple(
        MealDay(MONDAY + timedelta(days=n), str(n % 7), float(census), {1: a, 2: b}, {1: 1, 2: 2})
        for n, (census, a, b) in enumerate(rows)
    )
    aheads = [
        Ahead(days[-1].on + timedelta(days=h), str(h), {1: 1, 2: 2, 3: 9}, ordered={3: ordered}, n_ordered=ordered)
        for h in range(1, 8)
    ]
    quick = ForecastParams(half_lives_days=(20.0,), strengths_eaters=(20.0,))
    found = portions_forecast(History(days), aheads, quick)
    assert forecast_faults(found, aheads) == ()
    assert portions_forecast(History(days), aheads, quick) == found


def test_dishes_that_nobody_has_do_not_narrow_the_interval() -> None:
    """Twenty drinks on offer that nobody takes leave the dishes' intervals as they are."""
    days = past(56)
    idle = {100 + n: 900 + n for n in range(20)}
    wide = tuple(
        MealDay(day.on, day.menu_day, day.census, dict(day.portions) | dict.fromkeys(idle, 0), dict(day.slots) | idle)
        for day in days
    )
    day = replace_day(days[0], 56)
    plain = portions_forecast(History(days), [ahead(day)])[0]
    more = portions_forecast(History(wide), [Ahead(day.on, day.menu_day, dict(day.slots) | idle)])[0]
    for one, other in zip(plain.dishes, more.dishes, strict=False):
        assert abs((one.high - one.low) - (other.high - other.low)) <= 2
    assert more.dishes[5].high <= 1


def test_impossible_input_is_refused() -> None:
    """Days twice, negative portions, a coverage beyond 1."""
    with pytest.raises(ValueError, match="twice"):
        History((past(1)[0], past(1)[0]))
    with pytest.raises(ValueError, match="nobody"):
        MealDay(MONDAY, "", 1.0, {1: -1})
    with pytest.raises(ValueError, match="coverage"):
        ForecastParams(coverage_share=1.0)
