"""The slow, obvious twin: tries everything. For tests, on days that a hand can count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

from vardnara.engines.dispatch.data import Day, Task, Worker
from vardnara.engines.dispatch.result import Plan, StepKind

Order = tuple[str, ...]  # codes of tasks, and of breaks with a + before them


def best_cost(day: Day) -> int:
    """The least cost of any plan of a day whose tasks are single, not begun and not claimed."""
    best: int | None = None
    for given in product([None, *range(len(day.workers))], repeat=len(day.tasks)):
        cost = sum(
            day.params.unplanned_minutes[task.priority]
            for task, who in zip(day.tasks, given, strict=True)
            if who is None
        )
        for number, worker in enumerate(day.workers):
            mine = [task for task, who in zip(day.tasks, given, strict=True) if who == number]
            if not all(task.skills <= worker.skills for task in mine):
                break
            costs = [played[1] for order in _orders(worker, mine) if (played := play(day, worker, order, {}))]
            if not costs:
                break
            cost += min(costs)
        else:
            best = cost if best is None else min(best, cost)
    assert best is not None
    return best


def _orders(worker: Worker, tasks: Sequence[Task]) -> Iterator[Order]:
    yield from permutations([*(task.code for task in tasks), *(f"+{pause.code}" for pause in worker.breaks)])


def play(day: Day, worker: Worker, order: Sequence[str], fixed: dict[str, int]) -> tuple[dict[str, int], int] | None:
    """Play an order through: when each thing begins and what it costs, None where something is too late."""
    tasks = {task.code: task for task in day.tasks}
    pauses = {f"+{pause.code}": pause for pause in worker.breaks}
    washes = (0, day.params.wash_after_clean_minutes, day.params.wash_after_contagion_minutes)
    at, place, carried, cost = max(worker.starts_minutes, day.now_minutes), worker.place, int(worker.hygiene), 0
    begins = {}
    for code in order:
        thing = pauses.get(code) or tasks[code]
        task = tasks.get(code)
        where = task.place if task else worker.break_place
        cleanness = int(task.hygiene) if task else 0
        if cleanness < carried:
            at, cost = at + washes[carried], cost + washes[carried]
        way = day.walking.between(place, where)
        at, cost = at + way, cost + way
        at = max(at, thing.opens_minutes, fixed.get(code, 0))
        if at > fixed.get(code, at) or at + thing.minutes > min(thing.closes_minutes, worker.ends_minutes):
            return None
        begins[code] = at
        at += thing.minutes
        if task:
            foreign = bool(worker.zone) and task.place not in worker.zone and worker.code not in task.owners
            cost += day.params.outside_minutes if foreign and task.priority > 1 and where != place else 0
            due = task.closes_minutes if task.due_minutes is None else task.due_minutes
            soonest = max(day.now_minutes, task.opens_minutes) + task.minutes
            late = (at - max(due, soonest)) * task.late_weight * day.params.late_minutes
            cost += min(max(late, 0), 9 * day.params.unplanned_minutes[task.priority] // 10)
        place, carried = where, cleanness
    return begins, cost


def order_held(day: Day, held: Plan, worker: str) -> Order:
    """A worker's order in a plan."""
    kinds = {StepKind.TASK: "", StepKind.BREAK: "+"}
    steps = next(line.steps for line in held.timelines if line.worker == worker)
    return tuple(kinds[step.kind] + step.code for step in steps if step.kind in kinds)


def workers_by_trying(day: Day, held: Plan, code: str) -> list[tuple[int, str]]:
    """Everybody who can take a task that one does alone: the least it costs their order, the cheapest first."""
    task = next(task for task in day.tasks if task.code == code)
    found = []
    for worker in day.workers:
        if not task.skills <= worker.skills or (task.owners and worker.code not in task.owners):
            continue
        rest = [one for one in order_held(day, held, worker.code) if one != code]
        without = play(day, worker, rest, {})
        assert without is not None
        costs = [
            played[1] - without[1]
            for place in range(len(rest) + 1)
            if (played := play(day, worker, [*rest[:place], code, *rest[place:]], {}))
        ]
        found += [(min(costs), worker.code)] if costs else []
    return sorted(found)


def gains_by_trying(day: Day, held: Plan, code: str) -> dict[str, int]:
    """What is saved by each task that a worker could do first instead of whoever has it, where that is anything."""
    worker = next(worker for worker in day.workers if worker.code == code)
    order = order_held(day, held, code)
    now = play(day, worker, order, {})
    assert now is not None
    gains = {}
    for task in day.tasks:
        alone = play(day, worker, [task.code], {})
        if not task.skills <= worker.skills or task.owners or task.code in order or alone is None:
            continue
        with_it = play(day, worker, [task.code, *order], {})
        washes = (0, day.params.wash_after_clean_minutes, day.params.wash_after_contagion_minutes)
        way = day.walking.between(worker.place, task.place)
        way += washes[worker.hygiene] if task.hygiene < worker.hygiene else 0
        there = max(worker.starts_minutes, day.now_minutes) + way
        if with_it is None or alone[0][task.code] > there + day.params.change_minutes:
            continue
        spared = day.params.unplanned_minutes[task.priority]
        for holder in day.workers:
            theirs = order_held(day, held, holder.code)
            if task.code in theirs:
                with_task, without = (
                    play(day, holder, theirs, {}),
                    play(day, holder, [x for x in theirs if x != task.code], {}),
                )
                assert with_task is not None and without is not None
                spared = with_task[1] - without[1]
        gain = spared - (with_it[1] - now[1])
        if gain > 0:
            gains[task.code] = gain
    return gains
