"""Rest and limits of working time: each rule broken once by hand, the clock's changes, and a count minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.hours.test_inconvenient import shift

from vardnara.engines.hours import Breach, Duty, Span, hours_check, is_night_shift, night_minutes
from vardnara.engines.hours.params import hour_rules
from vardnara.engines.hours.rest import day_start, longest_rest

RULES, WEEKDAYS = hour_rules(), hour_rules(all_days=False)
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 29)  # four weeks


def day(n: int, start: str = "07:00", end: str = "15:30", *, last: int | None = None) -> Duty:
    """A shift on the ``n``-th day of the period, with a break in its middle."""
    first = MONDAY + timedelta(days=n)
    ends = MONDAY + timedelta(days=n if last is None else last)
    bare = shift(f"{first} {start}", f"{ends} {end}")
    noon = bare.start + (bare.end - bare.start) / 2
    return Duty(bare.span, (Span(noon, noon + timedelta(minutes=30)),))


WORKWEEK = [day(7 * week + n) for week in range(4) for n in range(5)]


def broken(*duties: Duty, **words: object) -> list[tuple[str, date, float, float]]:
    """What is broken, free days aside unless they are looked at."""
    rules = words.pop("rules", RULES)
    found = hours_check(duties, rules, first=MONDAY, last=SUNDAY, **words)  # type: ignore[arg-type]
    return [(one.rule, one.on, one.found, one.limit) for one in found]


def test_an_ordinary_month_is_lawful() -> None:
    """Monday to Friday with a half hour's break: eight hours a day, weekends free; so is an empty one."""
    assert broken(*WORKWEEK, rules=WEEKDAYS) == []
    assert broken(*WORKWEEK) == [("free_days", MONDAY, 8, 9)]  # who works Sundays too has one more free day
    assert broken() == []


@pytest.mark.parametrize(
    ("duties", "expected"),
    [
        ([day(0, "07:00", "12:30"), day(0, "12:00", "15:00")], ("overlap", 0, 30, 0)),
        ([day(0, "13:00", "21:30"), day(1, "08:00", "15:00")], ("daily_rest_gap", 1, 630, 660)),
        ([day(0, "18:00", "20:30"), day(1, "07:00", "15:30")], ("daily_rest_day", 1, 630, 660)),
        ([day(0, "06:00", "20:00")], ("daily_work", 0, 810, 780)),
        ([shift("2026-03-02 07:00", "2026-03-02 12:01")], ("break", 0, 301, 300)),
    ],
)
def test_each_rule_of_a_day(duties: list[Duty], expected: tuple[str, int, float, float]) -> None:
    rule, n, found, limit = expected
    assert (rule, MONDAY + timedelta(days=n), found, limit) in broken(*duties)


def test_rest_is_held_against_the_day_break_too() -> None:
    """A day's and an evening's shifts have their eleven hours from 20 to 20. By a day-break at midnight the rest of an
    ordinary day is cut in two, however long the gap is (W-21).
    """
    evenings = [day(n, "13:00", "22:00") for n in range(3)]
    assert broken(*evenings) == broken(day(0), *evenings[1:]) == []
    cut = broken(day(0), rules=hour_rules(day_break=0))
    assert cut == [("daily_rest_day", MONDAY, 510, 660)]
    assert [one[0] for one in broken(evenings[0], day(1, "08:00", "15:30"))] == ["daily_rest_day", "daily_rest_gap"]


def test_each_rule_of_weeks() -> None:
    """Seven days in a row leave no weekly rest; twenty days of nearly ten hours are more than 48 hours a week."""
    seven = [day(n) for n in range(7)]
    assert ("weekly_rest", MONDAY, 15.5 * 60, 2160) in broken(*seven)
    assert "weekly_rest" not in [one[0] for one in broken(*seven[:6])]
    long = [day(7 * week + n, "07:00", "17:18") for week in range(4) for n in range(5)]
    assert ("week_average", MONDAY, 2940, 2880) in broken(*long, rules=WEEKDAYS)
    saturdays = [day(7 * week + 5) for week in range(4)]
    assert broken(*WORKWEEK, *saturdays) == [("free_days", MONDAY, 4, 9)]
    late = broken(*WORKWEEK, *saturdays[:2], day(26, "13:00", "22:00"), rules=WEEKDAYS)
    assert late == [("weekly_rest", MONDAY + timedelta(days=21), 32 * 60, 2160)]  # the clock goes forward that Sunday


def test_nights() -> None:
    """Three hours between 22 and 6 make a night; who works nights may not have ten hours a night (W-07)."""
    assert is_night_shift(shift("2026-03-02 21:00", "2026-03-03 01:00"), RULES)
    assert not is_night_shift(shift("2026-03-02 20:00", "2026-03-03 00:59"), RULES)
    nights = [day(7 * week + n, "20:30", "07:00", last=7 * week + n + 1) for week in range(4) for n in range(5)]
    assert "night_average" in [one[0] for one in broken(*nights)]
    assert "night_average" not in [one[0] for one in broken(*(nights[i] for i in range(20) if i % 5 < 4))]
    assert broken(day(0, "14:00", "22:30"), minor_until=date(2026, 3, 3)) == [("minor_night", MONDAY, 30, 0)]
    assert broken(day(0, "14:00", "22:30"), minor_until=MONDAY) == []


def test_the_nights_of_the_clock() -> None:
    """The night of the spring change is an hour shorter, worked and rested (W-74)."""
    spring = shift("2026-03-28 22:00", "2026-03-29 06:00")
    assert (spring.minutes, night_minutes(spring, RULES)) == (420, 420)
    autumn = shift("2026-10-24 22:00", "2026-10-25 06:00")
    assert night_minutes(autumn, RULES) == 540
    before, after = shift("2026-03-28 13:00", "2026-03-28 20:30"), shift("2026-03-29 08:00", "2026-03-29 12:00")
    found = hours_check([before, after], RULES, first=date(2026, 3, 23), last=date(2026, 3, 29))
    assert Breach("daily_rest_gap", date(2026, 3, 29), 630, 660) in found  # 11 h 30 by the wall clock, 10 h 30 rested
    alone = shift("2026-03-29 07:00", "2026-03-29 11:30")
    assert hours_check([alone], RULES, first=date(2026, 3, 23), last=date(2026, 3, 29)) == []


def test_nonsense_is_refused() -> None:
    naive, at = datetime(2026, 3, 2, 7), datetime(2026, 3, 2, 7, tzinfo=UTC)
    for start, end in ((naive, at), (at, at), (at, at - timedelta(hours=1))):
        with pytest.raises(ValueError, match=r"zone|after the start"):
            Span(start, end)
    span = Span(at, at + timedelta(hours=8))
    with pytest.raises(ValueError, match="inside the shift"):
        Duty(span, (Span(at + timedelta(hours=7), at + timedelta(hours=9)),))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60 * 24 * 3), st.integers(30, 900)), max_size=5), st.integers(0, 1439))
def test_the_longest_rest_minute_by_minute(spans: list[tuple[int, int]], day_break: int) -> None:
    """Over three days, the clock's spring change in the middle."""
    base = datetime(2026, 3, 28, tzinfo=UTC)
    duties = sorted(
        (Duty(Span(base + timedelta(minutes=a), base + timedelta(minutes=a + n))) for a, n in spans),
        key=lambda one: (one.start, one.end),
    )
    on = date(2026, 3, 29)
    window = Span(day_start(on, day_break), day_start(on + timedelta(days=1), day_break))
    longest = run = 0
    for minute in range(int(window.minutes)):
        at = window.start + timedelta(minutes=minute)
        run = 0 if any(one.start <= at < one.end for one in duties) else run + 1
        longest = max(longest, run)
    own = [one for one in duties if one.start < window.end and one.end > window.start]
    assert longest_rest(own, window) == longest
