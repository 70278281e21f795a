"""Judges needs and plans by counting. Knows neither the solver nor what it was given to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import exp, floor, isclose

from vardnara.engines.posts.data import Cell, Field, NeedsOrder
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import Allocation, CoverPlan, Manned, Needs, Posts
from vardnara.kernel.calendar import day_kind
from vardnara.parameters.task_norms import Driver

NEAR = 1e-6  # of sums, and of what a solver's rows may be off
CAUSED = (Driver.DISCHARGE, Driver.CONTAGION_CASE, Driver.EVENT)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def allocation_faults(
    plan: Allocation, found: Field, params: PostsParams | None = None, *, keep: Sequence[Manned] = ()
) -> tuple[str, ...]:
    """Every figure of a plan that counting gives differently, and every rule that it breaks.

    Parameters
    ----------
    plan
        What N posts do.
    found
        What they were laid out on.
    params
        What a post gives.
    keep
        Days of work that should have stayed.

    Returns
    -------
    tuple of str
        Empty when all is well.
    """
    params = params or PostsParams()
    faults = list(_posts_faults(plan.manned, plan.posts, found, params))
    if plan.posts.total != plan.n_posts:
        faults.append(f"{plan.posts.total} posts, expected {plan.n_posts}")
    before = {(one.zone, one.column, one.shape): one.n for one in keep}
    now = {(one.zone, one.column, one.shape): one.n for one in plan.manned}
    faults += [f"{place}: {now.get(place, 0)} people, {n} were to stay" for place, n in before.items()
               if now.get(place, 0) < n]  # fmt: skip
    weeks = sum(column.days_per_year for column in found.columns) / 7
    covered = worth = total = 0.0
    for index, cell in enumerate(found.cells):
        minutes = _present(cell, plan.manned, found)
        often = found.columns[cell.column].days_per_year / weeks
        units = minutes // found.unit
        if plan.units[index] != units:
            faults.append(f"cell {index}: {plan.units[index]} units, counted {units}")
        covered += often * cell.covered[min(units, len(cell.covered) - 1)]
        worth += often * cell.worth[min(units, len(cell.worth) - 1)]
        total += often * cell.minutes
    for name, told, counted in (
        ("covered", plan.covered, covered), ("uncovered", plan.uncovered, total - covered),
        ("worth", plan.worth, worth), ("hours", plan.hours, _hours(plan.manned, found) / weeks),
    ):  # fmt: skip
        if not isclose(told, counted, rel_tol=NEAR, abs_tol=NEAR * max(1.0, total)):
            faults.append(f"{name}: {told}, counted {counted}")
    if plan.bound < worth - NEAR * max(1.0, worth):
        faults.append(f"the plan is worth {worth}, more than the proved bound {plan.bound}")
    if plan.status == "optimal" and plan.bound > worth + 2 * NEAR * max(1.0, worth):
        faults.append(f"said to be the best at {worth}, but {plan.bound} was not ruled out")
    return tuple(faults)


def cover_faults(plan: CoverPlan, found: Field, params: PostsParams | None = None) -> tuple[str, ...]:
    """Hours that a plan leaves below their cover, and every rule that it breaks."""
    faults = list(_posts_faults(plan.manned, plan.posts, found, params or PostsParams()))
    for cell in found.cells:
        place = (cell.zone, cell.column, cell.hour)
        short = cell.cover_units * found.unit - _present(cell, plan.manned, found)
        if short > 0 and place not in plan.out_of_reach:
            faults.append(f"{place}: {short} minutes short of its cover")
    if not isclose(plan.hours_per_year, _hours(plan.manned, found), rel_tol=NEAR, abs_tol=NEAR):
        faults.append(f"{plan.hours_per_year} hours, counted {_hours(plan.manned, found)}")
    if plan.status == "optimal" and plan.bound_posts != plan.posts.total:
        faults.append(f"said to be the fewest, {plan.posts.total}, but {plan.bound_posts} were not ruled out")
    return tuple(faults)


def _present(cell: Cell, manned: Sequence[Manned], found: Field) -> int:
    """Minutes of presence in an hour, minute by minute."""
    total = 0
    for one in manned:
        if (one.zone, one.column) == (cell.zone, cell.column):
            shape = found.shapes[one.shape]
            at_work = sum(
                shape.window.start_minutes <= minute < shape.window.end_minutes
                and not any(rest.start_minutes <= minute < rest.end_minutes for rest in shape.breaks)
                for minute in range(60 * cell.hour, 60 * cell.hour + 60)
            )
            total += one.n * at_work
    return total


def _hours(manned: Sequence[Manned], found: Field) -> float:
    return sum(one.n * found.columns[one.column].days_per_year * found.shapes[one.shape].minutes / 60 for one in manned)


def _posts_faults(manned: Sequence[Manned], posts: Posts, found: Field, params: PostsParams) -> Iterator[str]:
    """W-30, W-31, W-34, W-35, W-66 and W-67: what so many posts of each kind may work."""
    if any(one.n < 1 for one in manned) or len({(one.zone, one.column, one.shape) for one in manned}) < len(manned):
        yield "a day of work stands twice or for nobody"
    seven_only = [one for one in manned if not found.columns[one.column].is_working]
    working_days = sum(column.days_per_year for column in found.columns if column.is_working)
    per_weekday_post = working_days * min(1.0, params.net_hours_per_fte / (8 * working_days)) if working_days else 0.0
    per_seven_day_post = params.days_all_days
    for name, some, five in (("all days", manned, posts.weekdays), ("weekends and holidays", seven_only, 0)):
        hours, days = _hours(some, found), sum(one.n * found.columns[one.column].days_per_year for one in some)
        if hours > (five + posts.all_days) * params.net_hours_per_fte * (1 + NEAR):
            yield f"{name}: {hours} hours are more than the posts have"
        if days > (five * per_weekday_post + posts.all_days * per_seven_day_post) * (1 + NEAR):
            yield f"{name}: {days} days of work are more than the posts have"
    for index, column in enumerate(found.columns):
        people = sum(one.n for one in manned if one.column == index)
        turn = params.weekend_share * params.presence_all_days * posts.all_days
        if people > (posts.total if column.is_working else turn) * (1 + NEAR):
            yield f"{column.code}: {people} people are more than the posts have"


def needs_faults(needs: Needs, order: NeedsOrder, params: PostsParams | None = None) -> tuple[str, ...]:
    """Every hour's figure that walking the dates of the year gives differently; the order must have a year."""
    params = params or PostsParams()
    year = order.workload.year
    if year is None:
        raise ValueError("no year, expected one to be walked")
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    number = {column.code: index for index, column in enumerate(needs.field.columns)}
    counts = [0] * len(number)
    for day in days:
        counts[number[_code(day)]] += 1
    faults = [f"{one.code}: {one.days_per_year} days, counted {counts[index]}"
              for index, one in enumerate(needs.field.columns) if one.days_per_year != counts[index]]  # fmt: skip
    level = ("low", "typical", "high").index(order.level)
    for zone_index, zone in enumerate(order.zones):
        planned: dict[tuple[int, int], float] = defaultdict(float)
        arrivals: dict[tuple[int, int], dict[float, float]] = defaultdict(lambda: defaultdict(float))
        for task in order.workload.tasks:
            for ward in (one for one in order.workload.wards if one.code in zone.wards and task.is_done_on(one.code)):
                for day in filter(task.begins_on, days):
                    _walk(task, ward, day, number, counts, level, planned, arrivals)
        cells = {(one.column, one.hour): one for one in needs.field.cells if one.zone == zone_index}
        for place in {*planned, *arrivals}:
            mean = planned[place] + sum(each * often for each, often in arrivals[place].items())
            cell = cells.get(place)
            if (cell.minutes if cell else 0.0) != approx(mean):
                faults.append(f"{zone.code} {place}: {cell and cell.minutes} minutes, counted {mean}")
            elif cell:
                step = needs.field.unit * params.productive_share(len(zone.wards))
                faults += _cell_faults(cell, planned[place], arrivals[place], step, params.service_level)
    return tuple(faults)


class approx(float):
    """A number that rounding may move."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | float) and isclose(self, other, rel_tol=NEAR, abs_tol=NEAR)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = float.__hash__


def _code(day: date) -> str:
    kind = day_kind(day)
    return "holiday" if day.weekday() < 5 and (kind.holiday or kind.eve) else DAYS[day.weekday()]


def _walk(task, ward, day, number, counts, level, planned, arrivals) -> None:  # type: ignore[no-untyped-def]
    """Put one occurrence of a task where its minutes fall."""
    norm, driver, weekday = task.norm, task.norm.driver, day.weekday()
    discharges = ward.discharges[weekday] * ward.shares.get(task.code, 1)
    share = ward.shares.get(task.code, 1)
    units = {
        Driver.BED: ward.staffed_beds * share, Driver.SQUARE_METRE: ward.square_metres * share,
        Driver.OCCUPIED_BED: ward.patients[weekday] * share, Driver.PATIENT: ward.patients[weekday] * share,
        Driver.MEAL: ward.patients[weekday] * share, Driver.WARD: share, Driver.SHIFT: share,
        Driver.DISCHARGE: discharges * (1 - ward.contagion_share),
        Driver.CONTAGION_CASE: discharges * ward.contagion_share,
        Driver.EVENT: (ward.events.get(task.code) or (0.0,) * 7)[weekday] * share,
    }[driver]  # fmt: skip
    if not units:
        return
    fixed = (norm.fixed.low, norm.fixed.typical, norm.fixed.high)[level]
    each = (norm.per_unit.low, norm.per_unit.typical, norm.per_unit.high)[level]
    own = task.hours or (ward.discharge_hours if driver in (Driver.DISCHARGE, Driver.CONTAGION_CASE) else None)
    window = task.recurrence.window
    minutes = range(window.start_minutes, window.start_minutes + window.minutes)
    weights = [own[minute // 60 % 24] if own else 1.0 for minute in minutes]
    if not sum(weights):
        weights = [1.0] * len(weights)
    total = sum(weights)
    falls: dict[tuple[int, int], float] = defaultdict(float)
    for minute, weight in zip(minutes, weights, strict=True):
        falls[minute // 1440, minute // 60 % 24] += weight / total
    for (later, hour), part in falls.items():
        column = number.get(_code(day + timedelta(days=later)))
        if column is None:  # the day after New Year's Eve of a year without such a day
            column = number[DAYS[(day + timedelta(days=later)).weekday()]]
        often = part * task.times / counts[column]
        if driver in CAUSED and each:
            planned[column, hour] += often * fixed * task.n_people
            arrivals[column, hour][each * task.n_people] += often * units
        else:
            planned[column, hour] += often * (fixed + each * units) * task.n_people


def _cell_faults(cell: Cell, planned: float, arrivals: dict[float, float], step: float, level: float) -> Iterator[str]:
    """What 0, 1, 2 ... units of presence do, by Panjer's recursion for a compound Poisson sum."""
    jumps: dict[int, float] = defaultdict(float)
    for each, often in arrivals.items():
        jumps[floor(each)] += often * (floor(each) + 1 - each)
        jumps[floor(each) + 1] += often * (each - floor(each))
    last = floor(len(cell.covered) * step) + 1
    chance = [exp(-sum(often for each, often in jumps.items() if each))]
    for minutes in range(1, last + 1):
        chance.append(
            sum(each * often * chance[minutes - each] for each, often in jumps.items() if 0 < each <= minutes) / minutes
        )
    enough = 0
    for units, told in enumerate(cell.covered):
        left = units * step - planned
        done = units * step if left <= 0 else planned + sum(p * min(y, left) for y, p in enumerate(chance))
        if left > 0:
            done += left * max(0.0, 1 - sum(chance))
        if told != approx(done):
            yield f"{cell.zone} {cell.column} {cell.hour}: {units} units do {told}, counted {done}"
        within = sum(p for y, p in enumerate(chance) if y <= left + 1e-9) if left >= -1e-9 else 0.0
        if within < level - 1e-9 and units < cell.cover_units:
            enough = units + 1
    if cell.cover_units < len(cell.covered) and enough != cell.cover_units:
        yield f"{cell.zone} {cell.column} {cell.hour}: a cover of {cell.cover_units} units, counted {enough}"
