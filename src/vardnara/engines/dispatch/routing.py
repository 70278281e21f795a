"""The routing core on its own: vehicles from one depot, capacity, hard windows, the least total distance (VRPTW)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, hypot
from typing import Any

from vardnara.kernel.errors import InputError, NoSolution
from vardnara.kernel.faults import Fault

SCALE = 100_000  # PyVRP reckons in whole numbers; ways are rounded up, so that no window is missed by rounding
TOLERANCE = 1e-6  # of a sum of doubles beside a whole window


@dataclass(frozen=True, slots=True)
class Stop:
    """A customer, or the depot: where, how much, from when until when service may begin, how long it takes."""

    x: float
    y: float
    demand: int
    ready: int
    due: int
    service: int


@dataclass(frozen=True, slots=True)
class Instance:
    """Stop 0 is the depot. Distance and time between stops are Euclid's."""

    name: str
    n_vehicles: int
    capacity: int
    stops: tuple[Stop, ...]

    def __post_init__(self) -> None:
        if not self.stops or self.n_vehicles < 1:
            raise InputError([Fault(self.name or "instance", "", "no depot or no vehicle", "at least one of each")])

    def way(self, start: int, end: int) -> float:
        """Distance between two stops."""
        return hypot(self.stops[start].x - self.stops[end].x, self.stops[start].y - self.stops[end].y)


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes of customers without the depot; ``distance`` in double precision, the ways from and to it included."""

    routes: tuple[tuple[int, ...], ...]
    distance: float
    iterations: int
    seconds: float


def routes_solve(
    instance: Instance, *, seed: int = 1, iterations: int | None = None, seconds: float | None = None
) -> Routes:
    """Short routes that serve every customer once.

    Parameters
    ----------
    instance
        What is to be served.
    seed
        Of the search.
    iterations, seconds
        When it ends, whichever comes first; at least one is given. With ``iterations`` alone it repeats exactly.

    Raises
    ------
    NoSolution
        Nothing was found that keeps every window.
    """
    import numpy as np
    import pyvrp
    from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria, StoppingCriterion

    if iterations is None and seconds is None:
        raise InputError([Fault("routes", "", "no end", "iterations or seconds")])
    began = time.perf_counter()
    number = len(instance.stops)
    ways: Any = np.array([[ceil(round(instance.way(a, b) * SCALE, 4)) for b in range(number)] for a in range(number)])
    depot = instance.stops[0]
    data = pyvrp.ProblemData(
        [pyvrp.Location(stop.x, stop.y) for stop in instance.stops],
        [
            pyvrp.Client(place, [stop.demand], [], stop.service * SCALE, stop.ready * SCALE, stop.due * SCALE)
            for place, stop in enumerate(instance.stops)
            if place
        ],
        [pyvrp.Depot(0)],
        [
            pyvrp.VehicleType(
                instance.n_vehicles, [instance.capacity], tw_early=depot.ready * SCALE, tw_late=depot.due * SCALE
            )
        ],
        [ways],
        [ways],
    )
    ends: list[StoppingCriterion] = [MaxIterations(iterations)] if iterations is not None else []
    ends += [MaxRuntime(seconds - (time.perf_counter() - began))] if seconds is not None else []
    result = pyvrp.solve(data, MultipleCriteria(ends), seed=seed, collect_stats=False)
    if not result.is_feasible():
        raise NoSolution("no_routes", f"{instance.name}: nothing found that keeps every window")
    routes = tuple(tuple(stop.idx + 1 for stop in route if stop.is_client()) for route in result.best.routes())
    return Routes(routes, routes_distance(instance, routes), result.num_iterations, time.perf_counter() - began)


def routes_distance(instance: Instance, routes: tuple[tuple[int, ...], ...]) -> float:
    """The sum of all ways in double precision."""
    return sum(instance.way(a, b) for route in routes for a, b in zip((0, *route), (*route, 0), strict=True))


def routes_faults(instance: Instance, routes: tuple[tuple[int, ...], ...]) -> tuple[str, ...]:
    """What is wrong with routes; an independent judge in double precision."""
    return tuple(_faults(instance, routes))


def _faults(instance: Instance, routes: tuple[tuple[int, ...], ...]) -> Iterator[str]:
    served = sorted(stop for route in routes for stop in route)
    if served != list(range(1, len(instance.stops))):
        yield "not every customer once"
    if len(routes) > instance.n_vehicles:
        yield f"{len(routes)} routes, {instance.n_vehicles} vehicles"
    for route in routes:
        if sum(instance.stops[stop].demand for stop in route) > instance.capacity:
            yield f"{route}: too heavy"
        at, here = float(instance.stops[0].ready), 0
        for stop in (*route, 0):
            at = max(at + instance.way(here, stop), instance.stops[stop].ready)
            if at > instance.stops[stop].due + TOLERANCE:
                yield f"{route}: {stop} at {at}"
            at, here = at + instance.stops[stop].service, stop
