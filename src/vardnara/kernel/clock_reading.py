"""Reads a time that somebody wrote on paper: only the clock, no date, in the hours after a list was printed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import STOCKHOLM

_WRITTEN = re.compile(r"(\d{1,2})\s*[:.]?\s*(\d\d)")


def clock_read(
    text: str,
    *,
    earliest: datetime,
    latest: datetime,
    second: bool | None = None,
    zone: ZoneInfo = STOCKHOLM,
) -> datetime:
    """The instant that a written time means: the first time at which the clock shows it, from ``earliest`` on.

    Parameters
    ----------
    text
        ``7:05``, ``07.05`` or ``0705``.
    earliest, latest
        Aware; it can be neither before nor after.
    second
        Which of two, where the clock shows it twice in the night in October: None asks.

    Returns
    -------
    datetime
        Aware, UTC.

    Raises
    ------
    RuleBroken
        ``time_unreadable``; ``time_never_was``: that night in March has no such time; ``time_twice``: say which;
        ``time_too_late``: the clock has not shown it between the two.
    """
    found = _WRITTEN.fullmatch(text.strip())
    hour, minute = (int(found[1]), int(found[2])) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise RuleBroken("time_unreadable", text[:20])
    day = earliest.astimezone(zone).date()
    while True:
        moments = _moments(day, hour, minute, zone)
        if not moments and datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone) >= earliest:
            raise RuleBroken("time_never_was", f"{day} {text[:20]}")
        fits = [moment for moment in moments if moment >= earliest]
        if fits:
            break
        day += timedelta(days=1)
    fits = [moment for moment in fits if moment <= latest]
    if not fits:
        raise RuleBroken("time_too_late", f"{day} {text[:20]}")
    if len(fits) > 1 and second is None:
        raise RuleBroken("time_twice", f"{day} {text[:20]}")
    return fits[-1] if second else fits[0]


def _moments(day: date, hour: int, minute: int, zone: ZoneInfo) -> list[datetime]:
    """When the clock shows a time on a date: once, twice in October, never in the hour that March leaves out."""
    wall = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    moments = {wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(
        moment for moment in moments if moment.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)
    )
