"""Temperatures of food for those who read them and for the inspector: points, what is missing today, the journal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.hospital.queries.place_page import ward_list
from vardnara.apps.meals.choices import CourseResult, TemperatureKind
from vardnara.apps.meals.models import FoodCourse, Kitchen, TemperaturePoint, TemperatureReading
from vardnara.apps.meals.queries.food_course import Measured, cooling, hot_holding
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import day_bounds, local_date
from vardnara.parameters.food_temperatures import temperature_limits

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

KITCHEN_ROLES = (Role.KITCHEN, Role.SERVICE_HEAD, Role.ADMINISTRATOR, Role.AUDITOR)
WARD_ROLES = (Role.WARD_STAFF, Role.SERVICE_WORKER, Role.COORDINATOR)
READERS = (*KITCHEN_ROLES, *WARD_ROLES)
IN_COURSES = (TemperatureKind.HOT_HOLDING, TemperatureKind.COOLING)
JOURNAL_MOST = 5000


@dataclass(frozen=True, slots=True)
class CourseRow:
    """Food that is held hot or cooled now, and what that means for it; None while it may still cool in time."""

    course: FoodCourse
    readings: tuple[TemperatureReading, ...]
    result: CourseResult | None


@dataclass(frozen=True, slots=True)
class PointRow:
    """A point, where it is, its limits, and its last reading. ``missing`` where it should be read today and was not."""

    point: TemperaturePoint
    place: str
    low: Decimal | None
    high: Decimal | None
    last: TemperatureReading | None
    missing: bool


def limits_of(point: TemperaturePoint) -> tuple[Decimal | None, Decimal | None]:
    """What a point is held to: its own limits where they are narrower than those of its kind."""
    kind = temperature_limits()[point.kind]
    low = max((one for one in (kind.low, point.low) if one is not None), default=None)
    high = min((one for one in (kind.high, point.high) if one is not None), default=None)
    return low, high


def points_in_reach(actor: User) -> QuerySet[TemperaturePoint]:
    """Points of the wards that an actor reaches, and of the kitchens for whoever works with them."""
    role_require(actor, READERS)
    seen = Q(ward__in=ward_ids_in_reach(actor=actor))
    if actor.role in KITCHEN_ROLES:
        seen |= Q(kitchen__hospital__in=user_reach(actor).hospital_ids)
    return TemperaturePoint.objects.filter(seen).select_related("kitchen", "ward")


def point_one(*, actor: User, point_id: int) -> TemperaturePoint:
    """A point; raises ``unknown_point``."""
    point = points_in_reach(actor).filter(pk=point_id).first()
    if point is None:
        raise RuleBroken("unknown_point", str(point_id))
    return point


def place_of(point: TemperaturePoint) -> str:
    """The kitchen or ward of a point, by name."""
    place = point.kitchen or point.ward
    assert place is not None
    return str(place.name)


def points(*, actor: User, at: datetime) -> list[PointRow]:
    """The points in use, what is missing today first."""
    rows = list(points_in_reach(actor).filter(closed_at__isnull=True))
    last: dict[int, TemperatureReading] = {}
    readings = TemperatureReading.objects.filter(point__in=rows).order_by("point", "-at").distinct("point")
    for reading in readings:
        last[reading.point_id] = reading
    start, end = day_bounds(local_date(at))
    made = []
    for point in rows:
        low, high = limits_of(point)
        read = last.get(point.pk)
        missing = point.daily and not (read is not None and start <= read.at < end)
        made.append(PointRow(point, place_of(point), low, high, read, missing))
    return sorted(made, key=lambda row: (not row.missing, row.place, row.point.name))


def places(*, actor: User) -> list[tuple[str, str]]:
    """Kitchens and wards where the actor may add a point: value and name."""
    wards = [(f"ward:{ward.id}", ward.name) for ward in ward_list(actor=actor, confirmed=True)]
    if actor.role not in KITCHEN_ROLES:
        return wards
    kitchens = Kitchen.objects.filter(hospital__in=user_reach(actor).hospital_ids, closed_on__isnull=True)
    return [(f"kitchen:{row.pk}", row.name) for row in kitchens.order_by("name")] + wards


def courses(*, point: TemperaturePoint, at: datetime) -> list[CourseRow]:
    """Food that is held hot or cooled at a point now."""
    rows = FoodCourse.objects.filter(point=point, ended_at__isnull=True).prefetch_related("readings").order_by("at")
    return [course_row(row, at) for row in rows]


def course_row(course: FoodCourse, at: datetime) -> CourseRow:
    """Food with its readings, and what they mean at an instant."""
    readings = tuple(sorted(course.readings.all(), key=lambda one: one.at))
    measured = [Measured(one.at, one.celsius) for one in readings]
    judge = hot_holding if course.point.kind == TemperatureKind.HOT_HOLDING else cooling
    return CourseRow(course, readings, judge(course.at, measured, at))


def point_readings(*, point: TemperaturePoint, limit: int = 20) -> list[TemperatureReading]:
    """The last readings of a point."""
    return list(point.readings.select_related("by", "course").order_by("-at")[:limit])


def journal(*, actor: User, from_on: date, to_on: date, only: Collection[int] = ()) -> list[TemperatureReading]:
    """Every reading of some days, the newest first, for the inspector; ``only`` some points."""
    rows = TemperatureReading.objects.filter(
        point__in=points_in_reach(actor), at__gte=day_bounds(from_on)[0], at__lt=day_bounds(to_on)[1]
    )
    if only:
        rows = rows.filter(point__in=list(only))
    return list(
        rows.select_related("point__kitchen", "point__ward", "by", "course").order_by("-at", "-pk")[:JOURNAL_MOST]
    )
