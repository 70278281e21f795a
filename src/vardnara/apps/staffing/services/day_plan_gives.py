"""Where the hospital has said that tasks are given: each worker's next one becomes theirs, and is taken back again.

What is given is handed out by the same steps as a coordinator hands it out, one task ahead for each worker. As long as
nobody has begun it, the plan may think otherwise: then it is taken back, and given on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError

from vardnara.apps.service.queries.dispatch import Ready, dispatch_given, dispatch_ready
from vardnara.apps.service.services import task_give, task_take_back
from vardnara.apps.staffing.choices import PolicyChoice
from vardnara.apps.staffing.models import DispatchPolicy
from vardnara.apps.staffing.queries.day_plan_live import AHEAD_MINUTES, day_live
from vardnara.apps.staffing.queries.day_plan_rows import DayRows
from vardnara.apps.staffing.queries.dispatch_settings import policies_for
from vardnara.engines.dispatch import Answer, Live, Policy, suggest_next
from vardnara.kernel.errors import RuleBroken

logger = logging.getLogger(__name__)
THEIRS = ("has_next", "person_absent", "wrong_role", "unknown_user")  # then no other task can be given to them either


@dataclass(frozen=True, slots=True)
class Asked:
    """A worker to whom something may be given: what they have been given already, and the answers, best first."""

    user_id: int
    held: int | None
    answers: tuple[Answer, ...]


def day_gives(*, hospital_id: int, at: datetime, changed: bool = True) -> int:
    """Give each worker the next task, and take back what is not their next any more. Returns how many were moved.

    For the job that follows the day. Where the day has not ``changed``, only who has nothing ahead is looked at. Others
    who do the same meanwhile find what this one has done: each task has one owner, and each worker one given task.
    """
    given = dispatch_given(hospital_id=hospital_id)
    if not given and not DispatchPolicy.objects.filter(hospital=hospital_id, policy=PolicyChoice.AUTOMATIC).exists():
        return 0
    ready = dispatch_ready(hospital_id=hospital_id, at=at)
    waits = {one.user_id for one in ready if not one.resting and not one.has_next} - set(given.values())
    if not changed and not waits:
        return 0
    rows, live = day_live(hospital_id=hospital_id, at=at)
    asked = list(_asked(hospital_id, rows, live, ready, given))
    resting = {one.user_id for one in ready if one.resting}
    wanted = _wanted(live, asked, {task for task, user in given.items() if user in resting})
    n_moved = sum(
        _take_back(task_id, user_id, at)
        for task_id, user_id in given.items()
        if user_id not in resting and (user_id not in wanted or wanted[user_id][0] != task_id)
    )
    for user_id, tasks in wanted.items():
        if given.get(tasks[0]) != user_id:
            n_moved += _give(user_id, tasks, at)
    return n_moved


def _asked(
    hospital_id: int, rows: DayRows, live: Live, ready: Iterable[Ready], given: Mapping[int, int]
) -> Iterator[Asked]:
    """Whoever has signed on, has no break, chose nothing themselves and stands in a day where tasks are given.

    First those who have been given something, so that it stays with them; then by when they are free.
    """
    held = {user_id: task_id for task_id, user_id in given.items()}
    found = []
    for one in ready:
        code = None if one.resting or one.has_next else rows.code_of(one.user_id)
        if code is not None:
            found.append((one.user_id, code, live.number_of_worker[code]))
    zones = [frozenset(int(ward) for ward in live.day.workers[number].zone) for _, _, number in found]
    policies = policies_for(hospital_id=hospital_id, zones=zones)
    there = [one for one, policy in zip(found, policies, strict=True) if policy == PolicyChoice.AUTOMATIC]
    for user_id, code, _ in sorted(there, key=lambda one: (one[0] not in held, live.starts[one[2]].minutes, one[0])):
        answers = suggest_next(live, code, policy=Policy.AUTOMATIC).answers
        yield Asked(user_id, held.get(user_id), answers)


def _wanted(live: Live, asked: Iterable[Asked], taken: set[int]) -> dict[int, list[int]]:
    """By worker, the tasks that should be theirs, best first; nobody's first is another's."""
    wanted: dict[int, list[int]] = {}
    soon = live.day.now_minutes + AHEAD_MINUTES
    for one in asked:
        answers = [answer for answer in one.answers if int(answer.task) not in taken]
        kept = next((answer for answer in answers if int(answer.task) == one.held), None)
        # what somebody has been given stays theirs unless another task saves as much as a change of plans must
        if kept is not None and kept.cost - answers[0].cost < live.day.params.change_minutes:
            answers = [kept]
        elif one.answers and not _is_free(live, one.answers[0], taken):
            continue
        tasks = [
            int(answer.task)
            for answer in answers
            if int(answer.task) == one.held or (answer.begins_minutes <= soon and _is_free(live, answer, taken))
        ]
        if tasks:
            wanted[one.user_id] = tasks
            taken.add(tasks[0])
    return wanted


def _is_free(live: Live, answer: Answer, taken: set[int]) -> bool:
    """Not theirs already, nor what they do together with somebody who has it: nothing else is put before that."""
    task = live.day.tasks[live.number_of_task[answer.task]]
    return not task.owners and not (task.n_people > 1 and int(task.code) in taken)


def _give(user_id: int, tasks: Iterable[int], at: datetime) -> int:
    """The first of a worker's tasks that is still to be had."""
    for task_id in tasks:
        try:
            task_give(task_id=task_id, actor=None, at=at, owner_id=user_id)
        except RuleBroken as broken:
            if broken.code in THEIRS:
                return 0
        except DatabaseError as error:  # given something at the same moment, or marked as absent: the next look sees it
            logger.warning("task %s was not given: %s", task_id, str(error).strip())
            return 0
        else:
            return 1
    return 0


def _take_back(task_id: int, user_id: int, at: datetime) -> int:
    try:
        task_take_back(task_id=task_id, actor=None, at=at, owner_id=user_id)
    except RuleBroken:  # begun, moved or withdrawn meanwhile
        return 0
    return 1
