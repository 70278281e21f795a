"""Plans of a day: asked for, made by a worker, told how far they are, stopped, chosen, and followed through the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from procrastinate.contrib.django import app

from vardnara.apps.hospital.queries.wards_now import hospital_ids
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.queries.dispatch import dispatch_changed_at, dispatch_laid_out
from vardnara.apps.staffing.choices import UNDER_WAY, PlanCause, RunState
from vardnara.apps.staffing.models import DispatchPlan, Leave, RosterChange, RosterShift
from vardnara.apps.staffing.queries.day_plan_if import WORK_ANEW
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions, DayRows, day_rows
from vardnara.apps.staffing.queries.day_plans import (
    HeldPlan,
    basis_row,
    day_hospital,
    options_read,
    options_row,
    plan_held,
)
from vardnara.engines.dispatch import DispatchParams, Plan, plan_day, plan_greedy, replan
from vardnara.engines.dispatch.document import figures_row, plan_row
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

JOB = "staffing.day_plan"
SILENCE = timedelta(minutes=5)  # a plan tells of itself every second: one that does not has no worker any more
EVERY = timedelta(seconds=1)
TOLD_EVERY = timedelta(seconds=5)
WORK, MOST_WORK = 4_000, 200_000  # rounds of the search
MOST_SECONDS = 120  # by the clock, whatever the work
AHEAD = timedelta(days=60)
LOOKED_AT = timedelta(minutes=3)  # what happened before has been looked at in an earlier minute


def plan_ask(
    *, on: date, actor: User, at: datetime, seed: int = 1, work: int = WORK, options: DayOptions | None = None
) -> DispatchPlan:
    """Ask for the plan of a date, today's from now on; one at a time. What was chosen for the day stays.

    Raises ``day_is_over``, ``day_far_ahead``, ``bad_work``, ``day_plan_under_way``.
    """
    hospital_id = day_hospital(actor=actor)
    if on < local_date(at):
        raise RuleBroken("day_is_over", on.isoformat())
    if on > local_date(at) + AHEAD:
        raise RuleBroken("day_far_ahead", on.isoformat())
    if not 1 <= work <= MOST_WORK or seed < 0:
        raise RuleBroken("bad_work", f"{work} {seed}")
    return _ask(hospital_id, on, PlanCause.ASKED, actor, at, seed=seed, work=work, options=options)


def _ask(
    hospital_id: int,
    on: date,
    cause: PlanCause,
    actor: User | None,
    at: datetime,
    *,
    seed: int = 1,
    work: int = WORK,
    options: DayOptions | None = None,
) -> DispatchPlan:
    held = plan_held(hospital_id=hospital_id, on=on)
    chosen = options if options is not None else held.options if held else DayOptions()
    try:
        with transaction.atomic():
            mine = DispatchPlan.objects.filter(hospital=hospital_id, on=on)
            mine.filter(state=RunState.RUNNING, beat_at__lt=at - SILENCE).update(
                state=RunState.FAILED, fault="abandoned", ended_at=at
            )
            row = DispatchPlan.objects.create(
                hospital_id=hospital_id, on=on, cause=cause, asked_by=actor, asked_at=at, seed=seed, work=work,
                options=options_row(chosen),
            )  # fmt: skip
            app.configure_task(JOB).defer(plan_id=row.pk)
            changes_notify(matters=True)
    except IntegrityError as error:
        if "one_under_way" not in str(error):
            raise
        raise RuleBroken("day_plan_under_way", on.isoformat()) from error
    return row


@transaction.atomic
def plan_stop(*, plan_id: int, actor: User, at: datetime) -> None:
    """Stop a search: what it has found becomes the plan; one that has not begun is dropped.

    Raises ``unknown_day_plan``, ``run_ended``.
    """
    row = DispatchPlan.objects.select_for_update().filter(pk=plan_id, hospital=day_hospital(actor=actor)).first()
    if row is None:
        raise RuleBroken("unknown_day_plan", str(plan_id))
    if row.state not in UNDER_WAY:
        raise RuleBroken("run_ended", row.state)
    row.stop_asked = True
    silent = row.beat_at is not None and row.beat_at < at - SILENCE
    if row.state == RunState.WAITING or silent:
        row.state, row.ended_at = RunState.CANCELLED, at
    row.save(update_fields=["stop_asked", "state", "ended_at"])
    changes_notify(matters=True)


def plan_do(*, plan_id: int, clock: Callable[[], datetime]) -> None:
    """Make a plan that waits. The worker's."""
    at = clock()
    waiting = DispatchPlan.objects.filter(pk=plan_id, state=RunState.WAITING)
    if not waiting.update(state=RunState.RUNNING, started_at=at, beat_at=at):
        return
    row = DispatchPlan.objects.get(pk=plan_id)
    try:
        params = DispatchParams(iterations=row.work, seed=row.seed, seconds=MOST_SECONDS)
        rows = day_rows(hospital_id=row.hospital_id, on=row.on, at=at, options=options_read(row.options), params=params)
        found = plan_day(rows.day, asked=_teller(row.pk, clock))
        _keep(row, rows, found, clock())
    except RuleBroken as error:
        _fail(plan_id, error.code, clock())
    except Exception:
        _fail(plan_id, "unexpected", clock())
        raise


def _teller(plan_id: int, clock: Callable[[], datetime]) -> Callable[[float], bool]:
    """Tells of the search each second, and hears whether somebody has stopped it."""
    last = told = clock()
    stopped = False

    def asked(share: float) -> bool:
        nonlocal last, told, stopped
        now = clock()
        if not stopped and now - last >= EVERY:
            last = now
            going = DispatchPlan.objects.filter(pk=plan_id, state=RunState.RUNNING, stop_asked=False)
            stopped = not going.update(beat_at=now, percent=min(99, round(100 * share)))
            if now - told >= TOLD_EVERY:  # every page that is open asks anew when it hears of it
                told = now
                changes_notify(matters=True)
        return stopped

    return asked


def result_row(rows: DayRows, plan: Plan) -> dict[str, Any]:
    """A plan beside the plain floor of the same day."""
    return {"plan": plan_row(plan), "greedy": figures_row(plan_greedy(rows.day).figures)}


@transaction.atomic
def _keep(row: DispatchPlan, rows: DayRows, plan: Plan, at: datetime) -> None:
    DispatchPlan.objects.filter(pk=row.pk, state=RunState.RUNNING).update(
        state=RunState.DONE,
        ended_at=at,
        percent=100,
        cost=plan.figures.cost,
        basis=basis_row(rows),
        result=result_row(rows, plan),
    )
    changes_notify(matters=True)


@transaction.atomic
def _fail(plan_id: int, fault: str, at: datetime) -> None:
    held = DispatchPlan.objects.filter(pk=plan_id, state=RunState.RUNNING)
    held.update(state=RunState.FAILED, ended_at=at, fault=fault)
    changes_notify(matters=True)


def plan_choose(*, on: date, options: DayOptions, actor: User, at: datetime) -> DispatchPlan:
    """The day is to go on with these people: others taken out or added than the roster says.

    Raises ``day_is_over``, ``no_day_plan``, ``day_plan_under_way``.
    """
    hospital_id = day_hospital(actor=actor)
    held = plan_held(hospital_id=hospital_id, on=on)
    if held is None:
        raise RuleBroken("no_day_plan", on.isoformat())
    rows, plan = _anew(held, options, at)
    return _made(hospital_id, on, PlanCause.CHOSEN, rows, plan, options, at, actor=actor)


def _anew(held: HeldPlan, options: DayOptions, at: datetime) -> tuple[DayRows, Plan]:
    """The day as it is now, planned from the plan that holds."""
    params = DispatchParams(iterations=WORK_ANEW, seed=held.row.seed)
    rows = day_rows(hospital_id=held.row.hospital_id, on=held.row.on, at=at, options=options, params=params)
    return rows, replan(rows.day, held.plan)


@transaction.atomic
def _made(
    hospital_id: int,
    on: date,
    cause: PlanCause,
    rows: DayRows,
    plan: Plan,
    options: DayOptions,
    at: datetime,
    *,
    actor: User | None = None,
) -> DispatchPlan:
    """Keep a plan that is made already."""
    if DispatchPlan.objects.filter(hospital=hospital_id, on=on, state__in=UNDER_WAY).exists():
        raise RuleBroken("day_plan_under_way", on.isoformat())
    row = DispatchPlan.objects.create(
        hospital_id=hospital_id, on=on, cause=cause, asked_by=actor, asked_at=at, state=RunState.DONE, started_at=at,
        ended_at=at, percent=100, seed=plan.seed, work=WORK_ANEW, cost=plan.figures.cost, options=options_row(options),
        basis=basis_row(rows), result=result_row(rows, plan),
    )  # fmt: skip
    changes_notify(matters=True)
    return row


def plans_follow(*, at: datetime) -> int:
    """Look at every hospital's day: make its first plan once people and work are there, and plan the rest anew where
    something has happened since. Returns how many plans were asked for or made.
    """
    return sum(_follow(hospital_id, local_date(at), at) for hospital_id in hospital_ids())


def _follow(hospital_id: int, on: date, at: datetime) -> bool:
    if DispatchPlan.objects.filter(hospital=hospital_id, on=on, state__in=UNDER_WAY).exists():
        return False
    held = plan_held(hospital_id=hospital_id, on=on)
    if held is None:
        rostered = RosterShift.objects.filter(in_force=True, on=on, person__hospital=hospital_id).exists()
        tried = DispatchPlan.objects.filter(hospital=hospital_id, on=on).exists()
        if tried or not rostered or not dispatch_laid_out(hospital_id=hospital_id, on=on):
            return False
        _ask(hospital_id, on, PlanCause.MORNING, None, at)
        return True
    changed_at = _changed_at(hospital_id, on)
    if changed_at is None or changed_at <= max(held.row.asked_at, at - LOOKED_AT):
        return False
    rows, plan = _anew(held, held.options, at)
    if _same(held.plan, plan):
        return False
    _made(hospital_id, on, PlanCause.EVENT, rows, plan, held.options, at)
    return True


def _changed_at(hospital_id: int, on: date) -> datetime | None:
    """When something last happened to the day: its work, who is on shift, who is away, the roster."""
    leaves = Leave.objects.filter(person__hospital=hospital_id, from_on__lte=on, to_on__gt=on)
    away = leaves.aggregate(gone=Max("made_at"), back=Max("undone_at"))
    lines = RosterChange.objects.filter(roster__group__hospital=hospital_id, on=on, was_published=True)
    found = [dispatch_changed_at(hospital_id=hospital_id, on=on), *away.values(), lines.aggregate(at=Max("at"))["at"]]
    return max((one for one in found if one is not None), default=None)


def _same(held: Plan, plan: Plan) -> bool:
    """Whether the same people go on as they would have, and nothing else is left."""
    still = {code for line in plan.timelines for code in line.tasks} | {one.task for one in plan.left}
    before = {line.worker: tuple(code for code in line.tasks if code in still) for line in held.timelines}
    after = {line.worker: line.tasks for line in plan.timelines}
    known = {code for line in held.timelines for code in line.tasks} | {one.task for one in held.left}
    return (
        before.keys() == after.keys()
        and all(before.get(worker, ()) == tasks for worker, tasks in after.items())
        and {one.task for one in plan.left} <= {one.task for one in held.left}
        and still <= known
    )
