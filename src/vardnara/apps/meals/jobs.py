"""Scheduled work of meals."""

from __future__ import annotations

from datetime import UTC, datetime

from vardnara.apps.meals.services.demo_diets import demo_diets_keep
from vardnara.apps.meals.services.filling import orders_fill
from vardnara.apps.meals.services.rechecking import stale_recheck
from vardnara.apps.meals.services.waste import wastes_settle
from vardnara.apps.service.jobs import scheduled


@scheduled("meals", cron="*/5 * * * *", of="meals")
def meals_job(timestamp: int) -> None:
    """Fill meals that have closed, and check again what two changes at once have left behind."""
    at = datetime.now(UTC)
    orders_fill(at=at)
    stale_recheck(at=at)


@scheduled("waste", cron="2-57/5 * * * *", of="meals")
def waste_job(timestamp: int) -> None:
    """Settle what became of the portions of meals that are over, and anew where the records have changed."""
    wastes_settle(at=datetime.now(UTC))


@scheduled("demo_diets", cron="* * * * *", of="meals")
def demo_diets_job(timestamp: int) -> None:
    """In a demo, write the diets of those who have come."""
    demo_diets_keep(at=datetime.now(UTC))
