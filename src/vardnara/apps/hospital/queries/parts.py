"""The parts that run, each with its age: what the status page shows beside the numbers of ``queries.status``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.choices import Part
from vardnara.apps.hospital.models import PartHeartbeat

STALE_SECONDS = 30  # a part that has not done a round for so long is shown in red (edge-11)


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part as it last reported; ``stale`` when its own loop has stopped."""

    part: Part
    instance: str
    started_at: datetime
    beat_at: datetime
    age_seconds: int
    restarts: int
    note: str
    stale: bool


def part_list(*, at: datetime) -> list[PartRow]:
    """The newest report of every part and instance that was heard of in the last day."""
    rows = []
    for row in PartHeartbeat.objects.order_by("part", "-beat_at"):
        age = max(0, int((at - row.beat_at).total_seconds()))
        if age > 86_400:
            continue
        rows.append(
            PartRow(
                part=Part(row.part),
                instance=row.instance,
                started_at=row.started_at,
                beat_at=row.beat_at,
                age_seconds=age,
                restarts=row.restarts,
                note=row.note,
                stale=age > STALE_SECONDS,
            )
        )
    return rows
