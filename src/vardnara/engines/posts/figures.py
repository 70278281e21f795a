"""What a plan covers, where and when, in minutes of an average week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vardnara.engines.posts.data import HOURS, Column, Field
from vardnara.engines.posts.result import Allocation, Grid

PARTS = ("weekday_morning", "weekday_day", "weekday_evening", "weekday_night",
         "weekend_morning", "weekend_day", "weekend_evening", "weekend_night")  # fmt: skip
MORNING, DAY, EVENING, NIGHT = 6, 11, 16, 22  # hours in which parts of the day begin; DOMAIN 1.3: cuts begin at 16


class Bought(NamedTuple):
    """Minutes a week that one plan covers more than another, in a zone and a part of the week."""

    zone: int
    part: str
    minutes: float


def part_of(column: Column, hour: int) -> str:
    """Part of the week; holidays and eves are as weekends."""
    day = "weekday" if column.is_working else "weekend"
    for name, since in (("night", NIGHT), ("evening", EVENING), ("day", DAY), ("morning", MORNING)):
        if hour >= since:
            return f"{day}_{name}"
    return f"{day}_night"


def uncovered_grid(found: Field, plan: Allocation, *, zone: int | None = None) -> Grid:
    """Mean minutes that nobody covers in each hour of each kind of day, of a zone or of all."""
    grid = [[0.0] * HOURS for _ in found.columns]
    for cell, units in zip(found.cells, plan.units, strict=True):
        if zone is None or cell.zone == zone:
            grid[cell.column][cell.hour] += max(0.0, cell.minutes - cell.covered_by(units))
    return tuple(tuple(row) for row in grid)


def present_grid(found: Field, plan: Allocation, *, zone: int | None = None) -> Grid:
    """People at work in each hour of each kind of day, in a zone or in all."""
    grid = [[0.0] * HOURS for _ in found.columns]
    for one in plan.manned:
        if zone is None or one.zone == zone:
            for hour, minutes in enumerate(found.shapes[one.shape].present):
                grid[one.column][hour] += one.n * minutes / 60
    return tuple(tuple(row) for row in grid)


def covered_by_zone(found: Field, plan: Allocation) -> tuple[tuple[float, float], ...]:
    """Covered and uncovered minutes of an average week by zone."""
    sums = [[0.0, 0.0] for _ in found.zones]
    for cell, units in zip(found.cells, plan.units, strict=True):
        often = found.columns[cell.column].days_per_year * found.weeks_share
        done = cell.covered_by(units)
        sums[cell.zone][0] += often * done
        sums[cell.zone][1] += often * max(0.0, cell.minutes - done)
    return tuple((covered, uncovered) for covered, uncovered in sums)


def uncovered_by_hour(found: Field, plan: Allocation) -> tuple[float, ...]:
    """Uncovered minutes of an average week in each of the 24 hours."""
    grid = uncovered_grid(found, plan)
    return tuple(
        sum(column.days_per_year * found.weeks_share * grid[index][hour] for index, column in enumerate(found.columns))
        for hour in range(HOURS)
    )


def uncovered_by_column(found: Field, plan: Allocation) -> Mapping[str, float]:
    """Uncovered minutes of an average week by kind of day."""
    grid = uncovered_grid(found, plan)
    return {
        column.code: column.days_per_year * found.weeks_share * sum(grid[index])
        for index, column in enumerate(found.columns)
    }


def bought(found: Field, before: Allocation, after: Allocation) -> tuple[Bought, ...]:
    """What the second plan covers more, most first; less stands as a negative number."""
    sums: dict[tuple[int, str], float] = defaultdict(float)
    for cell, old, new in zip(found.cells, before.units, after.units, strict=True):
        often = found.columns[cell.column].days_per_year * found.weeks_share
        more = cell.covered_by(new) - cell.covered_by(old)
        if more:
            sums[cell.zone, part_of(found.columns[cell.column], cell.hour)] += often * more
    rows = [Bought(zone, part, minutes) for (zone, part), minutes in sums.items()]
    return tuple(sorted(rows, key=lambda row: (-row.minutes, row.zone, PARTS.index(row.part))))


def by_part(rows: Sequence[Bought]) -> list[tuple[str, float]]:
    """Minutes by part of the week, most first."""
    sums: dict[str, float] = defaultdict(float)
    for row in rows:
        sums[row.part] += row.minutes
    return sorted(sums.items(), key=lambda one: (-one[1], PARTS.index(one[0])))


def by_zone(rows: Sequence[Bought]) -> list[tuple[int, float]]:
    """Minutes by zone, most first."""
    sums: dict[int, float] = defaultdict(float)
    for row in rows:
        sums[row.zone] += row.minutes
    return sorted(sums.items(), key=lambda one: (-one[1], one[0]))
