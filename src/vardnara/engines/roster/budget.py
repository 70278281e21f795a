"""How long a search goes on: by work, which repeats exactly, or by a clock that is passed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

STEPS_A_UNIT = 200_000  # label steps and simplex iterations that take about a hundredth of a second on one core
PIVOTS_A_UNIT = 100


def units(steps: int, pivots: int) -> float:
    """Units of work of label steps and simplex iterations."""
    return steps / STEPS_A_UNIT + pivots / PIVOTS_A_UNIT


@dataclass(slots=True)
class Budget:
    """What a search may use.

    Parameters
    ----------
    work
        Units of work, about a hundredth of a second on one core each; None: no end by work.
    seconds
        Reading of ``clock`` at which to stop; None: no end by time, and nothing is decided by the clock.
    clock
        Seconds since the beginning.
    stopped
        Asked between steps; True ends the search with what it has.
    """

    work: float | None = None
    seconds: float | None = None
    clock: Callable[[], float] = lambda: 0.0
    stopped: Callable[[], bool] = lambda: False
    used: float = field(default=0.0, init=False)

    def spend(self, steps: int, pivots: int) -> None:
        self.used += units(steps, pivots)

    def over(self) -> bool:
        """Between rounds: whether to stop."""
        return (self.work is not None and self.used >= self.work) or self.late()

    def late(self) -> bool:
        """Within a round: whether to stop at once. Never by work, which other threads are still spending."""
        return self.stopped() or (self.seconds is not None and self.clock() >= self.seconds)

    def left(self) -> float | None:
        """Seconds that are left; None where no clock decides."""
        return None if self.seconds is None else max(self.seconds - self.clock(), 0.0)

    def share(self) -> float:
        """Of the budget used so far, 0 to 1."""
        shares = [0.0]
        if self.work:
            shares.append(self.used / self.work)
        if self.seconds:
            shares.append(self.clock() / self.seconds)
        return max(shares)
