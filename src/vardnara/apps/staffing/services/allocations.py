"""Curves of posts: asked for, reckoned point by point, stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.staffing.choices import MOST_POSTS, UNDER_WAY, RunState, Whose, ZonedBy
from vardnara.apps.staffing.models import Allocation, AllocationPoint
from vardnara.apps.staffing.queries.allocations import post_costs_mean
from vardnara.apps.staffing.queries.needs import HospitalNeeds, needs_or_refuse
from vardnara.apps.staffing.services.posts import writer_require
from vardnara.engines.posts import CurvePoint, allocation_curve, cover_plan
from vardnara.engines.posts.document import cover_row, needs_rows, point_row
from vardnara.engines.workload import workload_estimate
from vardnara.kernel.errors import NoSolution, RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

JOB = "staffing.allocation"
SILENCE = timedelta(minutes=10)  # a point takes seconds: a curve without a new one for so long has no worker any more
LEVELS = ("low", "typical", "high")


def allocation_ask(
    *, hospital_id: int, whose: str, zoned_by: str, service_level: Decimal, n_most: int, actor: User, at: datetime
) -> Allocation:
    """Ask for a curve; one at a time in a hospital. Controller, head of ward service, administrator."""
    writer_require(actor, hospital_id)
    if whose not in Whose.values or zoned_by not in ZonedBy.values:
        raise RuleBroken("bad_allocation", f"{whose} {zoned_by}")
    if not 0 < service_level < 1 or not 1 <= n_most <= MOST_POSTS:
        raise RuleBroken("bad_allocation", f"{service_level} {n_most}")
    needs_or_refuse(
        hospital_id=hospital_id, on=local_date(at), whose=whose, zoned_by=zoned_by, service_level=float(service_level)
    )
    try:
        with transaction.atomic():
            _abandoned_end(hospital_id, at)
            row = Allocation.objects.create(
                hospital_id=hospital_id, asked_by_id=actor.pk, asked_at=at, whose=whose, zoned_by=zoned_by,
                service_level=service_level, n_most=n_most,
            )  # fmt: skip
            app.configure_task(JOB).defer(allocation_id=row.pk)
    except IntegrityError as error:
        if "one_under_way" not in str(error):
            raise
        raise RuleBroken("allocation_under_way", f"hospital {hospital_id}") from error
    return row


def _abandoned_end(hospital_id: int, at: datetime) -> None:
    """A curve whose worker went away holds nobody back."""
    rows = Allocation.objects.filter(hospital=hospital_id, state=RunState.RUNNING, beat_at__lt=at - SILENCE)
    rows.update(state=RunState.FAILED, fault="abandoned", ended_at=at)


@transaction.atomic
def allocation_cancel(*, allocation_id: int, actor: User, at: datetime) -> None:
    """Stop a curve; the points that are there stay. Controller, head of ward service, administrator."""
    row = Allocation.objects.select_for_update().filter(pk=allocation_id).first()
    if row is None:
        raise RuleBroken("unknown_allocation", str(allocation_id))
    writer_require(actor, row.hospital_id)
    if row.state not in UNDER_WAY:
        raise RuleBroken("allocation_ended", row.state)
    row.state, row.ended_at = RunState.CANCELLED, at
    row.save(update_fields=["state", "ended_at"])
    changes_notify(matters=True)


def allocation_run(*, allocation_id: int, clock: Callable[[], datetime]) -> None:
    """Reckon a curve that waits, each point kept as it comes; ends early where somebody stops it. The worker's."""
    at = clock()
    waiting = Allocation.objects.filter(pk=allocation_id, state=RunState.WAITING)
    if not waiting.update(state=RunState.RUNNING, started_at=at, beat_at=at):
        return
    row = Allocation.objects.get(pk=allocation_id)
    try:
        found = needs_or_refuse(
            hospital_id=row.hospital_id, on=local_date(at), whose=row.whose, zoned_by=row.zoned_by,
            service_level=float(row.service_level),
        )  # fmt: skip
        _points(row, found, clock)
    except (RuleBroken, NoSolution) as error:
        _end(row.pk, RunState.FAILED, clock(), fault=error.code)
    except Exception:
        _end(row.pk, RunState.FAILED, clock(), fault="unexpected")
        raise


def _points(row: Allocation, found: HospitalNeeds, clock: Callable[[], datetime]) -> None:
    needs = found.estimate()
    basis = _basis(row, found, local_day=clock())
    basis["needs"] = needs_rows(needs)
    if not Allocation.objects.filter(pk=row.pk, state=RunState.RUNNING).update(basis=basis, beat_at=clock()):
        return
    before: CurvePoint | None = None
    for point in allocation_curve(needs.field, row.n_most, found.params):
        with transaction.atomic():
            if not Allocation.objects.filter(pk=row.pk, state=RunState.RUNNING).update(beat_at=clock()):
                return  # somebody stopped it
            AllocationPoint.objects.create(
                allocation=row, n_posts=point.free.n_posts, row=point_row(needs.field, before, point, found.params)
            )
            changes_notify(matters=True)
        before = point
    _end(row.pk, RunState.DONE, clock())


def _end(allocation_id: int, state: str, at: datetime, *, fault: str = "") -> None:
    with transaction.atomic():
        running = Allocation.objects.filter(pk=allocation_id, state=RunState.RUNNING)
        running.update(state=state, ended_at=at, fault=fault)
        changes_notify(matters=True)


def _basis(row: Allocation, found: HospitalNeeds, *, local_day: datetime) -> dict[str, Any]:
    """What the curve is made of, as it was then."""
    needs, work = found.estimate(), workload_estimate(found.order.workload)
    covers = {level: cover_row(one.field, cover_plan(one.field, found.params)) for level, one in
              ((level, found.estimate(level)) for level in LEVELS)}  # fmt: skip
    return {
        "year": found.order.workload.year,
        "days": [{"day": one.code, "per_year": one.days_per_year} for one in needs.field.columns],
        "zones": [
            {"zone": zone.code, "name": found.zone_names[zone.code], "wards": list(zone.wards)} for zone in needs.zones
        ],
        "minutes": {level: getattr(work.minutes, level) for level in LEVELS},
        "fte": {level: getattr(work.fte, level) for level in LEVELS},
        "net_hours_per_fte": found.params.net_hours_per_fte,
        "params": {
            name: getattr(found.params, name)
            for name in ("walking_share", "pause_share", "weekend_share", "care_minutes_per_minute")
        },
        "needed": covers,
        "unverified": sorted({task.norm.code for task in found.order.workload.tasks
                              if task.norm.evidence.confidence == "unverified"}),
        "without_norm": list(found.work.without_norm),
        "measured_days": max((demand.n_days for demand in found.work.wards.values()), default=0),
        "costs": post_costs_mean(hospital_id=row.hospital_id, day=local_date(local_day)),
    }  # fmt: skip
