"""What is asked: zones, kinds of day, days of work, and what covering each hour is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import gcd, isfinite
from types import MappingProxyType

from vardnara.engines.workload import WorkloadOrder
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.posts import post_number

HOURS = 24
_EMPTY: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Zone:
    """Wards whose work the same people can do within the hour."""

    code: str
    wards: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.code or not self.wards or len(set(self.wards)) < len(self.wards):
            raise ValueError(f"zone {self.code!r} of {self.wards}, expected a code, and wards once each")


@dataclass(frozen=True, slots=True)
class Column:
    """A kind of day.

    Parameters
    ----------
    code
        ``mon`` to ``sun``, or ``holiday``: holidays and eves that fall on Monday to Friday.
    days_per_year
        How many such days a year has.
    is_working
        Whether those who work Monday to Friday work on it (W-67).
    """

    code: str
    days_per_year: float
    is_working: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A day of work.

    Parameters
    ----------
    code
        Its name.
    window
        From when to when, within one day.
    breaks
        Breaks (rast), which are no working time, in order and within the window.

    Raises
    ------
    ValueError
        The window runs over midnight, breaks lie outside or upon each other, more than five hours without a break
        (W-06), or more work than leaves 11 hours of rest (W-22).
    """

    code: str
    window: TimeWindow
    breaks: tuple[TimeWindow, ...] = ()

    def __post_init__(self) -> None:
        if self.window.crosses_midnight or any(one.crosses_midnight for one in self.breaks):
            raise ValueError(f"{self.code}: {self.window} runs over midnight, expected a day within one date")
        at, longest = self.window.start_minutes, post_number("longest_stretch_minutes")
        for one in self.breaks:
            if one.start_minutes <= at or one.end_minutes >= self.window.end_minutes:
                raise ValueError(f"{self.code}: break {one}, expected breaks in order, apart, and within {self.window}")
            if one.start_minutes - at > longest:
                raise ValueError(f"{self.code}: more than {longest:g} minutes of work before the break {one}")
            at = one.end_minutes
        if self.window.end_minutes - at > longest:
            raise ValueError(f"{self.code}: more than {longest:g} minutes of work before {self.window.end_minutes}")
        if self.minutes > post_number("longest_day_minutes"):
            raise ValueError(f"{self.code}: {self.minutes} minutes of work leave no 11 hours of rest")

    @property
    def minutes(self) -> int:
        """Working time."""
        return self.window.minutes - sum(one.minutes for one in self.breaks)

    @property
    def hours(self) -> float:
        return self.minutes / 60

    @property
    def present(self) -> tuple[int, ...]:
        """Minutes at work in each of the 24 hours of the clock."""
        found = []
        for hour in range(HOURS):
            at = _overlap(self.window, hour) - sum(_overlap(one, hour) for one in self.breaks)
            found.append(at)
        return tuple(found)


def _overlap(window: TimeWindow, hour: int) -> int:
    return max(0, min(window.end_minutes, 60 * hour + 60) - max(window.start_minutes, 60 * hour))


def unit_minutes(shapes: tuple[Shape, ...]) -> int:
    """The step in which people come and go: the longest that divides each shape's minutes in each hour."""
    return reduce(gcd, (minutes for shape in shapes for minutes in shape.present if minutes), 0) or 60


@dataclass(frozen=True, slots=True)
class NeedsOrder:
    """What covers are made of.

    Parameters
    ----------
    workload
        Tasks, wards and, for holidays, the year.
    zones
        Each ward in one of them.
    weights
        What a covered minute is worth, by task; 1 where none stands. Work of more worth is done first.
    level
        Which of the norms' values: ``low``, ``typical`` or ``high``.
    """

    workload: WorkloadOrder
    zones: tuple[Zone, ...]
    weights: Mapping[str, float] = field(default_factory=lambda: _EMPTY)
    level: str = "typical"

    def __post_init__(self) -> None:
        if self.level not in ("low", "typical", "high"):
            raise ValueError(f"level {self.level!r}, expected low, typical or high")
        named = [ward for zone in self.zones for ward in zone.wards]
        if sorted(named) != sorted(ward.code for ward in self.workload.wards):
            raise ValueError(f"zones of {sorted(named)}, expected each ward of the workload once")
        if len({zone.code for zone in self.zones}) < len(self.zones):
            raise ValueError("a zone's code stands twice, expected each once")
        if any(not isfinite(weight) or weight < 0 for weight in self.weights.values()):
            raise ValueError(f"weights {dict(self.weights)}, expected 0 or more")


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of a kind of day in a zone.

    Parameters
    ----------
    zone, column, hour
        Where: numbers in the order of zones and columns, and the hour of the clock.
    minutes
        Work in it, in the mean.
    cover_units
        Units of presence that the service level asks for.
    covered
        Minutes of work done, in the mean, by 0, 1, 2 ... units of presence; more units do no more than the last.
    worth
        The same weighted by kind of work; each further unit adds no more than the one before.
    """

    zone: int
    column: int
    hour: int
    minutes: float
    cover_units: int
    covered: tuple[float, ...]
    worth: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.covered or len(self.covered) != len(self.worth) or self.covered[0] or self.worth[0]:
            raise ValueError(f"{self.covered} and {self.worth}, expected two of one length that begin with 0")

    def covered_by(self, units: int) -> float:
        return self.covered[min(units, len(self.covered) - 1)]

    def worth_of(self, units: int) -> float:
        return self.worth[min(units, len(self.worth) - 1)]


@dataclass(frozen=True, slots=True)
class Field:
    """What posts are laid out on.

    Parameters
    ----------
    columns, zones, shapes
        Kinds of day, codes of zones, and days of work.
    unit
        Minutes of presence in a unit (:func:`unit_minutes` of the shapes).
    cells
        Hours with work.
    """

    columns: tuple[Column, ...]
    zones: tuple[str, ...]
    shapes: tuple[Shape, ...]
    unit: int
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        if not self.shapes or len({shape.code for shape in self.shapes}) < len(self.shapes):
            raise ValueError("expected days of work, each code once")
        if any(minutes % self.unit for shape in self.shapes for minutes in shape.present):
            raise ValueError(f"a unit of {self.unit} minutes, expected one that divides each shape's minutes an hour")
        places = {(cell.zone, cell.column, cell.hour) for cell in self.cells}
        if len(places) < len(self.cells):
            raise ValueError("a cell stands twice, expected each hour once")

    @property
    def working_days(self) -> float:
        """Days of a year on which Monday-Friday posts work."""
        return sum(column.days_per_year for column in self.columns if column.is_working)

    @property
    def weeks_share(self) -> float:
        """What a year's figure is multiplied by to be that of an average week."""
        return 7 / sum(column.days_per_year for column in self.columns)
