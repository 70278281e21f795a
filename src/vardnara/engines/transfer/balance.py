"""Where the hours go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from operator import attrgetter

from vardnara.engines.transfer.data import Home, HomeKind, Item, TransferCase
from vardnara.engines.transfer.result import Balance, Grid, Grids, HomeUse, ItemBalance, Notice, Sums
from vardnara.engines.workload import CAUSED, Spread, TaskType, WardFacts, hours_of, shares_of, units_of
from vardnara.kernel.recurrence import ALWAYS

HOURS, WEEKDAYS, LEVELS = 24, 7, 3
CELLS = WEEKDAYS * HOURS
ROUNDING = 0.5  # minutes a week: less is no hour without a home, and no home too large
NOTHING = Spread(0.0, 0.0, 0.0)
NO_SUMS = Sums(NOTHING, NOTHING, NOTHING, NOTHING)
Flat = list[float]  # minutes of the 168 hours of a week


def balance_estimate(case: TransferCase) -> Balance:
    """Who gets the hours that leave, what releases them, and how many have no home.

    Returns
    -------
    Balance
        Minutes of an average week of the case's year.

    Notes
    -----
    Homes take their part one after the other: what releases work before what receives it, narrower hours before wider,
    then in the order of their ids. A home spreads its minutes over the hours that it covers as the work lies there. So
    no hour is counted twice, and in every hour ``leaving = received + released + homeless``.
    """
    wards = {ward.code: ward for ward in case.wards}
    found = []
    for item in case.items:
        if item.is_known:
            homes = [home for home in case.homes if home.item == item.id]
            found.append(_item(item, wards[item.ward], homes, case.year))
    unknown = tuple(item.id for item in case.items if not item.is_known)
    codes = list(dict.fromkeys(item.ward for item in case.items))
    kinds = {home.id: home.kind for home in case.homes}
    uses = [use for one in found for use in one.homes]
    by_kind = {str(kind): _add(use.used for use in uses if kinds[use.home] == kind) for kind in HomeKind}
    return Balance(
        items=tuple(found),
        unknown=unknown,
        total=_sums_add(one.sums for one in found),
        by_ward={code: _sums_add(one.sums for one in found if one.ward == code) for code in codes},
        by_kind=by_kind,
        grid_by_ward={code: grids_add(one.grids for one in found if one.ward == code) for code in codes},
        notices=_notices(case, found, unknown, by_kind),
    )


def _item(item: Item, ward: WardFacts, homes: Sequence[Home], year: int) -> ItemBalance:
    leaving = _leaving(item, ward, year)
    rest = [list(level) for level in leaving]
    sums: dict[bool, list[Flat]] = {True: _nothing(), False: _nothing()}
    uses = []
    for home in sorted(homes, key=lambda one: (one.kind.receives, len(one.weekdays) * len(one.hours), one.id)):
        cells = [cell for cell in range(CELLS) if home.covers(cell // HOURS, cell % HOURS)]
        taken = [_take(level, cells, home.minutes) for level in rest]
        for total, part in zip(sums[home.kind.receives], taken, strict=True):
            for cell in cells:
                total[cell] += part[cell]
        uses.append(HomeUse(home.id, _spread(taken), _grid(taken[1])))
    received, released = sums[True], sums[False]
    return ItemBalance(
        item.id,
        item.ward,
        Sums(_spread(leaving), _spread(received), _spread(released), _spread(rest)),
        Grids(_grid(leaving[1]), _grid(received[1]), _grid(released[1]), _grid(rest[1])),
        tuple(uses),
    )


def _take(rest: Flat, cells: Sequence[int], minutes: float | None) -> Flat:
    """Take so many minutes out of some hours, from each in proportion; what is taken."""
    taken = [0.0] * CELLS
    there = sum(rest[cell] for cell in cells)
    if there <= 0:
        return taken
    share = 1.0 if minutes is None or minutes >= there else minutes / there
    for cell in cells:
        taken[cell] = rest[cell] * share
        rest[cell] -= taken[cell]
    return taken


def _leaving(item: Item, ward: WardFacts, year: int) -> list[Flat]:
    """The minutes that move, low, typical and high."""
    levels = _nothing()
    per_week = WEEKDAYS / (date(year + 1, 1, 1) - date(year, 1, 1)).days
    for piece in item.pieces:
        if piece.work is None:
            continue
        counts = piece.work.count_by_weekday(year)
        units = units_of(piece.work, ward)
        for weekday, count in enumerate(counts):
            for offset, hour, share in _falls(piece.work, ward):
                day = (weekday + offset) % WEEKDAYS
                amount = units[day if piece.work.norm.driver in CAUSED else weekday]
                if not count or not amount:
                    continue
                often = count * per_week * piece.work.times * piece.work.n_people * share
                for level, minutes in zip(levels, piece.work.norm.minutes(amount), strict=True):
                    level[day * HOURS + hour] += often * minutes
    return levels


def _falls(work: TaskType, ward: WardFacts) -> list[tuple[int, int, float]]:
    """(days later, hour, share) of one occurrence; of work made by events those of the day's hours that move."""
    window = work.recurrence.window
    if work.norm.driver not in CAUSED:
        shares = shares_of(window, hours_of(work, ward))
        return [(0, *one) for one in shares.now] + [(1, *one) for one in shares.tail]
    day = dict(shares_of(ALWAYS, hours_of(work, ward)).now)
    return [
        (offset, hour, day.get(hour, 0.0) * (min(end, 60 * hour + 60) - max(start, 60 * hour)) / 60)
        for offset, start, end in window.pieces()
        for hour in range(start // 60, (end + 59) // 60)
    ]


def _notices(
    case: TransferCase, found: Sequence[ItemBalance], unknown: tuple[int, ...], by_kind: dict[str, Spread]
) -> tuple[Notice, ...]:
    notices = []
    homeless = tuple(one.item for one in found if one.sums.homeless.typical > ROUNDING)
    if homeless:
        left = sum(one.sums.homeless.typical for one in found)
        notices.append(Notice("HOURS_WITHOUT_HOME", items=homeless, minutes=left))
    existing = by_kind[HomeKind.EXISTING].typical
    if existing:
        notices.append(Notice("NOTHING_ADDED", minutes=existing))
    if unknown:
        notices.append(Notice("UNKNOWN_MINUTES", items=unknown))
    both = tuple(sorted({item.task for item in case.items} & case.other_way))
    if both:
        notices.append(Notice("TASK_MOVES_BOTH_WAYS", tasks=both))
    used = {use.home: use.used.high for one in found for use in one.homes}
    large = tuple(
        home.item
        for home in case.homes
        if home.minutes is not None and home.minutes > used.get(home.id, home.minutes) + ROUNDING
    )
    if large:
        notices.append(Notice("HOME_TOO_LARGE", items=tuple(dict.fromkeys(large))))
    return tuple(notices)


def _nothing() -> list[Flat]:
    return [[0.0] * CELLS for _ in range(LEVELS)]


def _spread(levels: Sequence[Flat]) -> Spread:
    low, typical, high = (sum(level) for level in levels)
    return Spread(low, typical, high)


def _grid(flat: Flat) -> Grid:
    return tuple(tuple(flat[day * HOURS : day * HOURS + HOURS]) for day in range(WEEKDAYS))


def _add(spreads: Iterable[Spread]) -> Spread:
    found = list(spreads)
    return Spread(sum(one.low for one in found), sum(one.typical for one in found), sum(one.high for one in found))


def _sums_add(sums: Iterable[Sums]) -> Sums:
    found = [NO_SUMS, *sums]
    columns = (map(attrgetter(name), found) for name in ("leaving", "received", "released", "homeless"))
    return Sums(*(_add(column) for column in columns))


def grids_add(grids: Iterable[Grids]) -> Grids:
    """Hour by hour."""
    found = list(grids)

    def add(name: str) -> Grid:
        days = [getattr(one, name) for one in found]
        return tuple(tuple(sum(day[weekday][hour] for day in days) for hour in range(HOURS)) for weekday in range(7))

    return Grids(add("leaving"), add("received"), add("released"), add("homeless"))
