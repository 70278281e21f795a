"""What another day would be: without somebody, with somebody besides; beside the day as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from vardnara.apps.staffing.models import Person, ShiftKind
from vardnara.apps.staffing.queries.day_plan_part import DayPart
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions, DayRows, day_rows
from vardnara.apps.staffing.queries.day_plans import HeldPlan
from vardnara.apps.staffing.queries.roster_reach import groups_in_reach
from vardnara.engines.dispatch import DispatchParams, Plan, plan_keep, replan, replan_part
from vardnara.engines.dispatch.difference import Difference, plan_difference

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WORK_ANEW = 400  # rounds where a plan holds: about a second for sixty people and nine hundred tasks


@dataclass(frozen=True)
class OtherDay:
    """The day as it would be, beside the day as it is; ``before`` holds what is done already of the plan that holds."""

    now: DayRows
    before: Plan
    rows: DayRows
    plan: Plan
    difference: Difference


def day_anew(*, held: HeldPlan, options: DayOptions, at: datetime, part: DayPart) -> tuple[DayRows, Plan]:
    """The day as it is now, planned from the plan that holds: all of it, or a part. The caller answers for scope.

    Raises ``day_is_over``.
    """
    params = DispatchParams(iterations=WORK_ANEW, seed=held.row.seed)
    rows = day_rows(hospital_id=part.hospital_id, on=held.row.on, at=at, options=options, params=params)
    if part.is_whole:
        return rows, replan(rows.day, held.plan)
    return rows, replan_part(rows.day, held.plan, workers=part.crew(rows.day), places=part.places)


def day_as_chosen(*, part: DayPart, on: date, at: datetime, options: DayOptions, held: HeldPlan) -> OtherDay:
    """The day as it is now with other people in it, planned from the plan that holds; nothing is kept.

    The caller answers for scope. Raises ``day_is_over``.
    """
    params = DispatchParams(iterations=WORK_ANEW, seed=held.row.seed)
    now = day_rows(hospital_id=part.hospital_id, on=on, at=at, options=held.options, params=params)
    rows, plan = day_anew(held=held, options=options, at=at, part=part)
    before = plan_keep(now.day, held.plan)
    return OtherDay(now, before, rows, plan, plan_difference(rows.day, before, plan))


def day_choices(
    *, actor: User, part: DayPart, on: date, at: datetime, held: HeldPlan
) -> tuple[list[tuple[str, str]], list[tuple[int, str]], list[tuple[int, str]]]:
    """Who is there or was taken out, who could come besides, and the kinds of shift: the actor's own."""
    everybody = day_rows(hospital_id=part.hospital_id, on=on, at=at, options=DayOptions(added=held.options.added))
    own = [(code, who.name) for code, who in everybody.workers.items() if part.may_choose(code)]
    there = {who.person_id for who in everybody.workers.values()}
    people = Person.objects.filter(hospital=part.hospital_id).exclude(pk__in=there - {None})
    kinds = ShiftKind.objects.filter(group__hospital=part.hospital_id, ended_at__isnull=True)
    if part.person_ids is not None:
        people = people.filter(pk__in=part.person_ids)
        kinds = kinds.filter(group__in=groups_in_reach(actor=actor))
    named = [
        (row.pk, f"{row.name} {_clock(row.start)}–{_clock(row.end)}") for row in kinds.order_by("start", "name", "pk")
    ]
    workers = sorted(own, key=lambda one: (one[1], one[0]))
    return workers, list(people.order_by("name", "pk").values_list("pk", "name")), named


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
