"""The live answer: what should this worker do next, who should take this task, and why; in milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from vardnara.engines.dispatch.line import Line, line_change, line_make, line_places, washes_of
from vardnara.engines.dispatch.live_state import Live, spared_least
from vardnara.engines.dispatch.schedule import BREAK, late_cost, may, outside

SHOWN = 5  # answers that are given
TRIED = 20  # tasks that are worked out to the end for a worker; the others are only ranked


class Policy(StrEnum):
    """Who decides what is done next."""

    OWN_CHOICE = "own_choice"  # the prioritised list, and the worker chooses
    SUGGESTED = "suggested"  # one task is put first, with its reasons, and the worker may choose another
    AUTOMATIC = "automatic"  # the task is given


class Why(StrEnum):
    """What speaks for an answer, or against it."""

    PLANNED = "planned"  # it is next in the plan that holds
    NOW = "now"
    NEXT = "next"
    LATE = "late"  # already past its time, or will be
    DUE_SOON = "due_soon"
    HERE = "here"  # no way to go
    NEAR = "near"
    OWN_ZONE = "own_zone"
    OUTSIDE = "outside"
    WASH = "wash"  # hands and apron first
    FREE = "free"  # has time before what comes next
    DELAYS = "delays"  # something planned becomes late by it
    CLAIMED = "claimed"
    NOT_PLANNED = "not_planned"  # nobody has it


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a worker and a task, with what it costs more than the plan that holds, in minutes of walking.

    ``begins_minutes`` is when it would begin, ``walk_minutes`` the way to it with the wash step.
    """

    worker: str
    task: str
    cost: int
    begins_minutes: int
    walk_minutes: int
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Answers, best first. ``given``: by policy the first is to be handed out and not only shown."""

    answers: tuple[Answer, ...]
    given: bool = False


def suggest_worker(live: Live, task: str, *, policy: Policy = Policy.SUGGESTED) -> Suggestion:
    """Who should take a task: each worker who can, by what it costs the plan that holds.

    Parameters
    ----------
    live
        The state.
    task
        Code of a task of the day that has not begun. Whoever has it in the plan is counted without it; what several do
        together keeps its begin.
    policy
        ``automatic`` marks the first as given.

    Returns
    -------
    Suggestion
        At most ``SHOWN`` workers; empty where nobody can. The one who has it comes first unless another saves at least
        ``change_minutes``.

    Raises
    ------
    KeyError
        No such task.
    """
    number = live.number_of_task[task]
    lines: dict[int, Line] = {}
    tried = []
    for who in _able(live, number):
        line = live.line(who)
        if number in line.order:
            order = [one for one in line.order if one != number]
            line = line_make(live.day, who, live.starts[who], order, live.fixed)
        lines[who] = line
        tried += [
            (cost, who, place) for cost, place in line_places(live.day, who, line, number, live.fixed.get(number))
        ]
    tried.sort()
    best: dict[int, Answer] = {}
    for least, who, place in tried:
        # what comes after can only become later, so no exact cost is below its bound
        if len(best) >= SHOWN and sorted(answer.cost for answer in best.values())[SHOWN - 1] < least:
            break
        answer = _answer(live, who, lines[who], number, place)
        if answer is not None and (who not in best or answer.cost < best[who].cost):
            best[who] = answer
    ranked = sorted(best, key=lambda who: (best[who].cost, who))
    holders = live.holders(number)
    holder = next((who for who in ranked if who in holders), None)
    if holder is not None and best[holder].cost - best[ranked[0]].cost < live.day.params.change_minutes:
        ranked.remove(holder)
        ranked.insert(0, holder)
    answers = tuple(best[who] for who in ranked[:SHOWN])
    return Suggestion(answers, policy is Policy.AUTOMATIC and bool(answers))


def _able(live: Live, number: int) -> Iterator[int]:
    """Who may do a task and is there long enough within its window."""
    task = live.day.tasks[number]
    opens = max(task.opens_minutes, live.day.now_minutes)
    for who, worker in enumerate(live.day.workers):
        begins, ends = max(live.starts[who].minutes, opens), min(task.closes_minutes, worker.ends_minutes)
        if begins + task.minutes <= ends and may(worker, task):
            yield who


def _answer(live: Live, who: int, line: Line, number: int, place: int) -> Answer | None:
    """One place worked out to the end, with the lateness that it brings to what comes after."""
    found = line_change(live.day, who, line, place, live.fixed, put=number)
    if found is None or found.begins_minutes is None:
        return None
    way, why = _why(live, who, line.ready[place], number, found.begins_minutes)
    why.append(Why.DELAYS if found.delays else Why.FREE)
    codes = live.day.workers[who].code, live.day.tasks[number].code
    return Answer(*codes, found.cost, found.begins_minutes, way, tuple(why))


def _why(live: Live, who: int, ready: tuple[int, int, int], number: int, begins: int) -> tuple[int, list[Why]]:
    """The way to a task with the wash step, and what speaks for it or against it."""
    task, worker, params = live.day.tasks[number], live.day.workers[who], live.day.params
    _, here, carried = ready
    walk = live.day.walking.minutes[here][live.places[number]]
    washes = int(task.hygiene) < carried
    holders = live.holders(number)
    urgent = (Why.NOW, Why.NEXT, None)[task.priority]
    ends = begins + task.minutes
    spoken = [
        (Why.PLANNED, who in holders),
        (Why.NOT_PLANNED, not holders),
        (Why.CLAIMED, worker.code in task.owners),
        (urgent, urgent is not None),
        (Why.LATE, ends > task.soft_end),
        (Why.DUE_SOON, task.soft_end - params.change_minutes < ends <= task.soft_end),
        (Why.HERE, walk == 0),
        (Why.NEAR, 0 < walk <= live.nearest),
        (Why.OWN_ZONE, bool(worker.zone) and task.place in worker.zone),
        (Why.OUTSIDE, bool(worker.zone) and task.place not in worker.zone),
        (Why.WASH, washes),
    ]
    return walk + (washes_of(live.day)[carried] if washes else 0), [one for one, holds in spoken if holds and one]


def suggest_next(live: Live, worker: str, *, policy: Policy = Policy.SUGGESTED) -> Suggestion:
    """What a worker should do next.

    Parameters
    ----------
    live
        The state; the worker is free at ``now_minutes``, or when what they have begun ends.
    worker
        Code of a worker of the day.
    policy
        ``own_choice``: the list by urgency, then time, then way, whatever the plan says. ``suggested`` and
        ``automatic``: the next of the plan, unless something else saves at least ``change_minutes``.

    Returns
    -------
    Suggestion
        At most ``SHOWN`` tasks; empty where the worker can do none in time. A task that would be waited for longer than
        ``change_minutes`` is none, but for the plan's own. An answer beside the plan leaves room for all that is
        planned.

    Raises
    ------
    KeyError
        No such worker.
    """
    who = live.number_of_worker[worker]
    if live.starts[who].minutes >= live.day.workers[who].ends_minutes:
        return Suggestion(())
    if policy is Policy.OWN_CHOICE:
        return Suggestion(_own_choice(live, who))
    line = live.line(who)
    ranked = []
    ended, here, carried = line.ready[0]
    # what opens later would be waited for too long, however far the way
    horizon = ended + max(live.day.walking.minutes[here]) + live.washes[carried] + live.day.params.change_minutes
    for number, task in enumerate(live.day.tasks):
        if task.opens_minutes > horizon:
            continue
        gain = _gain(live, who, line, number)
        if gain is not None:
            ranked.append((-gain, number))
    ranked.sort()
    answers = []
    for _, number in ranked[:TRIED]:
        found = _answer(live, who, line, number, 0)
        if found is not None:
            answers.append(replace(found, cost=found.cost - _spared(live, number)))
    answers = sorted(
        (one for one in answers if one.cost < 0), key=lambda one: (one.cost, live.number_of_task[one.task])
    )
    first = next(((place, one) for place, one in enumerate(line.order) if one > BREAK), None)
    if first is not None:
        place, number = first
        way, why = _why(live, who, line.ready[place], number, line.begins[place])
        planned = Answer(worker, live.day.tasks[number].code, 0, line.begins[place], way, tuple(why))
        worth = bool(answers) and -answers[0].cost >= live.day.params.change_minutes
        answers.insert(1 if worth else 0, planned)
    return Suggestion(tuple(answers[:SHOWN]), policy is Policy.AUTOMATIC and bool(answers))


def _gain(live: Live, who: int, line: Line, number: int) -> int | None:
    """About what is saved if a worker first does a task that the plan gives to somebody else or to nobody."""
    day, params = live.day, live.day.params
    task, worker = day.tasks[number], day.workers[who]
    if task.begun_minutes is not None or task.owners or task.n_people > 1 or not task.skills <= worker.skills:
        return None
    if who in live.planned.get(number, ()) and number in line.order:
        return None
    ways, washes, there, hygiene = day.walking.minutes, live.washes, live.places[number], int(task.hygiene)
    ended, here, carried = line.ready[0]
    way = ways[here][there] + (washes[carried] if hygiene < carried else 0)
    begin = max(ended + way, task.opens_minutes, day.now_minutes)
    ends = begin + task.minutes
    if begin > ended + way + params.change_minutes or ends > task.closes_minutes or ends > worker.ends_minutes:
        return None
    cost = way + (params.outside_minutes if here != there and outside(worker, task) else 0)
    cost += late_cost(day, task, ends)
    if line.order:
        _, then, cleaner = line.ready[1]
        after = ways[there][then] + (washes[hygiene] if cleaner < hygiene else 0)
        if ends + after > line.latest[0]:
            return None
        cost += after - ways[here][then] - (washes[carried] if cleaner < carried else 0)
    return spared_least(live, number) - cost


def _spared(live: Live, number: int) -> int:
    """What the plan is spared if somebody else does a task: exactly, with what becomes earlier by it."""
    holders = live.holders(number)
    if not holders:
        return live.day.params.unplanned_minutes[live.day.tasks[number].priority]
    line = live.line(holders[0])
    found = line_change(live.day, holders[0], line, line.order.index(number), live.fixed, skip=1)
    return 0 if found is None else -found.cost


def _own_choice(live: Live, who: int) -> tuple[Answer, ...]:
    """What can be begun now: one's own, then by urgency, own places, time and way."""
    day, worker, ready = live.day, live.day.workers[who], live.line(who).ready[0]
    ended, here, carried = ready
    rows = []
    for number, task in enumerate(day.tasks):
        if task.begun_minutes is not None or not may(worker, task):
            continue
        way = day.walking.minutes[here][live.places[number]] + (
            live.washes[carried] if int(task.hygiene) < carried else 0
        )
        begin = max(ended + way, task.opens_minutes, day.now_minutes)
        if begin + task.minutes > min(task.closes_minutes, worker.ends_minutes):
            continue
        waits = begin > ended + way + day.params.change_minutes
        own = worker.code in task.owners
        rows.append((not own, waits, task.priority, outside(worker, task), task.soft_end, way, number, begin))
    answers = []
    for *_, number, begin in sorted(rows)[:SHOWN]:
        way, why = _why(live, who, ready, number, begin)
        answers.append(Answer(worker.code, day.tasks[number].code, 0, begin, way, tuple(why)))
    return tuple(answers)
