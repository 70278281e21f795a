"""What another plan of a day changes: who does what instead, what becomes late, what is left."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.result import Left, Plan, StepKind


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that others do, with who did it and who does it."""

    task: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """A task that ends more minutes past its time than before."""

    task: str
    before_minutes: int
    after_minutes: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from one plan to another. ``left`` are those that nobody does any more, ``taken`` the other way."""

    moved: tuple[Moved, ...]
    later: tuple[Later, ...]
    left: tuple[Left, ...]
    taken: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Nothing of this changes; times may."""
        return not (self.moved or self.later or self.left or self.taken)


def plan_difference(day: Day, before: Plan, after: Plan) -> Difference:
    """What ``after`` changes of ``before``.

    Parameters
    ----------
    day
        Of which ``after`` is a plan; what is no longer in it is not compared.
    before, after
        Two plans.
    """
    had, has = _doers(before), _doers(after)
    late_before, late_after = _late(day, before), _late(day, after)
    left_before = {one.task for one in before.left}
    moved, later, taken = [], [], []
    for task in day.tasks:
        one = task.code
        if one in had and one in has and had[one] != has[one]:
            moved.append(Moved(one, had[one], has[one]))
        if late_after.get(one, 0) > late_before.get(one, 0):
            later.append(Later(one, late_before.get(one, 0), late_after[one]))
        if one in left_before and one in has:
            taken.append(one)
    left = tuple(one for one in after.left if one.task not in left_before)
    return Difference(tuple(moved), tuple(later), left, tuple(taken))


def _doers(plan: Plan) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in plan.timelines:
        for code in line.tasks:
            found[code] = (*found.get(code, ()), line.worker)
    return {code: tuple(sorted(workers)) for code, workers in found.items()}


def _late(day: Day, plan: Plan) -> dict[str, int]:
    ends = {task.code: task.soft_end for task in day.tasks}
    return {
        step.code: max(0, step.ends_minutes - ends[step.code])
        for line in plan.timelines
        for step in line.steps
        if step.kind is StepKind.TASK and step.code in ends
    }
