"""Tasks in numbers, and the proof that their rows follow their histories (invariant 3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from vardnara.apps.hospital.services.verify import Broken
from vardnara.apps.service.choices import EventKind, TaskState
from vardnara.apps.service.models import Task, TaskEvent

# Which of the five numbers of CONTRACT 3 a state counts in.
COUNTED_AS = {
    TaskState.OPEN: "open",
    TaskState.CLAIMED: "claimed",
    TaskState.STARTED: "started",
    TaskState.PAUSED: "started",
    TaskState.DELAYED: "started",
    TaskState.DONE: "done",
    TaskState.INSPECTED: "done",
    TaskState.WITHDRAWN: "withdrawn",
}


def task_numbers() -> dict[str, int]:
    """Tasks by the states of CONTRACT 3: paused and delayed count as started, inspected as done."""
    numbers = {"open": 0, "claimed": 0, "started": 0, "done": 0, "withdrawn": 0}
    for state, count in Task.objects.values_list("state").annotate(n=Count("pk")):
        numbers[COUNTED_AS[TaskState(state)]] += count
    return numbers


# What each step does to state and ownership, read from the history alone.
AFTER: dict[str, TaskState] = {
    EventKind.CREATED: TaskState.OPEN,
    EventKind.CLAIMED: TaskState.CLAIMED,
    EventKind.STARTED: TaskState.STARTED,
    EventKind.PAUSED: TaskState.PAUSED,
    EventKind.RESUMED: TaskState.STARTED,
    EventKind.DELAYED: TaskState.DELAYED,
    EventKind.HANDED_BACK: TaskState.OPEN,
    EventKind.FINISHED: TaskState.DONE,
    EventKind.INSPECTED: TaskState.INSPECTED,
    EventKind.FAILED: TaskState.INSPECTED,
    EventKind.WITHDRAWN: TaskState.WITHDRAWN,
    EventKind.CLOSED: TaskState.WITHDRAWN,
    EventKind.RESTORED: TaskState.OPEN,
    EventKind.RECORDED: TaskState.DONE,
}


def tasks_follow_histories() -> Iterator[Broken]:
    """Invariant 3: a task is claimed by one worker at a time, and its row is what its history says."""
    tasks = dict(Task.objects.values_list("pk", "state"))
    state: dict[int, TaskState] = {}
    owner: dict[int, int | None] = {}
    for task_id, kind, actor_id in (
        TaskEvent.objects.order_by("task_id", "pk").values_list("task_id", "kind", "actor_id").iterator()
    ):
        before = state.get(task_id)
        if kind == EventKind.CLAIMED:
            if before != TaskState.OPEN:
                yield Broken(3, f"task {task_id}", f"claimed while {before}")
            owner[task_id] = actor_id
        elif kind in (EventKind.STARTED, EventKind.PAUSED, EventKind.RESUMED, EventKind.DELAYED, EventKind.FINISHED):
            if owner.get(task_id) not in (actor_id, -1):
                yield Broken(3, f"task {task_id}", f"{kind} by {actor_id}, claimed by {owner.get(task_id)}")
        elif kind == EventKind.HANDED_BACK:
            owner[task_id] = None
        elif kind == EventKind.REASSIGNED:
            owner[task_id] = -1  # whom to is in the row; steps after it are that person's
            state[task_id] = TaskState.PAUSED if before in (TaskState.STARTED, TaskState.PAUSED) else TaskState.CLAIMED
        if kind in AFTER:
            state[task_id] = AFTER[EventKind(kind)]
    for task_id, now in tasks.items():
        if task_id not in state:
            yield Broken(3, f"task {task_id}", "has no history")
        elif state[task_id] != now:
            yield Broken(3, f"task {task_id}", f"is {now}, its history says {state[task_id]}")
