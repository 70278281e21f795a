"""Live figures of a hospital's ward service that something else can be bound to, such as a risk."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from vardnara.apps.service.choices import EventKind
from vardnara.apps.service.models import Spillover, TaskEvent

WINDOW = timedelta(days=28)
WEEKS = WINDOW // timedelta(days=7)


def weekly_indicators(*, hospital_id: int, at: datetime) -> dict[str, Decimal]:
    """Average weeks of the last 28 days: service work that care did itself, in times and minutes, and work not done."""
    span = {"at__gt": at - WINDOW, "at__lte": at}
    spilled = Spillover.objects.filter(
        ward__division__hospital_id=hospital_id, undone_at__isnull=True, **span
    ).aggregate(n=Count("pk"), minutes=Sum("minutes"))
    closed = TaskEvent.objects.filter(
        task__ward__division__hospital_id=hospital_id, kind=EventKind.CLOSED, **span
    ).count()
    return {
        "spillover_count": Decimal(spilled["n"]) / WEEKS,
        "spillover_minutes": Decimal(spilled["minutes"] or 0) / WEEKS,
        "not_done": Decimal(closed) / WEEKS,
    }
