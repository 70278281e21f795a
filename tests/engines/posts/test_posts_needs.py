"""Covers of work: by hand, by the judge, and against the workload engine's sums."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import posts as small
from tests.strategies.workload import orders

from vardnara.engines.posts import (
    NeedsOrder,
    PostsParams,
    Zone,
    columns_of,
    cover_plan,
    hour_parts,
    needs_estimate,
    shapes_shipped,
)
from vardnara.engines.posts.check import needs_faults
from vardnara.engines.workload import WardFacts, WorkloadOrder, workload_estimate
from vardnara.parameters.posts import post_numbers, shapes_evidence
from vardnara.parameters.task_norms import Driver

ONE = (Zone("A", ("A",)),)
PLAIN = PostsParams(pause_share=0, walking_share=0.5)


def total(needs) -> float:  # type: ignore[no-untyped-def]
    columns = needs.field.columns
    return (
        sum(cell.minutes * columns[cell.column].days_per_year for cell in needs.field.cells) * needs.field.weeks_share
    )


def test_an_hour_of_planned_work_and_one_of_discharges() -> None:
    """90 planned minutes are 90 at any service level; cleans take their quantile, by Poisson's own sum."""
    planned = small.task("round", fixed=90)
    cleans = small.task("clean", Driver.DISCHARGE, each=30, window="10:00-11:00")
    ward = WardFacts("A", discharges=(2.0,) * 7)
    needs = needs_estimate(NeedsOrder(small.workload(planned, cleans, wards=(ward,)), ONE), shapes_shipped(), PLAIN)
    first, second = (next(cell for cell in needs.field.cells if cell.hour == hour) for hour in (8, 10))
    assert first.covered[:4] == pytest.approx((0, 30, 60, 90)) and first.cover_units == 3
    assert needs.zones[0].cover[0][8] == 1.5 and needs.zones[0].typical[0][8] == pytest.approx(90)
    assert (needs.zones[0].low[0][8], needs.zones[0].high[0][8]) == pytest.approx((45, 135))
    # two discharges in the mean: with three units 30, 60 or 90 minutes are done
    none, single, double = exp(-2), 2 * exp(-2), 2 * exp(-2)
    assert second.covered[1] == pytest.approx(30 * (1 - none))
    assert second.covered[3] == pytest.approx(30 * single + 60 * double + 90 * (1 - none - single - double))
    assert none + single + double < 0.8 <= none + single + double + 8 / 6 * exp(-2) and second.cover_units == 3


def test_work_of_more_worth_is_done_first() -> None:
    """With a weight of 3 the first units of an hour are worth three each, the rest one; minutes stay minutes."""
    order = small.workload(small.task("a", fixed=30), small.task("b", fixed=30))
    (cell, *_) = needs_estimate(NeedsOrder(order, ONE, {"b": 3}), shapes_shipped(), PLAIN).field.cells
    assert cell.covered == pytest.approx((0, 30, 60)) and cell.worth == pytest.approx((0, 90, 120))


def test_walking_and_pauses_ask_for_more_people() -> None:
    """Half of the hour is walked between two wards; in a zone of one ward nobody walks."""
    wards = (WardFacts("A"), WardFacts("B"))
    order = small.workload(small.task("round", fixed=60), wards=wards)
    apart = needs_estimate(NeedsOrder(order, (Zone("A", ("A",)), Zone("B", ("B",)))), shapes_shipped(), PLAIN)
    together = needs_estimate(NeedsOrder(order, (Zone("AB", ("A", "B")),)), shapes_shipped(), PLAIN)
    assert [zone.cover[0][8] for zone in apart.zones] == [1, 1] and apart.whole.cover[0][8] == 2
    assert together.zones[0].cover[0][8] == 4


def test_holidays_are_a_kind_of_day_of_their_own() -> None:
    """2026 has ten holidays and eves on Monday to Friday; what is not done on them asks for nobody there (W-67)."""
    order = small.workload(small.task("round", fixed=30, holidays="none"), year=2026)
    columns = columns_of(order)
    assert [(one.code, one.days_per_year) for one in columns][-1] == ("holiday", 10)
    assert sum(one.days_per_year for one in columns if one.is_working) == 251
    needs = needs_estimate(NeedsOrder(order, ONE), shapes_shipped(), PLAIN)
    by_column = {columns[cell.column].code: cell.minutes for cell in needs.field.cells}
    assert by_column["tue"] == pytest.approx(30) and 0 < by_column["holiday"] < 30  # eves are worked
    assert by_column["sun"] == pytest.approx(30 * 50 / 52)  # two holidays of 2026 are Sundays, Easter and Whitsun


def test_the_nights_of_the_clock_changes_are_nights_like_others() -> None:
    """Work at two in the night is as much on the Sundays of the changes; no day of work reaches it, and it is told."""
    night = small.task("round", fixed=30, window="02:00-03:00")
    needs = needs_estimate(NeedsOrder(small.workload(night, year=2026), ONE), shapes_shipped(), PLAIN)
    assert {(cell.hour, round(cell.minutes, 9)) for cell in needs.field.cells} == {(2, 30.0)}
    plan = cover_plan(needs.field)
    assert len(plan.out_of_reach) == len(needs.field.columns) == 8 and plan.posts.total == 0


def test_one_hour_a_week_is_one_cell() -> None:
    """A single hour on Wednesdays: one cell, one person, and what half an hour more would do is nothing."""
    hour = small.task("round", fixed=30, window="08:00-09:00", rrule="FREQ=WEEKLY;BYDAY=WE")
    (cell,) = needs_estimate(NeedsOrder(small.workload(hour), ONE), shapes_shipped(), PLAIN).field.cells
    assert (cell.column, cell.hour, cell.cover_units, cell.covered) == (2, 8, 1, (0.0, 30.0))


def test_no_work_needs_nobody() -> None:
    """No task, no ward's patients: no cell, and every grid is empty."""
    order = small.workload(small.task("meals", Driver.MEAL, each=3))
    needs = needs_estimate(NeedsOrder(order, ONE), shapes_shipped())
    assert needs.field.cells == () and not any(map(any, needs.whole.cover))


@settings(max_examples=8, deadline=None)
@given(orders(year=2026), st.sampled_from(["low", "typical", "high"]), st.floats(0.5, 0.97))
def test_the_judge_counts_the_same_needs(order: WorkloadOrder, level: str, service: float) -> None:
    """By the dates of a year, minute by minute, and by another way to sum what comes when it comes."""
    asked = NeedsOrder(order, (Zone("Z", ("A", "B")),), level=level)
    params = PostsParams(service_level=service)
    needs = needs_estimate(asked, shapes_shipped(), params)
    assert needs_faults(needs, asked, params) == ()
    cells = tuple(replace(cell, minutes=cell.minutes + 1) for cell in needs.field.cells)
    wrong = replace(needs, field=replace(needs.field, cells=cells))
    assert not needs.field.cells or needs_faults(wrong, asked, params)


@settings(max_examples=15, deadline=None)
@given(orders() | orders(year=2026))
def test_needs_add_up_to_the_workload(order: WorkloadOrder) -> None:
    """Not a minute more or less than the workload's page has, however wards are put together."""
    expected = pytest.approx(workload_estimate(order).minutes.typical, rel=1e-6, abs=1e-3)
    assert (
        total(needs_estimate(NeedsOrder(order, (Zone("A", ("A",)), Zone("B", ("B",)))), shapes_shipped())) == expected
    )
    needs = needs_estimate(NeedsOrder(order, (Zone("Z", ("A", "B")),)), shapes_shipped())
    assert total(needs) == expected
    assert all(
        more - less <= before + 1e-9
        for cell in needs.field.cells
        for before, less, more in zip(
            (cell.worth[1], *(b - a for a, b in zip(cell.worth[1:], cell.worth[2:], strict=False))),
            cell.worth[1:],
            cell.worth[2:],
            strict=False,
        )
    )


def test_an_hour_is_the_sum_of_its_parts() -> None:
    """What an hour is made of adds up to it, planned and arriving apart."""
    ward = WardFacts("A", discharges=(2.0,) * 7)
    cleans = small.task("clean", Driver.DISCHARGE, each=30, window="08:00-10:00")
    order = NeedsOrder(small.workload(small.task("round", fixed=20), cleans, wards=(ward,), year=2026), ONE)
    (cell, *_) = needs_estimate(order, shapes_shipped()).field.cells
    parts = hour_parts(order, cell.column, cell.hour)
    assert [(part.task.code, part.arrivals) for part in parts] == [("clean", pytest.approx(1)), ("round", None)]
    assert sum(part.typical for part in parts) == pytest.approx(cell.minutes)
    assert [(part.low, part.high) for part in parts] == [pytest.approx((15, 45)), pytest.approx((10, 30))]
    assert hour_parts(order, cell.column, 3) == ()


def test_every_number_has_its_source() -> None:
    """What nobody has measured is said to be so."""
    assert post_numbers()["service_level"].evidence.confidence == "unverified"
    assert shapes_evidence().confidence == "design" and len(shapes_shipped()) == 6
