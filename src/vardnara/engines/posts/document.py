"""Needs, covers and plans as plain tables and numbers: what the command prints and what a page keeps."""

from __future__ import annotations

from typing import Any

from vardnara.engines.posts.data import Field
from vardnara.engines.posts.figures import (
    bought,
    by_part,
    by_zone,
    covered_by_zone,
    uncovered_by_column,
    uncovered_by_hour,
    uncovered_grid,
)
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import Allocation, CoverPlan, CurvePoint, Manned, Needs

DIGITS = 3  # of minutes and hours: no figure is that exact, but sums shall agree


def _round(value: float) -> float:
    return round(value, DIGITS) + 0.0  # no minus nought


def needs_rows(needs: Needs) -> list[dict[str, Any]]:
    """Each hour with work: zone, day, hour, mean minutes with what the norms' intervals make of them, and people."""
    return [
        {
            "zone": zone.code,
            "day": column.code,
            "hour": hour,
            "minutes": {name: _round(getattr(zone, name)[index][hour]) for name in ("low", "typical", "high")},
            "people": _round(zone.cover[index][hour]),
        }
        for zone in needs.zones
        for index, column in enumerate(needs.field.columns)
        for hour in range(24)
        if zone.typical[index][hour]
    ]


def cover_row(found: Field, plan: CoverPlan) -> dict[str, Any]:
    """Posts that the covers need, and what asks for them."""
    return {
        "posts": plan.posts.total,
        "weekday_posts": plan.posts.weekdays,
        "all_day_posts": plan.posts.all_days,
        "hours_per_year": _round(plan.hours_per_year),
        "weekday_hours_per_year": _round(plan.weekday_hours_per_year),
        "asked_by": {name: _round(getattr(plan.limits, name)) for name in ("hours", "days", "heads", "weekends")},
        "status": plan.status,
        "bound_posts": plan.bound_posts,
        "out_of_reach": [
            {"zone": found.zones[zone], "day": found.columns[column].code, "hour": hour}
            for zone, column, hour in plan.out_of_reach
        ],
        "shifts": shift_rows(found, plan.manned),
    }


def shift_rows(found: Field, manned: tuple[Manned, ...]) -> list[dict[str, Any]]:
    """People by zone, kind of day and day of work."""
    return [
        {
            "zone": found.zones[one.zone],
            "day": found.columns[one.column].code,
            "shape": found.shapes[one.shape].code,
            "window": str(found.shapes[one.shape].window),
            "people": one.n,
        }
        for one in sorted(manned, key=lambda one: (one.zone, one.column, one.shape))
    ]


def plan_row(found: Field, plan: Allocation, params: PostsParams) -> dict[str, Any]:
    """What N posts do, in minutes of an average week."""
    return {
        "posts": plan.n_posts,
        "weekday_posts": plan.posts.weekdays,
        "all_day_posts": plan.posts.all_days,
        "hours_per_week": _round(plan.hours),
        "covered_minutes": _round(plan.covered),
        "uncovered_minutes": _round(plan.uncovered),
        "care_minutes_released": _round(plan.covered * params.care_minutes_per_minute),
        "care_minutes_left": _round(plan.uncovered * params.care_minutes_per_minute),
        "worth": _round(plan.worth),
        "bound": _round(plan.bound),
        "status": plan.status,
        "zones": {
            zone: {"covered_minutes": _round(done), "uncovered_minutes": _round(left)}
            for zone, (done, left) in zip(found.zones, covered_by_zone(found, plan), strict=True)
        },
        "uncovered_by_hour": [_round(minutes) for minutes in uncovered_by_hour(found, plan)],
        "uncovered_by_day": {code: _round(minutes) for code, minutes in uncovered_by_column(found, plan).items()},
        "uncovered": [[_round(minutes) for minutes in row] for row in uncovered_grid(found, plan)],
        "shifts": shift_rows(found, plan.manned),
    }


def point_row(found: Field, before: CurvePoint | None, point: CurvePoint, params: PostsParams) -> dict[str, Any]:
    """A point of the curve: the plan laid out anew, and the one that keeps what was before, with what it buys."""
    rows = bought(found, before.step, point.step) if before else ()
    free = plan_row(found, point.free, params)
    step = plan_row(found, point.step, params)
    free["marginal_minutes"] = _round(point.free.covered - before.free.covered) if before else 0.0
    step["marginal_minutes"] = _round(point.step.covered - before.step.covered) if before else 0.0
    step["buys"] = {
        "parts": [{"part": part, "minutes": _round(minutes)} for part, minutes in by_part(rows)],
        "zones": [{"zone": found.zones[zone], "minutes": _round(minutes)} for zone, minutes in by_zone(rows)],
    }
    return {**free, "step": step}
