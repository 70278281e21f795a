"""The work as tables, without the people who did it: evaluation never ranks individual workers."""

from __future__ import annotations

from vardnara.apps.hospital.queries.export import table_of
from vardnara.apps.service.models import Task, TaskEvent
from vardnara.gateways.tabular import OutTable


def record_tables() -> list[OutTable]:
    """Tasks and their history, without people, notes and devices; only the command line may ask."""
    place = ("ward__division__hospital__code", "ward__code", "bed__room__code", "bed__code")
    own_task = (
        "kind", "instruction", "contagion_class", "priority", "state", "norm_minutes", "created_at", "due_at",
        "claimed_at", "started_at", "finished_at", "worked_seconds", "reason", "warning", "changed_at",
    )  # fmt: skip
    own_event = ("kind", "at", "reason")
    return [
        table_of(
            "tasks",
            ("task", "hospital", "ward", "room", "bed", *own_task),
            Task.objects.order_by("pk"),
            ("pk", *place, *own_task),
        ),
        table_of(
            "task_events",
            ("event", "task", *own_event),
            TaskEvent.objects.order_by("pk"),
            ("pk", "task_id", *own_event),
        ),
    ]
