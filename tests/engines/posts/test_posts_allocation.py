"""The best that N posts can do: by hand, by trying everything, by the judge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import posts as small

from vardnara.engines.posts import (
    Column,
    Field,
    Manned,
    NeedsOrder,
    Posts,
    PostsParams,
    Shape,
    Zone,
    allocation_curve,
    cover_plan,
    needs_estimate,
    posts_allocate,
    shapes_shipped,
)
from vardnara.engines.posts.check import allocation_faults, cover_faults
from vardnara.engines.posts.explain import cover_text, ordinal, step_text
from vardnara.engines.posts.figures import covered_by_zone, part_of, uncovered_by_column, uncovered_by_hour
from vardnara.engines.posts.reference import worth_most
from vardnara.kernel.errors import NoSolution
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.working_time import gross_hours, relief_factor, working_time


def test_the_factors_of_the_field() -> None:
    """W-65 to W-68: 1,994.5 gross hours; 1.70 posts behind a 7-day station, 1.22 behind one of Monday to Friday."""
    assert gross_hours(working_time("weekly_minutes_all_days")) == pytest.approx(1994.5, abs=0.1)
    assert relief_factor(7.65, 365) == pytest.approx(1.70, abs=0.005)
    assert relief_factor(8, 251) == pytest.approx(1.22, abs=0.005)
    params = PostsParams()
    assert params.presence_all_days == pytest.approx(1645 / 1994.5, abs=1e-4)
    assert params.days_all_days == pytest.approx(19 / 28 * 365 * 0.8248, abs=0.1)  # W-34: some 204 days of 8.05 h
    assert params.days_weekdays(251) == pytest.approx(1645 / 8, abs=0.1)


def test_a_station_manned_every_day_takes_what_the_rules_say() -> None:
    """Eight hours every day are 2,920 hours, 1.78 posts by hours; weekends in turn ask for 2.4, so three."""
    needs = needs_estimate(
        NeedsOrder(
            small.workload(small.task("watch", fixed=230, window="08:00-16:30"), year=2026), (Zone("A", ("A",)),)
        ),
        (small.WHOLE,),
        PostsParams(pause_share=0),
    )
    plan = cover_plan(needs.field)
    assert plan.hours_per_year == 365 * 8 and plan.limits.hours == pytest.approx(2920 / 1645)
    assert plan.limits.weekends == pytest.approx(1 / (0.5 * 1645 / gross_hours(2295)))
    assert plan.posts == Posts(0, 3) and cover_faults(plan, needs.field) == ()
    assert "3 posts" in cover_text(needs.field, plan) and "weekends and holidays ask for 2.4" in cover_text(
        needs.field, plan
    )
    weekdays = posts_allocate(needs.field, 2)
    assert {needs.field.columns[one.column].code for one in weekdays.manned} == {"mon", "tue", "wed", "thu", "fri"}
    assert weekdays.posts == Posts(2, 0)


def test_no_posts_and_no_work() -> None:
    """0 posts cover nothing, posts without work work nothing, and neither is a fault."""
    field = Field(small.COLUMNS, ("z",), (small.WHOLE,), 30, (small.cell_of(0, 0, 9, [20, 10]),))
    none = posts_allocate(field, 0, small.EASY)
    assert (none.covered, none.manned, none.status) == (0, (), "optimal") and none.uncovered > 0
    empty = replace(field, cells=())
    assert posts_allocate(empty, 3).manned == () and allocation_faults(posts_allocate(empty, 3), empty) == ()
    assert cover_plan(empty).posts == Posts(0, 0) and cover_text(empty, cover_plan(empty)) == "no hour needs anybody"
    with pytest.raises(NoSolution):
        posts_allocate(field, 0, small.EASY, keep=(Manned(0, 0, 0, 1),))


def test_fewer_people_with_longer_days_go_before_fewer_hours() -> None:
    """Two short days are fewer hours and two people: with two posts for two zones each gets one long day instead."""
    short = small.shape("s", "13:00-16:00")
    cells = tuple(small.cell_of(zone, 0, hour, [30], cover=1) for zone in (0, 1) for hour in (9, 14))
    field = Field((Column("mon", 150, True),), ("y", "z"), (small.MORNING, short, small.WHOLE), 30, cells)
    plan, cover = posts_allocate(field, 2, small.EASY), cover_plan(field, small.EASY)
    assert plan.manned == cover.manned == (Manned(0, 0, 2, 1), Manned(1, 0, 2, 1)) and plan.covered == pytest.approx(
        120 * 7
    )
    assert cover.posts.total == 2 and cover_faults(cover, field, small.EASY) == ()


def test_the_steps_keep_what_was_there() -> None:
    """The best day for one post is in the way of the best two: laid out anew they cover more than step by step."""
    early, late = small.shape("a", "07:00-11:30"), small.shape("b", "11:30-18:00", "14:00-14:30")
    cells = tuple(small.cell_of(0, 0, hour, [30, 30]) for hour in range(7, 18))
    field = Field((Column("mon", 200, True),), ("z",), (small.WHOLE, early, late), 30, cells)
    _, one, two = allocation_curve(field, 2, small.EASY)
    assert one.free.manned == one.step.manned == (Manned(0, 0, 0, 1),)
    assert two.free.manned == (Manned(0, 0, 1, 1), Manned(0, 0, 2, 1)) and two.free.covered == pytest.approx(630 * 7)
    assert two.step.manned == (Manned(0, 0, 0, 1), Manned(0, 0, 2, 1)) and two.step.covered == pytest.approx(600 * 7)


def test_hours_that_no_day_of_work_reaches_are_named() -> None:
    """Work at nine in the evening is nobody's where days end at half past four, and the plan says so."""
    field = Field(small.COLUMNS, ("z",), (small.WHOLE,), 30, (small.cell_of(0, 1, 21, [30], cover=1),))
    assert cover_plan(field).out_of_reach == ((0, 1, 21),) and posts_allocate(field, 5, small.EASY).covered == 0
    assert uncovered_by_hour(field, posts_allocate(field, 5, small.EASY))[21] > 0


def test_a_step_is_told_in_a_sentence() -> None:
    """How much, which part of the week, and where."""
    cells = tuple(small.cell_of(0, 0, hour, [30, 30]) for hour in range(8, 16))
    field = Field(small.COLUMNS, ("K1",), (small.WHOLE,), 30, cells)
    before, after = (posts_allocate(field, n, small.EASY) for n in (0, 2))
    assert (
        step_text(field, before, after)
        == "the 2nd post buys 36.0 h a week, mostly the middle of weekdays, on K1 (36.0 h)"
    )
    parts = [
        part_of(column, hour) for column, hour in ((small.COLUMNS[0], 6), (small.COLUMNS[1], 17), (small.COLUMNS[0], 3))
    ]
    assert parts == ["weekday_morning", "weekend_evening", "weekday_night"]
    assert [ordinal(n) for n in (1, 3, 11, 12, 21, 112)] == ["1st", "3rd", "11th", "12th", "21st", "112th"]
    assert covered_by_zone(field, after)[0][0] == pytest.approx(after.covered)
    assert uncovered_by_column(field, after) == pytest.approx({"mon": 30 * 250 * 7 / 365, "sun": 0})  # the break


@pytest.mark.parametrize(
    ("window", "breaks"),
    [
        ("07:00-16:00", ["13:00-13:30"]),
        ("06:00-20:50", ["10:50-11:00", "15:50-16:00"]),
        ("08:00-16:00", []),
        ("22:00-06:00", []),
        ("08:00-16:00", ["15:00-17:00"]),
        ("06:00-21:00", ["10:00-10:30", "15:00-15:30"]),
    ],
)
def test_an_unlawful_day_of_work_is_none(window: str, breaks: list[str]) -> None:
    """More than five hours in a row (W-06), over midnight, a break outside, more than thirteen hours (W-22)."""
    with pytest.raises(ValueError, match=r"minutes of work|midnight|in order"):
        Shape("x", TimeWindow.parse(window), tuple(map(TimeWindow.parse, breaks)))


@settings(max_examples=12, deadline=None)
@given(small.fields(n_zones=1, shapes=(small.MORNING, small.WHOLE)), st.integers(0, 3), st.sampled_from([0.5, 1.0]))
def test_nothing_that_can_be_tried_is_better(field: Field, n_posts: int, weekend_share: float) -> None:
    """On a field that is small enough to try everything, the best is the best, and so is its bound."""
    params = PostsParams(weekend_share=weekend_share)
    plan = posts_allocate(field, n_posts, params)
    assert plan.worth == pytest.approx(worth_most(field, n_posts, params, most=3), abs=1e-6)
    assert plan.status == "optimal" and plan.bound == pytest.approx(plan.worth, abs=1e-3)


@settings(max_examples=15, deadline=None)
@given(small.fields(), st.sampled_from([small.EASY, PostsParams()]))
def test_the_curve_rises_and_the_free_plan_is_never_below_the_steps(field: Field, params: PostsParams) -> None:
    """Whatever the optimiser returns the judge accepts; more posts never cover less; the same twice."""
    points = list(allocation_curve(field, 4, params))
    kept: tuple[Manned, ...] = ()
    for point in points:
        assert allocation_faults(point.free, field, params) == ()
        assert allocation_faults(point.step, field, params, keep=kept) == ()
        assert point.free.covered >= point.step.covered - 1e-6
        kept = point.step.manned
    for kind in ("free", "step"):
        covered = [getattr(point, kind).covered for point in points]
        assert covered == sorted(covered)
    assert list(allocation_curve(field, 4, params)) == points
    cover = cover_plan(field, params)
    assert cover_faults(cover, field, params) == ()


def test_the_judge_sees_each_wrong_figure_and_each_broken_rule() -> None:
    """A plan that is touched anywhere is refused."""
    cells = (small.cell_of(0, 0, 9, [30, 20], cover=2), small.cell_of(0, 1, 9, [30], cover=1))
    field = Field(small.COLUMNS, ("z",), (small.WHOLE,), 30, cells)
    plan = posts_allocate(field, 3, small.EASY)
    assert allocation_faults(plan, field, small.EASY) == ()
    crowd = (Manned(0, 0, 0, 9), Manned(0, 1, 0, 9))
    for touched in (
        {"covered": plan.covered + 1}, {"worth": 0.0}, {"uncovered": 9.0}, {"hours": 1.0}, {"units": (0, 0)},
        {"bound": plan.worth - 1}, {"bound": plan.worth + 1}, {"posts": Posts(9, 0)}, {"posts": Posts(3, 0)},
        {"manned": crowd}, {"manned": plan.manned + plan.manned},
    ):  # fmt: skip
        assert allocation_faults(replace(plan, **touched), field, small.EASY), touched
    assert allocation_faults(plan, field, small.EASY, keep=(Manned(0, 0, 0, 8),))
    cover = cover_plan(field, small.EASY)
    assert cover_faults(replace(cover, manned=()), field, small.EASY)
    assert cover_faults(replace(cover, bound_posts=0), field, small.EASY)


def test_the_shipped_days_are_lawful() -> None:
    """They load, they end by nine in the evening, and each hour of theirs is in whole half hours."""
    assert max(shape.window.end_minutes for shape in shapes_shipped()) == 21 * 60
