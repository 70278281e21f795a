"""Live figures of a hospital's ward service that something else can be bound to, such as a risk."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from vardnara.apps.service.choices import EventKind
from vardnara.apps.service.models import Spillover, TaskEvent

WINDOW = timedelta(days=28)
WEEKS = WINDOW // timedelta(days=7)


def weekly_indicators(
    *, hospital_id: int, at: datetime, division_id: int | None = None, ward_id: int | None = None
) -> dict[str, Decimal]:
    """Average weeks of the last 28 days: service work that care did itself, in times and minutes, and work not done.

    Of the whole hospital, of a division of it, or of one ward.
    """
    span = {"at__gt": at - WINDOW, "at__lte": at}
    place = {"division__hospital_id": hospital_id}
    if division_id is not None:
        place["division_id"] = division_id
    if ward_id is not None:
        place["id"] = ward_id
    spilled = Spillover.objects.filter(
        **{f"ward__{name}": value for name, value in place.items()}, undone_at__isnull=True, **span
    ).aggregate(n=Count("pk"), minutes=Sum("minutes"))
    closed = TaskEvent.objects.filter(
        **{f"task__ward__{name}": value for name, value in place.items()}, kind=EventKind.CLOSED, **span
    ).count()
    return {
        "spillover_count": Decimal(spilled["n"]) / WEEKS,
        "spillover_minutes": Decimal(spilled["minutes"] or 0) / WEEKS,
        "not_done": Decimal(closed) / WEEKS,
    }
