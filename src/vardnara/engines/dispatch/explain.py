"""Why a task is in nobody's plan, or why it is in this one's: who else could, and what that would cost."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.dispatch.data import Day
from vardnara.engines.dispatch.live import Answer, suggest_worker
from vardnara.engines.dispatch.live_state import live_prepare
from vardnara.engines.dispatch.result import LeftReason, Plan


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a task stands where it stands.

    Parameters
    ----------
    workers
        Who does it; empty where nobody does.
    left
        Why nobody does, else None.
    mine
        What it costs those who do it, and what speaks for them.
    others
        Who else could, the cheapest first. ``cost`` beside that of ``mine`` is what the change would cost.
    """

    task: str
    workers: tuple[str, ...]
    left: LeftReason | None
    mine: tuple[Answer, ...]
    others: tuple[Answer, ...]


def task_explain(day: Day, plan: Plan, task: str) -> Explanation:
    """Why a task of a plan is whose it is.

    Raises
    ------
    KeyError
        No such task in the day.
    """
    workers = plan.workers_of(task)
    left = next((one.reason for one in plan.left if one.task == task), None)
    answers = suggest_worker(live_prepare(day, plan), task).answers
    mine = tuple(answer for answer in answers if answer.worker in workers)
    others = tuple(answer for answer in answers if answer.worker not in workers)
    return Explanation(task, workers, left, mine, others)
