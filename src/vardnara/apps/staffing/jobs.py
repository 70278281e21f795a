"""Work of staffing that takes longer than a page may."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import close_old_connections
from procrastinate.contrib.django import app

from vardnara.apps.service.jobs import scheduled
from vardnara.apps.staffing.services.allocations import JOB, allocation_run
from vardnara.apps.staffing.services.day_plans import JOB as DAY_JOB
from vardnara.apps.staffing.services.day_plans import plan_do, plans_follow
from vardnara.apps.staffing.services.roster_runs import JOB as ROSTER_JOB
from vardnara.apps.staffing.services.roster_runs import run_do
from vardnara.apps.staffing.services.swaps import offers_expire


@app.task(name=JOB)
def allocation_job(allocation_id: int) -> None:
    """Reckon a curve that somebody asked for; with a connection of its own."""
    close_old_connections()
    try:
        allocation_run(allocation_id=allocation_id, clock=lambda: datetime.now(UTC))
    finally:
        close_old_connections()


@app.task(name=ROSTER_JOB)
def roster_job(run_id: int) -> None:
    """Search for a roster that somebody asked for; with a connection of its own."""
    close_old_connections()
    try:
        run_do(run_id=run_id, clock=lambda: datetime.now(UTC))
    finally:
        close_old_connections()


@app.task(name=DAY_JOB)
def day_plan_job(plan_id: int) -> None:
    """Make a day plan that somebody asked for; with a connection of its own."""
    close_old_connections()
    try:
        plan_do(plan_id=plan_id, clock=lambda: datetime.now(UTC))
    finally:
        close_old_connections()


@scheduled("day_plans_follow", cron="* * * * *", of="staffing")
def day_plans_follow_job(timestamp: int) -> None:
    """Look each minute whether today's plans still fit what is to be done, unless this deployment asks for none."""
    if settings.DAY_PLANS_FOLLOW:
        plans_follow(at=datetime.now(UTC))


@scheduled("offers_expire", cron="*/10 * * * *", of="staffing")
def offers_expire_job(timestamp: int) -> None:
    """Close offered shifts that have begun."""
    offers_expire(at=datetime.now(UTC))
