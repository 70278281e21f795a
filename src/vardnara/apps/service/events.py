"""What happens to work that others react to, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class TaskChanged:
    """A task took a step. ``event`` is an ``EventKind`` value, ``actor_id`` who did it (None: the system)."""

    task_id: int
    kind: str
    event: str
    bed_id: int | None
    ward_id: int
    actor_id: int | None
    contagion_class: str
    at: datetime


tasks_changed = Signal()  # events: list[TaskChanged], all of the same step or each of its own
