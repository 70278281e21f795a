"""A stretch of the local clock, such as 16:00 to 24:00, and the instants that it is on a given date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.local_time import STOCKHOLM

DAY_MINUTES = 24 * 60
_WRITTEN = re.compile(r"(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)")
_EXPECTED = "a window such as 07:00-16:00, until 24:00 at most; an end before the start is on the day after"


@dataclass(frozen=True, slots=True, order=True)
class TimeWindow:
    """A half-open stretch of the local clock that begins on one date.

    Parameters
    ----------
    start_minutes
        Minutes after midnight, 0 to 1439.
    end_minutes
        Minutes after midnight, 1 to 1440 (24:00). Before the start: on the day after.

    Raises
    ------
    InputError
        Bounds out of range, or nothing between them. The whole day is ``TimeWindow(0, 1440)``.
    """

    start_minutes: int = 0
    end_minutes: int = DAY_MINUTES

    def __post_init__(self) -> None:
        start, end = self.start_minutes, self.end_minutes
        if not 0 <= start < DAY_MINUTES or not 1 <= end <= DAY_MINUTES or start == end:
            raise InputError([Fault("window", "", f"{clock_text(start)}-{clock_text(end)}", _EXPECTED)], "bad_window")

    @classmethod
    def parse(cls, text: str) -> TimeWindow:
        """Read ``07:00-16:00``; ``24:00`` and, as an end, ``00:00`` are the end of the day.

        Raises
        ------
        InputError
            The text is no such window.
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None or int(found[2]) > 59 or int(found[4]) > 59:
            raise InputError([Fault("window", "", repr(text), _EXPECTED)], "bad_window")
        start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        return cls(start, end or DAY_MINUTES)

    def __str__(self) -> str:
        return f"{clock_text(self.start_minutes)}-{clock_text(self.end_minutes)}"

    @property
    def crosses_midnight(self) -> bool:
        return self.end_minutes < self.start_minutes

    @property
    def minutes(self) -> int:
        """Length by the clock on the wall, as on a day of 24 hours."""
        return (self.end_minutes - self.start_minutes) % DAY_MINUTES or DAY_MINUTES

    def pieces(self) -> tuple[tuple[int, int, int], ...]:
        """The window cut at midnight: (days after its date, first minute, minute after the last)."""
        if not self.crosses_midnight:
            return ((0, self.start_minutes, self.end_minutes),)
        return ((0, self.start_minutes, DAY_MINUTES), (1, 0, self.end_minutes))

    def interval(self, day: date, zone: ZoneInfo = STOCKHOLM) -> tuple[datetime, datetime]:
        """The window that begins on ``day`` as instants.

        Parameters
        ----------
        day
            Local date on which it begins.
        zone
            Whose clock it is.

        Returns
        -------
        tuple of datetime
            Half-open, aware, UTC.

        Notes
        -----
        Windows that follow upon each other fill a day of 23 or 25 hours without gap and without overlap: a time that
        comes twice is taken the first time, one that never comes is the moment of the change. So a window of
        01:00-04:00 lasts two hours in the night in March and four in October, and one that lies wholly in the missing
        hour is empty: its work still stands at that moment.
        """
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock, made an instant below
        days = timedelta(days=int(self.crosses_midnight))
        start = instant_of(midnight + timedelta(minutes=self.start_minutes), zone)
        end = instant_of(midnight + days + timedelta(minutes=self.end_minutes), zone)
        return start, end


def instant_of(wall: datetime, zone: ZoneInfo = STOCKHOLM) -> datetime:
    """The instant (UTC) at which a bound on the clock of ``zone`` is reached for the first time.

    Differs from ``local_to_utc`` for a time that never comes: that is the moment of the change, so that order is kept.
    """
    early = wall.replace(tzinfo=zone, fold=0)
    late = wall.replace(tzinfo=zone, fold=1)
    before, after = early.utcoffset(), late.utcoffset()
    if before is None or after is None or before >= after:
        return early.astimezone(UTC)
    low, high = late.astimezone(UTC), early.astimezone(UTC)  # the change to summer time lies between these
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == after else (middle, high)
    return high if low.astimezone(zone).utcoffset() != after else low


def clock_text(minutes: int) -> str:
    """Minutes after midnight as ``07:30``; 1440 is ``24:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
