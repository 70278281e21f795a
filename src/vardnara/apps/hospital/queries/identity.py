"""Stays that have just left a bed: for the one who tapped too early. No names here; those are read by a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.hospital.choices import StayStatus
from vardnara.apps.hospital.models import Departure
from vardnara.apps.hospital.queries.reach import wards_in_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

UNDO_HOURS = 12  # how long a departure can be taken back from the bed's page; later it takes a message


@dataclass(frozen=True, slots=True)
class LeftStay:
    """A stay that ended here, and when."""

    id: int
    left_at: datetime


def stays_lately_left(*, actor: User, at: datetime, bed_id: int) -> list[LeftStay]:
    """Stays that ended in this bed within the hours in which a person may undo it, newest first."""
    rows = Departure.objects.filter(
        bed_id=bed_id,
        voided_at__isnull=True,
        left_at__gte=at - timedelta(hours=UNDO_HOURS),
        stay__status=StayStatus.ENDED,
        bed__room__ward__in=wards_in_reach(actor),
    ).order_by("-left_at")
    return [LeftStay(id=row.stay_id, left_at=row.left_at) for row in rows[:3]]
