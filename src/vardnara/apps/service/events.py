"""What happens to work that others react to, in the same transaction; and what others are asked about it."""

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


@dataclass(frozen=True, slots=True)
class Advised:
    """A task that whoever plans the day puts before the list, with what speaks for it in the reader's language."""

    task_id: int
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NextAdvice:
    """What a worker should do next, best first."""

    tasks: tuple[Advised, ...]


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who could take a task, with what speaks for it or against it; ``user_id`` None: cannot sign in."""

    user_id: int | None
    name: str
    begins_at: datetime
    way_minutes: int
    said: tuple[str, ...]


# Asked, not told: whoever plans the day answers, and nobody need. A receiver that fails is logged and gives no answer.
next_asked = Signal()  # user, at: a ``NextAdvice``, or None where the worker chooses from the list
takers_asked = Signal()  # hospital_id, task_id, at: a tuple of ``Taker``, best first
