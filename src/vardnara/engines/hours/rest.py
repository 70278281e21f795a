"""Rest and limits of working time: what a person's shifts are held against, on instants (W-02..W-07, W-20..W-27, W-34).

An independent judge: it knows nothing of how shifts were chosen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from vardnara.engines.hours.data import MINUTE, Breach, Duty, HourRules, Span, in_order
from vardnara.kernel.local_time import STOCKHOLM, local_date, local_to_utc

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def hours_check(
    duties: Sequence[Duty], rules: HourRules, *, first: date, last: date, minor_until: date | None = None
) -> list[Breach]:
    """Everything that a person's shifts break between two local days, both included.

    Parameters
    ----------
    duties
        The person's shifts, those just before and after the days too: rest is held against them.
    rules
        Limits, in minutes.
    first, last
        The days of the roster; ``first`` is a Monday where weeks are to be calendar weeks.
    minor_until
        The day on which the person is 18, where they are not yet (W-81).

    Returns
    -------
    list[Breach]
        By day; empty where all is well.
    """
    duties = in_order(duties)
    found = [
        *_overlaps(duties),
        *_gaps(duties, rules, first, last),
        *_days(duties, rules, first, last),
        *weekly_rests(duties, rules, first, last),
        *_breaks(duties, rules, first, last),
        *_averages(duties, rules, first, last),
        *_free_days(duties, rules, first, last),
    ]
    if minor_until is not None:
        found += _minor(duties, rules, minor_until)
    return sorted(found, key=lambda one: (one.on, one.rule))


def _overlaps(duties: Sequence[Duty]) -> Iterator[Breach]:
    for one, other in pairwise(duties):
        if other.start < one.end:
            yield Breach("overlap", local_date(other.start), (one.end - other.start) / MINUTE, 0)


def _gaps(duties: Sequence[Duty], rules: HourRules, first: date, last: date) -> Iterator[Breach]:
    """From the end of a shift to the start of the next."""
    for one, other in pairwise(duties):
        rest = (other.start - one.end) / MINUTE
        if 0 <= rest < rules.daily_rest and first <= local_date(other.start) <= last:
            yield Breach("daily_rest_gap", local_date(other.start), rest, rules.daily_rest)


@lru_cache(maxsize=4096)
def day_start(day: date, day_break: int) -> datetime:
    """The instant at which a local day's 24 hours begin, ``day_break`` minutes after midnight by the wall clock."""
    return local_to_utc(datetime.combine(day, time(day_break // 60, day_break % 60)))


def _days(duties: Sequence[Duty], rules: HourRules, first: date, last: date) -> Iterator[Breach]:
    """Within each of the 24 hours from the day-break: the longest rest, and the work (W-20..W-22)."""
    day = first - DAY if rules.day_break else first
    starts = [one.start for one in duties]
    longest = max((one.end - one.start for one in duties), default=DAY)
    while day <= last:
        window = Span(day_start(day, rules.day_break), day_start(day + DAY, rules.day_break))
        near = duties[bisect_right(starts, window.start - longest) : bisect_left(starts, window.end)]
        own = [one for one in near if one.end > window.start]
        if own:
            on = local_date(window.end - MINUTE)
            rest = longest_rest(own, window)
            if rest < rules.daily_rest and (rest := max(rest, _rest_by_clock(own, window))) < rules.daily_rest:
                yield Breach("daily_rest_day", on, rest, rules.daily_rest)
            work = sum(worked_within(one, window) for one in own)
            if work > rules.daily_work_most:
                yield Breach("daily_work", on, work, rules.daily_work_most)
        day += DAY


def longest_rest(duties: Sequence[Duty], window: Span) -> float:
    """Minutes of the longest stretch of a window in which nobody works; shifts in order."""
    longest, since = 0.0, window.start
    for one in duties:
        longest = max(longest, (min(one.start, window.end) - since) / MINUTE)
        since = max(since, one.end)
    return max(longest, (window.end - since) / MINUTE)


def _rest_by_clock(duties: Sequence[Duty], window: Span) -> float:
    """As ``longest_rest``, by the clock on the wall: the hour that the spring night lacks is no breach of the grid."""
    clock = [_on_wall(one.span) for one in duties]
    bounds = _on_wall(window)
    longest, since = 0.0, bounds[0]
    for start, end in clock:
        longest = max(longest, (min(start, bounds[1]) - since) / MINUTE)
        since = max(since, end)
    return max(longest, (bounds[1] - since) / MINUTE)


def _on_wall(span: Span) -> tuple[datetime, datetime]:
    start, end = (at.astimezone(STOCKHOLM).replace(tzinfo=None) for at in (span.start, span.end))
    return start, end


def worked_within(duty: Duty, window: Span) -> float:
    """Minutes of a shift that are worked within a window."""
    return sum(max(0.0, (min(one.end, window.end) - max(one.start, window.start)) / MINUTE) for one in duty.worked)


def weekly_rests(duties: Sequence[Duty], rules: HourRules, first: date, last: date) -> Iterator[Breach]:
    """Within each seven days from the week-break: the weekly rest; ``first`` is a Monday, shifts are in order."""
    day = first
    while day <= last:
        window = Span(day_start(day, rules.week_break), day_start(day + WEEK, rules.week_break))
        own = [one for one in duties if one.start < window.end and one.end > window.start]
        rest = longest_rest(own, window)
        if rest < rules.weekly_rest:
            yield Breach("weekly_rest", day, rest, rules.weekly_rest)
        day += WEEK


def _breaks(duties: Sequence[Duty], rules: HourRules, first: date, last: date) -> Iterator[Breach]:
    for one in duties:
        longest = max(part.minutes for part in one.worked)
        if longest > rules.break_after and first <= local_date(one.start) <= last:
            yield Breach("break", local_date(one.start), longest, rules.break_after)


def is_night_shift(duty: Duty, rules: HourRules) -> bool:
    """Whether enough of a shift lies at night (W-07)."""
    return night_minutes(duty, rules) >= rules.night_shift_least


@lru_cache(maxsize=4096)
def night_minutes(duty: Duty, rules: HourRules) -> float:
    """Minutes of a shift between the hours of night, by the wall clock."""
    return sum(worked_within(duty, window) for window in _nights(duty, rules.night_from, rules.night_to))


def _nights(duty: Duty, night_from: int, night_to: int) -> Iterator[Span]:
    day = local_date(duty.start) - DAY
    while day <= local_date(duty.end):
        yield Span(day_start(day, night_from), day_start(day + DAY, night_to))
        day += DAY


def _averages(duties: Sequence[Duty], rules: HourRules, first: date, last: date) -> Iterator[Breach]:
    """The week's average over each stretch of weeks (W-02), and that of who works nights by the day (W-07)."""
    n_weeks = ((last - first).days + 1) // 7
    length = min(rules.weeks, n_weeks)
    for offset in range(n_weeks - length + 1) if length else ():
        since = first + WEEK * offset
        window = Span(day_start(since, 0), day_start(since + WEEK * length, 0))
        own = [one for one in duties if window.start <= one.start < window.end]
        minutes = sum(one.minutes for one in own)
        if minutes / length > rules.week_average_most:
            yield Breach("week_average", since, minutes / length, rules.week_average_most)
        nights = sum(is_night_shift(one, rules) for one in own)
        if own and 3 * nights >= len(own) and minutes / (6 * length) > rules.night_average_most:
            yield Breach("night_average", since, minutes / (6 * length), rules.night_average_most)


def _free_days(duties: Sequence[Duty], rules: HourRules, first: date, last: date) -> Iterator[Breach]:
    """Free days in each whole period of weeks (W-34): days on which nothing is worked. None are asked for by 0."""
    length = rules.free_days_weeks * 7
    taken = {day for one in duties for day in _dates(one)}
    since = first
    while since + timedelta(days=length - 1) <= last:
        free = sum(since + timedelta(days=n) not in taken for n in range(length))
        if free < rules.free_days:
            yield Breach("free_days", since, free, rules.free_days)
        since += timedelta(days=length)


def _dates(duty: Duty) -> Iterator[date]:
    day, last = local_date(duty.start), local_date(duty.end - MINUTE)
    while day <= last:
        yield day
        day += DAY


def _minor(duties: Sequence[Duty], rules: HourRules, adult_on: date) -> Iterator[Breach]:
    for one in duties:
        minutes = night_minutes(one, rules)
        if minutes and local_date(one.start) < adult_on:
            yield Breach("minor_night", local_date(one.start), minutes, 0)
