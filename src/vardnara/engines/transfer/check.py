"""Judges a balance by walking every date of the year, minute by minute. Knows nothing of the engine."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose

from vardnara.engines.transfer.data import Home, Item, TransferCase
from vardnara.engines.transfer.result import Balance, Grid, ItemBalance
from vardnara.engines.workload import TaskType, WardFacts
from vardnara.kernel.calendar import day_kind
from vardnara.parameters.task_norms import Driver

NEAR = 1e-7  # rounding of sums
BY_DISCHARGE = (Driver.DISCHARGE, Driver.CONTAGION_CASE)
BY_EVENTS = (*BY_DISCHARGE, Driver.EVENT)


def balance_faults(balance: Balance, case: TransferCase) -> tuple[str, ...]:
    """Everything that counting gives differently, and every hour that is lost, doubled or given away twice.

    Returns
    -------
    tuple of str
        Empty when all is well.
    """
    faults = []
    wards = {ward.code: ward for ward in case.wards}
    rows = {one.item: one for one in balance.items}
    for item in case.items:
        unknown = any(piece.work is None for piece in item.pieces)
        if unknown != (item.id in balance.unknown) or unknown == (item.id in rows):
            faults.append(f"item {item.id}: neither counted nor called unknown, or both")
        elif not unknown:
            homes = [home for home in case.homes if home.item == item.id]
            faults += _item_faults(rows[item.id], item, wards[item.ward], homes, case.year)
    for name in ("leaving", "received", "released", "homeless"):
        for level in ("low", "typical", "high"):
            counted = sum(getattr(getattr(one.sums, name), level) for one in balance.items)
            for told in (
                getattr(getattr(balance.total, name), level),
                sum(getattr(getattr(sums, name), level) for sums in balance.by_ward.values()),
            ):
                if not _near(counted, told):
                    faults.append(f"{name} {level}: {told}, counted {counted}")
        for code, grids in balance.grid_by_ward.items():
            told = sum(sum(day) for day in getattr(grids, name))
            if not _near(told, getattr(balance.by_ward[code], name).typical):
                faults.append(f"ward {code}: {name} by the hour is {told}")
    used = sum(spread.typical for spread in balance.by_kind.values())
    given = balance.total.received.typical + balance.total.released.typical
    if not _near(used, given):
        faults.append(f"by kind of home: {used}, counted {given}")
    return tuple(faults)


def _item_faults(row: ItemBalance, item: Item, ward: WardFacts, homes: list[Home], year: int) -> list[str]:
    faults = []
    counted = _counted(item, ward, year)
    for weekday in range(7):
        for hour in range(24):
            told = row.grids.leaving[weekday][hour]
            if not _near(counted[weekday][hour], told):
                faults.append(f"item {item.id}, {weekday} at {hour}: {told}, counted {counted[weekday][hour]}")
            parts = [getattr(row.grids, name)[weekday][hour] for name in ("received", "released", "homeless")]
            if min(parts) < -NEAR or not _near(sum(parts), told):
                faults.append(f"item {item.id}, {weekday} at {hour}: {told} leaves, {parts} arrives")
    for level in ("low", "typical", "high"):
        parts = [getattr(getattr(row.sums, name), level) for name in ("received", "released", "homeless")]
        if min(parts) < -NEAR or not _near(sum(parts), getattr(row.sums.leaving, level)):
            faults.append(f"item {item.id}, {level}: {parts} of {getattr(row.sums.leaving, level)}")
    said = {home.id: home for home in homes}
    if sorted(said) != sorted(use.home for use in row.homes):
        return [*faults, f"item {item.id}: homes {[use.home for use in row.homes]}"]
    for receives, name in ((True, "received"), (False, "released")):
        total = sum(_sum(use.grid) for use in row.homes if said[use.home].kind.receives == receives)
        if not _near(total, getattr(row.sums, name).typical):
            faults.append(f"item {item.id}: homes take {total}, {name} {getattr(row.sums, name).typical}")
    for use in row.homes:
        home = said[use.home]
        where = [(day, hour) for day in range(7) for hour in range(24)]
        inside = [(day, hour) for day, hour in where if day + 1 in home.weekdays and hour in home.hours]
        if any(use.grid[day][hour] for day, hour in set(where) - set(inside)):
            faults.append(f"home {home.id}: takes hours at which it is not there")
        taken, left = _sum(use.grid), sum(row.grids.homeless[day][hour] for day, hour in inside)
        if home.minutes is not None and taken > home.minutes + NEAR:
            faults.append(f"home {home.id}: takes {taken} of {home.minutes}")
        if left > NEAR * max(1, taken) and (home.minutes is None or not _near(taken, home.minutes)):
            faults.append(f"home {home.id}: has room for some of {left} minutes without a home")
    return faults


def _counted(item: Item, ward: WardFacts, year: int) -> list[list[float]]:
    """Typical minutes by weekday and hour."""
    grid = [[0.0] * 24 for _ in range(7)]
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    for piece in item.pieces:
        work = piece.work
        if work is None:
            continue
        occurs = [0] * 7
        for day in days:
            occurs[day.weekday()] += day_kind(day).day_number in work.days and work.recurrence.occurs_on(day)
        window = work.recurrence.window
        minutes = [window.start_minutes + minute for minute in range(window.minutes)]
        weights = _weights(work, ward, minutes)
        for weekday in range(7):
            for minute, weight in zip(minutes, weights, strict=True):
                falls = (weekday + minute // 1440) % 7
                units = _units(work, ward, falls if work.norm.driver in BY_EVENTS else weekday)
                if units and occurs[weekday]:
                    each = work.norm.fixed.typical + work.norm.per_unit.typical * units
                    often = occurs[weekday] * 7 / len(days) * work.times * work.n_people
                    grid[falls][minute // 60 % 24] += often * each * weight
    return grid


def _weights(work: TaskType, ward: WardFacts, minutes: list[int]) -> list[float]:
    """The share of the work at each minute: of planned work all within the window, else the day's own share."""
    hours = work.hours
    if hours is None and work.norm.driver in BY_DISCHARGE:
        hours = ward.discharge_hours
    caused = work.norm.driver in BY_EVENTS
    if hours is None or not sum(hours[minute // 60 % 24] for minute in (range(1440) if caused else minutes)):
        hours = (1.0,) * 24
    total = 60 * sum(hours) if caused else sum(hours[minute // 60 % 24] for minute in minutes)
    return [hours[minute // 60 % 24] / total for minute in minutes]


def _units(work: TaskType, ward: WardFacts, weekday: int) -> float:
    match work.norm.driver:
        case Driver.BED:
            units = ward.staffed_beds
        case Driver.OCCUPIED_BED | Driver.PATIENT | Driver.MEAL:
            units = ward.patients[weekday]
        case Driver.DISCHARGE:
            units = ward.discharges[weekday] * (1 - ward.contagion_share)
        case Driver.CONTAGION_CASE:
            units = ward.discharges[weekday] * ward.contagion_share
        case Driver.SQUARE_METRE:
            units = ward.square_metres
        case Driver.EVENT:
            units = ward.events[work.code][weekday] if work.code in ward.events else 0.0
        case _:
            units = 1.0
    return units * ward.shares.get(work.code, 1)


def _near(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)


def _sum(grid: Grid) -> float:
    return sum(sum(day) for day in grid)
