"""What is written by hand and typed in again: digits that tell a slip, and times without a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnara.kernel.check_digit import check_digit, check_holds
from vardnara.kernel.clock_reading import clock_read
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import STOCKHOLM

DIGITS = st.text("0123456789", min_size=1, max_size=12)


def test_damm_s_own_example() -> None:
    assert check_digit("572") == "4" and check_holds("5724") and not check_holds("5274")


@given(DIGITS, st.integers(0, 12), st.integers(1, 9))
def test_a_wrong_digit_is_always_found(digits: str, where: int, by: int) -> None:
    whole = digits + check_digit(digits)
    where %= len(whole)
    wrong = whole[:where] + str((int(whole[where]) + by) % 10) + whole[where + 1 :]
    assert check_holds(whole) and not check_holds(wrong)


@given(DIGITS, st.integers(0, 12))
def test_two_neighbours_swapped_are_always_found(digits: str, where: int) -> None:
    whole = digits + check_digit(digits)
    where %= len(whole) - 1
    swapped = whole[:where] + whole[where + 1] + whole[where] + whole[where + 2 :]
    assert swapped == whole or not check_holds(swapped)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def read(text: str, earliest: str, latest: str, second: bool | None = None) -> str:
    return (
        clock_read(text, earliest=local(earliest), latest=local(latest), second=second)
        .astimezone(STOCKHOLM)
        .isoformat()
    )


@pytest.mark.parametrize("text", ["14:05", "14.05", "1405", " 14:05 "])
def test_a_time_is_read_as_people_write_it(text: str) -> None:
    assert read(text, "2026-03-05T12:00", "2026-03-05T18:00") == "2026-03-05T14:05:00+01:00"


def test_after_midnight_is_the_day_after() -> None:
    """A list of the evening is written on in the night."""
    assert read("1:30", "2026-03-05T20:00", "2026-03-06T09:00") == "2026-03-06T01:30:00+01:00"


@pytest.mark.parametrize(
    ("text", "code"),
    [("kl 14", "time_unreadable"), ("24:00", "time_unreadable"), ("14:60", "time_unreadable"), ("", "time_unreadable"),
     ("11:00", "time_too_late"), ("19:00", "time_too_late")],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(RuleBroken) as no:
        read(text, "2026-03-05T12:00", "2026-03-05T18:00")
    assert no.value.code == code


def test_the_hour_that_march_leaves_out_is_refused() -> None:
    with pytest.raises(RuleBroken) as no:
        read("02:30", "2026-03-28T22:00", "2026-03-29T08:00")
    assert no.value.code == "time_never_was"
    assert read("03:00", "2026-03-28T22:00", "2026-03-29T08:00") == "2026-03-29T03:00:00+02:00"


def test_the_hour_that_october_repeats_is_asked_about() -> None:
    night = ("2026-10-24T22:00", "2026-10-25T08:00")
    with pytest.raises(RuleBroken) as no:
        read("02:30", *night)
    assert no.value.code == "time_twice"
    assert read("02:30", *night, second=False) == "2026-10-25T02:30:00+02:00"
    assert read("02:30", *night, second=True) == "2026-10-25T02:30:00+01:00"


def test_nobody_is_asked_where_only_one_of_them_can_be() -> None:
    """Begun in the second 02:10, finished at 02:30: that is the second one."""
    begun = local("2026-10-25T02:10").replace(fold=1).astimezone(UTC)
    assert clock_read("02:30", earliest=begun, latest=begun + timedelta(hours=3)) == begun + timedelta(minutes=20)


@given(
    st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31))
    | st.datetimes(datetime(2026, 10, 23), datetime(2026, 10, 27)),
    st.integers(0, 1439),
    st.booleans(),
)
def test_what_is_read_is_what_the_clock_showed(start: datetime, minutes: int, second: bool) -> None:
    """Never before the list, less than a day after it by the clock, and the clock says what was written."""
    earliest = start.replace(second=0, microsecond=0, tzinfo=UTC)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    try:
        found = clock_read(text, earliest=earliest, latest=earliest + timedelta(days=2), second=second)
    except RuleBroken as no:
        assert no.code == "time_never_was" and minutes // 60 == 2
        return
    assert found.astimezone(STOCKHOLM).strftime("%H:%M") == text
    assert earliest <= found <= earliest + timedelta(hours=26)
