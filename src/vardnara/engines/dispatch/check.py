"""Judges a plan without the planner: walks every worker's steps and asks each rule by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from vardnara.engines.dispatch.data import Break, Day, Task, Worker
from vardnara.engines.dispatch.result import Plan, Step, StepKind, Timeline, Violation

RULES = (
    "unknown", "gap", "before_now", "outside_shift", "place", "walk_short", "wash_missing", "wash_short", "skill",
    "too_early", "too_late", "wrong_length", "break_missing", "break_window", "break_length", "task_twice", "task_lost",
    "pair_apart", "pair_incomplete", "claim_moved", "begun_moved", "figures",
)  # fmt: skip


def plan_check(plan: Plan, day: Day) -> tuple[Violation, ...]:
    """Every rule that a plan breaks; empty when all is well.

    Parameters
    ----------
    plan
        From anywhere.
    day
        What it is a plan of.

    Returns
    -------
    tuple of Violation
        Named by rule (``RULES``), worker and task.

    Notes
    -----
    A break that nobody can have any more (its window ends before the worker is free) is not missing.
    """
    return (*_names(plan, day), *_lines(plan, day), *_tasks(plan, day), *_figures(plan, day))


def _names(plan: Plan, day: Day) -> Iterator[Violation]:
    workers = {worker.code for worker in day.workers}
    tasks = {task.code for task in day.tasks}
    listed = [line.worker for line in plan.timelines]
    for line in plan.timelines:
        if line.worker not in workers or listed.count(line.worker) > 1:
            yield Violation("unknown", line.worker, "", "no worker of the day, or one with two timelines")
        for step in line.steps:
            if step.kind is StepKind.TASK and step.code not in tasks:
                yield Violation("unknown", line.worker, step.code, "no task of the day")
    for left in plan.left:
        if left.task not in tasks:
            yield Violation("unknown", "", left.task, "no task of the day")


def _lines(plan: Plan, day: Day) -> Iterator[Violation]:
    tasks = {task.code: task for task in day.tasks}
    lines = {line.worker: line for line in plan.timelines}
    for worker in day.workers:
        line = lines.get(worker.code, Timeline(worker.code))
        begun = next(
            (task for task in day.tasks if task.begun_minutes is not None and worker.code in task.owners), None
        )
        yield from _steps(worker, line, tasks, day, begun)
        yield from _breaks(worker, line, day, begun)


def _steps(worker: Worker, line: Timeline, tasks: dict[str, Task], day: Day, begun: Task | None) -> Iterator[Violation]:
    """Follows where a worker is, when, and what they carry."""

    def wrong(rule: str, step: Step, text: str) -> Violation:
        return Violation(
            rule, worker.code, step.code, f"{text} ({step.kind} {step.begins_minutes}-{step.ends_minutes})"
        )

    place, carried = worker.place, int(worker.hygiene)
    ends: int | None = None
    for number, step in enumerate(line.steps):
        length = step.ends_minutes - step.begins_minutes
        first_begun = begun is not None and number == 0
        if length < 0 or (ends is not None and step.begins_minutes != ends):
            yield wrong("gap", step, "does not begin where the step before ends")
        ends = step.ends_minutes
        if first_begun:
            assert begun is not None
            if step.kind is not StepKind.TASK or step.code != begun.code or step.begins_minutes != begun.begun_minutes:
                yield wrong("begun_moved", step, f"{begun.code} began {begun.begun_minutes}")
            if step.ends_minutes < max((begun.begun_minutes or 0) + begun.minutes, day.now_minutes):
                yield wrong("wrong_length", step, "ends before it can")
            place, carried = begun.place, int(begun.hygiene)
            continue
        if step.begins_minutes < day.now_minutes:
            yield wrong("before_now", step, f"it is {day.now_minutes}")
        if step.begins_minutes < worker.starts_minutes or step.ends_minutes > worker.ends_minutes:
            yield wrong("outside_shift", step, f"the shift is {worker.starts_minutes}-{worker.ends_minutes}")
        if step.kind is StepKind.WALK:
            needed = day.walking.between(place, step.place) if step.place in day.walking else None
            if needed is None or length < needed:
                yield wrong("walk_short", step, f"{place} to {step.place} takes {needed}")
            place = step.place
        elif step.kind is StepKind.WASH:
            needed = (0, day.params.wash_after_clean_minutes, day.params.wash_after_contagion_minutes)[carried]
            if length < needed:
                yield wrong("wash_short", step, f"takes {needed}")
            carried = 0
        elif step.kind in (StepKind.TASK, StepKind.BREAK):
            if step.kind is StepKind.TASK and step.code not in tasks:
                continue
            target = worker.break_place if step.kind is StepKind.BREAK else tasks[step.code].place
            hygiene = 0 if step.kind is StepKind.BREAK else int(tasks[step.code].hygiene)
            if target != place:
                short = day.walking.between(place, target) > 0
                yield from [wrong("walk_short", step, f"is at {place}, it is at {target}")] if short else []
                place = target
            if step.place != target:
                yield wrong("place", step, f"it is at {target}")
            if hygiene < carried:
                yield wrong("wash_missing", step, f"carries {carried}, this asks for {hygiene}")
            carried = hygiene
            if step.kind is StepKind.TASK:
                yield from _task_step(worker, tasks[step.code], step, wrong)
    if begun is not None and not line.steps:
        yield Violation("begun_moved", worker.code, begun.code, "is not in the plan")


def _task_step(worker: Worker, task: Task, step: Step, wrong: object) -> Iterator[Violation]:
    assert callable(wrong)
    if not task.skills <= worker.skills:
        yield wrong("skill", step, f"lacks {', '.join(sorted(task.skills - worker.skills))}")
    if step.begins_minutes < task.opens_minutes:
        yield wrong("too_early", step, f"opens {task.opens_minutes}")
    if step.ends_minutes > task.closes_minutes:
        yield wrong("too_late", step, f"closes {task.closes_minutes}")
    if step.ends_minutes - step.begins_minutes != task.minutes:
        yield wrong("wrong_length", step, f"takes {task.minutes}")
    if task.begun_minutes is not None:
        yield wrong("begun_moved", step, "has begun with others")


def _breaks(worker: Worker, line: Timeline, day: Day, begun: Task | None) -> Iterator[Violation]:
    taken = [step for step in line.steps if step.kind is StepKind.BREAK]
    for step in taken:
        if step.code not in {pause.code for pause in worker.breaks} or [one.code for one in taken].count(step.code) > 1:
            yield Violation("unknown", worker.code, step.code, "no break of the worker, or taken twice")
    free = max(worker.starts_minutes, day.now_minutes)
    place, wash = worker.place, worker.hygiene
    if begun is not None:
        free = max(free, (begun.begun_minutes or 0) + begun.minutes)
        place, wash = begun.place, begun.hygiene
    for pause in worker.breaks:
        found = [step for step in taken if step.code == pause.code]
        if not found and _can_have(worker, pause, day, free, place, int(wash)):
            yield Violation("break_missing", worker.code, pause.code, f"{pause.opens_minutes}-{pause.closes_minutes}")
        for step in found:
            if step.begins_minutes < pause.opens_minutes or step.ends_minutes > pause.closes_minutes:
                yield Violation("break_window", worker.code, pause.code, f"{step.begins_minutes}-{step.ends_minutes}")
            if step.ends_minutes - step.begins_minutes != pause.minutes:
                yield Violation("break_length", worker.code, pause.code, f"takes {pause.minutes}")


def _can_have(worker: Worker, pause: Break, day: Day, free: int, place: str, carried: int) -> bool:
    """Whether a worker who went to the break at once, after the breaks before it, would be in time."""
    wash = (0, day.params.wash_after_clean_minutes, day.params.wash_after_contagion_minutes)[carried]
    at = free
    for one in worker.breaks:
        begins = max(at + day.walking.between(place, worker.break_place) + wash, one.opens_minutes)
        fits = begins + one.minutes <= min(one.closes_minutes, worker.ends_minutes)
        if one is pause:
            return fits
        if fits:
            at, place, wash = begins + one.minutes, worker.break_place, 0
    return False


def _tasks(plan: Plan, day: Day) -> Iterator[Violation]:
    visits: dict[str, list[tuple[str, Step]]] = defaultdict(list)
    for line in plan.timelines:
        for step in line.steps:
            if step.kind is StepKind.TASK:
                visits[step.code].append((line.worker, step))
    left = [one.task for one in plan.left]
    for task in day.tasks:
        found = visits[task.code]
        who = [worker for worker, _ in found]
        people = len(task.owners) if task.begun_minutes is not None else task.n_people
        if (
            len(found) > people
            or len(set(who)) < len(who)
            or (found and task.code in left)
            or left.count(task.code) > 1
        ):
            yield Violation(
                "task_twice", "", task.code, f"planned with {', '.join(who)}, left {left.count(task.code)} times"
            )
        if not found and task.code not in left:
            yield Violation("task_lost", "", task.code, "neither planned nor left")
        if found and len(found) < people:
            yield Violation("pair_incomplete", "", task.code, f"{len(found)} of {people}")
        if len({step.begins_minutes for _, step in found}) > 1:
            yield Violation("pair_apart", "", task.code, "not at the same time")
        if task.begun_minutes is not None and not found:
            yield Violation("begun_moved", "", task.code, "has begun and is not in the plan")
        if found and not set(task.owners) <= set(who):
            yield Violation("claim_moved", "", task.code, f"claimed by {', '.join(task.owners)}")


def _figures(plan: Plan, day: Day) -> Iterator[Violation]:
    """The totals, added up anew."""
    tasks = {task.code: task for task in day.tasks}
    workers = {worker.code: worker for worker in day.workers}
    walked = washed = outside = late_cost = 0
    late: dict[str, int] = {}
    for line in plan.timelines:
        worker = workers.get(line.worker)
        place = worker.place if worker else ""
        for step in line.steps:
            length = step.ends_minutes - step.begins_minutes
            walked += length if step.kind is StepKind.WALK else 0
            washed += length if step.kind is StepKind.WASH else 0
            task = tasks.get(step.code) if step.kind is StepKind.TASK else None
            if task is not None and worker is not None and task.begun_minutes is None:
                end = task.closes_minutes if task.due_minutes is None else task.due_minutes
                over = max(0, step.ends_minutes - end)
                late[task.code] = over
                sunk = max(0, max(task.opens_minutes, day.now_minutes) + task.minutes - end)
                each = max(0, over - sunk) * task.late_weight * day.params.late_minutes
                late_cost += min(each, day.params.unplanned_minutes[task.priority] * 9 // 10)
                foreign = worker.zone and task.place not in worker.zone and worker.code not in task.owners
                outside += bool(foreign and task.priority > 1 and step.place != place)
            if step.kind in (StepKind.TASK, StepKind.BREAK):
                place = step.place
    undone = {task.code for task in day.tasks} - {s.code for line in plan.timelines for s in line.steps}
    left_cost = sum(day.params.unplanned_minutes[tasks[code].priority] * tasks[code].n_people for code in undone)
    figures = plan.figures
    told = (figures.walked_minutes, figures.washed_minutes, figures.n_outside, figures.late_minutes, figures.n_late)
    counted = (walked, washed, outside, sum(late.values()), sum(1 for over in late.values() if over))
    cost = walked + washed + outside * day.params.outside_minutes + late_cost + left_cost
    if told != counted or figures.n_left != len(undone) or figures.cost != cost:
        yield Violation("figures", "", "", f"says {told} {figures.cost}, it is {counted} {cost}")
