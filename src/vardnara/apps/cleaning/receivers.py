"""From events of the hospital and the work to one service call each."""

from __future__ import annotations

from django.dispatch import receiver

from vardnara.apps.cleaning.services import (
    bed_follows_task,
    cleans_follow_beds,
    daily_cleans_note,
    departures_void,
    turnovers_ensure,
)
from vardnara.apps.hospital.events import (
    BedChanged,
    BedDirtied,
    DepartureVoided,
    bed_changed,
    bed_dirtied,
    departure_voided,
)
from vardnara.apps.service.events import TaskChanged, tasks_changed


@receiver(bed_dirtied)
def on_bed_dirtied(sender: object, events: list[BedDirtied], **_: object) -> None:
    turnovers_ensure(events=events)


@receiver(departure_voided)
def on_departure_voided(sender: object, events: list[DepartureVoided], **_: object) -> None:
    departures_void(events=events)


@receiver(bed_changed)
def on_bed_changed(sender: object, events: list[BedChanged], **_: object) -> None:
    cleans_follow_beds(events=events)


@receiver(tasks_changed)
def on_tasks_changed(sender: object, events: list[TaskChanged], **_: object) -> None:
    daily_cleans_note(events=events)
    for event in events:
        bed_follows_task(event=event)
