"""The local calendar. Times are stored in UTC and shown in Europe/Stockholm; days there have 23, 24 or 25 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local_to_utc(naive: datetime, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """Read a wall-clock time of ``zone`` as an instant in UTC.

    A time that occurs twice (autumn) is read as its first occurrence unless ``naive.fold`` is 1. A time that never
    occurs (spring) is read with the offset before the change, so that it moves forward by the length of the gap.

    Parameters
    ----------
    naive
        Wall-clock time without zone.
    zone
        Zone whose clock was read.

    Returns
    -------
    datetime
        Aware, UTC.
    """
    return naive.replace(tzinfo=zone).astimezone(UTC)


def day_bounds(day: date, zone: ZoneInfo = STOCKHOLM) -> tuple[datetime, datetime]:
    """Half-open bounds of a local day as instants in UTC (23, 24 or 25 hours apart)."""
    start = datetime.combine(day, time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def local_date(at: datetime, zone: ZoneInfo = STOCKHOLM) -> date:
    """The local calendar day that the instant ``at`` (aware) falls on."""
    return at.astimezone(zone).date()
