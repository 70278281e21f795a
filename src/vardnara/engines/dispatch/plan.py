"""Plans a day, and plans the rest of it anew when something has happened."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from functools import partial
from threading import Event

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.greedy import greedy_orders
from vardnara.engines.dispatch.left import left_reason
from vardnara.engines.dispatch.model import model_build, orders_read, solution_of
from vardnara.engines.dispatch.repair import Draft, draft_fill, draft_polish, draft_retime
from vardnara.engines.dispatch.result import Left, Plan, Status, StepKind
from vardnara.engines.dispatch.schedule import BREAK, figures_of, starts_of, timeline_make
from vardnara.engines.dispatch.search import NEIGHBOURS, NEIGHBOURS_ANEW, Found, search

SHARES = (0.4, 0.3, 0.3)  # of the work: between parts late work and what several do together get new places
ANOTHER = 1_000  # between the seeds of two searches of a whole day: the better one of each part goes on
POLISHED_ANEW = (
    150  # tasks that stand ill and are tried elsewhere when the rest of a day is planned anew: half a second
)
WISHED = (0.5, 0.2, 0.8)  # where in its time in time each part would have what several do together


def plan_day(day: Day, *, asked: Callable[[float], bool] | None = None) -> Plan:
    """The plan of a day.

    Parameters
    ----------
    day
        Who is there, what is to be done, how far it is, and how long to look.
    asked
        Told now and then how much of the work is done, 0 to 1; says whether to stop with the best so far.

    Returns
    -------
    Plan
        One timeline for each worker in the order of the day. ``plan_check`` finds nothing wrong with it.

    Notes
    -----
    A greedy day first, then PyVRP's iterated local search on the day as a routing problem with optional clients
    (``model.py`` says what is exact in it), in parts. In each, two searches go side by side; after them work that had
    no room is put in late where that costs less than leaving it, what several do together gets another begin, and the
    better of the two goes on. The best of all parts is the plan.
    With ``seconds`` None the answer depends on day, seed and ``iterations`` only.

    References
    ----------
    Wouda, N.A., Lan, L., Kool, W. (2024). PyVRP: a high-performance VRP solver package. INFORMS Journal on Computing
    36(4), 943-955. https://doi.org/10.1287/ijoc.2023.0055
    """
    began = time.perf_counter()
    greedy = greedy_orders(day)
    draft = Draft(day, starts_of(day), [list(order) for order in greedy.orders], dict(greedy.fixed))
    return _improve(draft, began, SHARES, asked)


def plan_greedy(day: Day) -> Plan:
    """The plain floor: whoever is free takes the most urgent work, then the nearest. Nothing is looked at twice."""
    began = time.perf_counter()
    greedy = greedy_orders(day)
    draft = Draft(day, starts_of(day), [list(order) for order in greedy.orders], dict(greedy.fixed))
    return draft_plan(draft, 0, Status.WORK_DONE, time.perf_counter() - began)


def replan(day: Day, held: Plan, *, asked: Callable[[float], bool] | None = None) -> Plan:
    """The rest of a day anew, from the plan that holds.

    Parameters
    ----------
    day
        As it is now: ``now_minutes``, what has begun, what is new; what is done or gone is no longer in it.
    held
        The plan that holds.
    asked
        As for ``plan_day``.

    Returns
    -------
    Plan
        What ``plan_keep`` makes of the plan that holds, unless the search found one that is better by at least
        ``change_minutes`` for each worker whose order it changes.
    """
    began = time.perf_counter()
    draft = draft_of(day, held)
    kept = draft_plan(draft, 0, Status.WORK_DONE, 0.0)
    better = _improve(draft, began, (1.0,), asked)
    n_changed = sum(1 for old, new in zip(kept.timelines, better.timelines, strict=True) if old.tasks != new.tasks)
    worth = kept.figures.cost - better.figures.cost >= day.params.change_minutes * n_changed
    chosen = better if worth else kept
    return _with(chosen, better, time.perf_counter() - began)


def plan_keep(day: Day, held: Plan) -> Plan:
    """The plan that holds, without what is gone, and with what is new where it costs least. No search."""
    began = time.perf_counter()
    return draft_plan(draft_of(day, held), 0, Status.WORK_DONE, time.perf_counter() - began)


def draft_of(day: Day, held: Plan) -> Draft:
    """Orders from a plan that was made of an earlier state of the day; what nobody has is put in."""
    orders, fixed = orders_of(day, held)
    draft = Draft(day, starts_of(day), [list(order) for order in orders], fixed)
    draft_fill(draft)
    return draft


def orders_of(day: Day, held: Plan) -> tuple[tuple[tuple[int, ...], ...], dict[int, int]]:
    """The orders of a plan in the numbers of a day, without what is gone or begun, and the begins of common work."""
    numbers = {task.code: number for number, task in enumerate(day.tasks) if task.begun_minutes is None}
    lines = {line.worker: line for line in held.timelines}
    orders = []
    fixed: dict[int, int] = {}
    for worker in day.workers:
        pauses = {pause.code: BREAK - one for one, pause in enumerate(worker.breaks)}
        order = []
        for step in lines[worker.code].steps if worker.code in lines else ():
            code = step.code
            if not code:
                continue
            if step.kind is StepKind.TASK:
                number = numbers.get(code)
                if number is not None:
                    order.append(number)
                    if day.tasks[number].n_people > 1:
                        fixed[number] = max(step.begins_minutes, day.now_minutes)
            elif code in pauses:
                order.append(pauses[code])
        orders.append(tuple(order))
    return tuple(orders), fixed


def _improve(draft: Draft, began: float, shares: Sequence[float], asked: Callable[[float], bool] | None = None) -> Plan:
    day, params = draft.day, draft.day.params
    there = any(start.minutes < worker.ends_minutes for start, worker in zip(draft.starts, day.workers, strict=True))
    if not there or not any(task.begun_minutes is None for task in day.tasks):
        return draft_plan(draft, 0, Status.NOTHING_TO_DO, time.perf_counter() - began)
    iterations, timed_out, stopped, spent = 0, False, False, 0.0
    draft_fill(draft)
    best = _state(draft)
    whole = len(shares) > 1
    for part, share in enumerate(shares):
        if stopped:
            break
        told = None if asked is None else partial(_told, asked, spent, share)
        spent += share
        deadline = None if params.seconds is None else began + params.seconds * spent
        draft = _wished(draft, WISHED[part % len(WISHED)])
        rounds = round(params.iterations * share)
        if whole:
            tries = _side_by_side(draft, part, rounds, deadline, told)
        else:
            tries = [_tried(draft, params.seed + part, rounds, deadline, told, anew=True)]
        draft, found = min(tries, key=lambda one: _cost(one[0]))
        iterations += found.iterations
        timed_out, stopped = timed_out or any(one.timed_out for _, one in tries), tries[0][1].stopped
        best = min(best, _state(draft), key=lambda state: state[0])
        # the next part begins where it is best
        draft = Draft(day, draft.starts, [list(order) for order in best[1]], dict(best[2]), draft.refused)
    status = Status.STOPPED if stopped else Status.TIME_UP if timed_out else Status.WORK_DONE
    return draft_plan(draft, iterations, status, time.perf_counter() - began)


def _side_by_side(
    draft: Draft, part: int, rounds: int, deadline: float | None, asked: Callable[[float], bool] | None
) -> list[tuple[Draft, Found]]:
    """Two searches of a part, which PyVRP runs on a core each; only the one in this thread asks whether to stop."""
    seed, over = draft.day.params.seed + part, Event()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(_tried, draft, seed + ANOTHER, rounds, deadline, lambda _: over.is_set())
        try:
            own = _tried(draft, seed, rounds, deadline, asked)
        except BaseException:
            over.set()
            raise
        if own[1].stopped:
            over.set()
        return [own, other.result()]


def _tried(
    draft: Draft,
    seed: int,
    rounds: int,
    deadline: float | None,
    asked: Callable[[float], bool] | None,
    *,
    anew: bool = False,
) -> tuple[Draft, Found]:
    """A draft after one search, and with what the search cannot do itself."""
    draft, found = _searched(draft, seed, rounds, deadline, NEIGHBOURS_ANEW if anew else NEIGHBOURS, asked)
    draft_fill(draft)
    if not anew:
        draft_retime(draft)
    draft_polish(draft, POLISHED_ANEW if anew else None)
    draft_fill(draft)
    return draft, found


def _told(asked: Callable[[float], bool], before: float, share: float, done: float) -> bool:
    """Whether to stop, when a part is done so far and others are before it."""
    return asked(before + share * done)


def _searched(
    draft: Draft,
    seed: int,
    iterations: int,
    deadline: float | None,
    neighbours: int,
    asked: Callable[[float], bool] | None,
) -> tuple[Draft, Found]:
    """A draft after a search, and how the search ended."""
    day = draft.day
    model = model_build(day, draft.starts, draft.fixed, _late(draft))
    initial = solution_of(model, day, draft.starts, draft.orders, draft.fixed)
    found = search(
        model.data, initial, seed=seed, iterations=iterations, deadline=deadline, neighbours=neighbours, asked=asked
    )
    orders = orders_read(model, found.best, len(day.workers))
    return Draft(day, draft.starts, orders, dict(draft.fixed), draft.refused), found


def _state(draft: Draft) -> tuple[int, list[list[int]], dict[int, int]]:
    return _cost(draft), [list(order) for order in draft.orders], dict(draft.fixed)


def _wished(draft: Draft, where: float) -> Draft:
    """What several do together and has no begin in time gets one by wish: the search makes room for it, or not.

    It is taken out of the orders that it is late in; ``draft_fill`` puts it back where there is room if the wish fails.
    """
    day, late, fixed = draft.day, _late(draft), dict(draft.fixed)
    left = set(draft.left())
    moved = set()
    for one, task in enumerate(day.tasks):
        if task.n_people == 1 or task.begun_minutes is not None or (one not in late and one not in left):
            continue
        first, last = max(task.opens_minutes, day.now_minutes), task.soft_end - task.minutes
        if last >= first:
            fixed[one] = first + round((last - first) * where)
            moved.add(one)
    orders = [[one for one in order if one not in moved] for order in draft.orders]
    return Draft(day, draft.starts, orders, fixed, draft.refused)


def _late(draft: Draft) -> frozenset[int]:
    """Tasks that have no place in time: left, or done past their soft time."""
    tasks = draft.day.tasks
    late = set(draft.left())
    for order, timing in zip(draft.orders, draft.lines, strict=True):
        for one, begin in zip(order, timing.begins, strict=True):
            if one > BREAK and begin + tasks[one].minutes > tasks[one].soft_end:
                late.add(one)
    return frozenset(late)


def _cost(draft: Draft) -> int:
    params, tasks = draft.day.params, draft.day.tasks
    left = sum(params.unplanned_minutes[tasks[one].priority] * tasks[one].n_people for one in draft.left())
    return left + sum(timing.cost for timing in draft.lines)


def draft_plan(draft: Draft, iterations: int, status: Status, seconds: float) -> Plan:
    """Orders as a plan with its figures and reasons."""
    day = draft.day
    rows = zip(draft.starts, draft.orders, draft.lines, strict=True)
    timelines = tuple(
        timeline_make(day, number, start, order, timing.begins) for number, (start, order, timing) in enumerate(rows)
    )
    left = tuple(Left(day.tasks[one].code, left_reason(day, draft.starts, one)) for one in sorted(draft.left()))
    figures = figures_of(day, timelines)
    return Plan(timelines, left, figures, status, day.params.seed, iterations, seconds, digest_of(day))


def digest_of(day: Day) -> str:
    """A name for a day and its parameters: equal where they are."""
    return hashlib.sha256(repr(_plain(day)).encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    """A value as lists, whose text is the same in every process."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value) if one.compare]
    return value


def _with(plan: Plan, searched: Plan, seconds: float) -> Plan:
    return replace(plan, iterations=searched.iterations, status=searched.status, seconds=seconds)
