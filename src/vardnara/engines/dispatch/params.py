"""What a minute is worth in the day plan, and how long the planner works."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.parameters.dispatch import dispatch_value

PRIORITIES = 3  # now, next, normal


@dataclass(frozen=True, slots=True)
class DispatchParams:
    """Weights in minutes of walking, and bounds of the work.

    Parameters
    ----------
    unplanned_minutes
        Minutes of walking that doing a task is worth, by its priority: now, next, normal; 1 to 100,000 each.
    late_minutes
        Minutes of walking that one minute past a task's soft time is worth, times the task's own weight; 0 to 1,000. At
        most nine tenths of what leaving it undone costs, and what is late already before it can be done costs nothing.
    outside_minutes
        Minutes of walking that work outside a worker's own places is worth avoiding; 0 to 1,000.
    wash_after_clean_minutes, wash_after_contagion_minutes
        How long the wash step takes, by what was done before; whole minutes, 0 to 120.
    change_minutes
        A live answer departs from the plan that holds only where that saves at least so many minutes; 0 to 1,000.
    iterations
        Work of the planner: rounds of its search, all parts together (of a whole day: of each of two that go side by
        side). The same work and seed give the same plan.
    seconds
        Wall time at which it stops before its work is done; None: never. The result says how it ended.
    seed
        Of the search.
    """

    unplanned_minutes: tuple[int, int, int] = (900, 450, 300)
    late_minutes: int = 1
    outside_minutes: int = 12
    wash_after_clean_minutes: int = round(dispatch_value("wash_after_clean"))
    wash_after_contagion_minutes: int = round(dispatch_value("wash_after_contagion"))
    change_minutes: int = 10
    iterations: int = 2000
    seconds: float | None = None
    seed: int = 1

    def __post_init__(self) -> None:
        bounds = {
            "late_minutes": (self.late_minutes, 0, 1000),
            "outside_minutes": (self.outside_minutes, 0, 1000),
            "wash_after_clean_minutes": (self.wash_after_clean_minutes, 0, 120),
            "wash_after_contagion_minutes": (self.wash_after_contagion_minutes, 0, 120),
            "change_minutes": (self.change_minutes, 0, 1000),
            "iterations": (self.iterations, 0, 10_000_000),
        }
        faults = [
            Fault("dispatch", name, str(value), f"{least} to {most}")
            for name, (value, least, most) in bounds.items()
            if not least <= value <= most
        ]
        if len(self.unplanned_minutes) != PRIORITIES or not all(1 <= one <= 100_000 for one in self.unplanned_minutes):
            faults.append(Fault("dispatch", "unplanned_minutes", str(self.unplanned_minutes), "three of 1 to 100000"))
        if self.seconds is not None and not 0 < self.seconds <= 86_400:
            faults.append(Fault("dispatch", "seconds", str(self.seconds), "up to a day"))
        if faults:
            raise InputError(faults, "bad_dispatch_params")
