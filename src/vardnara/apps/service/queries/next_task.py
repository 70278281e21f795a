"""Which task next, and why that one: the suggestion on the worker's phone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.boards import Pressure, bed_pressure
from vardnara.apps.service.choices import FOR_SERVICE, TURNOVER_KINDS, Priority, Zones
from vardnara.apps.service.events import NextAdvice, next_asked
from vardnara.apps.service.queries.shifts import ShiftRow, shift_now
from vardnara.apps.service.queries.tasks import (
    TaskRow,
    task_hygiene_last,
    task_list_live,
    task_list_own,
    task_one,
    task_round_first,
    task_round_left,
)
from vardnara.engines.dispatch import hygiene_of
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


CROSSES = 1  # marked now, or awaited by a patient: such work is offered outside the chosen wards too
JUST_NOW = timedelta(hours=2)  # what was finished before has been washed off since
OPEN_SHOWN = 30  # open tasks that the phone lists; the rest are counted


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An open task and the code of the reason that puts it where it is in the list.

    ``said`` are the reasons of whoever plans the day, instead.
    """

    task: TaskRow
    why: str
    zone: str = ""  # where the worker chose wards: ``own`` or ``outside``
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkerPage:
    """What a worker's phone shows: what is in hand, and what is open, best next first."""

    own: list[TaskRow]
    open: list[Suggestion]
    n_open: int
    shift: ShiftRow | None = None
    last_hygiene: int = 0  # of what the worker finished last

    @property
    def current(self) -> TaskRow | None:
        return self.own[0] if self.own else None

    @property
    def given_next(self) -> list[TaskRow]:
        """What the day plan has given for after what is in hand."""
        return [task for task in self.own[1:] if task.is_given]

    @property
    def put_aside(self) -> list[TaskRow]:
        return [task for task in self.own[1:] if not task.is_given]

    @property
    def wash_first(self) -> bool:
        """What was done last is of a less clean class than what is shown, so that hands and apron come between.

        Classes, not steps: no chain of small steps leads from contagion to a meal unwashed.
        """
        shown = self.current or (self.suggestion.task if self.suggestion else None)
        begun = shown is not None and shown.started_at is not None
        return shown is not None and not begun and hygiene_of(self.last_hygiene) > hygiene_of(shown.hygiene_order)

    @property
    def n_more(self) -> int:
        """Open tasks beyond those that a phone lists."""
        return max(0, self.n_open - OPEN_SHOWN)

    @property
    def suggestion(self) -> Suggestion | None:
        return self.open[0] if self.open else None


def _why(task: TaskRow, pressure: Pressure) -> tuple[int, str]:
    """Rank and reason: marked now, somebody waits for the bed, past its time, marked next, no ready bed, time."""
    turnover = task.kind in TURNOVER_KINDS
    if task.priority == Priority.STAT:
        return 0, "stat"
    if turnover and task.bed_id in pressure.wanted_bed_ids:
        return 1, "patient_waits"
    if task.late:
        return 2, "late"
    if task.priority == Priority.NEXT:
        return 3, "next"
    if turnover and task.ward_id in pressure.ward_ids_without_ready:
        return 4, "no_ready_bed"
    return 5, "due_first" if task.planned_on else "oldest"


def worker_page(*, actor: User, at: datetime) -> WorkerPage:
    """The worker's own tasks and the open ones within reach, in the order in which they should be done.

    The wards that the worker signed on for come first; what is urgent or awaited goes before, wherever it is. Who has
    a break is offered nothing.
    """
    shift = shift_now(actor=actor, at=at)
    own = task_list_own(actor=actor, at=at)
    zone = shift.ward_ids if shift and shift.zones == Zones.SOME else None
    pressure = bed_pressure(actor=actor)
    ranked = []
    called = [task for task in task_list_live(actor=actor, at=at) if task.unowned and task.party in FOR_SERVICE]
    n_round = sum(number for _, _, number in task_round_left(actor=actor, at=at))
    for task in called + (_round(actor, at, zone) if n_round else []):
        rank, why = _why(task, pressure)
        outside = zone is not None and task.ward_id not in zone
        # what was asked for counts from then, what is planned from when it is to be finished
        time = (task.due_at if task.planned_on else None) or task.created_at
        order = (min(rank, CROSSES + 1), outside and rank > CROSSES, rank, time, task.hygiene_order, task.id)
        ranked.append((order, Suggestion(task, why, "" if zone is None else "outside" if outside else "own")))
    ranked.sort(key=lambda row: row[0])
    away = shift is not None and shift.break_kind is not None
    offered = [] if away else [row[1] for row in ranked]
    if not away and not own:
        offered = _advised(actor, at, offered)
    last = task_hygiene_last(actor=actor, since=at - JUST_NOW)
    return WorkerPage(own=own, open=offered, n_open=len(called) + n_round, shift=shift, last_hygiene=last)


def _advised(actor: User, at: datetime, offered: list[Suggestion]) -> list[Suggestion]:
    """What whoever plans the day puts first comes before the list, where it is still to be taken."""
    answers = (answer for _, answer in next_asked.send_robust(WorkerPage, user=actor, at=at))
    advice = next((answer for answer in answers if isinstance(answer, NextAdvice)), None)
    if advice is None:
        return offered
    listed = {item.task.id: item for item in offered}
    first = []
    for one in advice.tasks:
        item = listed.pop(one.task_id, None) or _open_one(actor, at, one.task_id)
        if item is not None:
            first.append(replace(item, said=one.said))
    return first + list(listed.values())


def _open_one(actor: User, at: datetime, task_id: int) -> Suggestion | None:
    """Work that the list does not show yet."""
    try:
        task = task_one(actor=actor, at=at, task_id=task_id)
    except RuleBroken:
        return None
    return Suggestion(task, "due_first") if task.unowned and task.party in FOR_SERVICE else None


def _round(actor: User, at: datetime, zone: frozenset[int] | None) -> list[TaskRow]:
    """The first of the day's round, those of the chosen wards before the others."""
    first = task_round_first(actor=actor, at=at, number=OPEN_SHOWN)
    if not zone:
        return first
    near = task_round_first(actor=actor, at=at, number=OPEN_SHOWN, ward_ids=zone)
    known = {task.id for task in near}
    return near + [task for task in first if task.id not in known]
