"""What hot holding and cooling over time mean for the food (F-41..F-43). Pure: readings in, an answer out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from vardnara.apps.meals.choices import CourseResult
from vardnara.parameters.food_temperatures import course_limits, temperature_limits


@dataclass(frozen=True, slots=True)
class Measured:
    """A temperature of the food in degrees Celsius, and when."""

    at: datetime
    celsius: Decimal


def _minutes(code: str) -> timedelta:
    return timedelta(minutes=course_limits()[code].value)


def hot_holding(cooked_at: datetime, readings: Iterable[Measured], at: datetime) -> CourseResult:
    """What may be done with food that is held hot, at an instant.

    Never below 60 degrees: serve it within two hours, after that it is safe and no longer good. Between 50 and 60 at
    some reading within two and a half hours, the first below 60: reheat it. Anything else: throw it away (F-42). The
    limits themselves are still within: exactly 60 degrees, exactly two hours, exactly 50 degrees, exactly 150 minutes.
    """
    warm = temperature_limits()["hot_holding"].low
    assert warm is not None
    rows = sorted(readings, key=lambda one: one.at)
    fallen = [one for one in rows if one.celsius < warm]
    if not fallen:
        return CourseResult.SAFE if at - cooked_at <= _minutes("hold_minutes") else CourseResult.QUALITY
    floor = Decimal(course_limits()["fall_celsius"].value)
    if min(one.celsius for one in fallen) < floor or at - cooked_at > _minutes("fall_minutes"):
        return CourseResult.DISCARD
    return CourseResult.REHEAT


def cooling(cooked_at: datetime, readings: Sequence[Measured], at: datetime) -> CourseResult | None:
    """Whether food has cooled to 8 degrees within four hours; None while it may still do so (F-43).

    Exactly 8 degrees after exactly four hours is in time.
    """
    cold = temperature_limits()["cooling"].high
    assert cold is not None
    within = _minutes("cooling_minutes")
    if any(one.celsius <= cold and one.at - cooked_at <= within for one in readings):
        return CourseResult.SAFE
    return None if at - cooked_at <= within else CourseResult.DISCARD
