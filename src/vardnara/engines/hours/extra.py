"""Time beyond the contract: additional time (mertid) up to full time, overtime beyond it, and their caps (W-08, W-09).

What is ordinary is what a roster was published with; it keeps to the contracts in the sum over the roster's weeks.
Beyond it are shifts that were given later, as far as the contract had no room for them, and time that was worked
beyond the roster, all of it. What was rostered and not worked counts as worked (ATL 7 §).
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from vardnara.engines.hours.data import Breach, Evened, Extra, ExtraCap

KINDS = ("additional", "overtime")
STRETCHES = ("four_weeks", "month", "year")
FOUR_WEEKS = timedelta(days=28)
DAY = timedelta(days=1)
_NONE: Mapping[date, Extra] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ExtraUse:
    """How much of a cap is used: over the stretch that ``first`` and ``last`` bound, both included."""

    kind: str
    over: str
    first: date
    last: date
    minutes: float
    limit: int

    @property
    def left(self) -> float:
        """Minutes that are left; below 0 where the cap is passed."""
        return self.limit - self.minutes


@dataclass(frozen=True, slots=True)
class ExtraTime:
    """A person's time beyond the contract by day, and the caps that it passes."""

    days: Mapping[date, Extra]
    breaches: tuple[Breach, ...] = field(default=())


def extra_time(
    stretches: Iterable[Evened],
    caps: Sequence[ExtraCap],
    *,
    elsewhere: Mapping[date, Extra] = _NONE,
    of: Collection[date] | None = None,
) -> ExtraTime:
    """A person's additional time and overtime by day, and which cap is passed, over what and by how much.

    Parameters
    ----------
    stretches
        Stretches that do not overlap, over each of which ordinary time evens out.
    caps
        Those of the law; of a kind and a stretch the newest that has begun holds.
    elsewhere
        Additional time and overtime of other days, known already.
    of
        Only caps passed by stretches with one of these days; None: all.

    Returns
    -------
    ExtraTime
        Of each cap the worst stretch of four weeks, every month and every year in which it is passed. A breach's day is
        the last one in its stretch that is looked at.
    """
    days = dict(elsewhere)
    for one in stretches:
        for day, more in extra_by_day(one).items():
            had = days.get(day, Extra())
            days[day] = Extra(had.additional + more.additional, had.overtime + more.overtime)
    return ExtraTime(days, tuple(_breaches(days, caps, days if of is None else of)))


def extra_by_day(stretch: Evened) -> dict[date, Extra]:
    """The minutes beyond the contract of one stretch.

    Notes
    -----
    Shifts that came later fill what the contract has left, in the order of days; what does not fit is additional time
    until full time is reached, and overtime after.
    """
    room = max(0.0, stretch.due - stretch.ordinary)
    to_full = max(0.0, stretch.full - max(stretch.due, stretch.ordinary))
    found = {}
    for day in sorted({*stretch.added, *stretch.beyond}):
        added = stretch.added.get(day, 0.0)
        fits = min(added, room)
        room -= fits
        extra = added - fits + stretch.beyond.get(day, 0.0)
        additional = min(extra, to_full)
        to_full -= additional
        if extra > 0:
            found[day] = Extra(additional, extra - additional)
    return found


def extra_uses(days: Mapping[date, Extra], caps: Sequence[ExtraCap], on: date) -> list[ExtraUse]:
    """What is used of every cap in the four weeks that end on a day, and in its month and year: the record of W-12."""
    found = []
    for kind in KINDS:
        for over in STRETCHES:
            first, last = _bounds(over, on)
            limit = cap_on(caps, kind, over, on)
            if limit is not None:
                found.append(ExtraUse(kind, over, first, last, _sum(days, kind, first, last), limit))
    return found


def extra_room(days: Mapping[date, Extra], caps: Sequence[ExtraCap], kind: str, first: date, last: date) -> float:
    """Minutes of a kind that can come on whatever days from ``first`` to ``last`` without a cap being passed."""
    months = {first, *_firsts(first, last)}
    ends = {first} | {day for day in days if first <= day < last + FOUR_WEEKS}
    left = float("inf")
    for over in STRETCHES:
        for day in ends if over == "four_weeks" else months:
            limit = cap_on(caps, kind, over, day)
            if limit is not None:
                left = min(left, limit - _sum(days, kind, *_bounds(over, day)))
    return max(0.0, left)


def cap_on(caps: Iterable[ExtraCap], kind: str, over: str, day: date) -> int | None:
    """The cap that holds on a day, None before the first."""
    held = [one for one in caps if one.kind == kind and one.over == over and one.since <= day]
    return max(held, key=lambda one: one.since).minutes if held else None


def _breaches(days: Mapping[date, Extra], caps: Sequence[ExtraCap], of: Collection[date]) -> Iterator[Breach]:
    """Stretches that end on a day with such time are enough: no other holds more."""
    for kind in KINDS:
        ends = [day for day in sorted(days) if getattr(days[day], kind) > 0]
        for over in STRETCHES:
            worst: dict[object, Breach] = {}
            for day in ends:
                first, last = _bounds(over, day)
                inside = [one for one in of if first <= one <= last]
                limit = cap_on(caps, kind, over, day)
                if limit is None or not inside:
                    continue
                minutes = _sum(days, kind, first, last)
                key = None if over == "four_weeks" else first
                if minutes > limit and (key not in worst or minutes > worst[key].found):
                    worst[key] = Breach(f"{kind}_{over}", max(inside), minutes, limit)
            yield from worst.values()


def _bounds(over: str, day: date) -> tuple[date, date]:
    """The stretch that is looked at for a day: four weeks end on it, a month and a year hold it."""
    if over == "four_weeks":
        return day - FOUR_WEEKS + DAY, day
    if over == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _firsts(first: date, last: date) -> Iterator[date]:
    """The first days of the months that begin between two days."""
    day = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= last:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _sum(days: Mapping[date, Extra], kind: str, first: date, last: date) -> float:
    found = [one for day, one in days.items() if first <= day <= last]
    return sum(one.overtime if kind == "overtime" else one.additional for one in found)
