"""Reads a recurrence rule of RFC 5545 and says which days of a year it names.

Days only: hours belong to a time window. A year is one integer whose bit ``n`` is its day ``n`` counted from 1 January,
so that every part of a rule is one mask and the rule is their intersection. No day is reached by walking there from the
first, and a rule that names no day at all is known as quickly as any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
TOO_FINE = ("HOURLY", "MINUTELY", "SECONDLY")
COUNT_YEARS = 1000  # how far a COUNT is followed before the rule counts as endless
_MONTH_ENDS = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365)


@dataclass(frozen=True, slots=True)
class RuleParts:
    """The parts of a rule, as read. Empty: the part is not there. Weekdays are 0 Monday to 6 Sunday."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    week_start: int = 0
    months: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    nth_weekdays: tuple[tuple[int, int], ...] = ()  # (which one, weekday)
    positions: tuple[int, ...] = ()

    @property
    def is_weekly_pattern(self) -> bool:
        """Whether the rule repeats itself every ``7 x interval`` days."""
        by_date = self.months or self.month_days or self.year_days or self.week_numbers
        return self.frequency in ("DAILY", "WEEKLY") and not by_date

    @property
    def needs_anchor(self) -> bool:
        """Whether the first date decides which days are meant, and not only when they begin."""
        named = self.month_days or self.weekdays or self.nth_weekdays or self.year_days or self.week_numbers
        return self.interval > 1 or self.count is not None or (self.frequency != "DAILY" and not named)


# ---- reading ----


def _whole(text: str, low: int, high: int, *, negative: bool = False) -> int | None:
    """A whole number in range (also below zero, where allowed), else None."""
    if not re.fullmatch(r"[+-]?\d{1,6}", text):
        return None
    number = int(text)
    return number if low <= number <= high or (negative and low <= -number <= high) else None


def _numbers(high: int, *, negative: bool) -> Callable[[str], tuple[int, ...] | None]:
    def read(text: str) -> tuple[int, ...] | None:
        numbers = [_whole(part, 1, high, negative=negative) for part in text.split(",")]
        return tuple(sorted({one for one in numbers if one is not None})) if None not in numbers else None

    return read


def _weekdays(text: str) -> tuple[tuple[int, int], ...] | None:
    found = [re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", part) for part in text.split(",")]
    if any(one is None or (one[1] is not None and not 1 <= abs(int(one[1])) <= 53) for one in found):
        return None
    return tuple(sorted({(int(one[1] or 0), WEEKDAYS.index(one[2])) for one in found if one is not None}))


def _until(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if re.fullmatch(r"\d{8}", text) else None
    except ValueError:
        return None


# what each part holds, and what a reader expects in it
_PARTS: dict[str, tuple[Callable[[str], object], str]] = {
    "FREQ": (lambda text: text if text in FREQUENCIES else None, "one of " + ", ".join(FREQUENCIES)),
    "INTERVAL": (lambda text: _whole(text, 1, 9999), "a whole number from 1 to 9999"),
    "COUNT": (lambda text: _whole(text, 1, 99999), "a whole number from 1 to 99999"),
    "UNTIL": (_until, "a date such as 20261231, the last day that counts"),
    "WKST": (lambda text: WEEKDAYS.index(text) if text in WEEKDAYS else None, "one of " + ", ".join(WEEKDAYS)),
    "BYMONTH": (_numbers(12, negative=False), "months from 1 to 12"),
    "BYWEEKNO": (_numbers(53, negative=True), "week numbers from 1 to 53 or -53 to -1"),
    "BYYEARDAY": (_numbers(366, negative=True), "days of the year from 1 to 366 or -366 to -1"),
    "BYMONTHDAY": (_numbers(31, negative=True), "days of the month from 1 to 31 or -31 to -1"),
    "BYDAY": (_weekdays, "weekdays such as MO,TU, or 1MO for the first Monday"),
    "BYSETPOS": (_numbers(366, negative=True), "positions from 1 to 366 or -366 to -1"),
}


@lru_cache(maxsize=4096)
def rule_read(text: str) -> RuleParts:
    """Read the text of a rule, such as ``FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH``.

    Parameters
    ----------
    text
        RFC 5545, section 3.3.10, with or without ``RRULE:``; upper or lower case.

    Returns
    -------
    RuleParts
        What it says.

    Raises
    ------
    InputError
        All faults: parts that are unknown, twice there or out of range, parts that do not go together, and hours,
        minutes and seconds, which belong to the time window.
    """
    faults: list[Fault] = []

    def fault(wrong: str, expected: str) -> None:
        faults.append(Fault("rrule", "", wrong, expected))

    values: dict[str, object] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, sign, value = part.partition("=")
        if name in ("BYHOUR", "BYMINUTE", "BYSECOND") or (name == "FREQ" and value in TOO_FINE):
            fault(f"{part} is finer than a day", "FREQ=DAILY or longer, and hours in the time window")
        elif name not in _PARTS or not sign:
            fault(f"{part!r} is no part of a rule", "parts such as FREQ=WEEKLY;BYDAY=MO,TH")
        elif name in values:
            fault(f"{name} stands twice", "each part once")
        else:
            read, expected = _PARTS[name]
            values[name] = read(value)
            if values[name] is None:
                fault(part, f"{name} with {expected}")
    if not faults:
        for wrong, expected in _together(values):
            fault(wrong, expected)
    if faults:
        raise InputError(faults, "bad_rrule")
    days = values.get("BYDAY") or ()
    assert isinstance(days, tuple)
    return RuleParts(
        frequency=str(values["FREQ"]),
        interval=values.get("INTERVAL", 1),  # type: ignore[arg-type]  # checked by its reader, here and below
        count=values.get("COUNT"),  # type: ignore[arg-type]
        until=values.get("UNTIL"),  # type: ignore[arg-type]
        week_start=values.get("WKST", 0),  # type: ignore[arg-type]
        months=values.get("BYMONTH", ()),  # type: ignore[arg-type]
        week_numbers=values.get("BYWEEKNO", ()),  # type: ignore[arg-type]
        year_days=values.get("BYYEARDAY", ()),  # type: ignore[arg-type]
        month_days=values.get("BYMONTHDAY", ()),  # type: ignore[arg-type]
        weekdays=tuple(weekday for nth, weekday in days if nth == 0),
        nth_weekdays=tuple((nth, weekday) for nth, weekday in days if nth != 0),
        positions=values.get("BYSETPOS", ()),  # type: ignore[arg-type]
    )


def _together(values: dict[str, object]) -> Iterable[tuple[str, str]]:
    """What is wrong with parts that are each right (RFC 5545, table of section 3.3.10)."""
    if "FREQ" not in values:
        yield "no FREQ", "FREQ=" + ", FREQ=".join(FREQUENCIES)
        return
    frequency, days = values["FREQ"], values.get("BYDAY")
    has_nth = isinstance(days, tuple) and any(nth for nth, _ in days)
    if "COUNT" in values and "UNTIL" in values:
        yield "COUNT and UNTIL", "one of them"
    for name in ("BYWEEKNO", "BYYEARDAY"):
        if name in values and frequency != "YEARLY":
            yield f"{name} with FREQ={frequency}", "FREQ=YEARLY"
    if "BYMONTHDAY" in values and frequency == "WEEKLY":
        yield "BYMONTHDAY with FREQ=WEEKLY", "FREQ=MONTHLY or FREQ=YEARLY"
    if "BYWEEKNO" in values and (days is None or has_nth):
        yield "BYWEEKNO without plain weekdays", "BYDAY beside it, such as BYDAY=MO"
    if has_nth and frequency not in ("MONTHLY", "YEARLY"):
        yield f"a numbered weekday with FREQ={frequency}", "FREQ=MONTHLY or FREQ=YEARLY"
    if "BYSETPOS" in values:
        if frequency not in ("MONTHLY", "YEARLY"):
            yield f"BYSETPOS with FREQ={frequency}", "FREQ=MONTHLY or FREQ=YEARLY"
        if not values.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYYEARDAY", "BYWEEKNO"}:
            yield "BYSETPOS alone", "another BY part to choose from, such as BYDAY"


# ---- masks of a kind of year: there are fourteen, by leap year and weekday of 1 January ----


def first_ordinal(year: int) -> int:
    """Ordinal of 1 January."""
    return date(year, 1, 1).toordinal()


@lru_cache(maxsize=1024)
def year_kind(year: int) -> tuple[bool, int]:
    """Leap year or not, and the weekday of 1 January."""
    first = date(year, 1, 1)
    return date(year, 12, 31).timetuple().tm_yday == 366, first.weekday()


def _length(leap: bool) -> int:
    return 366 if leap else 365


def _span(start: int, stop: int) -> int:
    """Bits ``start`` to before ``stop``; none where that is empty."""
    start = max(start, 0)
    return ((1 << (stop - start)) - 1) << start if stop > start else 0


def _month_bounds(leap: bool, month: int) -> tuple[int, int]:
    start, stop = _MONTH_ENDS[month - 1], _MONTH_ENDS[month]
    return start + (leap and month > 2), stop + (leap and month >= 2)


@cache
def month_mask(leap: bool, month: int) -> int:
    """Days of a month."""
    return _span(*_month_bounds(leap, month))


@cache
def month_day_mask(leap: bool, day: int) -> int:
    """A day of the month in every month; below zero from the end."""
    mask = 0
    for month in range(1, 13):
        start, stop = _month_bounds(leap, month)
        index = start + day - 1 if day > 0 else stop + day
        if start <= index < stop:
            mask |= 1 << index
    return mask


@cache
def weekday_mask(leap: bool, first: int, weekday: int) -> int:
    """Every such weekday of a year whose 1 January is weekday ``first``."""
    return sum(1 << index for index in range((weekday - first) % 7, _length(leap), 7))


@cache
def _nth_mask(leap: bool, first: int, nth: int, weekday: int, months: tuple[int, ...]) -> int:
    """The nth such weekday of each of these months; of the year where no month is given."""
    all_of_them = weekday_mask(leap, first, weekday)
    mask = 0
    for period in [month_mask(leap, month) for month in months] or [_span(0, _length(leap))]:
        mask |= _chosen(all_of_them & period, (nth,))
    return mask


@lru_cache(maxsize=4096)
def _week_number_mask(year: int, number: int, week_start: int) -> int:
    """Days of the year in the week with this number, which may begin in the year before or end in the year after."""

    def week_one(of_year: int) -> int:  # week 1 is the one with 4 January
        fourth = date(of_year, 1, 4)
        return fourth.toordinal() - (fourth.weekday() - week_start) % 7

    first, mask = first_ordinal(year), 0
    for week_year in (year - 1, year, year + 1):
        start = week_one(week_year)
        weeks = (week_one(week_year + 1) - start) // 7
        which = number if number > 0 else weeks + 1 + number
        if 1 <= which <= weeks:
            begins = start + 7 * (which - 1) - first
            mask |= _span(begins, min(begins + 7, year_length(year)))
    return mask


def _chosen(mask: int, positions: Iterable[int]) -> int:
    """The days of a mask at these positions, from 1, or from the end below zero."""
    days = [index for index in range(mask.bit_length()) if mask >> index & 1]
    found = 0
    for position in positions:
        index = position - 1 if position > 0 else len(days) + position
        if 0 <= index < len(days):
            found |= 1 << days[index]
    return found


# ---- the rule ----


def year_length(year: int) -> int:
    """Days of a year."""
    return _length(year_kind(year)[0])


def _interval_mask(parts: RuleParts, anchor: date, year: int) -> int:
    """Days of the year in periods that the interval does not leave out, counted from the anchor's."""
    leap, _ = year_kind(year)
    length, first, every = _length(leap), first_ordinal(year), parts.interval
    if parts.frequency == "YEARLY":
        return _span(0, length) if (year - anchor.year) % every == 0 else 0
    if every == 1:
        return _span(0, length)
    if parts.frequency == "MONTHLY":
        begun = (year - anchor.year) * 12 - anchor.month
        return _union(month_mask(leap, month) for month in range(1, 13) if (begun + month) % every == 0)
    if parts.frequency == "DAILY":
        return _union(1 << index for index in range((anchor.toordinal() - first) % every, length, every))
    week = anchor.toordinal() - (anchor.weekday() - parts.week_start) % 7
    starts = range((week - first) % (7 * every) - 7 * every, length, 7 * every)
    return _union(_span(start, min(start + 7, length)) for start in starts)


def open_mask(parts: RuleParts, anchor: date, year: int) -> int:
    """The rule's days of a year as if it had neither beginning nor end.

    Parameters
    ----------
    parts
        The rule.
    anchor
        First date of the rule (DTSTART): what the interval counts from, and which day is meant where no BY part says
        it. It is itself a day of the rule only if it fits.
    year
        Any.
    """
    mask = _interval_mask(parts, anchor, year)
    if not mask:
        return 0
    leap, first = year_kind(year)
    months, month_days, weekdays = parts.months, parts.month_days, parts.weekdays
    if not (month_days or weekdays or parts.nth_weekdays or parts.year_days or parts.week_numbers):
        if parts.frequency == "YEARLY":
            months, month_days = months or (anchor.month,), (anchor.day,)
        elif parts.frequency == "MONTHLY":
            month_days = (anchor.day,)
        elif parts.frequency == "WEEKLY":
            weekdays = (anchor.weekday(),)
    if months:
        mask &= _union(month_mask(leap, month) for month in months)
    if month_days:
        mask &= _union(month_day_mask(leap, day) for day in month_days)
    if parts.year_days:
        length = _length(leap)
        indexes = [day - 1 if day > 0 else length + day for day in parts.year_days]
        mask &= _union(1 << index for index in indexes if 0 <= index < length)
    if parts.week_numbers:
        mask &= _union(_week_number_mask(year, number, parts.week_start) for number in parts.week_numbers)
    if weekdays or parts.nth_weekdays:
        within = tuple(range(1, 13)) if parts.frequency == "MONTHLY" else months
        mask &= _union(weekday_mask(leap, first, weekday) for weekday in weekdays) | _union(
            _nth_mask(leap, first, nth, weekday, within) for nth, weekday in parts.nth_weekdays
        )
    if parts.positions:
        periods = [_span(0, _length(leap))]
        if parts.frequency == "MONTHLY":
            periods = [month_mask(leap, month) for month in range(1, 13)]
        mask = _union(_chosen(mask & period, parts.positions) for period in periods)
    return mask


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def range_mask(first: date, last: date | None, year: int) -> int:
    """Days of the year from ``first`` to ``last``, both included; no last: without end."""
    start = first_ordinal(year)
    length = year_length(year)
    stop = length if last is None else min(length, last.toordinal() - start + 1)
    return _span(first.toordinal() - start, stop)


@lru_cache(maxsize=4096)
def last_day(parts: RuleParts, anchor: date) -> date | None:
    """The last day of the rule by UNTIL or COUNT; None where it has no end."""
    if parts.until is not None or parts.count is None:
        return parts.until
    left = parts.count
    for year in range(anchor.year, min(anchor.year + COUNT_YEARS, date.max.year)):
        mask = open_mask(parts, anchor, year) & range_mask(anchor, None, year)
        if mask.bit_count() >= left:
            return date.fromordinal(first_ordinal(year) + _chosen(mask, (left,)).bit_length() - 1)
        left -= mask.bit_count()
    return None
