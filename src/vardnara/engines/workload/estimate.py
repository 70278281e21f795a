"""Adds the work up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from vardnara.engines.workload.data import HOURS, NOTHING, WEEKDAYS, TaskType, WardFacts, WorkloadOrder
from vardnara.engines.workload.result import Notice, Spread, Workload, WorkRow, spread_of
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver

CAUSED = (
    Driver.DISCHARGE,
    Driver.CONTAGION_CASE,
    Driver.EVENT,
)  # drivers whose units come whether or not work is planned


class Rates(NamedTuple):
    """How often a task begins, Monday to Sunday.

    ``now`` counts for the hours before midnight, ``tail`` for those after it, which fall on the next day.
    """

    now: tuple[float, ...]
    tail: tuple[float, ...]


class Shares(NamedTuple):
    """Where the minutes of one occurrence fall: (hour, share) on its own day and on the next; both sum to 1."""

    now: tuple[tuple[int, float], ...]
    tail: tuple[tuple[int, float], ...]


def workload_estimate(order: WorkloadOrder) -> Workload:
    """Minutes of an average week, and posts.

    Parameters
    ----------
    order
        Tasks, wards, and the year if its real days shall be counted.

    Returns
    -------
    Workload
        Without a year: the plain average week, in which holidays and eves are weekdays like others. With one: its days,
        as minutes x 7 / days of the year.

    Notes
    -----
    A time counts where the wall clock shows it; the hour that is missing or comes twice when the clocks change moves no
    work. Work after midnight falls on the weekday after. A ward's facts are those of the weekday, on holidays too.
    """
    days = order.params.days_per_year
    if order.year is not None:
        days = (date(order.year + 1, 1, 1) - date(order.year, 1, 1)).days
        counts = {task.code: task.count_by_weekday(order.year) for task in order.tasks}
        by_weekday = {code: tuple(count * WEEKDAYS / days for count in its) for code, its in counts.items()}
    else:
        by_weekday = {task.code: task.rate_by_weekday() for task in order.tasks}
    rates = {task.code: Rates(by_weekday[task.code], by_weekday[task.code]) for task in order.tasks}
    return _add_up(order, rates, years_share=days / WEEKDAYS, notices=_notices(order, by_weekday))


def workload_of_day(order: WorkloadOrder, day: date) -> Workload:
    """Minutes that fall on one date, those after midnight of the day before included; posts as if every day were so.

    Parameters
    ----------
    order
        Its year is not used: the date has one.
    day
        Local date.
    """
    before = day - timedelta(days=1)
    rates = {}
    for task in order.tasks:
        occurs = task.begins_on
        rates[task.code] = Rates(_only(day.weekday(), occurs(day)), _only(before.weekday(), occurs(before)))
    return _add_up(order, rates, years_share=order.params.days_per_year, notices=_notices(order, None))


def _only(weekday: int, occurs: bool) -> tuple[float, ...]:
    return tuple(float(occurs and one == weekday) for one in range(WEEKDAYS))


def units_of(task: TaskType, ward: WardFacts) -> tuple[float, ...]:
    """Units of the task's driver each time on a ward, Monday to Sunday.

    A discharge with contagion is a contagion case and no discharge, so that no bed is cleaned twice.
    """
    match task.norm.driver:
        case Driver.BED:
            units = (ward.staffed_beds,) * WEEKDAYS
        case Driver.OCCUPIED_BED | Driver.PATIENT | Driver.MEAL:
            units = ward.patients
        case Driver.DISCHARGE:
            units = tuple(number * (1 - ward.contagion_share) for number in ward.discharges)
        case Driver.CONTAGION_CASE:
            units = tuple(number * ward.contagion_share for number in ward.discharges)
        case Driver.SQUARE_METRE:
            units = (ward.square_metres,) * WEEKDAYS
        case Driver.EVENT:
            units = ward.events.get(task.code, NOTHING)
        case Driver.WARD | Driver.SHIFT:
            units = (1.0,) * WEEKDAYS
    share = ward.shares.get(task.code, 1)
    return units if share == 1 else tuple(number * share for number in units)


@lru_cache(maxsize=4096)
def shares_of(window: TimeWindow, hours: tuple[float, ...] | None) -> Shares:
    """How the minutes of one occurrence fall on the hours: evenly over the window, or by weights within it.

    Weights that are all 0 within the window say nothing, and the work is spread evenly.
    """
    slots = [
        (offset, hour, min(end, 60 * hour + 60) - max(start, 60 * hour))
        for offset, start, end in window.pieces()
        for hour in range(start // 60, (end + 59) // 60)
    ]
    weighted = [(offset, hour, minutes * hours[hour]) for offset, hour, minutes in slots] if hours else slots
    total = sum(weight for _, _, weight in weighted)
    if total <= 0:
        weighted, total = slots, window.minutes
    return Shares(
        tuple((hour, weight / total) for offset, hour, weight in weighted if offset == 0 and weight),
        tuple((hour, weight / total) for offset, hour, weight in weighted if offset == 1 and weight),
    )


def hours_of(task: TaskType, ward: WardFacts) -> tuple[float, ...] | None:
    """Weights of the hours of the day, where the work is not even: a clean after a discharge follows the ward's own."""
    if task.hours is None and task.norm.driver in (Driver.DISCHARGE, Driver.CONTAGION_CASE):
        return ward.discharge_hours
    return task.hours


def _add_up(
    order: WorkloadOrder, rates: dict[str, Rates], *, years_share: float, notices: tuple[Notice, ...]
) -> Workload:
    """Every task on every ward; ``years_share``: how many such periods make a year."""
    grids: dict[str, list[list[float]]] = {ward.code: [[0.0] * HOURS for _ in range(WEEKDAYS)] for ward in order.wards}
    rows = [
        _row(task, ward, rates[task.code], grids[ward.code])
        for ward in order.wards
        for task in order.tasks
        if task.is_done_on(ward.code)
    ]
    by_ward = dict.fromkeys(grids, 0.0)
    for row in rows:
        by_ward[row.ward] += row.minutes.typical
    by_weekday = tuple(sum(sum(grid[weekday]) for grid in grids.values()) for weekday in range(WEEKDAYS))
    by_hour = tuple(sum(day[hour] for grid in grids.values() for day in grid) for hour in range(HOURS))
    minutes = spread_of(rows)
    return Workload(
        minutes=minutes,
        by_ward=by_ward,
        by_weekday=by_weekday,
        by_hour=by_hour,
        by_ward_hour={code: tuple(tuple(day) for day in grid) for code, grid in grids.items()},
        fte=minutes.times(years_share / 60 / order.params.net_hours_per_fte),
        rows=tuple(rows),
        notices=notices,
    )


def _row(task: TaskType, ward: WardFacts, rates: Rates, grid: list[list[float]]) -> WorkRow:
    """One task on one ward; its typical minutes are added to the ward's grid where they fall."""
    units = units_of(task, ward)
    shares = shares_of(task.recurrence.window, hours_of(task, ward))
    now_share, tail_share = sum(share for _, share in shares.now), sum(share for _, share in shares.tail)
    factor = task.times * task.n_people
    low = typical = high = 0.0
    for weekday in range(WEEKDAYS):
        now, tail = rates.now[weekday], rates.tail[weekday]
        if not units[weekday] or not (now or tail):
            continue  # where there is nothing to do it for, it is not done: no fixed minutes either
        each = task.norm.minutes(units[weekday])
        weight = factor * (now * now_share + tail * tail_share)
        low, typical, high = low + each[0] * weight, typical + each[1] * weight, high + each[2] * weight
        today, tomorrow = grid[weekday], grid[(weekday + 1) % WEEKDAYS]
        for hour, share in shares.now:
            today[hour] += each[1] * factor * now * share
        for hour, share in shares.tail:
            tomorrow[hour] += each[1] * factor * tail * share
    occurrences = tuple(task.times * rate for rate in (rates.now if any(rates.now) else rates.tail))
    return WorkRow(task.code, ward.code, task.norm, units, occurrences, task.n_people, Spread(low, typical, high))


def _notices(order: WorkloadOrder, by_weekday: dict[str, tuple[float, ...]] | None) -> tuple[Notice, ...]:
    """What the reader should know; ``by_weekday``: how often each task begins, None where one day is looked at."""
    found = []
    unverified = sorted({task.norm.code for task in order.tasks if task.norm.evidence.confidence == "unverified"})
    if unverified:
        found.append(Notice("UNVERIFIED_NORMS", tuple(unverified)))
    if order.year is None and by_weekday is not None:
        found += [Notice("NEEDS_YEAR", (task.code,)) for task in order.tasks if task.needs_calendar]
        found += [Notice("RULE_ENDS", (task.code,)) for task in order.tasks if task.recurrence.is_bounded]
    for ward in order.wards:
        its_tasks = [task for task in order.tasks if task.is_done_on(ward.code)]
        for task in its_tasks:
            if not any(units_of(task, ward)) and ward.shares.get(task.code, 1) > 0:
                found.append(Notice("NOTHING_COUNTED", (task.code,), ward.code))
        if by_weekday is not None:
            found += _units_without_work(ward, its_tasks, by_weekday)
    return tuple(found)


def _units_without_work(
    ward: WardFacts, tasks: Sequence[TaskType], by_weekday: dict[str, tuple[float, ...]]
) -> Iterable[Notice]:
    """Weekdays on which something happens that no task follows: discharges on Saturday, cleans until Friday."""
    groups: dict[tuple[Driver, str], list[TaskType]] = defaultdict(list)
    for task in tasks:
        if task.norm.driver in CAUSED:
            groups[task.norm.driver, task.code if task.norm.driver is Driver.EVENT else ""].append(task)
    for together in groups.values():
        units = [sum(numbers) for numbers in zip(*(units_of(task, ward) for task in together), strict=True)]
        done = [any(by_weekday[task.code][weekday] for task in together) for weekday in range(WEEKDAYS)]
        days = tuple(weekday for weekday in range(WEEKDAYS) if units[weekday] and not done[weekday])
        if days:
            yield Notice("UNITS_WITHOUT_WORK", tuple(task.code for task in together), ward.code, days)
