"""Inconvenient hours (o-tillägg, AB § 21): which minutes of a shift are paid by which category.

Categories, the first that fits (W-40..W-45): ``A`` great holidays, ``B`` weekends and holidays, ``C`` weekday nights,
``D`` weekday evenings; ``A_night`` and ``B_night`` 22-06 on the night towards a Saturday, Sunday or holiday. Minutes
are counted on instants, so the night of the autumn change has one hour more.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from vardnara.engines.hours.data import MINUTE, Duty, Span
from vardnara.kernel.calendar import FRIDAY, MONDAY, SATURDAY, SUNDAY, day_kind, easter_sunday
from vardnara.kernel.local_time import local_date, local_to_utc

CATEGORIES = ("A", "A_night", "B", "B_night", "C", "D")
DAY = timedelta(days=1)
EDGES = (0, 6, 7, 16, 17, 18, 19, 22)  # hours of the day at which a category can begin or end
GREAT_EVES = ("midsummer_eve", "christmas_eve", "new_years_eve")
AFTERNOON_BEFORE = ("epiphany", "first_of_may", "ascension_day", "national_day", "all_saints_day")


@dataclass(frozen=True, slots=True)
class InconvenientRules:
    """What differs between the agreements' years: the hour at which Friday evening begins (W-43), and whether Whitsun
    is a great holiday (W-41).
    """

    friday_from: int
    whitsun_is_great: bool


def inconvenient_minutes(duty: Duty, rules: InconvenientRules) -> dict[str, float]:
    """Minutes of a shift by category; breaks and ordinary hours are left out.

    Parameters
    ----------
    duty
        The shift.
    rules
        Those of the agreement that holds on its day.

    Returns
    -------
    dict[str, float]
        Only categories with minutes, in the order of ``CATEGORIES``.
    """
    found = dict.fromkeys(CATEGORIES, 0.0)
    day = local_date(duty.start)
    while day <= local_date(duty.end):
        for start, end, category in _bands(day, rules):
            found[category] += sum(
                max(0.0, (min(end, one.end) - max(start, one.start)) / MINUTE) for one in duty.worked
            )
        day += DAY
    return {category: minutes for category, minutes in found.items() if minutes}


def inconvenient_by_month(
    duties: Sequence[Duty], rules: Mapping[date, InconvenientRules], *, rounded_to: int
) -> dict[tuple[int, int, str], float]:
    """Paid minutes by year, month and category: summed over a calendar month and rounded up (W-47).

    Parameters
    ----------
    rules
        The rules from each day on; the last that has begun on a shift's first day holds for the shift.
    rounded_to
        Minutes to which a month's sum of a category is rounded up.

    Raises
    ------
    ValueError
        A shift before the first rules.
    """
    sums: dict[tuple[int, int, str], float] = {}
    for duty in duties:
        for part in _by_day(duty):
            day = local_date(part.start)
            held = [since for since in rules if since <= day]
            if not held:
                raise ValueError(f"no rules of inconvenient hours hold on {day}")
            for category, minutes in inconvenient_minutes(part, rules[max(held)]).items():
                key = (day.year, day.month, category)
                sums[key] = sums.get(key, 0.0) + minutes
    return {key: -(-minutes // rounded_to) * rounded_to for key, minutes in sums.items()}


def _by_day(duty: Duty) -> list[Duty]:
    """A shift cut at midnight: a month ends there, and so do an agreement's rules."""
    found = []
    day = local_date(duty.start)
    while day <= local_date(duty.end):
        since, until = _at(day, 0), _at(day + DAY, 0)
        start, end = max(since, duty.start), min(until, duty.end)
        if start < end:
            breaks = [(max(start, one.start), min(end, one.end)) for one in duty.breaks]
            found.append(Duty(Span(start, end), tuple(Span(a, b) for a, b in breaks if a < b)))
        day += DAY
    return found


@lru_cache(maxsize=2048)
def _bands(day: date, rules: InconvenientRules) -> tuple[tuple[datetime, datetime, str], ...]:
    """The stretches of a local day that have a category."""
    hours = (*EDGES, 24)
    found = []
    for first, last in itertools.pairwise(hours):
        category = category_at(day, first, rules)
        if category:
            found.append((_at(day, first), _at(day, last), category))
    return tuple(found)


def _at(day: date, hour: int) -> datetime:
    return local_to_utc(datetime.combine(day + DAY * (hour // 24), time(hour % 24)))


def category_at(day: date, hour: int, rules: InconvenientRules) -> str:
    """The category of the hours from ``hour`` until the next edge of a local day; empty for ordinary hours."""
    night = (hour >= 22 and _is_free(day + DAY)) or (hour < 6 and _is_free(day))
    if _is_great(day, hour, rules):
        return "A_night" if night else "A"
    if _is_weekend(day, hour, rules):
        return "B_night" if night else "B"
    if hour >= 22 or hour < 6:
        return "C"
    return "D" if hour >= 19 else ""


def _is_free(day: date) -> bool:
    """A Saturday, Sunday or holiday."""
    return day.weekday() >= SATURDAY or bool(day_kind(day).holiday)


def _is_great(day: date, hour: int, rules: InconvenientRules) -> bool:
    """Within a great holiday: from 18 on the day before, until 7 on the first ordinary weekday after (W-40)."""
    easter = easter_sunday(day.year)
    good_friday, monday = easter - 2 * DAY, easter + DAY
    if good_friday <= day <= monday or (day == good_friday - DAY and hour >= 18) or (day == monday + DAY and hour < 7):
        return True
    if _is_great_eve(day + DAY, rules):
        return hour >= 18 or _since_great_eve(day, hour, rules)
    return _since_great_eve(day, hour, rules)


def _since_great_eve(day: date, hour: int, rules: InconvenientRules) -> bool:
    """On such an eve, or after one and before 7 on the first ordinary weekday."""
    back = day
    while not _is_great_eve(back, rules):
        if day_kind(back).is_working_day and (back != day or hour >= 7):
            return False
        if (day - back).days > 7:
            return False
        back -= DAY
    return True


def _is_great_eve(day: date, rules: InconvenientRules) -> bool:
    eve = day_kind(day).eve
    return eve in GREAT_EVES or (eve == "whitsun_eve" and rules.whitsun_is_great)


def _is_weekend(day: date, hour: int, rules: InconvenientRules) -> bool:
    """A weekend or holiday, what lies between two, the evening before and the early morning after (W-42)."""
    if _is_free(day) or (_closes(day - DAY) and _closes(day + DAY)):
        return True
    if day.weekday() == FRIDAY and hour >= rules.friday_from:
        return True
    if hour >= 16 and day_kind(day + DAY).holiday in AFTERNOON_BEFORE:
        return True
    return hour < 7 and (day.weekday() == MONDAY or _is_free(day - DAY))


def _closes(day: date) -> bool:
    """A Sunday or holiday."""
    return day.weekday() == SUNDAY or bool(day_kind(day).holiday)
