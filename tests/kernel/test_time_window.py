"""A window of the clock on ordinary days and on the two days a year that are not."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.kernel.errors import InputError
from vardnara.kernel.local_time import day_bounds
from vardnara.kernel.time_window import TimeWindow, instant_of

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def hours(text: str, day: date) -> float:
    start, end = TimeWindow.parse(text).interval(day)
    return (end - start).total_seconds() / 3600


@pytest.mark.parametrize("text", ["07:00-16:00", "16:00-24:00", "22:00-06:30", "00:00-24:00"])
def test_a_window_is_read_and_written_the_same(text: str) -> None:
    assert str(TimeWindow.parse(text)) == text


def test_midnight_as_an_end_is_the_end_of_the_day() -> None:
    """Nobody means an empty window by 16:00-00:00."""
    assert TimeWindow.parse("16:00-00:00") == TimeWindow.parse("16:00 – 24:00")
    assert not TimeWindow.parse("16:00-00:00").crosses_midnight


@pytest.mark.parametrize(
    "text", ["7-16", "07:00-07:00", "07:00-25:00", "24:00-07:00", "07:60-08:00", "", "07:00-24:01"]
)
def test_what_is_no_window_is_refused_with_what_would_be(text: str) -> None:
    with pytest.raises(InputError, match="07:00-16:00"):
        TimeWindow.parse(text)


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("01:00-04:00", date(2026, 3, 28), 3),
        ("01:00-04:00", SPRING, 2),
        ("01:00-04:00", AUTUMN, 4),
        ("00:00-24:00", SPRING, 23),
        ("00:00-24:00", AUTUMN, 25),
        ("22:00-06:00", SPRING - timedelta(days=1), 7),
        ("22:00-06:00", AUTUMN - timedelta(days=1), 9),
        ("22:00-06:00", AUTUMN, 8),
        ("02:00-03:00", SPRING, 0),
        ("02:15-03:30", SPRING, 0.5),
        ("02:00-02:30", AUTUMN, 0.5),
        ("02:30-03:00", AUTUMN, 1.5),
    ],
)
def test_length_on_days_of_23_and_25_hours(text: str, day: date, expected: float) -> None:
    """What stands on the wall is kept; the hours are what they are."""
    assert hours(text, day) == expected


def test_the_missing_hour_is_the_moment_of_the_change() -> None:
    """And instants are as the zone says, half past two in summer time for one that comes twice."""
    change = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert TimeWindow.parse("02:10-02:50").interval(SPRING) == (change, change)
    assert instant_of(datetime(2026, 10, 25, 2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour
    assert instant_of(datetime(2026, 10, 4, 2, 15), lord_howe) == datetime(2026, 10, 3, 15, 30, tzinfo=UTC)


@settings(deadline=None)
@given(
    cuts=st.lists(st.integers(1, 1439), unique=True, max_size=8),
    day=st.dates(date(2020, 1, 1), date(2035, 1, 1)) | st.sampled_from([SPRING, AUTUMN]),
)
def test_windows_upon_each_other_fill_the_day(cuts: list[int], day: date) -> None:
    """No minute of a day is lost or counted twice, whatever the clocks do."""
    bounds = [0, *sorted(cuts), 1440]
    intervals = [TimeWindow(start, end).interval(day) for start, end in pairwise(bounds)]
    assert (intervals[0][0], intervals[-1][1]) == day_bounds(day)
    for before, after in pairwise(intervals):
        assert before[0] <= before[1] == after[0]


def test_every_clock_change_of_the_list(shared_data: Path) -> None:
    """The local day is 23 or 25 hours long as the list says."""
    with (shared_data / "calendar_sweden/dst_transitions_2015_2035.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["local_day"]]
    assert rows
    for row in rows:
        day = datetime.fromisoformat(row["utc"]).astimezone(ZoneInfo("Europe/Stockholm")).date()
        assert hours("00:00-24:00", day) == int(row["local_day"][:2])
