"""What the work is made of: kinds of task, and the wards that they are done on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import isfinite
from types import MappingProxyType

from vardnara.engines.agreement import EVERY_DAY
from vardnara.engines.workload.params import WorkloadParams
from vardnara.kernel.calendar import day_kind
from vardnara.kernel.recurrence import Recurrence
from vardnara.parameters.task_norms import TaskNorm

HOURS, WEEKDAYS = 24, 7
NOTHING = (0.0,) * WEEKDAYS
_EMPTY: Mapping[str, float] = MappingProxyType({})
_NO_EVENTS: Mapping[str, tuple[float, ...]] = MappingProxyType({})


def _numbers_check(name: str, values: tuple[float, ...], length: int) -> None:
    if len(values) != length or not all(isfinite(value) and value >= 0 for value in values):
        raise ValueError(f"{name} {values}, expected {length} numbers of 0 or more")


@dataclass(frozen=True, slots=True)
class TaskType:
    """A kind of task and when it is done.

    Parameters
    ----------
    code
        Its name in the catalogue.
    norm
        Driver and minutes, with source. Two tasks may share a norm, and then share its error.
    recurrence
        On which dates, and within which hours.
    times
        How often on each of those dates; the fixed minutes of the norm are spent every time, and so are those per unit.
    n_people
        How many people do it together, each for the norm's minutes.
    wards
        Where; None: on every ward.
    hours
        Weights of the 24 hours of the day, where the work is not spread evenly over the window. Cleans after discharges
        follow the ward's own hours of discharge unless this says otherwise.
    days
        Of the dates of the recurrence only these kinds of day count, as an agreement's line has them: 1 Monday to 7
        Sunday, 8 holiday, 9 eve. In a plain week, which has no holidays, the weekdays among them.
    """

    code: str
    norm: TaskNorm
    recurrence: Recurrence
    times: float = 1
    n_people: int = 1
    wards: frozenset[str] | None = None
    hours: tuple[float, ...] | None = None
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError(f"days {sorted(self.days)}, expected numbers from 1 to 9")
        _numbers_check("times", (self.times,), 1)
        if self.n_people < 1:
            raise ValueError(f"n_people {self.n_people}, expected 1 or more")
        if self.hours is not None:
            _numbers_check("hours", self.hours, HOURS)

    def is_done_on(self, ward: str) -> bool:
        return self.wards is None or ward in self.wards

    @property
    def needs_calendar(self) -> bool:
        """Whether holidays or eves change anything."""
        return self.recurrence.needs_calendar or self.days != EVERY_DAY

    def begins_on(self, day: date) -> bool:
        """Whether it is done on a date."""
        return self.recurrence.occurs_on(day) and (self.days == EVERY_DAY or day_number(day) in self.days)

    def count_by_weekday(self, year: int) -> tuple[int, ...]:
        """On how many dates of a year it is done, Monday to Sunday."""
        if self.days == EVERY_DAY:
            return self.recurrence.count_by_weekday(year)
        counts = [0] * WEEKDAYS
        for day in self.recurrence.dates(date(year, 1, 1), date(year + 1, 1, 1)):
            counts[day.weekday()] += day_number(day) in self.days
        return tuple(counts)

    def rate_by_weekday(self) -> tuple[float, ...]:
        """How often it is done in a plain average week, Monday to Sunday."""
        rates = self.recurrence.rate_by_weekday()
        return tuple(rate if weekday + 1 in self.days else 0.0 for weekday, rate in enumerate(rates))


@lru_cache(maxsize=4096)
def day_number(day: date) -> int:
    """What kind of day a date is: 1 Monday to 7 Sunday, 8 holiday, 9 eve."""
    return day_kind(day).day_number


@dataclass(frozen=True, slots=True)
class WardFacts:
    """What drives the work on a ward.

    Parameters
    ----------
    code
        Its code.
    staffed_beds
        Beds with staff.
    patients
        Mean number of patients, Monday to Sunday.
    discharges
        Mean number of discharges a day, Monday to Sunday, with and without contagion.
    discharge_hours
        Weights of the 24 hours; None: not known.
    contagion_share
        Share of discharges with contagion, 0 to 1.
    square_metres
        Floor area.
    events
        Mean number a day, Monday to Sunday, by code of the task that they cause.
    shares
        Share of its driver's units that a task is done for here, by task; 1 where none stands. Of the discharges 0.4
        may be from single rooms.
    """

    code: str
    staffed_beds: float = 0
    patients: tuple[float, ...] = NOTHING
    discharges: tuple[float, ...] = NOTHING
    discharge_hours: tuple[float, ...] | None = None
    contagion_share: float = 0
    square_metres: float = 0
    events: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: _NO_EVENTS)
    shares: Mapping[str, float] = field(default_factory=lambda: _EMPTY)

    def __post_init__(self) -> None:
        _numbers_check("staffed_beds", (self.staffed_beds,), 1)
        _numbers_check("square_metres", (self.square_metres,), 1)
        _numbers_check("patients", self.patients, WEEKDAYS)
        _numbers_check("discharges", self.discharges, WEEKDAYS)
        if self.discharge_hours is not None:
            _numbers_check("discharge_hours", self.discharge_hours, HOURS)
        for code, numbers in self.events.items():
            _numbers_check(f"events of {code}", numbers, WEEKDAYS)
        for name, share in (("contagion_share", self.contagion_share), *self.shares.items()):
            if not 0 <= share <= 1:
                raise ValueError(f"share {name} {share}, expected 0 to 1")


@dataclass(frozen=True, slots=True)
class WorkloadOrder:
    """What to add up.

    Parameters
    ----------
    tasks, wards
        Each task and each ward once.
    year
        Calendar year whose real days are counted; None: the plain average week, without holidays and eves.
    params
        What minutes become posts by.
    """

    tasks: tuple[TaskType, ...]
    wards: tuple[WardFacts, ...]
    year: int | None = None
    params: WorkloadParams = field(default_factory=WorkloadParams)

    def __post_init__(self) -> None:
        for name, codes in (("task", [one.code for one in self.tasks]), ("ward", [one.code for one in self.wards])):
            if len(set(codes)) < len(codes):
                raise ValueError(f"a {name} stands twice among {codes}, expected each once")
        norms: dict[str, TaskNorm] = {}
        for task in self.tasks:
            if norms.setdefault(task.norm.code, task.norm) != task.norm:
                raise ValueError(f"two norms are called {task.norm.code}, expected one")
