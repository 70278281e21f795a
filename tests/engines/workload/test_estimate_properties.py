"""What must hold of any catalogue on any wards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.workload import orders

from vardnara.engines.workload import Workload, WorkloadOrder, spread_of, workload_estimate, workload_of_day
from vardnara.engines.workload.check import workload_faults
from vardnara.engines.workload.explain import notice_text, rows_text


@settings(max_examples=40, deadline=None)
@given(orders(year=2026) | orders(year=2028))
def test_the_judge_counts_the_same_in_a_year(order: WorkloadOrder) -> None:
    """Day by day, minute by minute, to the last digit."""
    assert workload_faults(workload_estimate(order), order) == ()


@settings(max_examples=12, deadline=None)
@given(orders())
def test_the_judge_counts_the_same_in_a_plain_week(order: WorkloadOrder) -> None:
    """By 28 years of days without holidays."""
    assert workload_faults(workload_estimate(order), order) == ()


def sums_agree(found: Workload) -> None:
    total = pytest.approx(found.minutes.typical, rel=1e-9, abs=1e-6)
    assert sum(found.by_ward.values()) == total
    assert sum(found.by_weekday) == total
    assert sum(found.by_hour) == total
    assert sum(sum(sum(day) for day in grid) for grid in found.by_ward_hour.values()) == total
    assert 0 <= found.minutes.low <= found.minutes.typical <= found.minutes.high


@settings(deadline=None)
@given(orders() | orders(year=2026), st.dates(date(2024, 1, 2), date(2030, 1, 1)))
def test_every_way_to_add_up_gives_the_total(order: WorkloadOrder, day: date) -> None:
    """No minute is lost between wards, weekdays and hours, in a week or on a day."""
    found = workload_estimate(order)
    sums_agree(found)
    sums_agree(workload_of_day(order, day))
    for one in found.notices:
        notice_text(one)
    rows_text(found.rows)


@settings(deadline=None)
@given(orders() | orders(year=2026))
def test_wards_add_up(order: WorkloadOrder) -> None:
    """Two wards together are each of them alone; their interval is never wider than the two added."""
    both = workload_estimate(order)
    alone = [workload_estimate(replace(order, wards=(ward,))) for ward in order.wards]
    assert both.minutes.typical == pytest.approx(sum(one.minutes.typical for one in alone))
    assert both.minutes.high <= sum(one.minutes.high for one in alone) * (1 + 1e-9) + 1e-6
    for ward, one in zip(order.wards, alone, strict=True):
        assert both.by_ward[ward.code] == pytest.approx(one.minutes.typical)
        own = spread_of(row for row in both.rows if row.ward == ward.code)
        assert (own.low, own.high) == (pytest.approx(one.minutes.low), pytest.approx(one.minutes.high))


@settings(deadline=None)
@given(orders() | orders(year=2026), st.floats(1, 3))
def test_more_units_are_never_less_work(order: WorkloadOrder, factor: float) -> None:
    """More patients, beds, discharges, metres or events: no figure falls."""
    before = workload_estimate(order)
    ward = order.wards[0]
    more = replace(
        ward,
        staffed_beds=ward.staffed_beds * factor + 1,
        patients=tuple(number * factor + 1 for number in ward.patients),
        discharges=tuple(number * factor for number in ward.discharges),
        square_metres=ward.square_metres * factor,
        events={code: tuple(number * factor for number in numbers) for code, numbers in ward.events.items()},
    )
    after = workload_estimate(replace(order, wards=(more, order.wards[1])))
    near = 1e-6
    assert after.minutes.typical >= before.minutes.typical - near
    assert after.minutes.high >= before.minutes.high - near
    assert all(new >= old - near for new, old in zip(after.by_hour, before.by_hour, strict=True))
    assert after.by_ward["B"] == before.by_ward["B"]


@settings(max_examples=15, deadline=None)
@given(orders(year=2027))
def test_the_days_of_a_year_are_the_year(order: WorkloadOrder) -> None:
    """The days one by one make the average week of the year, but for the night of New Year's Eve."""
    days = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    found = sum(workload_of_day(order, day).minutes.typical for day in days) * 7 / 365
    edge = workload_of_day(order, date(2027, 1, 1)).minutes.high + workload_of_day(order, date(2028, 1, 1)).minutes.high
    assert abs(found - workload_estimate(order).minutes.typical) <= edge + 1e-6
