"""Judges a workload by walking the dates of a year, task by task and minute by minute. Knows nothing of the engine."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from math import isclose, sqrt

from vardnara.engines.workload.data import TaskType, WardFacts, WorkloadOrder
from vardnara.engines.workload.result import Workload
from vardnara.kernel.calendar import day_kind
from vardnara.parameters.task_norms import Driver

EXACT = 1e-9  # rounding of sums
LONG_RUN = 5e-3  # a plain week is judged by 28 years, which rules that do not repeat by weeks do not fill evenly
LONG_YEARS = range(2001, 2029)
PER_DAY = {Driver.WARD: 1.0, Driver.SHIFT: 1.0}


def workload_faults(workload: Workload, order: WorkloadOrder) -> tuple[str, ...]:
    """Every figure of an average week that counting gives differently.

    Parameters
    ----------
    workload
        What was estimated.
    order
        From which.

    Returns
    -------
    tuple of str
        Empty when all is well.
    """
    days = list(_dates(order))
    weeks = len(days) / 7
    grids: dict[str, dict[tuple[int, int], float]] = {ward.code: defaultdict(float) for ward in order.wards}
    low: dict[str, float] = defaultdict(float)
    typical: dict[str, float] = defaultdict(float)
    high: dict[str, float] = defaultdict(float)
    for task in order.tasks:
        counted = _counted(task, order.year)
        occurs = [0.0] * 7
        for day in days:
            number = day_kind(day).day_number if order.year else day.isoweekday()
            occurs[day.weekday()] += counted is not None and number in task.days and counted.recurrence.occurs_on(day)
        for ward in order.wards:
            if task.wards is not None and ward.code not in task.wards:
                continue
            falls = _falls(task, ward)
            for weekday in range(7):
                units = _units(task, ward, weekday)
                if units == 0:
                    continue
                often = occurs[weekday] / weeks * task.times * task.n_people
                fixed, each = task.norm.fixed, task.norm.per_unit
                low[task.norm.code] += often * (fixed.low + each.low * units)
                typical[task.norm.code] += often * (fixed.typical + each.typical * units)
                high[task.norm.code] += often * (fixed.high + each.high * units)
                for (offset, hour), share in falls.items():
                    place = ((weekday + offset) % 7, hour)
                    grids[ward.code][place] += share * often * (fixed.typical + each.typical * units)
    total = sum(typical.values())
    year_hours = total / 60 * (len(days) / 7 if order.year else order.params.days_per_year / 7)
    expected = {
        "total": (total, workload.minutes.typical),
        "low": (total - sqrt(sum((typical[c] - low[c]) ** 2 for c in typical)), workload.minutes.low),
        "high": (total + sqrt(sum((high[c] - typical[c]) ** 2 for c in typical)), workload.minutes.high),
        "fte": (year_hours / order.params.net_hours_per_fte, workload.fte.typical),
    }
    for weekday in range(7):
        theirs = sum(grid[weekday, hour] for grid in grids.values() for hour in range(24))
        expected[f"weekday {weekday}"] = (theirs, workload.by_weekday[weekday])
    for hour in range(24):
        theirs = sum(grid[weekday, hour] for grid in grids.values() for weekday in range(7))
        expected[f"hour {hour}"] = (theirs, workload.by_hour[hour])
    for code, grid in grids.items():
        expected[f"ward {code}"] = (sum(grid.values()), workload.by_ward[code])
        for weekday in range(7):
            for hour in range(24):
                cell = workload.by_ward_hour[code][weekday][hour]
                expected[f"ward {code}, weekday {weekday}, hour {hour}"] = (grid[weekday, hour], cell)
    near = EXACT if order.year else LONG_RUN
    return tuple(
        f"{name}: {told}, counted {counted}"
        for name, (counted, told) in expected.items()
        if not isclose(counted, told, rel_tol=near, abs_tol=near * max(1.0, total))
    )


def _dates(order: WorkloadOrder) -> Iterable[date]:
    first = max([task.recurrence.anchor.year for task in order.tasks] or [0]) + 1
    start = date(order.year, 1, 1) if order.year else date(first, 1, 1)
    stop = date(order.year + 1, 1, 1) if order.year else date(first + len(LONG_YEARS), 1, 1)
    while start < stop:
        yield start
        start += timedelta(days=1)


def _counted(task: TaskType, year: int | None) -> TaskType | None:
    """The task as a plain week knows it: without holidays, eves and end."""
    recurrence = task.recurrence
    if year is not None:
        return task
    if "only" in (recurrence.holidays, recurrence.eves):
        return None
    endless = re.sub(r";?(COUNT|UNTIL)=\w+", "", recurrence.rrule.upper())
    return replace(task, recurrence=replace(recurrence, rrule=endless, holidays="same", eves="same"))


def _units(task: TaskType, ward: WardFacts, weekday: int) -> float:
    driver = task.norm.driver
    discharges = ward.discharges[weekday]
    known = {
        Driver.BED: ward.staffed_beds,
        Driver.OCCUPIED_BED: ward.patients[weekday],
        Driver.PATIENT: ward.patients[weekday],
        Driver.MEAL: ward.patients[weekday],
        Driver.DISCHARGE: discharges - discharges * ward.contagion_share,
        Driver.CONTAGION_CASE: discharges * ward.contagion_share,
        Driver.SQUARE_METRE: ward.square_metres,
        Driver.EVENT: ward.events[task.code][weekday] if task.code in ward.events else 0.0,
    } | PER_DAY
    return known[driver] * ward.shares.get(task.code, 1)


def _falls(task: TaskType, ward: WardFacts) -> dict[tuple[int, int], float]:
    """Share of one occurrence by (days later, hour), minute by minute."""
    hours = task.hours
    if hours is None and task.norm.driver in (Driver.DISCHARGE, Driver.CONTAGION_CASE):
        hours = ward.discharge_hours
    start = task.recurrence.window.start_minutes
    minutes = range(start, start + task.recurrence.window.minutes)
    weights = [hours[minute // 60 % 24] if hours else 1.0 for minute in minutes]
    if not sum(weights):
        weights = [1.0] * len(weights)
    found: dict[tuple[int, int], float] = defaultdict(float)
    for minute, weight in zip(minutes, weights, strict=True):
        found[minute // 1440, minute // 60 % 24] += weight / sum(weights)
    return found
