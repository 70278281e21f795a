"""From events of the hospital to one service call each."""

from __future__ import annotations

from django.dispatch import receiver

from vardnara.apps.hospital.events import BedChanged, bed_changed
from vardnara.apps.service.events import TaskChanged, tasks_changed
from vardnara.apps.service.services import day_plan_follow_beds, follow_ups_make


@receiver(bed_changed)
def on_bed_changed(sender: object, events: list[BedChanged], **_: object) -> None:
    day_plan_follow_beds(events=events)


@receiver(tasks_changed)
def on_tasks_changed(sender: object, events: list[TaskChanged], **_: object) -> None:
    follow_ups_make(events=events)
