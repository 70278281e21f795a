"""Scheduled work of decisions."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import close_old_connections
from procrastinate.contrib.django import app

from vardnara.apps.decisions.services import reminders_keep

NAME = "decision_reminders"


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock=NAME, lock=NAME, name=f"decisions.{NAME}")
def reminders_job(timestamp: int) -> None:
    """Remind of what expires, is to be decided again, looked at or done; with a connection of its own."""
    close_old_connections()
    try:
        reminders_keep(at=datetime.now(UTC))
    finally:
        close_old_connections()
