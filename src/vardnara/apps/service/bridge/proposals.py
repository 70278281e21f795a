"""Who could take what somebody left: near, free, and with the least in hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN_MINUTES = 15  # what a task without a norm counts for when work is spread; a guess, shown nowhere
FREE = ("available", "working")  # statuses of people who can be proposed, the first before the second


@dataclass(frozen=True, slots=True)
class Left:
    """A task that needs somebody. ``minutes`` by its norm, None where nobody knows."""

    task_id: int
    ward_id: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person: the wards of the shift or of work in hand, and the minutes in hand."""

    id: int
    status: str
    ward_ids: frozenset[int]
    minutes: int


def hand_out_propose(left: Iterable[Left], people: Iterable[Candidate]) -> dict[int, int]:
    """Task to person, in the order in which the tasks are given.

    Whoever is on the task's ward goes before the others, then who has the fewest minutes in hand, what was just
    proposed counted in, then who is free before who is at work. Nobody on a break, away or absent is proposed; where
    there is nobody the task is not in the answer.
    """
    free = {person.id: person for person in people if person.status in FREE}
    minutes = {person.id: person.minutes for person in free.values()}
    found = {}
    for task in left:
        if not free:
            break

        def order(who: int, ward_id: int = task.ward_id) -> tuple[bool, int, int, int]:
            person = free[who]
            return ward_id not in person.ward_ids, minutes[who], FREE.index(person.status), who

        best = min(free, key=order)
        found[task.task_id] = best
        minutes[best] += UNKNOWN_MINUTES if task.minutes is None else task.minutes
    return found
