"""Temperatures are read, and food that is held hot or cools is followed; outside needs an action (F-40..F-45)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.meals.choices import CourseResult, TemperatureAction, TemperatureKind
from vardnara.apps.meals.models import FoodCourse, Kitchen, TemperaturePoint, TemperatureReading
from vardnara.apps.meals.queries.temperatures import IN_COURSES, course_row, limits_of, point_one
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.food_temperatures import temperature_limits

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WRITERS = (Role.KITCHEN, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
TAKERS = (Role.KITCHEN, Role.WARD_STAFF, Role.SERVICE_WORKER)
LOWEST, HIGHEST = Decimal(-60), Decimal(150)


@dataclass(frozen=True, slots=True)
class Action:
    """What was done about a temperature outside its limits."""

    code: str = ""
    text: str = ""

    def check(self, *, needed: bool) -> None:
        """Raise ``action_missing`` where one is needed, ``action_says_nothing``, ``unknown_action``."""
        if self.code not in ("", *TemperatureAction.values):
            raise RuleBroken("unknown_action", self.code)
        if needed and not self.code:
            raise RuleBroken("action_missing")
        if self.code == TemperatureAction.OTHER and not self.text.strip():
            raise RuleBroken("action_says_nothing")


@transaction.atomic
def point_add(
    *,
    place: str,
    kind: str,
    name: str,
    actor: User,
    at: datetime,
    low: Decimal | None = None,
    high: Decimal | None = None,
    daily: bool = True,
) -> TemperaturePoint:
    """A new point of a kitchen (``kitchen:ID``) or of a ward's kitchen (``ward:ID``).

    Raises ``wrong_role``, ``out_of_scope``, ``unknown_kitchen``, ``unknown_temperature_kind``, ``point_unnamed``,
    ``point_named_twice``, ``limit_wider``: a point may be held to less than its kind, never to more.
    """
    role_require(actor, WRITERS)
    where, _, text = place.partition(":")
    number = int(text) if text.isdecimal() and len(text) < 18 else 0
    if where == "ward":
        ward_require(actor, number)
    elif not Kitchen.objects.filter(pk=number, hospital__in=user_reach(actor).hospital_ids).exists():
        raise RuleBroken("unknown_kitchen", place)
    if kind not in TemperatureKind.values:
        raise RuleBroken("unknown_temperature_kind", kind)
    if not name.strip():
        raise RuleBroken("point_unnamed")
    limit = temperature_limits()[kind]
    if (low is not None and limit.low is not None and low < limit.low) or (
        high is not None and limit.high is not None and high > limit.high
    ):
        raise RuleBroken("limit_wider", kind)
    owner = {"ward_id": number} if where == "ward" else {"kitchen_id": number}
    if TemperaturePoint.objects.filter(**owner, name=name.strip(), closed_at__isnull=True).exists():
        raise RuleBroken("point_named_twice", name)
    return TemperaturePoint.objects.create(
        **owner, kind=kind, name=name.strip(), low=low, high=high, daily=daily, made_at=at, made_by=actor
    )


@transaction.atomic
def point_close(*, point_id: int, actor: User, at: datetime) -> None:
    """A point is not read any more; its readings stay. Raises ``wrong_role``, ``unknown_point``."""
    role_require(actor, WRITERS)
    point = point_one(actor=actor, point_id=point_id)
    TemperaturePoint.objects.filter(pk=point.pk, closed_at__isnull=True).update(closed_at=at)


@transaction.atomic
def reading_add(
    *,
    point_id: int,
    celsius: Decimal,
    actor: User,
    at: datetime,
    what: str = "",
    action: Action = Action(),
    course_id: int | None = None,
    command: UUID | None = None,
) -> TemperatureReading:
    """Write down a temperature; outside its limits only with what was done about it.

    Raises ``wrong_role``, ``unknown_point``, ``point_closed``, ``celsius_impossible``, ``action_missing``,
    ``action_says_nothing``, ``unknown_action``, ``unknown_course``. The same ``command`` once more is the same reading.
    """
    role_require(actor, TAKERS)
    point = point_one(actor=actor, point_id=point_id)
    if command is not None and (before := TemperatureReading.objects.filter(command=command).first()) is not None:
        return before
    if point.closed_at is not None:
        raise RuleBroken("point_closed", str(point_id))
    if not LOWEST <= celsius <= HIGHEST:
        raise RuleBroken("celsius_impossible", str(celsius))
    course = None
    if course_id is not None:
        course = FoodCourse.objects.select_for_update().filter(pk=course_id, point=point, ended_at=None).first()
        if course is None:
            raise RuleBroken("unknown_course", str(course_id))
    low, high = limits_of(point)
    if course is not None and point.kind == TemperatureKind.COOLING:
        low = high = None  # food that cools is judged when its time is over
    outside = (low is not None and celsius < low) or (high is not None and celsius > high)
    action.check(needed=outside)
    return TemperatureReading.objects.create(
        point=point, course=course, celsius=celsius, low=low, high=high, what=what.strip()[:120], at=at, by=actor,
        action=action.code if outside else "", action_text=action.text.strip()[:300] if outside else "",
        command=command,
    )  # fmt: skip


@transaction.atomic
def course_begin(*, point_id: int, what: str, cooked_at: datetime, actor: User, at: datetime) -> FoodCourse:
    """Food is held hot or begins to cool. Raises ``wrong_role``, ``unknown_point``, ``no_course_here``,
    ``course_unnamed``, ``course_in_future``.
    """
    role_require(actor, TAKERS)
    point = point_one(actor=actor, point_id=point_id)
    if point.kind not in IN_COURSES or point.closed_at is not None:
        raise RuleBroken("no_course_here", point.kind)
    if not what.strip():
        raise RuleBroken("course_unnamed")
    if cooked_at > at:
        raise RuleBroken("course_in_future")
    return FoodCourse.objects.create(point=point, what=what.strip()[:120], at=cooked_at, by=actor)


@transaction.atomic
def course_end(*, course_id: int, actor: User, at: datetime, action: Action = Action()) -> FoodCourse:
    """The food is served, put away or thrown away: what its temperatures meant is written.

    Raises ``wrong_role``, ``unknown_course``, ``course_goes_on`` while food may still cool in time, and
    ``action_missing`` where it must be reheated or thrown away.
    """
    role_require(actor, TAKERS)
    course = FoodCourse.objects.select_for_update().select_related("point").filter(pk=course_id, ended_at=None).first()
    if course is None:
        raise RuleBroken("unknown_course", str(course_id))
    point_one(actor=actor, point_id=course.point_id)
    result = course_row(course, at).result
    if result is None:
        raise RuleBroken("course_goes_on")
    action.check(needed=result in (CourseResult.REHEAT, CourseResult.DISCARD))
    course.ended_at, course.ended_by, course.result = at, actor, result
    course.action, course.action_text = action.code, action.text.strip()[:300]
    course.save(update_fields=["ended_at", "ended_by", "result", "action", "action_text"])
    return course
