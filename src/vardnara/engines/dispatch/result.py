"""A day plan: what everybody does when, what is left undone and why, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

VERSION = "1"


class StepKind(StrEnum):
    """What a worker does for a while."""

    WALK = "walk"
    WAIT = "wait"
    WASH = "wash"
    TASK = "task"
    BREAK = "break"


class LeftReason(StrEnum):
    """Why a task is in nobody's plan."""

    NOBODY_THERE = "nobody_there"  # nobody is on duty long enough within its window
    NO_SKILL = "no_skill"  # somebody is, but lacks a competence
    TOO_FEW = "too_few"  # fewer than it needs together
    OWNER_CANNOT = "owner_cannot"  # whoever claimed it cannot do it in time
    WINDOW_SHORT = "window_short"  # its window, or what is left of it, is shorter than the work
    NO_TIME = "no_time"  # those who could are taken up by what costs more to leave


class Status(StrEnum):
    """How the search ended. Nothing here is proved to be the best: the method gives no bound."""

    WORK_DONE = "work_done"  # the work that was asked for, so that it repeats exactly
    TIME_UP = "time_up"  # the clock came first: another run may differ
    STOPPED = "stopped"  # whoever asked had seen enough
    NOTHING_TO_DO = "nothing_to_do"


@dataclass(frozen=True, slots=True)
class Step:
    """``[begins_minutes, ends_minutes)``. ``place`` is where it ends; ``code`` names the task or the break."""

    kind: StepKind
    begins_minutes: int
    ends_minutes: int
    place: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A worker's day from the first step to the last, without gaps."""

    worker: str
    steps: tuple[Step, ...] = ()

    @property
    def tasks(self) -> tuple[str, ...]:
        """Codes of the tasks, in order."""
        return tuple(step.code for step in self.steps if step.kind is StepKind.TASK)

    def minutes(self, kind: StepKind) -> int:
        """Minutes of one kind."""
        return sum(step.ends_minutes - step.begins_minutes for step in self.steps if step.kind is kind)


@dataclass(frozen=True, slots=True)
class Left:
    """A task that nobody does, and why."""

    task: str
    reason: LeftReason


@dataclass(frozen=True, slots=True)
class Figures:
    """What a plan costs, in minutes of walking.

    ``cost = walked + washed + outside x n_outside + late_cost + left_cost``; begun work costs nothing more.
    """

    walked_minutes: int = 0
    washed_minutes: int = 0
    n_outside: int = 0
    late_minutes: int = 0
    n_late: int = 0
    n_left: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a day.

    ``bound`` is None: the method proves none. ``digest`` names day and parameters that it was made from.
    """

    timelines: tuple[Timeline, ...]
    left: tuple[Left, ...]
    figures: Figures
    status: Status
    seed: int
    iterations: int
    seconds: float
    digest: str = ""
    bound: float | None = None
    version: str = VERSION

    def timeline(self, worker: str) -> Timeline:
        """One worker's; empty where there is none."""
        return next((one for one in self.timelines if one.worker == worker), Timeline(worker))

    def workers_of(self, task: str) -> tuple[str, ...]:
        """Who does a task."""
        return tuple(one.worker for one in self.timelines if task in one.tasks)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a plan breaks."""

    rule: str
    worker: str
    task: str
    text: str
