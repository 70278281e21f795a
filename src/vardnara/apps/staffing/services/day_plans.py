"""Plans of a day: asked for, made by a worker, told how far they are, stopped, chosen, and followed through the day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from vardnara.apps.hospital.queries.wards_now import hospital_ids
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.queries.dispatch import dispatch_laid_out
from vardnara.apps.staffing.choices import UNDER_WAY, PlanCause, RunState
from vardnara.apps.staffing.models import DayLook, DispatchPlan, RosterShift
from vardnara.apps.staffing.queries.day_plan_if import WORK_ANEW, day_anew
from vardnara.apps.staffing.queries.day_plan_part import DayPart, day_part, may_stop, options_in_part
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions, DayRows, day_rows
from vardnara.apps.staffing.queries.day_plan_seen import day_seen
from vardnara.apps.staffing.queries.day_plans import (
    basis_row,
    options_read,
    options_row,
    plan_held,
    plan_held_id,
)
from vardnara.apps.staffing.services.day_plan_gives import day_gives
from vardnara.engines.dispatch import DispatchParams, Plan, plan_day, plan_greedy, plan_keep, replan, replan_part
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
ABANDONED = "abandoned"
logger = logging.getLogger(__name__)


def plan_ask(
    *, on: date, actor: User, at: datetime, seed: int = 1, work: int = WORK, options: DayOptions | None = None
) -> DispatchPlan:
    """Ask for the plan of a date, today's from now on; one at a time. What was chosen for the day stays.

    Who leads some wards has their part of the plan that holds made anew. Raises ``day_is_over``, ``day_far_ahead``,
    ``bad_work``, ``day_plan_under_way``, for a part also ``no_day_plan`` and ``out_of_scope``.
    """
    part = day_part(actor=actor)
    if on < local_date(at):
        raise RuleBroken("day_is_over", on.isoformat())
    if on > local_date(at) + AHEAD:
        raise RuleBroken("day_far_ahead", on.isoformat())
    if not 1 <= work <= MOST_WORK or seed < 0:
        raise RuleBroken("bad_work", f"{work} {seed}")
    held = plan_held(hospital_id=part.hospital_id, on=on)
    if held is None and not part.is_whole:
        raise RuleBroken("no_day_plan", on.isoformat())
    if held is not None and options is not None:
        options = options_in_part(part, held.options, options)
    return _ask(part, on, PlanCause.ASKED, actor, at, seed=seed, work=work, options=options)


def _ask(
    part: DayPart,
    on: date,
    cause: PlanCause,
    actor: User | None,
    at: datetime,
    *,
    seed: int = 1,
    work: int = WORK,
    options: DayOptions | None = None,
) -> DispatchPlan:
    held = plan_held(hospital_id=part.hospital_id, on=on)
    chosen = options if options is not None else held.options if held else DayOptions()
    try:
        with transaction.atomic():
            _abandon(part.hospital_id, on, at)
            row = DispatchPlan.objects.create(
                hospital_id=part.hospital_id, on=on, cause=cause, asked_by=actor, asked_at=at, seed=seed, work=work,
                part=sorted(part.ward_ids or ()), options=options_row(chosen),
            )  # fmt: skip
            app.configure_task(JOB).defer(plan_id=row.pk)
            changes_notify(matters=True)
    except IntegrityError as error:
        if "one_under_way" not in str(error):
            raise
        raise RuleBroken("day_plan_under_way", on.isoformat()) from error
    return row


def _abandon(hospital_id: int, on: date, at: datetime) -> None:
    """A plan of which nothing has been heard has no worker any more: it stands in nobody's way."""
    silent = DispatchPlan.objects.filter(hospital=hospital_id, on=on, state=RunState.RUNNING, beat_at__lt=at - SILENCE)
    silent.update(state=RunState.FAILED, fault=ABANDONED, ended_at=at)


@transaction.atomic
def plan_stop(*, plan_id: int, actor: User, at: datetime) -> None:
    """Stop a search: what it has found becomes the plan; one that has not begun is dropped.

    Raises ``unknown_day_plan``, ``run_ended``.
    """
    part = day_part(actor=actor)
    row = DispatchPlan.objects.select_for_update().filter(pk=plan_id, hospital=part.hospital_id).first()
    if row is None or not may_stop(part, row):
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
        asked = _teller(row.pk, clock)
        held = plan_held(hospital_id=row.hospital_id, on=row.on) if row.part else None
        if held is not None:
            part = DayPart(row.hospital_id, frozenset(row.part))
            crew = part.crew(rows.day)
            found = replan_part(rows.day, held.plan, workers=crew, places=part.places, asked=asked)
        else:
            found = plan_day(rows.day, asked=asked)
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

    Who leads some wards chooses for their people, and for their part of the day. Raises ``day_is_over``,
    ``no_day_plan``, ``day_plan_under_way``, ``out_of_scope``.
    """
    part = day_part(actor=actor)
    held = plan_held(hospital_id=part.hospital_id, on=on)
    if held is None:
        raise RuleBroken("no_day_plan", on.isoformat())
    options = options_in_part(part, held.options, options)
    rows, plan = day_anew(held=held, options=options, at=at, part=part)
    return _made(part, on, PlanCause.CHOSEN, rows, plan, options, at, actor=actor)


@transaction.atomic
def _made(
    part: DayPart,
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
    if DispatchPlan.objects.filter(hospital=part.hospital_id, on=on, state__in=UNDER_WAY).exists():
        raise RuleBroken("day_plan_under_way", on.isoformat())
    row = DispatchPlan.objects.create(
        hospital_id=part.hospital_id, on=on, cause=cause, asked_by=actor, asked_at=at, state=RunState.DONE,
        started_at=at, ended_at=at, percent=100, seed=plan.seed, work=WORK_ANEW, cost=plan.figures.cost,
        part=sorted(part.ward_ids or ()), options=options_row(options), basis=basis_row(rows),
        result=result_row(rows, plan),
    )  # fmt: skip
    changes_notify(matters=True)
    return row


def plans_follow(*, at: datetime) -> int:
    """Look at every hospital's day: make its first plan once people and work are there, plan the rest anew where
    something has happened since, and give tasks where they are given. Returns how many plans were asked for or made.

    A hospital whose day cannot be planned is logged and told of at the end: the others are looked at all the same.
    """
    made, failed = 0, []
    for hospital_id in hospital_ids():
        try:
            made += _follow(hospital_id, local_date(at), at)
        except Exception as error:
            logger.exception("the day could not be followed", extra={"data": {"hospital": hospital_id}})
            failed.append(error)
    if failed:
        raise failed[0]
    return made


def _follow(hospital_id: int, on: date, at: datetime) -> bool:
    _abandon(hospital_id, on, at)
    if DispatchPlan.objects.filter(hospital=hospital_id, on=on, state__in=UNDER_WAY).exists():
        return False
    plan_id = plan_held_id(hospital_id=hospital_id, on=on)
    if plan_id is None:
        return _morning(hospital_id, on, at)
    look = DayLook.objects.filter(hospital=hospital_id).first()
    # read before anything is planned: what happens meanwhile is seen at the next look
    seen = day_seen(hospital_id=hospital_id, on=on, at=at)
    changed = look is None or (look.seen, look.plan_id) != (seen, plan_id)
    made = _look(hospital_id, on, at) if changed else None
    day_gives(hospital_id=hospital_id, at=at, changed=changed)
    if changed:
        told = {"seen": seen, "plan_id": made.pk if made else plan_id, "at": at}
        DayLook.objects.update_or_create(hospital_id=hospital_id, defaults=told)
    return made is not None


def _morning(hospital_id: int, on: date, at: datetime) -> bool:
    """Ask for the first plan of a day, once; again only where the one that was asked for was abandoned."""
    tried = DispatchPlan.objects.filter(hospital=hospital_id, on=on).exclude(fault=ABANDONED).exists()
    rostered = RosterShift.objects.filter(in_force=True, on=on, person__hospital=hospital_id).exists()
    if tried or not rostered or not dispatch_laid_out(hospital_id=hospital_id, on=on):
        return False
    _ask(DayPart(hospital_id), on, PlanCause.MORNING, None, at)
    return True


def _look(hospital_id: int, on: date, at: datetime) -> DispatchPlan | None:
    """Plan the rest of the day anew from the plan that holds; what comes out is kept where somebody's order differs."""
    held = plan_held(hospital_id=hospital_id, on=on)
    if held is None:
        return None
    params = DispatchParams(iterations=WORK_ANEW, seed=held.row.seed)
    rows = day_rows(hospital_id=hospital_id, on=on, at=at, options=held.options, params=params)
    kept = plan_keep(rows.day, held.plan)
    if _same(held.plan, kept) and not kept.left and not kept.figures.late_minutes:
        return None  # all goes as it was thought out: there is nothing to search for
    plan = replan(rows.day, held.plan)
    if _same(held.plan, plan):
        return None
    return _made(DayPart(hospital_id), on, PlanCause.EVENT, rows, plan, held.options, at)


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
