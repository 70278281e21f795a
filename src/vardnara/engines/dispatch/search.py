"""PyVRP's search, from a solution that is given, by work and not by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Tried on made-up hospital days of 60 workers and 900 tasks: a day is tight, so the search stays near what is feasible
# and moves in small steps. PyVRP's own defaults are made for problems in which every client must be visited.
NEIGHBOURS = 150
NEIGHBOURS_ANEW = 60  # where a plan holds and the answer is wanted in a second
PERTURBATIONS = 6
HISTORY = 5
WARP_PENALTY = 10.0  # minutes of walking for a minute that a window is missed by, to begin with
WARP_LEAST, WARP_MOST = 4.0, 200.0
FEASIBLE = (0.35, 0.55)  # share of the last solutions that keep their windows, between which it stays as it is
LOOK = 100  # solutions
ASKED = 50  # rounds between two questions whether to stop
LOAD_PENALTY = 5_000.0  # a second break of one kind is worth no break that somebody else goes without


@dataclass(frozen=True, slots=True)
class Found:
    """The best solution, rounds of work, whether the clock came first, and whether somebody stopped it."""

    best: Any
    iterations: int
    timed_out: bool
    stopped: bool = False


class Stop:
    """Ends a search after so many rounds, or when the clock says so."""

    def __init__(self, iterations: int, deadline: float | None, asked: Callable[[float], bool] | None = None) -> None:
        self.all = self.left = iterations
        self.deadline = deadline
        self.asked = asked
        self.timed_out = self.stopped = False

    def __call__(self, best_cost: float) -> bool:
        """Asked before each round."""
        self.left -= 1
        self.timed_out = self.deadline is not None and time.perf_counter() >= self.deadline
        if self.asked is not None and self.left % ASKED == 0:
            self.stopped = self.asked(1 - max(self.left, 0) / max(self.all, 1))
        return self.left < 0 or self.timed_out or self.stopped


class Penalties:
    """What a missed window costs, by how often windows were missed lately; what else is broken costs the same always.

    Tight days need a dear window, or nothing feasible is found; on others a cheap one lets the search through.
    """

    def __init__(self, dims: int) -> None:
        self.dims = dims
        self.warp = WARP_PENALTY
        self.kept = self.seen = 0

    def cost_evaluator(self) -> Any:
        """As PyVRP's penalty manager has it."""
        from pyvrp import CostEvaluator

        return CostEvaluator([LOAD_PENALTY] * self.dims, self.warp, LOAD_PENALTY)

    def register(self, solution: Any) -> None:
        """Take note of a solution."""
        self.seen += 1
        self.kept += not solution.has_time_warp()
        if self.seen < LOOK:
            return
        share, self.kept, self.seen = self.kept / self.seen, 0, 0
        if share < FEASIBLE[0]:
            self.warp = min(self.warp * 1.2, WARP_MOST)
        elif share > FEASIBLE[1]:
            self.warp = max(self.warp * 0.9, WARP_LEAST)


def _by_ways(data: Any) -> Any:
    """The same problem for one worker who may do everything everywhere.

    What is near for somebody is near for this one; with all workers it takes as many times longer as there are.
    """
    from pyvrp import VehicleType

    ways = data.duration_matrices()[:1]
    anybody = VehicleType(capacity=[1] * data.num_load_dimensions)
    return data.replace(vehicle_types=[anybody], distance_matrices=ways, duration_matrices=ways)


def search(
    data: Any,
    initial: Any,
    *,
    seed: int,
    iterations: int,
    deadline: float | None,
    neighbours: int,
    asked: Callable[[float], bool] | None = None,
) -> Found:
    """Improves a feasible solution.

    Parameters
    ----------
    data, initial
        A ``pyvrp.ProblemData`` and a feasible ``pyvrp.Solution`` of it.
    seed, iterations
        The same ones find the same.
    deadline
        Of ``time.perf_counter``; None: none.
    neighbours
        How many others a client is tried beside.
    asked
        Told now and then how much of the work is done, 0 to 1; says whether to stop.
    """
    from pyvrp import RandomNumberGenerator
    from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchParams
    from pyvrp.search import (
        OPERATORS,
        LocalSearch,
        NeighbourhoodParams,
        PerturbationManager,
        PerturbationParams,
        compute_neighbours,
    )

    if not data.num_clients:
        return Found(initial, 0, False)
    beside = compute_neighbours(_by_ways(data), NeighbourhoodParams(num_neighbours=neighbours))
    perturbation = PerturbationManager(PerturbationParams(1, PERTURBATIONS))
    local = LocalSearch(data, RandomNumberGenerator(seed=seed), beside, perturbation)
    for operator in OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    penalties: Any = Penalties(data.num_load_dimensions)
    if iterations > 0:
        improved = local(initial, penalties.cost_evaluator(), exhaustive=True)
        initial = improved if improved.is_feasible() else initial
    stop = Stop(iterations, deadline, asked)
    # a thorough look at each best one costs more rounds than it saves
    steps = IteratedLocalSearchParams(history_length=HISTORY, exhaustive_on_best=False)
    algorithm = IteratedLocalSearch(data, penalties, local, initial, steps)
    result = algorithm.run(stop, False, False)
    return Found(result.best, result.num_iterations, stop.timed_out, stop.stopped)
