"""Scheduled work of decisions."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import close_old_connections
from procrastinate.contrib.django import app

from vardnara.apps.decisions.services import reminders_keep, requests_expire

NAME = "decision_reminders"
EXPIRE = "reviews_expire"


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock=NAME, lock=NAME, name=f"decisions.{NAME}")
def reminders_job(timestamp: int) -> None:
    """Remind of what expires, is to be decided again, looked at or done; with a connection of its own."""
    close_old_connections()
    try:
        reminders_keep(at=datetime.now(UTC))
    finally:
        close_old_connections()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock=EXPIRE, lock=EXPIRE, name=f"decisions.{EXPIRE}")
def reviews_expire_job(timestamp: int) -> None:
    """Close requests for special review that nobody decided in time; with a connection of its own."""
    close_old_connections()
    try:
        requests_expire(at=datetime.now(UTC))
    finally:
        close_old_connections()
