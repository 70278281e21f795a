"""A day as a routing problem of PyVRP, and its routes as orders.

What is exact here: windows, shifts, breaks, competences, claims, walking, and the wash step. The wash is part of the
way: hygiene is one of three classes, and whoever goes from a higher one to a lower one washes, so between two washes
classes only rise and what somebody carries is the class of what they did last. The two ends of the way tell it.

What is not: a time window of PyVRP is hard, so lateness comes in as alternatives (``late``), and what several do
together stands at a time that is given (``fixed``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vardnara.engines.dispatch.data import Day, Hygiene, Task, Worker
from vardnara.engines.dispatch.schedule import BREAK, CROSSES, Start, late_cost, late_since, order_time, wash_minutes

FORBIDDEN = 1_000_000  # minutes of a way that nobody may go: more than any task is worth, and no overflow in sums
BREAK_WORTH = 5_000  # a break is not given up for work
LATE_STEPS = (10, 30, 90)  # minutes late at which a late alternative ends; the last one is the hard end


@dataclass(frozen=True, slots=True)
class Spot:
    """A location of the routing problem: where (-1: wherever a shift ends), how clean, and who may come."""

    place: int
    hygiene: Hygiene = Hygiene.FOOD
    skills: frozenset[str] = frozenset()
    owner: str = ""
    crosses: bool = False
    pause: tuple[Any, ...] = ()
    start: bool = False


END = Spot(-1)


@dataclass(frozen=True, slots=True)
class Client:
    """What a client of the problem stands for: a task or a break as in an order, in a window, whose it is.

    ``seat`` is the same for alternatives of one another.
    """

    one: int
    seat: int
    opens: int
    closes: int
    owner: str = ""
    pause: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """The problem, what each client stands for, and the workers of each vehicle type, alike in all that matters."""

    data: Any
    clients: tuple[Client, ...]
    crews: tuple[tuple[int, ...], ...]


def model_build(
    day: Day, starts: Sequence[Start], fixed: Mapping[int, int], late: frozenset[int] = frozenset()
) -> Model:
    """The routing problem of a day.

    Parameters
    ----------
    day, starts
        What is planned, and where each worker is free.
    fixed
        Begins of tasks that several do together, by number; one without stays out.
    late
        Numbers of tasks that may be done past their soft time.
    """
    import pyvrp

    building = _Building(dims=max((len(worker.breaks) for worker in day.workers), default=0))
    for number, task in enumerate(day.tasks):
        if task.begun_minutes is None and (task.n_people == 1 or number in fixed):
            building.task(day, number, list(_windows(day, number, task, fixed, late)))
    crews = _crews(day, starts)
    for crew in crews:
        for number in crew:
            building.breaks(day, day.workers[number], starts[number])
    types = [building.crew(day, crew, day.workers[crew[0]], starts[crew[0]]) for crew in crews]
    distances, durations = _matrices(day, list(building.spots), list(building.profiles))
    locations = [pyvrp.Location(0, 0) for _ in building.spots]
    data = pyvrp.ProblemData(locations, building.clients, building.depots, types, distances, durations, building.groups)
    return Model(data, tuple(building.meant), crews)


class _Building:
    """The parts of a problem while they are put together; ``dims`` is the most breaks that anybody has."""

    def __init__(self, *, dims: int) -> None:
        import pyvrp

        self.pyvrp = pyvrp
        self.dims = dims
        self.spots: dict[Spot, int] = {END: 0}
        self.clients: list[Any] = []
        self.meant: list[Client] = []
        self.groups: list[Any] = []
        self.depots = [pyvrp.Depot(0)]
        self.depot_of: dict[Spot, int] = {}
        self.profiles: dict[tuple[Any, ...], int] = {}

    def _spot(self, spot: Spot) -> int:
        return self.spots.setdefault(spot, len(self.spots))

    def task(self, day: Day, number: int, options: Sequence[tuple[int, int, int]]) -> None:
        """A client for each of a task's people, or a group of them where it has alternatives."""
        task = day.tasks[number]
        for owner in (*task.owners, *[""] * (task.n_people - len(task.owners))):
            crosses = task.priority <= CROSSES
            where = self._spot(Spot(day.walking.index(task.place), task.hygiene, task.skills, owner, crosses))
            group = len(self.groups) if len(options) > 1 else None
            first = len(self.clients)
            for opens, closes, prize in options:
                self._client(where, opens, closes, task.minutes, prize, group=group)
                self.meant.append(Client(number, first, opens, closes, owner))
            if group is not None:
                alternatives = list(range(first, len(self.clients)))
                self.groups.append(self.pyvrp.ClientGroup(alternatives, required=False))

    def breaks(self, day: Day, worker: Worker, start: Start) -> None:
        """A client for each break. Those of workers who are alike are alike: each of them has room for one."""
        for ordinal, pause in enumerate(worker.breaks):
            last = min(pause.closes_minutes, worker.ends_minutes) - pause.minutes
            opens = max(pause.opens_minutes, start.minutes)
            if last < opens:
                continue
            key = _pause_key(worker, ordinal)
            where = self._spot(Spot(day.walking.index(worker.break_place), pause=key))
            self._client(where, opens, last, pause.minutes, BREAK_WORTH, kind=ordinal)
            self.meant.append(Client(BREAK - ordinal, len(self.meant), opens, last, pause=key))

    def _client(
        self, where: int, opens: int, closes: int, minutes: int, prize: int, *, group: int | None = None, kind: int = -1
    ) -> None:
        load = [int(kind == one) for one in range(self.dims)]
        self.clients.append(
            self.pyvrp.Client(
                where,
                load,
                service_duration=minutes,
                tw_early=opens,
                tw_late=closes,
                prize=prize,
                required=False,
                group=group,
            )
        )

    def crew(self, day: Day, crew: Sequence[int], worker: Worker, start: Start) -> Any:
        """A type of vehicle for workers who are alike."""
        spot = Spot(day.walking.index(start.place), start.hygiene, start=True)
        if spot not in self.depot_of:
            self.depot_of[spot] = len(self.depots)
            self.depots.append(self.pyvrp.Depot(self._spot(spot)))
        key = _profile_key(worker)
        return self.pyvrp.VehicleType(
            num_available=len(crew),
            capacity=[1] * self.dims,
            start_depot=self.depot_of[spot],
            end_depot=0,
            tw_early=start.minutes,
            tw_late=worker.ends_minutes,
            profile=self.profiles.setdefault(key, len(self.profiles)),
        )


def _windows(
    day: Day, number: int, task: Task, fixed: Mapping[int, int], late: frozenset[int]
) -> Iterable[tuple[int, int, int]]:
    """Windows for the begin of a task and what it is worth to meet each."""
    opens = max(task.opens_minutes, day.now_minutes)
    worth = day.params.unplanned_minutes[task.priority]
    if number in fixed:
        begin = fixed[number]
        yield begin, begin, worth - late_cost(day, task, begin + task.minutes)
        return
    soft, hard = task.soft_end - task.minutes, task.closes_minutes - task.minutes
    if soft >= opens:
        yield opens, soft, worth
    if (number not in late and soft >= opens) or hard < opens:
        return
    begin, since = max(opens, soft + 1), late_since(day, task) - task.minutes
    for step in (*LATE_STEPS, hard - since):
        until = min(since + step, hard)
        if until < begin:
            continue
        # the middle of the stretch stands for all of it; what it costs in truth is counted after the search
        yield begin, until, worth - late_cost(day, task, (begin + until) // 2 + task.minutes)
        begin = until + 1


def _pause_key(worker: Worker, ordinal: int) -> tuple[Any, ...]:
    pause = worker.breaks[ordinal]
    return (
        ordinal,
        worker.break_place,
        pause.opens_minutes,
        min(pause.closes_minutes, worker.ends_minutes),
        pause.minutes,
    )


def _profile_key(worker: Worker) -> tuple[Any, ...]:
    pauses = tuple(_pause_key(worker, ordinal) for ordinal in range(len(worker.breaks)))
    return (worker.skills, worker.zone, pauses, worker.code)


def _crews(day: Day, starts: Sequence[Start]) -> tuple[tuple[int, ...], ...]:
    """Workers who can stand for each other; who has claimed something can for nobody."""
    claimed = {owner for task in day.tasks for owner in task.owners}
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, (worker, start) in enumerate(zip(day.workers, starts, strict=True)):
        if start.minutes >= worker.ends_minutes:
            continue
        own = worker.code if worker.code in claimed else ""
        key = (_profile_key(worker)[:3], start.minutes, start.place, start.hygiene, worker.ends_minutes, own)
        alike[key].append(number)
    return tuple(tuple(found) for found in alike.values())


def _matrices(day: Day, spots: list[Spot], profiles: list[tuple[Any, ...]]) -> tuple[list[Any], list[Any]]:
    """Ways for each kind of worker, with the wash step; what they may not do is further than anything is worth."""
    import numpy as np

    places = np.array([max(spot.place, 0) for spot in spots])
    hygiene = np.array([int(spot.hygiene) for spot in spots])
    washes = np.array([wash_minutes(day.params, one) for one in Hygiene])
    ways = np.array(day.walking.minutes, dtype=np.int64)[np.ix_(places, places)]
    ways += np.where(hygiene[None, :] < hygiene[:, None], washes[hygiene][:, None], 0)
    ends = np.array([spot.place < 0 for spot in spots])
    ways[:, ends] = 0
    np.fill_diagonal(ways, 0)
    names = np.array([spot.place for spot in spots])
    distances = []
    durations = []
    index = {place: number for number, place in enumerate(day.walking.places)}
    for skills, zone, pauses, code in profiles:
        own = {index[place] for place in zone if place in index}
        extra = np.zeros(len(spots), dtype=np.int64)
        for number, spot in enumerate(spots):
            if spot.place < 0 or spot.start:
                continue
            if spot.pause:
                extra[number] = 0 if spot.pause in pauses else FORBIDDEN
            elif not spot.skills <= skills or spot.owner not in ("", code):
                extra[number] = FORBIDDEN
            elif zone and int(names[number]) not in own and not spot.crosses and spot.owner != code:
                extra[number] = day.params.outside_minutes
        # who is at a place already has not left their own again
        here = (names[:, None] == names[None, :]) & (extra < FORBIDDEN)[None, :]
        matrix = ways + np.where(here, 0, extra[None, :])
        np.fill_diagonal(matrix, 0)
        distances.append(matrix)
        durations.append(ways)
    return distances, durations


def solution_of(
    model: Model, day: Day, starts: Sequence[Start], orders: Sequence[Sequence[int]], fixed: Mapping[int, int]
) -> Any:
    """A solution that the search can begin with; what has no place in the model is left out."""
    import pyvrp

    open_: dict[int, list[int]] = defaultdict(list)
    for client, meant in enumerate(model.clients):
        open_[meant.one].append(client)
    taken: set[int] = set()
    routes = []
    for kind, crew in enumerate(model.crews):
        for number in crew:
            timing = order_time(day, number, starts[number], orders[number], fixed)
            visits = []
            for one, begin in zip(orders[number], timing.begins if timing else (), strict=bool(timing)):
                found = _client(model, day.workers[number], open_[one], taken, one, begin)
                if found is not None:
                    taken.add(model.clients[found].seat)
                    visits.append(found)
            if visits:
                routes.append(pyvrp.Route(model.data, visits, kind))
    return pyvrp.Solution(model.data, routes)


def _client(model: Model, worker: Worker, found: list[int], taken: set[int], one: int, begin: int) -> int | None:
    """The client that a worker's visit at a time is."""
    pause = _pause_key(worker, BREAK - one) if one <= BREAK else ()
    fits = [
        client
        for client in found
        if (meant := model.clients[client]).seat not in taken
        and meant.opens <= begin <= meant.closes
        and meant.owner in ("", worker.code)
        and meant.pause == pause
    ]
    return max(fits, key=lambda client: (model.clients[client].owner, -client), default=None)


def orders_read(model: Model, solution: Any, n_workers: int) -> list[list[int]]:
    """Each worker's order from the routes of a solution."""
    orders: list[list[int]] = [[] for _ in range(n_workers)]
    free = [list(crew) for crew in model.crews]
    for route in solution.routes():
        worker = free[route.vehicle_type()].pop(0)
        orders[worker] = [model.clients[stop.idx].one for stop in route if stop.is_client()]
    return orders
