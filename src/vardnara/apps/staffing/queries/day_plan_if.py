"""What another day would be: without somebody, with somebody besides; beside the day as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vardnara.apps.staffing.models import Person, ShiftKind
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions, DayRows, day_rows
from vardnara.apps.staffing.queries.day_plans import HeldPlan
from vardnara.engines.dispatch import DispatchParams, Plan, plan_keep, replan
from vardnara.engines.dispatch.difference import Difference, plan_difference

WORK_ANEW = 400  # rounds where a plan holds: about a second for sixty people and nine hundred tasks


@dataclass(frozen=True)
class OtherDay:
    """The day as it would be, beside the day as it is; ``before`` holds what is done already of the plan that holds."""

    now: DayRows
    before: Plan
    rows: DayRows
    plan: Plan
    difference: Difference


def day_as_chosen(*, hospital_id: int, on: date, at: datetime, options: DayOptions, held: HeldPlan) -> OtherDay:
    """The day as it is now with other people in it, planned from the plan that holds; nothing is kept.

    The caller answers for scope. Raises ``day_is_over``.
    """
    params = DispatchParams(iterations=WORK_ANEW, seed=held.row.seed)
    now = day_rows(hospital_id=hospital_id, on=on, at=at, options=held.options, params=params)
    rows = day_rows(hospital_id=hospital_id, on=on, at=at, options=options, params=params)
    before, plan = plan_keep(now.day, held.plan), replan(rows.day, held.plan)
    return OtherDay(now, before, rows, plan, plan_difference(rows.day, before, plan))


def day_choices(
    *, hospital_id: int, on: date, at: datetime, held: HeldPlan
) -> tuple[list[tuple[str, str]], list[tuple[int, str]], list[tuple[int, str]]]:
    """Who is there or was taken out, who could come besides, and the kinds of shift; the caller answers for scope."""
    everybody = day_rows(hospital_id=hospital_id, on=on, at=at, options=DayOptions(added=held.options.added))
    workers = sorted(((code, who.name) for code, who in everybody.workers.items()), key=lambda one: (one[1], one[0]))
    there = {who.person_id for who in everybody.workers.values()}
    people = Person.objects.filter(hospital=hospital_id).exclude(pk__in=there - {None}).order_by("name", "pk")
    kinds = ShiftKind.objects.filter(group__hospital=hospital_id, ended_at__isnull=True).order_by("start", "name", "pk")
    named = [(row.pk, f"{row.name} {_clock(row.start)}–{_clock(row.end)}") for row in kinds]
    return workers, list(people.values_list("pk", "name")), named


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
