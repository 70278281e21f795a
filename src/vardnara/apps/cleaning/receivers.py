"""From events of the hospital and the work to one service call each."""

from __future__ import annotations

from django.dispatch import receiver

from vardnara.apps.cleaning.services import bed_follows_task, cleans_follow_beds, departures_void, turnovers_ensure
from vardnara.apps.hospital.events import (
    BedChanged,
    BedDirtied,
    DepartureVoided,
    bed_changed,
    bed_dirtied,
    departure_voided,
)
from vardnara.apps.service.events import TaskChanged, task_changed


@receiver(bed_dirtied)
def on_bed_dirtied(sender: object, events: list[BedDirtied], **_: object) -> None:
    turnovers_ensure(events=events)


@receiver(departure_voided)
def on_departure_voided(sender: object, events: list[DepartureVoided], **_: object) -> None:
    departures_void(events=events)


@receiver(bed_changed)
def on_bed_changed(sender: object, events: list[BedChanged], **_: object) -> None:
    cleans_follow_beds(events=events)


@receiver(task_changed)
def on_task_changed(sender: object, event: TaskChanged, **_: object) -> None:
    bed_follows_task(event=event)
