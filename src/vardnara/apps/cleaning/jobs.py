"""Scheduled work of cleaning."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from vardnara.apps.cleaning.services import daily_sweep


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="daily_sweep", lock="daily_sweep", name="cleaning.daily_sweep")
def daily_sweep_job(timestamp: int) -> None:
    """Make the day's daily cleans once the set time has come; a worker that starts late makes them late."""
    daily_sweep(at=datetime.now(UTC))
