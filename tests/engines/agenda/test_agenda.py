"""The day that an agreement makes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from vardnara.engines.agenda import Entry, Need, WardDay, agenda_build
from vardnara.engines.agreement import days_parse
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver

WEEKDAYS = days_parse(["weekdays"])
BREAKFAST = Need(1, 10, False, Driver.MEAL, 25, 2.5, ((days_parse(["every_day"]), TimeWindow.parse("07:00-09:00"), 1),))
DAILY = Need(2, 10, True, Driver.PATIENT, 0, 4)
WARD = WardDay(10, beds=(101, 102, 103), n_beds=20, n_patients=18)
MORNING = TimeWindow.parse("07:30-09:00")


def test_minutes_follow_the_patients() -> None:
    """Breakfast is 25 minutes and two and a half for each patient (DOMAIN 1.2)."""
    line = Entry(5, 1, 10, "service", WEEKDAYS, MORNING)
    (one,) = agenda_build(date(2026, 11, 23), [line], [BREAKFAST], [WARD]).planned
    assert one.minutes == 25 + 2.5 * 18
    assert (one.party, one.line_id, one.bed_id) == ("service", 5, None)
    assert one.starts_at == datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def test_a_day_that_no_line_speaks_of_is_nobodys() -> None:
    """Breakfast is eaten on Saturdays too, whatever was agreed for weekdays."""
    line = Entry(5, 1, 10, "service", WEEKDAYS, MORNING)
    (one,) = agenda_build(date(2026, 11, 28), [line], [BREAKFAST], [WARD]).planned
    assert (one.party, one.line_id) == ("", None)


def test_a_holiday_is_a_day_of_its_own() -> None:
    """Epiphany 2027 is a Wednesday: a line for weekdays says nothing of it (feat-A28)."""
    line = Entry(5, 1, 10, "service", WEEKDAYS, MORNING)
    (one,) = agenda_build(date(2027, 1, 6), [line], [BREAKFAST], [WARD]).planned
    assert one.party == ""
    spoken_of = Entry(6, 1, 10, "care", days_parse(["holiday"]), MORNING)
    (one,) = agenda_build(date(2027, 1, 6), [line, spoken_of], [BREAKFAST], [WARD]).planned
    assert (one.party, one.line_id) == ("care", 6)


def test_one_task_for_each_bed_and_time() -> None:
    """Three beds, twice a day: six tasks, each with a key of its own that stays the same."""
    line = Entry(7, 2, 10, "service", WEEKDAYS, TimeWindow.parse("08:00-16:00"), times=2)
    first = agenda_build(date(2026, 11, 23), [line], [DAILY], [WARD])
    assert len({one.key for one in first.planned}) == 6
    fewer = WardDay(10, beds=(101, 103), n_beds=20, n_patients=17)
    second = agenda_build(date(2026, 11, 23), [line], [DAILY], [fewer])
    assert {one.key for one in second.planned} == {one.key for one in first.planned if one.bed_id != 102}


def test_every_third_day() -> None:
    """A frequency counts from its anchor, through the end of the year."""
    every_third = Recurrence("FREQ=DAILY;INTERVAL=3", date(2026, 12, 30))
    line = Entry(8, 1, 10, "service", recurrence=every_third, window=MORNING)
    need = Need(1, 10, False, Driver.WARD, 30, 0)
    made = [day for day in range(1, 10) if agenda_build(date(2027, 1, day), [line], [need], [WARD]).planned]
    assert made == [2, 5, 8]


def test_the_nights_of_the_clock_changes() -> None:
    """A night's window lasts an hour less in March and an hour more in October, and begins and ends where it says."""
    line = Entry(9, 1, 10, "care", window=TimeWindow.parse("22:00-06:00"))
    need = Need(1, 10, False, Driver.WARD, 30, 0)
    (spring,) = agenda_build(date(2026, 3, 28), [line], [need], [WARD]).planned
    (autumn,) = agenda_build(date(2026, 10, 24), [line], [need], [WARD]).planned
    assert (spring.due_at - spring.starts_at).total_seconds() == 7 * 3600
    assert (autumn.due_at - autumn.starts_at).total_seconds() == 9 * 3600


def test_no_norm_is_said_not_guessed() -> None:
    """Where nobody knows how long it takes, no minutes are made up."""
    need = Need(3, 10, False, Driver.EVENT, usual=((WEEKDAYS, MORNING, 1),))
    (one,) = agenda_build(date(2026, 11, 23), [], [need], [WARD]).planned
    assert one.minutes is None


def test_a_day_between_is_free_not_nobodys() -> None:
    """Agreed for every third day: the days between are spoken of, and no usual time steps in."""
    every_third = Recurrence("FREQ=DAILY;INTERVAL=3", date(2026, 11, 23))
    line = Entry(5, 1, 10, "service", recurrence=every_third, window=MORNING)
    assert agenda_build(date(2026, 11, 24), [line], [BREAKFAST], [WARD]).planned == ()
