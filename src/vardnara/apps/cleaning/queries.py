"""Reads of cleans."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.apps.cleaning.models import Clean
from vardnara.apps.service.choices import LIVE_STATES, TURNOVER_KINDS


def live_turnovers(bed_ids: Iterable[int]) -> dict[int, Clean]:
    """The unfinished turnover clean of each bed that has one, with its task."""
    rows = Clean.objects.select_related("task").filter(
        bed__in=set(bed_ids), task__kind__in=TURNOVER_KINDS, task__state__in=LIVE_STATES
    )
    return {row.bed_id: row for row in rows}


def live_daily(bed_ids: Iterable[int]) -> dict[int, Clean]:
    """The unfinished daily clean of each bed that has one, with its task."""
    rows = Clean.objects.select_related("task").filter(
        bed__in=set(bed_ids), task__kind="daily_clean", task__state__in=LIVE_STATES
    )
    return {row.bed_id: row for row in rows}
