"""Minutes and posts, and every row that they are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from vardnara.parameters.task_norms import Driver, TaskNorm

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure with what it may be as well."""

    low: float
    typical: float
    high: float

    def times(self, factor: float) -> Spread:
        return Spread(self.low * factor, self.typical * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A task on a ward: ``minutes`` = sum over weekdays of ``occurrences`` x (fixed + per_unit x units) x people.

    Parameters
    ----------
    task, ward
        Codes.
    norm
        Minutes with their source.
    driver
        What is counted.
    units
        Units each time, Monday to Sunday.
    occurrences
        How often in the week, Monday to Sunday, by the day on which it begins.
    n_people
        People at the same time.
    minutes
        All norms low, all typical, all high; no error has been weighed against another yet.
    """

    task: str
    ward: str
    norm: TaskNorm
    units: tuple[float, ...]
    occurrences: tuple[float, ...]
    n_people: int
    minutes: Spread

    @property
    def driver(self) -> Driver:
        return self.norm.driver


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of the figures should know; ``explain.notice_text`` says it.

    Codes: ``UNVERIFIED_NORMS NEEDS_YEAR RULE_ENDS UNITS_WITHOUT_WORK NOTHING_COUNTED``.
    """

    code: str
    tasks: tuple[str, ...] = ()
    ward: str = ""
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Workload:
    """Minutes of a week, or of one day.

    Parameters
    ----------
    minutes
        Total with interval.
    by_ward
        Typical minutes by ward, in the order of the wards.
    by_weekday
        Typical minutes, Monday to Sunday, by when the minutes fall.
    by_hour
        Typical minutes of the week in each of the 24 hours of the day.
    by_ward_hour
        Typical minutes by ward: 7 weekdays of 24 hours.
    fte
        Posts that the total needs.
    rows
        What it is made of.
    notices
        What the reader should know.
    """

    minutes: Spread
    by_ward: Mapping[str, float]
    by_weekday: tuple[float, ...]
    by_hour: tuple[float, ...]
    by_ward_hour: Mapping[str, tuple[tuple[float, ...], ...]]
    fte: Spread
    rows: tuple[WorkRow, ...]
    notices: tuple[Notice, ...]
    version: str = VERSION


def spread_of(rows: Iterable[WorkRow]) -> Spread:
    """The sum of rows with its interval.

    One norm's error is one error: where the norm is too short it is too short on every ward and day, so deviations of
    rows with the same norm are added. Errors of different norms are taken as independent: theirs are combined in
    quadrature, upwards and downwards apart. ``high = typical + sqrt(sum((high_i - typical_i)^2))`` over norms ``i``.
    """
    typical = 0.0
    down: dict[str, float] = defaultdict(float)
    up: dict[str, float] = defaultdict(float)
    for row in rows:
        typical += row.minutes.typical
        down[row.norm.code] += row.minutes.typical - row.minutes.low
        up[row.norm.code] += row.minutes.high - row.minutes.typical
    low = typical - sqrt(sum(one * one for one in down.values()))
    high = typical + sqrt(sum(one * one for one in up.values()))
    return Spread(max(0.0, low), typical, high)  # rounding alone can bring it below zero
