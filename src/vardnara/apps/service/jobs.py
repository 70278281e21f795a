"""Scheduled work of the service."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from procrastinate.contrib.django import app

from vardnara.apps.service.services import (
    alerts_send,
    day_plans_keep,
    demo_colleagues_keep,
    escalations_keep,
    paper_lists_file,
    sampling_prompts_keep,
)

type Job = Callable[[int], None]


def scheduled(name: str, *, cron: str, of: str = "service") -> Callable[[Job], Job]:
    """Run it by the clock as a job ``of`` an app, one at a time, with a connection of its own: a thread may have kept
    one that is dead.
    """

    def decorate(job: Job) -> Job:
        @functools.wraps(job)
        def run(timestamp: int) -> None:
            close_old_connections()
            try:
                job(timestamp)
            finally:
                close_old_connections()

        task = app.task(queueing_lock=name, lock=name, name=f"{of}.{name}")(run)
        app.periodic(cron=cron)(task)
        return run

    return decorate


@scheduled("day_plans", cron="*/5 * * * *")
def day_plans_job(timestamp: int) -> None:
    """Keep today's and tomorrow's plan; a worker that starts late makes them late."""
    day_plans_keep(at=datetime.now(UTC))


@scheduled("sampling", cron="*/5 * * * *")
def sampling_job(timestamp: int) -> None:
    """Draw the questions of today and tomorrow, and count those that nobody answered."""
    sampling_prompts_keep(at=datetime.now(UTC))


@scheduled("escalation", cron="* * * * *")
def escalation_job(timestamp: int) -> None:
    """Look at what stands still, then send what is to be told."""
    escalations_keep(at=datetime.now(UTC))
    alerts_send(clock=lambda: datetime.now(UTC))


@scheduled("paper", cron="*/5 * * * *")
def paper_job(timestamp: int) -> None:
    """Write the lists that can be used when the system is down."""
    paper_lists_file(at=datetime.now(UTC), folder=Path(settings.PAPER_FOLDER))


@scheduled("demo_colleagues", cron="*/15 * * * *")
def demo_colleagues_job(timestamp: int) -> None:
    """In a demo, begin the next shift of the invented colleagues."""
    demo_colleagues_keep(at=datetime.now(UTC))
