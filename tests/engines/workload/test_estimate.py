"""Minutes and posts, by example."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest
from tests.strategies.workload import ANCHOR, EVIDENCE

from vardnara.engines.workload import (
    TaskType,
    WardFacts,
    WorkloadOrder,
    WorkloadParams,
    workload_estimate,
    workload_of_day,
)
from vardnara.engines.workload.check import workload_faults
from vardnara.engines.workload.explain import notice_text, row_text, rows_text
from vardnara.kernel.recurrence import OnSpecialDay, Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import NO_MINUTES, Driver, MinuteRange, TaskNorm, task_norms

WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def norm(driver: Driver, each: float = 10, *, spread: float = 0, code: str = "n", fixed: float = 0) -> TaskNorm:
    def around(typical: float) -> MinuteRange:
        return MinuteRange(typical * (1 - spread), typical, typical * (1 + spread))

    return TaskNorm(code, driver, around(fixed), around(each), EVIDENCE)


def task(
    its_norm: TaskNorm, rrule: str = "FREQ=DAILY", window: str = "07:00-09:00", code: str = "t", **options: object
) -> TaskType:
    special: dict[str, OnSpecialDay] = {name: options.pop(name) for name in ("holidays", "eves") if name in options}  # type: ignore[misc]
    return TaskType(code, its_norm, Recurrence(rrule, ANCHOR, window=TimeWindow.parse(window), **special), **options)  # type: ignore[arg-type]


WARD = WardFacts("K31", staffed_beds=20, patients=(18,) * 7, discharges=(4,) * 7, square_metres=900)


def minutes(*tasks: TaskType, ward: WardFacts = WARD, year: int | None = None) -> float:
    return workload_estimate(WorkloadOrder(tasks, (ward,), year)).minutes.typical


def shipped_order(*wards: WardFacts) -> WorkloadOrder:
    """The shipped norms, each once a day, as in DOMAIN 1.2's sanity check."""
    left_out = {"discharge_clean_single", "contagion_clean", "meal_order_digital"}
    tasks = [task(its, code=code) for code, its in task_norms().items() if code not in left_out]
    return WorkloadOrder(tuple(tasks), wards)


def test_the_ward_of_the_sanity_check() -> None:
    """10.5 hours a day and 2.3 posts (DOMAIN 1.2, at 1,645 hours), and the word that no norm is measured."""
    found = workload_estimate(shipped_order(WARD))
    assert found.minutes.typical == pytest.approx(7 * 10.5 * 60)
    assert found.fte.typical == pytest.approx(10.5 * 365 / 1645)
    assert round(found.fte.typical, 2) == 2.33
    assert found.minutes.low < found.minutes.typical < found.minutes.high
    assert "breakfast" in notice_text(found.notices[0])


@pytest.mark.parametrize(
    ("driver", "expected"),
    [
        (Driver.BED, 20),
        (Driver.OCCUPIED_BED, 18),
        (Driver.PATIENT, 18),
        (Driver.MEAL, 18),
        (Driver.WARD, 1),
        (Driver.SHIFT, 1),
        (Driver.SQUARE_METRE, 900),
        (Driver.DISCHARGE, 3),
        (Driver.CONTAGION_CASE, 1),
        (Driver.EVENT, 2.5),
    ],
)
def test_what_is_counted(driver: Driver, expected: float) -> None:
    """A discharge with contagion is one or the other, never both."""
    ward = replace(WARD, contagion_share=0.25, events={"t": (2.5,) * 7})
    assert minutes(task(norm(driver)), ward=ward) == pytest.approx(expected * 10 * 7)
    assert minutes(task(norm(driver)), ward=replace(ward, shares={"t": 0.5})) == pytest.approx(expected * 10 * 7 / 2)


def test_times_people_and_fixed_minutes() -> None:
    """Twice a day by two people; a closed weekend takes no fixed minutes either."""
    its = norm(Driver.PATIENT, 2, fixed=30)
    assert minutes(task(its)) == 7 * (30 + 2 * 18)
    assert minutes(task(its, times=2, n_people=2)) == 4 * 7 * (30 + 2 * 18)
    assert minutes(task(its), ward=replace(WARD, patients=(18.0,) * 5 + (0.0, 0.0))) == 5 * (30 + 2 * 18)


def test_minutes_fall_where_the_window_is() -> None:
    """Evenly; after midnight on the next day; by a profile within the window."""
    night = workload_estimate(
        WorkloadOrder((task(norm(Driver.WARD, 60), "FREQ=WEEKLY;BYDAY=SU", "23:30-00:30"),), (WARD,))
    )
    assert night.by_hour[23] == night.by_hour[0] == 30
    assert (night.by_weekday[6], night.by_weekday[0]) == (30, 30)
    assert night.by_ward_hour["K31"][0][0] == 30
    hours = tuple(3.0 if hour == 7 else 1.0 for hour in range(24))
    day = workload_estimate(
        WorkloadOrder((task(norm(Driver.WARD, 60), WEEKDAYS, "07:00-09:00", hours=hours),), (WARD,))
    )
    assert (day.by_hour[7], day.by_hour[8]) == (5 * 45, 5 * 15)
    leaving = replace(WARD, discharge_hours=tuple(float(hour in (8, 20)) for hour in range(24)))
    order = WorkloadOrder((task(norm(Driver.DISCHARGE), WEEKDAYS, "07:00-16:00"),), (leaving,))
    assert workload_estimate(order).by_hour[8] == pytest.approx(200)
    beside = replace(leaving, discharge_hours=tuple(float(hour == 20) for hour in range(24)))
    assert workload_estimate(replace(order, wards=(beside,))).by_hour[7] == pytest.approx(200 / 9)


def test_one_norm_s_error_is_one_error_and_errors_of_norms_are_not() -> None:
    """Shared by wards and days: they add. Of two norms: 3 and 4 make 5."""
    wards = (WARD, replace(WARD, code="K32"))
    same = workload_estimate(WorkloadOrder((task(norm(Driver.WARD, 10, spread=0.5)),), wards))
    assert (same.minutes.low, same.minutes.typical, same.minutes.high) == (70, 140, 210)
    three, four = norm(Driver.WARD, 30, spread=0.1, code="a"), norm(Driver.WARD, 40, spread=0.1, code="b")
    two = workload_estimate(WorkloadOrder((task(three, code="x"), task(four, code="y")), (WARD,)))
    assert two.minutes.high - two.minutes.typical == pytest.approx(7 * 5)
    lopsided = TaskNorm("c", Driver.WARD, MinuteRange(9, 10, 20), NO_MINUTES, EVIDENCE)
    uneven = workload_estimate(WorkloadOrder((task(lopsided),), (WARD,))).minutes
    assert (uneven.low, uneven.high) == (63, 140)


def test_a_year_counts_its_own_days() -> None:
    """2026: 261 weekdays of which 251 are working days (W-67); a task for holidays only has its thirteen."""
    its = norm(Driver.WARD, 60)
    assert minutes(task(its, WEEKDAYS), year=2026) == pytest.approx(261 * 60 * 7 / 365)
    assert minutes(task(its, WEEKDAYS, holidays="none", eves="none"), year=2026) == pytest.approx(251 * 60 * 7 / 365)
    assert minutes(task(its, holidays="only"), year=2026) == pytest.approx(13 * 60 * 7 / 365)
    leap = workload_estimate(WorkloadOrder((task(its),), (WARD,), 2028))
    assert leap.minutes.typical == pytest.approx(420)
    assert leap.fte.typical == pytest.approx(366 / 1645)


def test_posts_follow_the_employer_s_own_hours() -> None:
    """Thirteen posts are 21,385 hours (CONTRACT 4); at other hours they are others."""
    ward = replace(WARD, square_metres=21_385 * 60 / 365)
    order = WorkloadOrder((task(norm(Driver.SQUARE_METRE, 1)),), (ward,))
    assert workload_estimate(order).fte.typical == pytest.approx(13)
    other = replace(order, params=WorkloadParams(net_hours_per_fte=1600))
    assert workload_estimate(other).fte.typical == pytest.approx(21_385 / 1600)
    with pytest.raises(ValueError, match="more than 0"):
        WorkloadParams(net_hours_per_fte=0)


def test_one_day() -> None:
    """Good Friday has no weekday task, and the tail of Maundy Thursday's night."""
    tasks = (
        task(norm(Driver.WARD, 60), WEEKDAYS, "07:00-09:00", code="day", holidays="none"),
        task(norm(Driver.WARD, 60, code="m"), WEEKDAYS, "23:00-01:00", code="night", holidays="none"),
    )
    order = WorkloadOrder(tasks, (WARD,))
    thursday, friday = workload_of_day(order, date(2026, 4, 2)), workload_of_day(order, date(2026, 4, 3))
    assert (thursday.minutes.typical, friday.minutes.typical) == (60 + 60, 30)
    assert (friday.by_weekday[4], friday.by_hour[0]) == (30, 30)
    assert friday.fte.typical == pytest.approx(0.5 * 365 / 1645)


def test_what_the_reader_should_know() -> None:
    """Holidays without a year, an end without a year, and discharges on a day when nobody cleans."""
    ward = replace(WARD, discharges=(4.0,) * 5 + (2.0, 0.0))
    tasks = (
        task(norm(Driver.DISCHARGE), WEEKDAYS, code="clean"),
        task(norm(Driver.WARD, code="a"), code="kitchen", holidays="as_sunday"),
        task(norm(Driver.WARD, code="b"), "FREQ=DAILY;COUNT=9", code="trial"),
        task(norm(Driver.CONTAGION_CASE, code="c"), code="contagion"),
    )
    texts = [notice_text(one) for one in workload_estimate(WorkloadOrder(tasks, (ward,))).notices]
    assert texts == [
        "kitchen depends on holidays or eves, which a plain average week does not have: give a year",
        "trial ends on a date and is counted as if it went on: give a year",
        "ward K31: nothing to count for contagion, so it takes no time",
        "ward K31, Saturday: what causes clean happens and the work is not planned",
    ]
    with_year = workload_estimate(WorkloadOrder(tasks, (ward,), 2026)).notices
    assert {one.code for one in with_year} == {"NOTHING_COUNTED", "UNITS_WITHOUT_WORK"}
    covered = (*tasks[:1], task(norm(Driver.DISCHARGE), "FREQ=WEEKLY;BYDAY=SA", code="saturday"))
    assert not workload_estimate(WorkloadOrder(covered, (ward,))).notices


def test_a_figure_says_what_it_is_made_of() -> None:
    """Row by row, with the norm's source (own-4: followed back)."""
    found = workload_estimate(shipped_order(WARD))
    texts = rows_text(found.rows)
    assert texts[0].startswith("discharge_clean_shared, ward K31: 7 a week x (25 (20-35) x 4 discharge) = 700 minutes")
    breakfast = next(text for text in texts if text.startswith("breakfast"))
    assert breakfast.startswith(
        "breakfast, ward K31: 7 a week x (25 (15-35) + 2.5 (1.5-3.5) x 18 meal) = 490 minutes (294-686)"
    )
    assert "unverified: Vardnara's default" in breakfast
    two = workload_estimate(WorkloadOrder((task(norm(Driver.WARD, 60), n_people=2),), (WARD,))).rows[0]
    assert "x 1 ward) x 2 people = 840 minutes" in row_text(two)
    assert sum(row.minutes.typical for row in found.rows) == pytest.approx(found.minutes.typical)


def test_bad_orders_are_refused() -> None:
    """Nothing negative, nothing twice, nothing with two meanings."""
    with pytest.raises(ValueError, match="7 numbers"):
        WardFacts("K31", patients=(1.0,))
    with pytest.raises(ValueError, match="0 or more"):
        WardFacts("K31", staffed_beds=-1)
    with pytest.raises(ValueError, match="expected 0 to 1"):
        WardFacts("K31", contagion_share=1.5)
    with pytest.raises(ValueError, match="stands twice"):
        WorkloadOrder((), (WARD, WARD))
    with pytest.raises(ValueError, match="two norms"):
        WorkloadOrder((task(norm(Driver.WARD, 1), code="a"), task(norm(Driver.WARD, 2), code="b")), (WARD,))
    with pytest.raises(ValueError, match="n_people"):
        task(norm(Driver.WARD), n_people=0)
    with pytest.raises(ValueError, match="24 numbers"):
        task(norm(Driver.WARD), hours=(1.0,))


def test_the_judge_sees_a_minute_too_many() -> None:
    """It would be no judge otherwise."""
    order = replace(shipped_order(WARD), year=2026)
    found = workload_estimate(order)
    assert workload_faults(found, order) == ()
    wrong = replace(found, by_ward={"K31": found.by_ward["K31"] + 1}, by_hour=found.by_hour[::-1])
    assert [fault.split(":")[0] for fault in workload_faults(wrong, order)][-1] == "ward K31"
    assert len(workload_faults(wrong, order)) > 1


def test_a_hospital_takes_milliseconds() -> None:
    """500 beds on 25 wards, the shipped catalogue (measured 15 ms)."""
    wards = tuple(replace(WARD, code=f"W{number}") for number in range(25))
    order = shipped_order(*wards)
    workload_estimate(order)
    began = time.perf_counter()
    found = workload_estimate(order)
    assert time.perf_counter() - began < 0.5
    assert found.minutes.typical == pytest.approx(25 * 7 * 10.5 * 60)
