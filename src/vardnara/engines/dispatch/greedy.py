"""The plain floor: whoever is free takes the most urgent work, then the nearest."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any

from vardnara.engines.dispatch.data import Day, Hygiene
from vardnara.engines.dispatch.schedule import BREAK, CROSSES, Start, may, starts_of, wash_minutes

NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Orders:
    """Each worker's order of tasks and breaks, and the begins of what several do together."""

    orders: tuple[tuple[int, ...], ...]
    fixed: dict[int, int]


@dataclass(slots=True)
class _Person:
    """Where somebody stands while the day is played through."""

    at: int
    place: int
    hygiene: int
    order: list[int]
    next_break: int = 0


class _Arrays:
    """Tasks in columns."""

    def __init__(self, day: Day) -> None:
        import numpy as np

        tasks = day.tasks
        self.np = np
        self.place = np.array([day.walking.index(task.place) for task in tasks], dtype=np.int64)
        self.hygiene = np.array([task.hygiene for task in tasks], dtype=np.int64)
        self.opens = np.array([max(task.opens_minutes, day.now_minutes) for task in tasks], dtype=np.int64)
        self.closes = np.array([task.closes_minutes for task in tasks], dtype=np.int64)
        self.minutes = np.array([task.minutes for task in tasks], dtype=np.int64)
        self.priority = np.array([task.priority for task in tasks], dtype=np.int64)
        self.open = np.array([task.begun_minutes is None for task in tasks], dtype=bool)
        self.walking = np.array(day.walking.minutes, dtype=np.int64)
        self.wash = [wash_minutes(day.params, Hygiene(one)) for one in range(len(Hygiene))]
        self.may = np.array([[may(worker, task) for task in tasks] for worker in day.workers], dtype=bool)
        away = [
            [bool(w.zone) and t.place not in w.zone and t.priority > CROSSES and w.code not in t.owners for t in tasks]
            for w in day.workers
        ]
        self.outside = np.array(away, dtype=bool)
        self.own = np.array([[w.code in t.owners for t in tasks] for w in day.workers], dtype=bool)

    def way(self, person: _Person, tasks: Any) -> Any:
        """Minutes to each of some tasks, the wash step in them."""
        washes = self.hygiene[tasks] < person.hygiene
        return self.walking[person.place, self.place[tasks]] + self.np.where(washes, self.wash[person.hygiene], 0)


def greedy_orders(day: Day) -> Orders:
    """Plays the day through: each time somebody is free they take what is most urgent, of that what is nearest.

    Waiting counts like walking, work outside one's places like the minutes that it is worth avoiding. What several do
    together takes along whoever can be there first.
    """
    starts = starts_of(day)
    if not day.tasks or not day.workers:
        return Orders(tuple(_breaks_only(day, number, start) for number, start in enumerate(starts)), {})
    arrays = _Arrays(day)
    people = [_Person(start.minutes, day.walking.index(start.place), int(start.hygiene), []) for start in starts]
    fixed: dict[int, int] = {}
    heap = [(person.at, number) for number, person in enumerate(people)]
    heapq.heapify(heap)
    while heap:
        at, number = heapq.heappop(heap)
        person = people[number]
        if at != person.at:
            heapq.heappush(heap, (person.at, number))
            continue
        if _break_now(day, number, person):
            heapq.heappush(heap, (person.at, number))
            continue
        chosen = _choose(day, arrays, people, number, fixed)
        if chosen is None:
            # nothing that can be done before the break, or before the shift ends
            if _break_next(day, number, person):
                heapq.heappush(heap, (person.at, number))
            continue
        heapq.heappush(heap, (person.at, number))
    return Orders(tuple(tuple(person.order) for person in people), fixed)


def _breaks_only(day: Day, number: int, start: Start) -> tuple[int, ...]:
    person = _Person(start.minutes, day.walking.index(start.place), int(start.hygiene), [])
    while _break_next(day, number, person):
        pass
    return tuple(person.order)


def _break_time(day: Day, number: int, person: _Person) -> tuple[int, int] | None:
    """When the next break would begin, and when it must; None where there is none left."""
    worker = day.workers[number]
    if person.next_break >= len(worker.breaks):
        return None
    pause = worker.breaks[person.next_break]
    way = day.walking.minutes[person.place][day.walking.index(worker.break_place)]
    way += wash_minutes(day.params, Hygiene(person.hygiene)) if person.hygiene else 0
    return max(person.at + way, pause.opens_minutes), min(pause.closes_minutes, worker.ends_minutes) - pause.minutes


def _break_now(day: Day, number: int, person: _Person) -> bool:
    """Takes the next break where its window is open."""
    worker = day.workers[number]
    times = _break_time(day, number, person)
    if times is None or person.at < worker.breaks[person.next_break].opens_minutes:
        return False
    return _break_next(day, number, person)


def _break_next(day: Day, number: int, person: _Person) -> bool:
    """Takes the next break as soon as it can be; one that can no longer be is passed over. False: none is left."""
    times = _break_time(day, number, person)
    if times is None:
        return False
    worker = day.workers[number]
    begins, latest = times
    if begins <= latest:
        person.at = begins + worker.breaks[person.next_break].minutes
        person.place = day.walking.index(worker.break_place)
        person.hygiene = Hygiene.FOOD
        person.order.append(BREAK - person.next_break)
    person.next_break += 1
    return True


def _fits(day: Day, arrays: _Arrays, person: _Person, number: int, tasks: Any, begins: Any) -> Any:
    """Which of some tasks, begun then, end in time, also for the break that comes next."""
    np, worker = arrays.np, day.workers[number]
    ends = begins + arrays.minutes[tasks]
    fits = (ends <= arrays.closes[tasks]) & (ends <= worker.ends_minutes)
    if person.next_break < len(worker.breaks):
        pause = worker.breaks[person.next_break]
        back = arrays.walking[arrays.place[tasks], day.walking.index(worker.break_place)]
        back = back + np.take(arrays.wash, arrays.hygiene[tasks])
        fits &= ends + back <= min(pause.closes_minutes, worker.ends_minutes) - pause.minutes
    return fits


def _choose(day: Day, arrays: _Arrays, people: list[_Person], number: int, fixed: dict[int, int]) -> int | None:
    """Gives somebody their next task; None where there is none."""
    np, person = arrays.np, people[number]
    tasks = np.flatnonzero(arrays.open & arrays.may[number])
    if not len(tasks):
        return None
    begins = np.maximum(person.at + arrays.way(person, tasks), arrays.opens[tasks])
    fits = _fits(day, arrays, person, number, tasks, begins)
    tasks, begins = tasks[fits], begins[fits]
    if not len(tasks):
        return None
    price = begins - person.at + arrays.outside[number, tasks] * day.params.outside_minutes
    waits = begins - person.at - arrays.way(person, tasks) > day.params.change_minutes
    ranks = np.lexsort((tasks, arrays.closes[tasks], price, arrays.priority[tasks], ~arrays.own[number, tasks], waits))
    for rank in ranks:
        task = int(tasks[rank])
        others = _others(day, arrays, people, number, task, int(begins[rank]))
        if others is None:
            continue
        together = [(number, int(begins[rank])), *others]
        begin = max(at for _, at in together)
        for one, _ in together:
            mate = people[one]
            mate.at, mate.place = begin + int(arrays.minutes[task]), int(arrays.place[task])
            mate.hygiene = int(arrays.hygiene[task])
            mate.order.append(task)
        if len(together) > 1:
            fixed[task] = begin
        arrays.open[task] = False
        return task
    return None


def _others(
    day: Day, arrays: _Arrays, people: list[_Person], number: int, task: int, begins: int
) -> list[tuple[int, int]] | None:
    """Who else comes along, and when they can be there; None where too few can."""
    wanted = day.tasks[task]
    if wanted.n_people == 1:
        return []
    np = arrays.np
    owners = {code for code in wanted.owners if code != day.workers[number].code}
    if day.workers[number].code not in wanted.owners and len(wanted.owners) >= wanted.n_people:
        return None
    found = []
    one = np.array([task])
    for other, mate in enumerate(people):
        if other == number or not arrays.may[other, task]:
            continue
        at = max(int((mate.at + arrays.way(mate, one))[0]), int(arrays.opens[task]))
        found.append((day.workers[other].code not in owners, at, other))
    chosen = sorted(found)[: wanted.n_people - 1]
    if len(chosen) < wanted.n_people - 1 or owners - {day.workers[other].code for _, _, other in chosen}:
        return None
    begin = np.array([max([begins, *(at for _, at, _ in chosen)])])
    if not all(
        bool(_fits(day, arrays, people[who], who, one, begin)[0]) for who in [number, *(o for _, _, o in chosen)]
    ):
        return None
    return [(other, at) for _, at, other in chosen]
