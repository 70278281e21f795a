"""Scheduled work of the service."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from vardnara.apps.service.services import (
    alerts_send,
    day_plans_keep,
    escalations_keep,
    paper_lists_file,
    sampling_prompts_keep,
)


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="day_plans", lock="day_plans", name="service.day_plans")
def day_plans_job(timestamp: int) -> None:
    """Keep today's and tomorrow's plan; a worker that starts late makes them late."""
    day_plans_keep(at=datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="sampling", lock="sampling", name="service.sampling")
def sampling_job(timestamp: int) -> None:
    """Draw the questions of today and tomorrow, and count those that nobody answered."""
    sampling_prompts_keep(at=datetime.now(UTC))


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="escalation", lock="escalation", name="service.escalation")
def escalation_job(timestamp: int) -> None:
    """Look at what stands still, then send what is to be told."""
    escalations_keep(at=datetime.now(UTC))
    alerts_send(clock=lambda: datetime.now(UTC))


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="paper", lock="paper", name="service.paper")
def paper_job(timestamp: int) -> None:
    """Write the lists that can be used when the system is down."""
    paper_lists_file(at=datetime.now(UTC), folder=Path(settings.PAPER_FOLDER))
