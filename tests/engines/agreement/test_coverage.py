"""Holes, overlaps and odd rules, by example."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from vardnara.engines.agreement import (
    EVERY_DAY,
    AgreementIndex,
    Demand,
    Hole,
    Rule,
    coverage_check,
    days_parse,
    responsible_at,
)
from vardnara.engines.agreement.explain import days_text, hole_text, holes_text, overlap_text, remark_text
from vardnara.kernel.errors import InputError
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow

WEEKDAYS = days_parse(["mon-fri"])


def rule(days: str, window: str, party: str = "service", **options: object) -> Rule:
    return Rule("contagion_clean", "K31", days_parse(days.split()), TimeWindow.parse(window), party, **options)  # type: ignore[arg-type]


def demand(days: str = "every_day", window: str = "00:00-24:00") -> Demand:
    return Demand("contagion_clean", "K31", days_parse(days.split()), TimeWindow.parse(window))


def told(rules: list[Rule], demands: list[Demand], **options: date) -> list[str]:
    return [hole_text(hole) for hole in coverage_check(rules, demands, **options).holes]


def test_saturday_afternoon_is_nobodys() -> None:
    """The sentence that the agreement's readers should have been told before they signed (C-06, own-4)."""
    rules = [rule("every_day", "07:00-16:00"), rule("mon-fri sun holiday eve", "16:00-24:00", "care")]
    assert told(rules, [demand(window="07:00-24:00")]) == ["contagion_clean, ward K31, Saturday 16:00-24:00: nobody"]


def test_a_weekday_rule_says_nothing_of_holidays_and_eves() -> None:
    """Ascension Day is a Thursday, and nobody thought of it."""
    found = coverage_check([rule("mon-fri", "07:00-16:00")], [demand("mon-fri holiday eve", "07:00-16:00")])
    assert [(hole.day, hole.start_minutes, hole.end_minutes) for hole in found.holes] == [(8, 420, 960), (9, 420, 960)]
    assert holes_text(found.holes) == ("contagion_clean, ward K31, public holiday, eve 07:00-16:00: nobody",)


def test_pieces_that_touch_are_one_hole() -> None:
    """Bounds of rules for other hours do not cut a hole."""
    rules = [rule("mon", "07:00-09:00"), rule("tue", "11:00-12:00"), rule("mon", "13:00-14:00", "care")]
    assert told(rules, [demand("mon", "08:00-24:00")]) == [
        "contagion_clean, ward K31, Monday 09:00-13:00: nobody",
        "contagion_clean, ward K31, Monday 14:00-24:00: nobody",
    ]


def test_an_agreement_that_ends_at_midnight_leaves_a_hole_from_then_on() -> None:
    """Also of the night that had begun, and none before the first rule began to hold."""
    rules = [
        rule("every_day", "00:00-24:00", valid_from=date(2025, 1, 1), valid_to=date(2026, 4, 1)),
        rule("mon-fri holiday eve", "00:00-24:00", "care", valid_from=date(2026, 5, 1)),
    ]
    found = coverage_check(rules, [demand()])
    assert found.since == date(2025, 1, 1)
    assert {(hole.day, hole.valid_from, hole.valid_to) for hole in found.holes} == {
        *((day, date(2026, 4, 1), date(2026, 5, 1)) for day in (1, 2, 3, 4, 5, 8, 9)),
        *((day, date(2026, 4, 1), None) for day in (6, 7)),
    }
    ended = [rule("every_day", "22:00-06:00", valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 1))]
    night = coverage_check(ended, [demand(window="22:00-06:00")])
    assert {hole.valid_from for hole in night.holes} == {date(2026, 4, 1)}
    assert told(ended, [demand("wed", "22:00-06:00")], until=date(2026, 4, 3)) == [
        "contagion_clean, ward K31, Wednesday 22:00-24:00 from 2026-04-01: nobody",
        "contagion_clean, ward K31, Thursday 00:00-06:00 from 2026-04-01: nobody",
    ]


def test_a_night_after_a_holiday() -> None:
    """Who has the night of Whit Sunday has none of it on Monday if only Sundays were written down."""
    found = coverage_check([rule("sun", "22:00-06:00")], [demand("sun holiday", "22:00-06:00")])
    monday = [hole for hole in found.holes if hole.day == 1]
    assert [(hole.start_minutes, hole.end_minutes, hole.after) for hole in monday] == [(0, 360, (8,))]
    assert hole_text(monday[0]) == "contagion_clean, ward K31, Monday 00:00-06:00 after public holiday: nobody"


def test_two_parties_at_the_same_time() -> None:
    """Each thinks that it is theirs, or the other's; one party twice is no overlap."""
    rules = [rule("mon", "07:00-16:00"), rule("mon", "12:00-16:00"), rule("mon-tue", "15:00-18:00", "care")]
    found = coverage_check(rules, [demand("mon", "07:00-18:00")])
    assert [overlap_text(overlap) for overlap in found.overlaps] == [
        "contagion_clean, ward K31, Monday 15:00-16:00: care and service"
    ]
    assert not found.holes


def test_without_a_rule_all_is_open() -> None:
    found = coverage_check([], [demand("sat", "08:00-12:00")])
    assert found.holes == (Hole("contagion_clean", "K31", 6, 480, 720),)


def test_odd_rules_are_remarked_upon() -> None:
    """A frequency that meets none of its days, and a rule for what cannot arise."""
    third_of_may = Recurrence("FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1", date(2026, 1, 1))
    sundays = Recurrence("FREQ=WEEKLY;BYDAY=SU", date(2026, 1, 1))
    rules = [
        rule("mon-fri", "07:00-16:00", frequency=sundays),
        rule("mon-sun", "17:00-18:00", frequency=third_of_may),
        rule("holiday", "17:00-18:00", frequency=third_of_may),
        rule("sun", "07:00-16:00", frequency=sundays, valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 8)),
    ]
    remarks = coverage_check(rules, [demand()]).remarks
    assert {(remark.code, remark.rule) for remark in remarks} == {("frequency_never", rules[at]) for at in (0, 1, 3)}
    (unknown,) = coverage_check([rule("mon", "07:00-16:00")], []).remarks
    assert remark_text(unknown) == (
        "contagion_clean, ward K31, Monday 07:00-16:00, service: nothing says that this can arise, so the rule covers "
        "nothing"
    )
    assert "FREQ=WEEKLY;BYDAY=SU never falls" in remark_text(remarks[0])


def test_a_short_stretch_has_only_its_own_days() -> None:
    """Between a Monday and a Wednesday there is no Saturday to leave open."""
    found = coverage_check([], [demand()], since=date(2026, 3, 2), until=date(2026, 3, 4))
    assert [hole.day for hole in found.holes] == [1, 2]


@pytest.mark.parametrize(
    ("at", "party"),
    [
        (datetime(2026, 3, 6, 14, 59, tzinfo=UTC), "service"),  # Friday 15:59
        (datetime(2026, 3, 6, 15, 0, tzinfo=UTC), None),
        (datetime(2026, 5, 14, 10, 0, tzinfo=UTC), None),  # Ascension Day
        (datetime(2026, 3, 6, 23, 30, tzinfo=UTC), "care"),  # Saturday 00:30, Friday's night
        (datetime(2026, 3, 7, 23, 30, tzinfo=UTC), None),
        (datetime(2026, 2, 27, 10, 0, tzinfo=UTC), None),  # not yet
        (datetime(2026, 4, 30, 21, 30, tzinfo=UTC), "care"),  # Thursday 23:30, the last evening
        (datetime(2026, 4, 30, 22, 30, tzinfo=UTC), None),  # 00:30 of the first of May
    ],
)
def test_who_is_responsible_at_an_instant(at: datetime, party: str | None) -> None:
    """By the local clock, the kind of day and the dates of the agreement."""
    options = {"valid_from": date(2026, 3, 1), "valid_to": date(2026, 5, 1)}
    rules = [
        rule("mon-fri holiday", "07:00-16:00", valid_from=date(2026, 6, 1)),
        rule("mon-fri", "07:00-16:00", valid_from=date(2026, 3, 1)),
        rule("thu-fri", "22:00-06:00", "care", **options),
    ]
    assert responsible_at(rules, "contagion_clean", "K31", at) == party
    assert responsible_at(rules, "contagion_clean", "K32", at) is None


def test_of_two_the_first_by_name_answers() -> None:
    at = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    rules = [rule("mon", "07:00-16:00"), rule("mon", "07:00-16:00", "care")]
    for order in (rules, rules[::-1]):
        index = AgreementIndex(order)
        assert responsible_at(index, "contagion_clean", "K31", at) == "care"
        assert index.parties_at("contagion_clean", "K31", at) == ("care", "service")


def test_a_hospital_is_quick() -> None:
    """60 wards x 20 tasks with two rules each, and then answers in microseconds (measured 0.5 s and 3 microseconds)."""
    rules, demands = [], []
    for number in range(60):
        for task in range(20):
            key = f"task{task}", f"W{number}"
            rules.append(Rule(*key, WEEKDAYS, TimeWindow(420, 960), "service"))
            rules.append(Rule(*key, EVERY_DAY - WEEKDAYS, TimeWindow(420, 720), "care", valid_from=date(2026, 5, 1)))
            demands.append(Demand(*key))
    began = time.perf_counter()
    assert len(coverage_check(rules, demands).holes) == 1200 * (5 * 2 + 4 * 3)
    assert time.perf_counter() - began < 10
    index = AgreementIndex(rules)
    began = time.perf_counter()
    for number in range(2000):
        index.responsible_at("task3", f"W{number % 60}", datetime(2026, 3, 2 + number % 20, number % 24, tzinfo=UTC))
    assert (time.perf_counter() - began) / 2000 < 100e-6


@pytest.mark.parametrize("words", [[], ["monday"], ["fri-mon"], ["mon-holiday"], ["mon-"]])
def test_what_is_no_day_is_refused(words: list[str]) -> None:
    with pytest.raises(InputError, match="mon-fri"):
        days_parse(words)


def test_days_are_read_and_said() -> None:
    assert days_parse(["weekend", "mon-wed", "eve"]) == {1, 2, 3, 6, 7, 9}
    assert days_text({1, 2, 3, 6, 7, 9}) == "Monday to Wednesday, Saturday, Sunday, eve"
    assert days_text(EVERY_DAY) == "Monday to Sunday, public holiday, eve"


def test_bad_rules_are_refused() -> None:
    with pytest.raises(InputError, match="an end after the beginning"):
        rule("mon", "07:00-16:00", valid_from=date(2026, 5, 1), valid_to=date(2026, 5, 1))
    with pytest.raises(InputError, match="from 1 to 9"):
        Demand("clean", "K31", frozenset({0}))
    with pytest.raises(InputError, match="from 1 to 9"):
        Rule("clean", "K31", frozenset(), TimeWindow(), "care")
