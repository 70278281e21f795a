"""When something occurs: rules, holidays and eves, and what is refused."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from vardnara.kernel.errors import InputError
from vardnara.kernel.recurrence import OnSpecialDay, Recurrence
from vardnara.kernel.time_window import TimeWindow

MONDAY = date(2026, 1, 5)
GOOD_FRIDAY, EASTER_EVE = date(2026, 4, 3), date(2026, 4, 4)
ASCENSION_THURSDAY = date(2026, 5, 14)
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def dates(rrule: str, start: date = YEAR[0], stop: date = YEAR[1], **options: OnSpecialDay) -> list[date]:
    return list(Recurrence(rrule, MONDAY, **options).dates(start, stop))


def test_every_third_day_counts_from_the_anchor() -> None:
    """An interval has a beginning, also years away and before it."""
    assert dates("FREQ=DAILY;INTERVAL=3", stop=date(2026, 1, 15)) == [date(2026, 1, day) for day in (5, 8, 11, 14)]
    far = Recurrence("FREQ=DAILY;INTERVAL=3", MONDAY)
    assert far.occurs_on(MONDAY + timedelta(days=3 * 4000))
    assert not far.occurs_on(MONDAY + timedelta(days=3 * 4000 + 1))
    assert not far.occurs_on(MONDAY - timedelta(days=3))


def test_the_anchor_is_a_day_only_if_the_rule_names_it() -> None:
    assert dates("FREQ=WEEKLY;BYDAY=TU", stop=date(2026, 1, 14)) == [date(2026, 1, 6), date(2026, 1, 13)]


def test_weeks_are_counted_from_either_end() -> None:
    """2026 has 53 weeks, the last one ending in January; 2027 has 52 (ISO 8601)."""
    rule = Recurrence("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO,SU", MONDAY)
    found = list(rule.dates(date(2026, 12, 1), date(2028, 1, 9)))
    assert found == [date(2026, 12, 28), date(2027, 1, 3), date(2027, 12, 27), date(2028, 1, 2)]


def test_rules_end_by_date_and_by_count() -> None:
    """UNTIL is included; COUNT counts days of the rule, before holidays are looked at."""
    assert dates("FREQ=DAILY;UNTIL=20260107") == [date(2026, 1, day) for day in (5, 6, 7)]
    assert dates("RRULE:freq=daily;count=3;") == [date(2026, 1, day) for day in (5, 6, 7)]
    assert dates("FREQ=DAILY;COUNT=3", holidays="none") == [date(2026, 1, 5), date(2026, 1, 7)]
    assert Recurrence("FREQ=DAILY;COUNT=3", MONDAY).is_bounded
    assert not Recurrence("FREQ=DAILY", MONDAY).is_bounded
    later = Recurrence("FREQ=YEARLY;COUNT=4", date(2024, 2, 29))
    assert list(later.dates(date(2020, 1, 1), date(2060, 1, 1)))[-1] == date(2036, 2, 29)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("same", True), ("none", False), ("as_sunday", False), ("as_saturday", True), ("only", True)],
)
def test_a_holiday_on_a_weekday(policy: OnSpecialDay, expected: bool) -> None:
    """Ascension Day is a Thursday; the task is done Monday to Saturday."""
    rule = Recurrence("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", MONDAY, holidays=policy)
    assert rule.occurs_on(ASCENSION_THURSDAY) is expected
    assert rule.occurs_on(ASCENSION_THURSDAY - timedelta(days=1)) is (policy != "only")


def test_a_weekend_task_is_done_on_holidays_too() -> None:
    """As on the Sunday of the holiday's own week, so a weekend every second week decides about the holidays in it."""
    weekend = dates("FREQ=WEEKLY;BYDAY=SA,SU", date(2026, 4, 1), date(2026, 4, 8), holidays="as_sunday")
    assert weekend == [date(2026, 4, day) for day in (3, 4, 5, 6)]
    second = Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", MONDAY, holidays="as_sunday")
    assert second.occurs_on(date(2026, 4, 3)) is second.occurs_on(date(2026, 4, 5)) is True
    assert second.occurs_on(date(2026, 4, 6)) is False  # Easter Monday belongs to the week after
    new_year = Recurrence("FREQ=WEEKLY;BYDAY=SU", MONDAY, holidays="as_sunday", eves="as_saturday")
    assert new_year.occurs_on(date(2027, 1, 1)) and not new_year.occurs_on(date(2026, 12, 31))


def test_a_holiday_plan_of_its_own() -> None:
    """Only holidays, only eves, or both; never an ordinary day (feat-A28, edge-13)."""
    assert len(dates("FREQ=DAILY", holidays="only")) == 12  # New Year's Day is before the anchor
    assert len(dates("FREQ=DAILY", eves="only")) == 5
    assert len(dates("FREQ=DAILY", eves="only", holidays="only")) == 17
    assert GOOD_FRIDAY in dates("FREQ=DAILY", holidays="only")
    assert EASTER_EVE in dates("FREQ=DAILY", eves="only")
    assert dates("FREQ=WEEKLY;BYDAY=TH", holidays="only") == [ASCENSION_THURSDAY]


def test_a_date_that_is_both_is_a_holiday() -> None:
    """Whitsun Eve on the National Day, 2071."""
    both = date(2071, 6, 6)
    assert not Recurrence("FREQ=DAILY", MONDAY, holidays="none").occurs_on(both)
    assert Recurrence("FREQ=DAILY", MONDAY, eves="none").occurs_on(both)


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("", "no part of a rule"),
        ("BYDAY=MO", "no FREQ"),
        ("FREQ=HOURLY", "finer than a day"),
        ("FREQ=DAILY;BYHOUR=7", "finer than a day"),
        ("FREQ=FORTNIGHTLY", "DAILY, WEEKLY"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT and UNTIL"),
        ("FREQ=DAILY;UNTIL=20270101T000000Z", "a date such as 20261231"),
        ("FREQ=DAILY;UNTIL=20270230", "a date such as 20261231"),
        ("FREQ=DAILY;FREQ=DAILY", "stands twice"),
        ("FREQ=WEEKLY;BYDAY=1MO", "numbered weekday"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "FREQ=YEARLY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYDAY beside it"),
        ("FREQ=DAILY;BYSETPOS=1;BYDAY=MO", "BYSETPOS with FREQ=DAILY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS alone"),
        ("FREQ=WEEKLY;BYDAY=MO,XX", "weekdays such as"),
        ("FREQ=YEARLY;BYEASTER=0", "no part of a rule"),
    ],
)
def test_what_cannot_be_read_says_what_was_expected(rrule: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Recurrence(rrule, MONDAY)


def test_every_fault_of_a_rule_is_named() -> None:
    with pytest.raises(InputError) as caught:
        Recurrence("FREQ=DAILY;BYMONTH=13;INTERVAL=0;X=1", MONDAY)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    ("rrule", "policy"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "same"),
        ("FREQ=DAILY;UNTIL=20260104", "same"),
        ("FREQ=YEARLY;INTERVAL=20;BYMONTH=1;BYMONTHDAY=1", "same"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "only"),
    ],
)
def test_what_never_occurs_is_refused_by_name(rrule: str, policy: OnSpecialDay) -> None:
    """30 February, an end before the beginning, a first time too far away, 1 March as a holiday; and at once."""
    began = time.perf_counter()
    with pytest.raises(InputError, match=rf"{rrule}.* never occurs within 10 years") as caught:
        Recurrence(rrule, MONDAY, holidays=policy)
    assert caught.value.code == "never_occurs"
    assert time.perf_counter() - began < 0.5


def test_unknown_policies_and_old_anchors_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        Recurrence("FREQ=DAILY", date(2004, 1, 1), holidays="sometimes", eves="")  # type: ignore[arg-type]
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match="2005 to 2199"):
        Recurrence("FREQ=DAILY", date(9999, 1, 1))


def test_the_interval_of_a_date() -> None:
    night = Recurrence("FREQ=DAILY", MONDAY, window=TimeWindow.parse("22:00-06:00"))
    assert night.interval(date(2026, 3, 28)) == (
        datetime(2026, 3, 28, 21, tzinfo=UTC),
        datetime(2026, 3, 29, 4, tzinfo=UTC),
    )


def test_the_plain_average_week() -> None:
    """How often a week, in the long run: exactly where the rule repeats by weeks, over 400 years where it does not."""
    assert Recurrence("FREQ=WEEKLY;BYDAY=MO,TH", MONDAY).rate_by_weekday() == (1, 0, 0, 1, 0, 0, 0)
    assert Recurrence("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE", MONDAY).rate_by_weekday() == (0, 0, 0.5, 0, 0, 0, 0)
    assert Recurrence("FREQ=DAILY;INTERVAL=3", MONDAY).rate_by_weekday() == pytest.approx([1 / 3] * 7)
    assert Recurrence("FREQ=DAILY;INTERVAL=9999", MONDAY).rate_by_weekday() == pytest.approx([1 / 9999] * 7)
    assert Recurrence("FREQ=DAILY;INTERVAL=7", MONDAY).rate_by_weekday() == (1, 0, 0, 0, 0, 0, 0)
    first = Recurrence("FREQ=MONTHLY;BYDAY=1MO", MONDAY).rate_by_weekday()
    assert first == pytest.approx([12 * 400 * 7 / 146097, 0, 0, 0, 0, 0, 0])
    assert Recurrence("FREQ=DAILY", MONDAY, holidays="none").rate_by_weekday() == (1,) * 7
    assert Recurrence("FREQ=DAILY", MONDAY, holidays="only").rate_by_weekday() == (0,) * 7


def test_a_recurrence_travels_between_processes() -> None:
    """Its hash is made anew there."""
    rule = Recurrence("FREQ=DAILY", MONDAY, window=TimeWindow(60, 120))
    copy = pickle.loads(pickle.dumps(rule))
    assert copy == rule and hash(copy) == hash(rule)
    assert b"_cached_hash" not in pickle.dumps(rule)


def test_a_year_of_a_hospital_is_quick() -> None:
    """6,000 tasks with rules and anchors of their own: a year of dates, and then single days in microseconds.

    Measured 0.15 s and 0.5 microseconds; the bounds leave room for a busy machine.
    """
    rules = [
        Recurrence(f"FREQ=WEEKLY;INTERVAL={1 + index % 4};BYDAY=MO,TH", date(2010, 1, 1) + timedelta(days=index))
        for index in range(6000)
    ]
    began = time.perf_counter()
    assert sum(sum(rule.count_by_weekday(2027)) for rule in rules) > 300_000
    assert time.perf_counter() - began < 3
    began = time.perf_counter()
    for rule in rules:
        rule.occurs_on(date(2027, 5, 5))
    assert (time.perf_counter() - began) / len(rules) < 20e-6
