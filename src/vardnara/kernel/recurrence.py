"""When something occurs: a recurrence rule, what happens on holidays and eves, and a window of the local clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from vardnara.kernel.calendar import FIRST_YEAR, SATURDAY, SUNDAY, eves, public_holidays
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.local_time import STOCKHOLM
from vardnara.kernel.rrule import (
    RuleParts,
    first_ordinal,
    last_day,
    open_mask,
    range_mask,
    rule_read,
    weekday_mask,
    year_kind,
)
from vardnara.kernel.time_window import TimeWindow

type OnSpecialDay = Literal["same", "none", "as_saturday", "as_sunday", "only"]
ON_SPECIAL_DAY: tuple[str, ...] = get_args(OnSpecialDay.__value__)
LAST_YEAR = 2199  # of an anchor: later ones are slips of the pen
NEVER_YEARS = 10  # a rule that names no day so long is a mistake, not a plan
LONG_RUN_YEARS = 400  # the Gregorian calendar repeats itself, weekdays included
ALWAYS = TimeWindow()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something occurs.

    Parameters
    ----------
    rrule
        RFC 5545 rule of whole days, such as ``FREQ=WEEKLY;BYDAY=MO,TH`` or ``FREQ=DAILY;INTERVAL=3``.
    anchor
        First date that counts, 2005 to 2199; what an interval counts from. Itself a day only if the rule names it.
    holidays
        What a public holiday changes. ``same``: nothing, its weekday decides. ``none``: nothing occurs.
        ``as_saturday``, ``as_sunday``: it occurs if the rule names that day of the holiday's own week (Monday to
        Sunday). ``only``: of the rule's days only those that are holidays count.
    eves
        The same for eves. A date that is both is a holiday. Where either is ``only``, no other day counts; with both,
        holidays and eves do.
    window
        Local time of day on each of the dates.

    Raises
    ------
    InputError
        The rule cannot be read, is finer than a day, or names no day within ten years from the anchor.
    """

    rrule: str
    anchor: date
    holidays: OnSpecialDay = "same"
    eves: OnSpecialDay = "same"
    window: TimeWindow = ALWAYS
    _cached_hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = (self.rrule, self.anchor, self.holidays, self.eves, self.window)
        object.__setattr__(self, "_cached_hash", hash(key))
        rule_read(self.rrule)
        expected = "one of " + ", ".join(ON_SPECIAL_DAY)
        faults = [
            Fault("recurrence", "", f"{name} {value!r}", expected)
            for name, value in (("holidays", self.holidays), ("eves", self.eves))
            if value not in ON_SPECIAL_DAY
        ]
        if not FIRST_YEAR <= self.anchor.year <= LAST_YEAR:
            faults.append(Fault("recurrence", "", f"anchor {self.anchor}", f"a date from {FIRST_YEAR} to {LAST_YEAR}"))
        if faults:
            raise InputError(faults, "bad_recurrence")
        if not any(_mask(self, self.anchor.year + later) for later in range(NEVER_YEARS + 1)):
            special = "".join(
                f", {name} {value}"
                for name, value in (("holidays", self.holidays), ("eves", self.eves))
                if value != "same"
            )
            wrong = f"{self.rrule} from {self.anchor}{special} never occurs within {NEVER_YEARS} years"
            raise InputError([Fault("recurrence", "", wrong, "a rule that names a day")], "never_occurs")

    def __hash__(self) -> int:
        return self._cached_hash

    def __reduce__(self) -> tuple[type[Recurrence], tuple[str, date, OnSpecialDay, OnSpecialDay, TimeWindow]]:
        # a hash of text differs between processes and must not travel with a pickle
        return Recurrence, (self.rrule, self.anchor, self.holidays, self.eves, self.window)

    @property
    def needs_calendar(self) -> bool:
        """Whether holidays or eves change anything."""
        return self.holidays != "same" or self.eves != "same"

    @property
    def is_bounded(self) -> bool:
        """Whether the rule ends by UNTIL or COUNT."""
        return last_day(rule_read(self.rrule), self.anchor) is not None

    def occurs_on(self, day: date) -> bool:
        """Whether it occurs on this local date; microseconds, however far the anchor is."""
        year = day.year
        return bool(_mask(self, year) >> (day.toordinal() - _first(year)) & 1)

    def dates(self, start: date, stop: date) -> Iterator[date]:
        """The dates in ``[start, stop)`` on which it occurs, in order."""
        for year in range(start.year, stop.year + 1):
            first = _first(year)
            mask = _mask(self, year)
            mask &= (1 << max(0, stop.toordinal() - first)) - 1
            mask &= ~((1 << max(0, start.toordinal() - first)) - 1)
            while mask:
                lowest = mask & -mask
                yield date.fromordinal(first + lowest.bit_length() - 1)
                mask ^= lowest

    def count_by_weekday(self, year: int) -> tuple[int, ...]:
        """How often it occurs in a year, Monday to Sunday."""
        return _by_weekday(_mask(self, year), year)

    def rate_by_weekday(self) -> tuple[float, ...]:
        """How often it occurs in a plain average week, Monday to Sunday.

        Holidays and eves count as their weekdays, and the rule as if it had no end; a rule for holidays or eves only
        has no place in a plain week and gives zeros.
        """
        if "only" in (self.holidays, self.eves):
            return (0.0,) * 7
        return _rates(rule_read(self.rrule), self.anchor)

    def interval(self, day: date, zone: ZoneInfo = STOCKHOLM) -> tuple[datetime, datetime]:
        """The window that begins on this date as half-open instants in UTC; see :meth:`TimeWindow.interval`."""
        return self.window.interval(day, zone)


@lru_cache(maxsize=1024)
def _first(year: int) -> int:
    return first_ordinal(year)


@lru_cache(maxsize=131_072)
def _mask(recurrence: Recurrence, year: int) -> int:
    """The days of a year on which it occurs, bit by day of the year from 0."""
    parts, anchor = rule_read(recurrence.rrule), recurrence.anchor
    if year < anchor.year:
        return 0
    base = open_mask(parts, anchor, year)
    within = range_mask(anchor, last_day(parts, anchor), year)
    if not recurrence.needs_calendar:
        return base & within
    holidays, eve_days = _special_masks(year)
    only = "only" in (recurrence.holidays, recurrence.eves)
    found = 0 if only else base & ~(holidays | eve_days)
    for policy, days in ((recurrence.holidays, holidays), (recurrence.eves, eve_days)):
        if policy == "only" or (policy == "same" and not only):
            found |= base & days
        elif policy in ("as_saturday", "as_sunday"):
            found |= _borrowed(parts, anchor, year, days, SATURDAY if policy == "as_saturday" else SUNDAY)
    return found & within


@lru_cache(maxsize=1024)
def _special_masks(year: int) -> tuple[int, int]:
    """Holidays and eves of a year; what is both is a holiday."""
    first = first_ordinal(year)
    holidays = sum(1 << (day.toordinal() - first) for day in public_holidays(year))
    return holidays, sum(1 << (day.toordinal() - first) for day in eves(year)) & ~holidays


def _borrowed(parts: RuleParts, anchor: date, year: int, days: int, weekday: int) -> int:
    """Those of the days for which the rule names ``weekday`` of the same week, which may lie in the year beside."""
    first, found = first_ordinal(year), 0
    for index in range(days.bit_length()):
        if days >> index & 1:
            day = date.fromordinal(first + index)
            other = date.fromordinal(day.toordinal() - day.weekday() + weekday)
            mask = open_mask(parts, anchor, other.year)
            found |= (mask >> (other.toordinal() - first_ordinal(other.year)) & 1) << index
    return found


def _by_weekday(mask: int, year: int) -> tuple[int, ...]:
    leap, first = year_kind(year)
    return tuple((mask & weekday_mask(leap, first, weekday)).bit_count() for weekday in range(7))


@lru_cache(maxsize=4096)
def _rates(parts: RuleParts, anchor: date) -> tuple[float, ...]:
    counts = [0] * 7
    if parts.is_weekly_pattern:
        weeks = parts.interval
        last = date.fromordinal(anchor.toordinal() + 7 * weeks - 1)
        for year in range(anchor.year, last.year + 1):
            mask = open_mask(parts, anchor, year) & range_mask(anchor, last, year)
            counts = [count + one for count, one in zip(counts, _by_weekday(mask, year), strict=True)]
        return tuple(count / weeks for count in counts)
    for year in range(anchor.year, anchor.year + LONG_RUN_YEARS):
        counts = [a + b for a, b in zip(counts, _by_weekday(open_mask(parts, anchor, year), year), strict=True)]
    weeks = (date(anchor.year + LONG_RUN_YEARS, 1, 1) - date(anchor.year, 1, 1)).days // 7
    return tuple(count / weeks for count in counts)
