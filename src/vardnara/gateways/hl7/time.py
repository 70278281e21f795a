"""HL7 time stamps (TS, DTM): precision as written, offset if given, else the sender's clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from vardnara.kernel.local_time import local_to_utc

PATTERN = re.compile(
    r"(?P<y>\d{4})(?P<mo>\d{2})?(?P<d>\d{2})?(?:(?P<h>\d{2})(?P<mi>\d{2})?(?P<s>\d{2})?(?P<f>\.\d{1,6})?)?"
    r"(?P<sign>[+-])?(?P<oh>\d{2})?(?P<om>\d{2})?\Z"
)


def instant_read(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant (aware, UTC) of a time stamp, or None where it is empty, ``""`` or not a time.

    A missing part is read as its smallest value. Without an offset the time is ``zone``'s wall-clock time.
    """
    match = PATTERN.match(text.strip())
    if match is None:
        return None
    part = match.groupdict()
    if part["sign"] and not part["oh"]:
        return None
    if not part["sign"] and part["oh"]:
        return None
    try:
        naive = datetime(  # noqa: DTZ001  (the zone is applied below)
            int(part["y"]),
            int(part["mo"] or 1),
            int(part["d"] or 1),
            int(part["h"] or 0),
            int(part["mi"] or 0),
            min(int(part["s"] or 0), 59),
            round(float(part["f"] or 0) * 1_000_000),
        )
        if part["sign"]:
            offset = timedelta(hours=int(part["oh"]), minutes=int(part["om"] or 0))
            if part["sign"] == "-":
                offset = -offset
            return naive.replace(tzinfo=timezone(offset)).astimezone(UTC)
        return local_to_utc(naive, zone)
    except (ValueError, OverflowError):
        return None


def date_read(text: str) -> date | None:
    """The calendar day of a date or time stamp as written, or None."""
    match = PATTERN.match(text.strip())
    if match is None or not match["mo"] or not match["d"]:
        return None
    try:
        return date(int(match["y"]), int(match["mo"]), int(match["d"]))
    except ValueError:
        return None
