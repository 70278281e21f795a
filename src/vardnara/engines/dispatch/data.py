"""A day: who is there, what is to be done, how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from vardnara.engines.dispatch.params import PRIORITIES, DispatchParams
from vardnara.engines.dispatch.walking import Walking
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.parameters.dispatch import dispatch_value

LAST_MINUTE = 2880  # a night that begins today ends before the end of tomorrow
PEOPLE_MOST = 4


class Hygiene(IntEnum):
    """How clean work is. After what is higher nothing lower is done without the wash step."""

    FOOD = 0
    CLEAN = 1
    CONTAGION = 2


def hygiene_of(order: int) -> Hygiene:
    """The class of a place in the catalogue's hygiene order (0 is the cleanest)."""
    if order >= dispatch_value("hygiene_contagion_least"):
        return Hygiene.CONTAGION
    return Hygiene.FOOD if order <= dispatch_value("hygiene_food_most") else Hygiene.CLEAN


@dataclass(frozen=True, slots=True)
class Break:
    """A break of ``minutes`` that lies wholly within ``[opens_minutes, closes_minutes)``, at the worker's home place.

    Whoever comes to it from anything but food washes first.
    """

    code: str
    opens_minutes: int
    closes_minutes: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who is there from ``starts_minutes`` until ``ends_minutes`` (minutes after the day's local midnight).

    Parameters
    ----------
    place
        Where they are when they begin, or now.
    skills
        Competences that hold on the day: what has expired is left out by the caller.
    breaks
        Those still to come, in their order.
    zone
        Places that are theirs; empty: everywhere.
    home
        Where their breaks are; empty: ``place``.
    hygiene
        What they carry when they begin: the class of what they did since their last wash.
    """

    code: str
    starts_minutes: int
    ends_minutes: int
    place: str
    skills: frozenset[str] = frozenset()
    breaks: tuple[Break, ...] = ()
    zone: frozenset[str] = frozenset()
    home: str = ""
    hygiene: Hygiene = Hygiene.FOOD

    @property
    def break_place(self) -> str:
        return self.home or self.place


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work at a place.

    Parameters
    ----------
    minutes
        How long it takes each of its people; at least 1.
    opens_minutes, closes_minutes
        It is not begun before the one and is finished by the other, whatever it costs.
    due_minutes
        Finished later, each minute costs ``late_weight``; None: the hard end is the only one.
    skills
        Each of its people needs all of them.
    priority
        0 now, 1 next, 2 normal: what leaving it undone costs.
    n_people
        So many do it together, at the same time.
    owners
        Who has claimed it: it is planned with them or not at all. The rest of its people is free.
    begun_minutes
        When its owners began it; it goes on where it is, and nothing comes before it. None: not begun.
    """

    code: str
    place: str
    minutes: int
    opens_minutes: int
    closes_minutes: int
    due_minutes: int | None = None
    late_weight: int = 1
    skills: frozenset[str] = frozenset()
    priority: int = PRIORITIES - 1
    hygiene: Hygiene = Hygiene.CLEAN
    n_people: int = 1
    owners: tuple[str, ...] = ()
    begun_minutes: int | None = None

    @property
    def soft_end(self) -> int:
        """The end until which it costs nothing."""
        return self.closes_minutes if self.due_minutes is None else self.due_minutes


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that is planned together.

    ``now_minutes``: nothing begins before it, but for what has begun. Times are minutes after the day's local midnight
    as they pass, so that a day has 1,380 or 1,500 of them when the clock is changed.

    Raises
    ------
    InputError
        Every fault: codes that stand twice, places without a way, windows that end before they begin, breaks outside
        the shift, unknown owners.
    """

    workers: tuple[Worker, ...]
    tasks: tuple[Task, ...]
    walking: Walking
    now_minutes: int = 0
    params: DispatchParams = field(default_factory=DispatchParams)

    def __post_init__(self) -> None:
        faults = [*self._twice(), *self._worker_faults(), *self._task_faults()]
        if faults:
            raise InputError(faults, "bad_day")

    def _twice(self) -> Iterator[Fault]:
        for what, codes in (("worker", [one.code for one in self.workers]), ("task", [one.code for one in self.tasks])):
            for code in sorted(
                {code for code in codes if codes.count(code) > 1} if len(set(codes)) < len(codes) else ()
            ):
                yield Fault(what, code, "stands twice", "each code once")

    def _worker_faults(self) -> Iterator[Fault]:
        for worker in self.workers:
            for place in (worker.place, worker.break_place):
                if place not in self.walking:
                    yield Fault("worker", worker.code, f"place {place}", "a place of the walking matrix")
            if not 0 <= worker.starts_minutes < worker.ends_minutes <= LAST_MINUTE:
                yield Fault("worker", worker.code, f"{worker.starts_minutes}-{worker.ends_minutes}", "a shift")
            ends = 0
            for pause in worker.breaks:
                room = pause.closes_minutes - pause.opens_minutes
                if not 1 <= pause.minutes <= room or pause.opens_minutes < ends:
                    yield Fault(
                        "worker", worker.code, f"break {pause.code}", "a window it fits in, after the one before"
                    )
                ends = pause.opens_minutes

    def _task_faults(self) -> Iterator[Fault]:
        known = {worker.code for worker in self.workers}
        for task in self.tasks:
            if task.place not in self.walking:
                yield Fault("task", task.code, f"place {task.place}", "a place of the walking matrix")
            if task.minutes < 1 or not 0 <= task.opens_minutes <= task.closes_minutes <= LAST_MINUTE:
                yield Fault(
                    "task", task.code, f"{task.minutes} min in {task.opens_minutes}-{task.closes_minutes}", "a window"
                )
            if task.due_minutes is not None and task.due_minutes > task.closes_minutes:
                yield Fault("task", task.code, f"due {task.due_minutes}", "no later than the hard end")
            if not 0 <= task.priority < PRIORITIES or not 1 <= task.n_people <= PEOPLE_MOST or task.late_weight < 0:
                yield Fault("task", task.code, "priority, people or weight", "0-2, 1-4, 0 or more")
            if len(set(task.owners)) != len(task.owners) or not set(task.owners) <= known:
                yield Fault("task", task.code, f"owners {', '.join(task.owners)}", "workers of the day, each once")
            if len(task.owners) > task.n_people or (task.begun_minutes is not None and not task.owners):
                yield Fault("task", task.code, "owners", "no more than its people, and at least one where it has begun")
