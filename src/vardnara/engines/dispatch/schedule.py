"""From an order of work to times: everybody begins each thing as early as it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vardnara.engines.dispatch.data import Day, Hygiene, Task, Worker
from vardnara.engines.dispatch.params import DispatchParams
from vardnara.engines.dispatch.result import Figures, Step, StepKind, Timeline

BREAK = -1  # a break stands in an order as BREAK, BREAK - 1, ... by its number
LATE_MOST = 9  # tenths of what leaving a task undone costs: the last one pays for the way there
CROSSES = 1  # work of this priority or more urgent is everybody's, whatever their zone


@dataclass(frozen=True, slots=True)
class Start:
    """Where and when a worker is free for what has not begun, and carrying what; ``begun`` numbers the task in hand."""

    minutes: int
    place: str
    hygiene: Hygiene
    begun: int | None


def wash_minutes(params: DispatchParams, carried: Hygiene) -> int:
    """How long the wash step takes after work of a class."""
    if carried is Hygiene.CONTAGION:
        return params.wash_after_contagion_minutes
    return params.wash_after_clean_minutes if carried is Hygiene.CLEAN else 0


def starts_of(day: Day) -> tuple[Start, ...]:
    """Each worker's start, in the order of the day."""
    begun = {
        owner: number
        for number, task in enumerate(day.tasks)
        if task.begun_minutes is not None
        for owner in task.owners
    }
    starts = []
    for worker in day.workers:
        at = max(worker.starts_minutes, day.now_minutes)
        number = begun.get(worker.code)
        if number is None:
            starts.append(Start(at, worker.place, worker.hygiene, None))
            continue
        task = day.tasks[number]
        ends = max((task.begun_minutes or 0) + task.minutes, day.now_minutes)
        starts.append(Start(ends, task.place, task.hygiene, number))
    return tuple(starts)


def outside(worker: Worker, task: Task) -> bool:
    """Whether to come for a task is to leave one's own places; for what is urgent or one's own it does not count."""
    return (
        bool(worker.zone)
        and task.place not in worker.zone
        and task.priority > CROSSES
        and worker.code not in task.owners
    )


def may(worker: Worker, task: Task) -> bool:
    """Whether a worker has what a task needs and nobody else has claimed all of it."""
    if not task.skills <= worker.skills:
        return False
    return worker.code in task.owners or len(task.owners) < task.n_people


@dataclass(frozen=True, slots=True)
class Timing:
    """An order with times. ``cost`` is walking, washing, outside and lateness; what is left undone is not in it."""

    begins: tuple[int, ...]
    cost: int
    ends: int


def order_time(day: Day, number: int, start: Start, order: Sequence[int], fixed: Mapping[int, int]) -> Timing | None:
    """Times of a worker's order, None where something in it cannot be done in time.

    ``fixed`` are begins of tasks that several do together.
    """
    worker, params, index = day.workers[number], day.params, day.walking.index
    ways, tasks = day.walking.minutes, day.tasks
    at, place, carried, cost = start.minutes, index(start.place), start.hygiene, 0
    begins = []
    for one in order:
        if one <= BREAK:
            pause = worker.breaks[BREAK - one]
            target, hygiene, minutes, closes = (
                index(worker.break_place),
                Hygiene.FOOD,
                pause.minutes,
                pause.closes_minutes,
            )
            opens = pause.opens_minutes
        else:
            task = tasks[one]
            target, hygiene, minutes, closes = index(task.place), task.hygiene, task.minutes, task.closes_minutes
            opens = max(task.opens_minutes, fixed[one]) if one in fixed else task.opens_minutes
        way = ways[place][target] + (wash_minutes(params, carried) if hygiene < carried else 0)
        at = max(at + way, opens)
        if at + minutes > closes or at + minutes > worker.ends_minutes or (one in fixed and at > fixed[one]):
            return None
        begins.append(at)
        cost += way
        at += minutes
        if one > BREAK:
            cost += params.outside_minutes if place != target and outside(worker, task) else 0
            cost += late_cost(day, task, at) if at > task.soft_end else 0
        place, carried = target, hygiene
    return Timing(tuple(begins), cost, at)


def late_cost(day: Day, task: Task, ends: int) -> int:
    """What it costs that a task ends so late: what can still be helped, and never as much as leaving it undone."""
    over = ends - late_since(day, task)
    return min(over * task.late_weight * day.params.late_minutes, late_most(day.params, task)) if over > 0 else 0


def late_since(day: Day, task: Task) -> int:
    """The end from which lateness costs: the soft one, or the first that there can be now."""
    return max(task.soft_end, max(task.opens_minutes, day.now_minutes) + task.minutes)


def late_most(params: DispatchParams, task: Task) -> int:
    """What one of a task's people being late costs at most, so that whoever is free does it however late it is."""
    return params.unplanned_minutes[task.priority] * LATE_MOST // 10


def breaks_possible(day: Day, number: int, start: Start) -> tuple[int, ...]:
    """The breaks that a worker can still have if they go to them at once, as they stand in an order."""
    found: list[int] = []
    for one in range(len(day.workers[number].breaks)):
        if order_time(day, number, start, (*found, BREAK - one), {}) is not None:
            found.append(BREAK - one)
    return tuple(found)


def timeline_make(day: Day, number: int, start: Start, order: Sequence[int], begins: Sequence[int]) -> Timeline:
    """The steps of an order with its times: the wash before the walk, the wait after it."""
    worker, params = day.workers[number], day.params
    steps = []
    if start.begun is not None:
        task = day.tasks[start.begun]
        steps.append(Step(StepKind.TASK, task.begun_minutes or 0, start.minutes, task.place, task.code))
    at, place, carried = start.minutes, start.place, start.hygiene
    for one, begin in zip(order, begins, strict=True):
        task_like = worker.breaks[BREAK - one] if one <= BREAK else day.tasks[one]
        target = worker.break_place if one <= BREAK else day.tasks[one].place
        hygiene = Hygiene.FOOD if one <= BREAK else day.tasks[one].hygiene
        wash = wash_minutes(params, carried) if hygiene < carried else 0
        walk = day.walking.between(place, target)
        for kind, minutes, where in ((StepKind.WASH, wash, place), (StepKind.WALK, walk, target)):
            if minutes or (kind is StepKind.WASH and hygiene < carried):
                steps.append(Step(kind, at, at + minutes, where))
                at += minutes
        if begin > at:
            steps.append(Step(StepKind.WAIT, at, begin, target))
        at = begin + task_like.minutes
        steps.append(Step(StepKind.BREAK if one <= BREAK else StepKind.TASK, begin, at, target, task_like.code))
        place, carried = target, hygiene
    return Timeline(worker.code, tuple(steps))


def figures_of(day: Day, timelines: Sequence[Timeline]) -> Figures:
    """What a plan costs."""
    tasks = {task.code: task for task in day.tasks}
    workers = {worker.code: worker for worker in day.workers}
    done: set[str] = set()
    walked = washed = n_outside = late = n_late = late_sum = 0
    for line in timelines:
        walked += line.minutes(StepKind.WALK)
        washed += line.minutes(StepKind.WASH)
        place = workers[line.worker].place
        for step in line.steps:
            if step.kind is StepKind.BREAK:
                place = step.place
            if step.kind is not StepKind.TASK:
                continue
            task = tasks[step.code]
            came, place = place != step.place, step.place
            if task.begun_minutes is None:
                n_outside += came and outside(workers[line.worker], task)
                over = max(0, step.ends_minutes - task.soft_end)
                late_sum += late_cost(day, task, step.ends_minutes)
                late += over if step.code not in done else 0
                n_late += over > 0 and step.code not in done
            done.add(step.code)
    left = [task for task in day.tasks if task.code not in done]
    cost = walked + washed + n_outside * day.params.outside_minutes + late_sum
    cost += sum(day.params.unplanned_minutes[task.priority] * task.n_people for task in left)
    return Figures(walked, washed, n_outside, late, n_late, len(left), cost)
