"""Inconvenient hours: great holidays, weekends, nights and evenings, the clock's two changes, months rounded up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.hours import Duty, InconvenientRules, Span, inconvenient_by_month, inconvenient_minutes
from vardnara.engines.hours.params import inconvenient_rules
from vardnara.engines.hours.reference import inconvenient_minutes_slowly
from vardnara.kernel.local_time import local_to_utc
from vardnara.parameters.working_hours import inconvenient_rates, month_rounding, rates_on

NOW = InconvenientRules(friday_from=17, whitsun_is_great=True)


def shift(start: str, end: str, *breaks: tuple[str, str]) -> Duty:
    """A shift by the wall clock, ``2026-06-18 16:00``."""

    def at(text: str) -> datetime:
        return local_to_utc(datetime.fromisoformat(text))

    return Duty(Span(at(start), at(end)), tuple(Span(at(a), at(b)) for a, b in breaks))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-03 07:00", "2026-03-03 16:00", {}),  # a Tuesday's day
        ("2026-03-03 14:00", "2026-03-03 23:00", {"D": 180, "C": 60}),
        ("2026-03-03 21:00", "2026-03-04 07:00", {"D": 60, "C": 480}),
        ("2026-03-06 13:00", "2026-03-06 23:00", {"B": 300, "B_night": 60}),  # Friday
        ("2026-03-07 21:00", "2026-03-08 07:00", {"B": 120, "B_night": 480}),  # Saturday night
        ("2026-03-08 21:00", "2026-03-09 08:00", {"B": 600}),  # towards Monday: no night raise
        ("2026-06-18 16:00", "2026-06-18 23:00", {"A": 300}),  # the day before midsummer's eve, from 18
        ("2026-06-19 21:00", "2026-06-20 07:00", {"A": 120, "A_night": 480}),  # towards midsummer's day
        ("2026-06-22 00:00", "2026-06-22 12:00", {"A": 420}),  # until 7 on the first weekday after
        ("2026-04-02 17:00", "2026-04-02 21:00", {"A": 180}),  # Maundy Thursday
        ("2026-04-07 04:00", "2026-04-07 09:00", {"A": 180}),  # the Tuesday after Easter
        ("2025-12-23 17:00", "2025-12-23 19:00", {"A": 60}),
        ("2025-12-29 05:00", "2025-12-29 09:00", {"A": 120}),  # a Monday: 27 and 28 are no weekdays
        ("2026-01-05 15:00", "2026-01-05 20:00", {"B": 300}),  # a Monday between Sunday and Epiphany: all of it
        ("2027-01-05 15:00", "2027-01-05 20:00", {"B": 240}),  # the day before Epiphany, from 16
        ("2026-01-07 05:00", "2026-01-07 09:00", {"B": 120}),
        ("2026-05-13 15:00", "2026-05-13 18:00", {"B": 120}),  # before Ascension Day
        ("2020-01-04 22:00", "2020-01-05 01:00", {"B_night": 180}),
    ],
)
def test_hours_of_the_agreement(start: str, end: str, minutes: dict[str, float]) -> None:
    assert inconvenient_minutes(shift(start, end), NOW) == minutes


def test_breaks_are_not_paid() -> None:
    duty = shift("2026-03-03 14:00", "2026-03-03 23:00", ("2026-03-03 19:30", "2026-03-03 20:00"))
    assert inconvenient_minutes(duty, NOW) == {"D": 150, "C": 60}


def test_the_clock_changes_at_night() -> None:
    """The autumn night to Sunday 25 October 2026 has an hour more, the spring night to 29 March one less (W-74)."""
    for start, end, night in (
        ("2026-10-24 22:00", "2026-10-25 06:00", 540),
        ("2026-03-28 22:00", "2026-03-29 06:00", 420),
    ):
        assert inconvenient_minutes(shift(start, end), NOW) == {"B_night": night}


def test_friday_begins_earlier_from_april_2025() -> None:
    rules = inconvenient_rules()
    paid = inconvenient_by_month(
        [shift("2025-03-28 16:00", "2025-03-28 20:00"), shift("2025-04-04 16:00", "2025-04-04 20:00")],
        rules,
        rounded_to=month_rounding(),
    )
    assert paid == {(2025, 3, "B"): 60, (2025, 4, "B"): 180}


def test_months_are_rounded_up_each_by_itself() -> None:
    """A night over the turn of the month belongs to both; 61 minutes are an hour and a half (W-47)."""
    paid = inconvenient_by_month(
        [shift("2026-03-31 21:59", "2026-04-01 01:00"), shift("2026-03-10 19:00", "2026-03-10 20:00")],
        inconvenient_rules(),
        rounded_to=30,
    )
    assert paid == {(2026, 3, "D"): 90, (2026, 3, "C"): 120, (2026, 4, "C"): 60}
    with pytest.raises(ValueError, match="no rules"):
        inconvenient_by_month([shift("2026-03-10 19:00", "2026-03-10 20:00")], {date(2027, 1, 1): NOW}, rounded_to=30)


def test_the_shipped_rates_hang_together() -> None:
    """Nights of A are 1.20 and of B 1.15 times the day (W-46), in every row that has both."""
    for row in inconvenient_rates():
        for name, ratio in (("A", "1.20"), ("B", "1.15")):
            if f"{name}_night" in row.sek:
                assert abs(row.sek[f"{name}_night"] / row.sek[name] - Decimal(ratio)) < Decimal("0.005"), row
    assert rates_on(date(2026, 3, 31)).sek["A"] == Decimal("126.90")
    assert rates_on(date(2026, 4, 1)).sek["A"] == Decimal("130.70")
    assert rates_on(date(2010, 1, 1)) is None


days = st.dates(date(2006, 1, 1), date(2045, 12, 30))
around = st.one_of(
    days,
    st.builds(
        lambda y, m, d: date(y, m, d), st.integers(2006, 2045), st.sampled_from([1, 4, 5, 6, 12]), st.integers(1, 30)
    ),
)


@settings(max_examples=400, deadline=None)
@given(
    day=around,
    hour=st.integers(0, 23),
    quarter=st.integers(0, 59),
    length=st.integers(1, 16 * 60),
    pause=st.integers(0, 60),
    rules=st.builds(InconvenientRules, st.sampled_from([17, 19]), st.booleans()),
)
def test_as_the_sentences_say(
    day: date, hour: int, quarter: int, length: int, pause: int, rules: InconvenientRules
) -> None:
    """The same minutes as counted one by one."""
    start = datetime(day.year, day.month, day.day, hour, quarter, tzinfo=UTC)
    end = start + timedelta(minutes=length)
    middle = start + timedelta(minutes=length // 3)
    stop = min(end, middle + timedelta(minutes=pause))
    duty = Duty(Span(start, end), (Span(middle, stop),) if middle < stop else ())
    assert inconvenient_minutes(duty, rules) == inconvenient_minutes_slowly(duty, rules)
