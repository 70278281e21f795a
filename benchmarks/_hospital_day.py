"""A made-up day of ward service: 36 wards in four buildings, workers in sections and a pool, work with its peaks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vardnara.engines.dispatch import (
    Break,
    Day,
    DispatchParams,
    Hygiene,
    Plan,
    Spot,
    StepKind,
    Task,
    Walking,
    Worker,
    walking_derive,
)

BUILDINGS, FLOORS, WARDS_A_FLOOR = 4, 3, 3
SECTIONS = 6
DAYPARTS = {  # shift, its share, lunch, coffee: minutes after midnight
    "early": (390, 900, 0.44, (600, 690), (510, 585)),
    "day": (450, 960, 0.20, (630, 750), (540, 615)),
    "late": (720, 1230, 0.36, (900, 1020), (1080, 1155)),
}
MEALS = (  # name, opens, soft end, hard end, least and most minutes
    ("breakfast", 440, 540, 555, 38, 55),
    ("lunch", 680, 780, 795, 38, 55),
    ("dinner", 960, 1080, 1095, 38, 55),
    ("snack", 825, 900, 930, 15, 25),
    ("evening", 1140, 1215, 1230, 12, 20),
)


def places() -> dict[str, Spot]:
    """Wards by building and floor, and a base on the ground of each building."""
    found = {
        f"W{building}{floor}{number}": Spot(f"H{building}", str(floor + 1))
        for building in range(BUILDINGS)
        for floor in range(FLOORS)
        for number in range(WARDS_A_FLOOR)
    }
    return found | {f"BASE{building}": Spot(f"H{building}", "0") for building in range(BUILDINGS)}


def walking_make() -> Walking:
    return walking_derive(places())


def workers_make(rng: np.random.Generator, number: int) -> tuple[Worker, ...]:
    """Early, day and late shifts; four of five belong to a section of six wards, the rest to the pool."""
    wards = [place for place in places() if place.startswith("W")]
    size = len(wards) // SECTIONS
    workers = []
    shares = np.cumsum([part[2] for part in DAYPARTS.values()])
    for one in range(number):
        begins, ends, _, lunch, coffee = list(DAYPARTS.values())[int(np.searchsorted(shares, (one + 0.5) / number))]
        section = one % SECTIONS
        zone = frozenset(wards[section * size : (section + 1) * size]) if one % 5 else frozenset()
        base = f"BASE{section * size // (FLOORS * WARDS_A_FLOOR)}"
        skills = {name for name, share in (("food", 0.85), ("clean", 0.8), ("contagion", 0.4)) if rng.random() < share}
        skills |= {"food"} if not skills & {"food", "clean"} else set()
        if "contagion" in skills:
            skills.add("clean")
        pauses = (Break("coffee", *coffee, 15), Break("lunch", *lunch, 30))
        pauses = tuple(sorted(pauses, key=lambda pause: pause.opens_minutes))
        workers.append(Worker(f"P{one:02}", begins, ends, base, frozenset(skills), pauses, zone))
    return tuple(workers)


def _arrivals(rng: np.random.Generator, number: int, first: int = 420, last: int = 1080) -> list[int]:
    """Moments at which work comes up: most before and after lunch, as discharges do."""
    peak = rng.choice([660, 840], size=number)
    return [int(one) for one in np.clip(rng.normal(peak, 110), first, last)]


def tasks_make(rng: np.random.Generator, number: int) -> tuple[Task, ...]:
    """Meals at their hours, the day's cleans, and what discharges, contagion and requests bring."""
    wards = [place for place in places() if place.startswith("W")]
    tasks: list[Task] = []

    def add(kind: str, place: str, minutes: int, opens: int, soft: int, hard: int, skill: str, **more: object) -> None:
        skills = frozenset({skill} if skill else ())
        tasks.append(Task(f"{kind}-{len(tasks)}", place, minutes, opens, hard, soft, skills=skills, **more))

    for ward in wards:
        for name, opens, soft, hard, least, most in MEALS:
            add(name, ward, int(rng.integers(least, most)), opens, soft, hard, "food", hygiene=Hygiene.FOOD)
        add("kitchen", ward, int(rng.integers(30, 45)), 540, 720, 840, "food", hygiene=Hygiene.FOOD)
        add("stores", ward, int(rng.integers(20, 35)), 480, 900, 960, "", hygiene=Hygiene.FOOD)
        add("textiles", ward, int(rng.integers(12, 22)), 420, 900, 1020, "")
        for _ in range(8):
            add("daily", ward, int(rng.integers(10, 17)), 420, 900, 960, "clean")
    for at in _arrivals(rng, 120):
        minutes = int(rng.integers(22, 38))
        add("discharge", str(rng.choice(wards)), minutes, at, at + 75, min(at + 240, 1220), "clean", priority=1)
    for at in _arrivals(rng, 22):
        minutes = int(rng.integers(40, 60))
        hygiene = Hygiene.CONTAGION
        add(
            "contagion",
            str(rng.choice(wards)),
            minutes,
            at,
            at + 120,
            min(at + 300, 1220),
            "contagion",
            priority=1,
            hygiene=hygiene,
        )
    for at in _arrivals(rng, 40):
        add("beds", str(rng.choice(wards)), int(rng.integers(8, 16)), at, at + 60, min(at + 180, 1220), "", n_people=2)
    while len(tasks) < number:
        at = _arrivals(rng, 1)[0]
        urgent = 0 if rng.random() < 0.1 else 2
        add(
            "request",
            str(rng.choice(wards)),
            int(rng.integers(5, 14)),
            at,
            at + 45,
            min(at + 150, 1220),
            "",
            priority=urgent,
        )
    return tuple(tasks[:number])


def day_make(workers: int = 60, tasks: int = 900, *, seed: int = 1, params: DispatchParams | None = None) -> Day:
    """A whole day; the same seed makes the same day."""
    rng = np.random.default_rng(seed)
    return Day(workers_make(rng, workers), tasks_make(rng, tasks), walking_make(), params=params or DispatchParams())


def day_at(day: Day, plan: Plan, now: int) -> Day:
    """The day as it stands in the middle, if everything went as planned: what is done is gone, what runs has begun."""
    tasks = {task.code: task for task in day.tasks}
    done: set[str] = set()
    running: dict[str, tuple[int, tuple[str, ...]]] = {}
    workers = []
    for worker in day.workers:
        place, hygiene, starts, breaks = worker.place, worker.hygiene, worker.starts_minutes, list(worker.breaks)
        for step in plan.timeline(worker.code).steps:
            if step.begins_minutes >= now:
                break
            if step.kind is StepKind.TASK and step.ends_minutes > now:
                begun, owners = running.get(step.code, (step.begins_minutes, ()))
                running[step.code] = begun, (*owners, worker.code)
                break
            place = step.place
            starts = max(starts, step.ends_minutes) if step.ends_minutes > now else starts
            if step.kind is StepKind.TASK:
                done.add(step.code)
                hygiene = tasks[step.code].hygiene
            elif step.kind in (StepKind.WASH, StepKind.BREAK):
                hygiene = Hygiene.FOOD
                breaks = [pause for pause in breaks if pause.code != step.code]
        rest = {"place": place, "hygiene": hygiene, "starts_minutes": starts, "breaks": tuple(breaks)}
        workers.append(replace(worker, home=worker.break_place, **rest))
    left = []
    for task in day.tasks:
        if task.code in running:
            begun, owners = running[task.code]
            left.append(replace(task, begun_minutes=begun, owners=owners))
        elif task.code not in done:
            left.append(task)
    return replace(day, workers=tuple(workers), tasks=tuple(left), now_minutes=now)


def spill_make(rng: np.random.Generator, number: int, now: int) -> Task:
    """Something that comes up now, anywhere, to be seen to within the half hour."""
    wards = [place for place in places() if place.startswith("W")]
    place = str(rng.choice(wards))
    return Task(
        f"spill-{number}", place, int(rng.integers(5, 15)), now, now + 120, now + 30, priority=int(rng.integers(2))
    )
