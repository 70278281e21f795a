"""Makes covers of work: mean minutes by zone, kind of day and hour, their spread, and who must be there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from vardnara.engines.posts.data import HOURS, Cell, Column, Field, NeedsOrder, Shape, Zone, unit_minutes
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import Grid, Needs, ZoneNeed
from vardnara.engines.posts.spread import ROUNDING, Distribution, Work, distributions, quadrature
from vardnara.engines.workload import CAUSED, TaskType, WardFacts, WorkloadOrder, hours_of, shares_of, units_of
from vardnara.kernel.calendar import WEEKDAY_CODES, day_kind, days_between
from vardnara.parameters.task_norms import TaskNorm

HOLIDAY = "holiday"
LEVELS = ("low", "typical", "high")
TYPICAL = LEVELS.index("typical")
SATURDAY = 5
NEGLIGIBLE = 0.01  # minutes of an hour's work beyond which more people are not tried
type Place = tuple[int, int]  # column, hour


def columns_of(order: WorkloadOrder) -> tuple[Column, ...]:
    """Kinds of day of the order's year; without a year Monday to Sunday, each as often.

    A holiday or eve on Monday to Friday is a kind of its own, since Monday-Friday posts are free on it (W-67).
    """
    if order.year is None:
        each = order.params.days_per_year / len(WEEKDAY_CODES)
        return tuple(Column(code, each, index < SATURDAY) for index, code in enumerate(WEEKDAY_CODES))
    counts: dict[str, int] = dict.fromkeys((*WEEKDAY_CODES, HOLIDAY), 0)
    for day in days_between(date(order.year, 1, 1), date(order.year + 1, 1, 1)):
        counts[_column_code(day)] += 1
    return tuple(
        Column(code, n, code != HOLIDAY and WEEKDAY_CODES.index(code) < SATURDAY) for code, n in counts.items() if n
    )


def _column_code(day: date) -> str:
    kind = day_kind(day)
    return HOLIDAY if kind.weekday < SATURDAY and not kind.is_working_day else WEEKDAY_CODES[kind.weekday]


@dataclass
class Begins:
    """How often a task begins on a day of a column, by the weekday it began on: that day, or the day before."""

    now: dict[Place, float] = field(default_factory=lambda: defaultdict(float))
    tail: dict[Place, float] = field(default_factory=lambda: defaultdict(float))


def _begins(task: TaskType, order: WorkloadOrder, columns: Sequence[Column]) -> Begins:
    found = Begins()
    if order.year is None:
        for weekday, rate in enumerate(task.rate_by_weekday()):
            found.now[weekday, weekday] += rate
            found.tail[(weekday + 1) % len(WEEKDAY_CODES), weekday] += rate
        return found
    number = {column.code: index for index, column in enumerate(columns)}
    for day in days_between(date(order.year, 1, 1), date(order.year + 1, 1, 1)):
        if not task.begins_on(day):
            continue
        after = day + timedelta(days=1)
        # New Year's Day of the next year counts as this year's, as it is a holiday both times
        own, next_ = number[_column_code(day)], number.get(_column_code(after), number[WEEKDAY_CODES[after.weekday()]])
        found.now[own, day.weekday()] += 1 / columns[own].days_per_year
        found.tail[next_, day.weekday()] += 1 / columns[next_].days_per_year
    return found


class _Sums:
    """Work of a zone hour by hour, by what a minute of it is worth, and how far its norms may be off."""

    def __init__(self) -> None:
        self.planned: dict[tuple[float, Place], float] = defaultdict(float)
        self.arrivals: dict[tuple[float, Place], dict[float, float]] = defaultdict(lambda: defaultdict(float))
        self.down: dict[Place, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.up: dict[Place, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def add(
        self, task: TaskType, ward: WardFacts, begins: Begins, *, weight: float, level: int, others: Sequence[_Sums]
    ) -> None:
        """A task on a ward, here and in the sums of all."""
        units = units_of(task, ward)
        shares = shares_of(task.recurrence.window, hours_of(task, ward))
        for rates, by_hour in ((begins.now, shares.now), (begins.tail, shares.tail)):
            for (column, weekday), rate in rates.items():
                if not units[weekday] or not rate:
                    continue
                for hour, share in by_hour:
                    for sums in (self, *others):
                        sums._put(task, units[weekday], rate * share * task.times, (column, hour), weight, level)

    def _put(self, task: TaskType, units: float, often: float, place: Place, weight: float, level: int) -> None:
        norm, people = task.norm, task.n_people
        fixed, each = _minutes(norm, level)
        if norm.driver in CAUSED and each:
            self.planned[weight, place] += often * fixed * people
            self.arrivals[weight, place][each * people] += often * units
        else:
            self.planned[weight, place] += often * (fixed + each * units) * people
        low, typical, high = norm.minutes(units)
        self.down[place][norm.code] += (typical - low) * often * people
        self.up[place][norm.code] += (high - typical) * often * people

    def works(self, place: Place, weights: Sequence[float]) -> list[Work]:
        """The hour's work of the most worth, then that and the next, and so on to all."""
        planned, arrivals, found = 0.0, defaultdict[float, float](float), []
        for weight in weights:
            planned += self.planned.get((weight, place), 0.0)
            for minutes, often in self.arrivals.get((weight, place), {}).items():
                arrivals[minutes] += often
            found.append(Work(planned, dict(arrivals)))
        return found

    @property
    def places(self) -> list[Place]:
        return sorted({place for _, place in (*self.planned, *self.arrivals)})


def _minutes(norm: TaskNorm, level: int) -> tuple[float, float]:
    nothing, one = norm.minutes(0)[level], norm.minutes(1)[level]
    return nothing, one - nothing


def needs_estimate(order: NeedsOrder, shapes: tuple[Shape, ...], params: PostsParams | None = None) -> Needs:
    """Needs of an average day of each kind.

    Parameters
    ----------
    order
        Work, zones and what it is worth.
    shapes
        Days of work, which say in what steps people come and go.
    params
        Service level, walking and pauses.

    Notes
    -----
    Planned work takes its norm's minutes. Discharges, contagion and other events come one by one and independently of
    each other (Poisson), as many in the mean as the ward's facts say; each takes its norm's minutes in the hour in
    which it falls. So an hour's minutes have a distribution, whose quantile at the service level is the cover. Errors
    of norms are no part of it: they have no probability (``docs/workload.md``) and stand as ``low`` and ``high``.
    """
    params = params or PostsParams()
    workload, columns = order.workload, columns_of(order.workload)
    weight_of = {task.code: float(order.weights.get(task.code, 1)) for task in workload.tasks}
    weights = sorted(set(weight_of.values()), reverse=True)
    wards = {ward.code: ward for ward in workload.wards}
    begins = {task.code: _begins(task, workload, columns) for task in workload.tasks}
    level = LEVELS.index(order.level)
    whole, unit = _Sums(), unit_minutes(shapes)
    zones, cells = [], []
    for index, zone in enumerate(order.zones):
        sums = _Sums()
        for code in zone.wards:
            for task in workload.tasks:
                if task.is_done_on(code):
                    sums.add(
                        task, wards[code], begins[task.code], weight=weight_of[task.code], level=level, others=(whole,)
                    )
        share = params.productive_share(len(zone.wards))
        own = _cells(sums, index, weights, unit * share, params.service_level)
        cells += own
        zones.append(_need(zone, sums, share, len(columns), own, unit))
    everywhere = Zone("*", tuple(wards)) if wards else Zone("*", ("*",))
    total = _need(everywhere, whole, 1.0, len(columns), cells, unit)
    found = Field(columns, tuple(zone.code for zone in order.zones), shapes, unit, tuple(cells))
    return Needs(found, tuple(zones), total, params.service_level)


def _cells(sums: _Sums, zone: int, weights: Sequence[float], step: float, level: float) -> list[Cell]:
    """The hours with work; ``step``: minutes of work that a unit of presence does."""
    places = sums.places
    works = [work for place in places for work in sums.works(place, weights)]
    known = distributions(works)
    n, found = len(weights), []
    for index, (column, hour) in enumerate(places):
        its, mean = known[index * n : index * n + n], works[index * n + n - 1].mean
        if mean > ROUNDING:
            found.append(_cell(zone, column, hour, its, weights, mean=mean, step=step, level=level))
    return found


def _cell(
    zone: int, column: int, hour: int, its: Sequence[Distribution], weights: Sequence[float], *,
    mean: float, step: float, level: float,
) -> Cell:  # fmt: skip
    covered, worth, cover = [0.0], [0.0], 0
    reached = its[-1].within(0) >= level - ROUNDING
    more = step
    while (not reached or mean - covered[-1] > NEGLIGIBLE) and more > ROUNDING:
        capacity = len(covered) * step
        done = [one.done(capacity) for one in its]
        drops = [weight - below for weight, below in zip(weights, (*weights[1:], 0.0), strict=True)]
        more = done[-1] - covered[-1]
        covered.append(done[-1])
        worth.append(sum(drop * each for drop, each in zip(drops, done, strict=True)))
        if not reached:
            cover += 1
            reached = its[-1].within(capacity) >= level - ROUNDING
    return Cell(zone, column, hour, mean, cover, tuple(covered), tuple(worth))


def _need(zone: Zone, sums: _Sums, share: float, n_columns: int, cells: Sequence[Cell], unit: int) -> ZoneNeed:
    typical, low, high, cover = ([[0.0] * HOURS for _ in range(n_columns)] for _ in range(4))
    for cell in cells:
        typical[cell.column][cell.hour] += cell.minutes
        cover[cell.column][cell.hour] += cell.cover_units * unit / 60
    for column, hour in sums.places:
        mean = typical[column][hour]
        low[column][hour] = max(0.0, mean - quadrature(sums.down[column, hour]))
        high[column][hour] = mean + quadrature(sums.up[column, hour])
    return ZoneNeed(zone.code, zone.wards, share, *map(_grid, (typical, low, high, cover)))


def _grid(rows: Sequence[Sequence[float]]) -> Grid:
    return tuple(tuple(row) for row in rows)


@dataclass(frozen=True, slots=True)
class HourPart:
    """What one task on one ward brings to an hour: mean minutes with the norm's range, and how many arrive.

    ``arrivals`` is the mean number of what comes by events; None where the work is planned.
    """

    task: TaskType
    ward: str
    low: float
    typical: float
    high: float
    arrivals: float | None


def hour_parts(order: NeedsOrder, column: int, hour: int) -> tuple[HourPart, ...]:
    """What an hour of a kind of day is made of, most first."""
    workload, columns, place = order.workload, columns_of(order.workload), (column, hour)
    found = []
    for task in workload.tasks:
        begins = _begins(task, workload, columns)
        for ward in workload.wards:
            if not task.is_done_on(ward.code):
                continue
            sums = _Sums()
            sums.add(task, ward, begins, weight=1.0, level=TYPICAL, others=())
            (work,) = sums.works(place, (1.0,))
            if work.mean > ROUNDING:
                low = work.mean - sum(sums.down[place].values())
                high = work.mean + sum(sums.up[place].values())
                arrivals = sum(work.arrivals.values()) if work.arrivals else None
                found.append(HourPart(task, ward.code, low, work.mean, high, arrivals))
    return tuple(sorted(found, key=lambda part: -part.typical))


def cell_numbers(field_: Field) -> Mapping[tuple[int, int, int], int]:
    """Number of each cell by zone, column and hour."""
    return {(cell.zone, cell.column, cell.hour): index for index, cell in enumerate(field_.cells)}
