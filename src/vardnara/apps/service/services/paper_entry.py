"""What was written on a list becomes what was done, through the same door as work without contact (``merging``).

The list is the device and a row its number, so that a row counts once however often the list is entered; what a phone
did meanwhile is met as a conflict and kept for a coordinator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import active_user, role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.service.choices import EventKind, TaskKind, TaskState
from vardnara.apps.service.models import PaperEntry, PaperList, Task
from vardnara.apps.service.services.merging import Answer, Command, commands_merge
from vardnara.apps.service.services.recording import Step, steps_append
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ENTERERS = (Role.COORDINATOR, Role.SERVICE_HEAD)
FOUND_KINDS = (TaskKind.FOUND_BED, TaskKind.SPILL)
SEQ_START, SEQ_FINISH = 1, 2  # a row's commands: its number times ten, and these


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A row as somebody wrote it. ``bed_id`` and ``kind`` are of a blank line, where work was found."""

    row: int
    worker_id: int
    started_at: datetime
    finished_at: datetime | None = None
    note: str = ""
    bed_id: int | None = None
    kind: str = ""


@transaction.atomic
def paper_row_enter(*, paper_id: int, line: PaperLine, actor: User, at: datetime) -> tuple[PaperEntry, bool]:
    """A leader enters a row for whoever did the work, as of when it was done.

    Returns the entry, and whether it is new: a row that was entered before changes nothing.
    """
    role_require(actor, ENTERERS)
    paper = PaperList.objects.select_for_update().filter(pk=paper_id).first()
    if paper is None:
        raise RuleBroken("unknown_list", str(paper_id))
    ward_require(actor, paper.ward_id)
    known = PaperEntry.objects.filter(paper=paper, row=line.row).first()
    if known is not None:
        return known, False
    worker = active_user(line.worker_id)
    role_require(worker, [Role.SERVICE_WORKER])
    if line.finished_at is not None and line.finished_at < line.started_at:
        raise RuleBroken("finish_before_start", str(line.row))
    answers = list(
        commands_merge(actor=worker, device=paper_device(paper), commands=_commands(paper, line), received_at=at)
    )
    entry = _entry(paper, line, worker, answers, actor, at)
    done = [answer.task_id for answer in answers if answer.outcome == "done"]
    if done:
        task = Task.objects.get(pk=done[0])
        name = actor.get_full_name() or actor.get_username()
        steps_append([(task, Step(EventKind.CHANGED, "from_paper", f"{paper.pk}: {name}", at=at))], actor=actor)
    return entry, True


def paper_device(paper: PaperList) -> str:
    """The name under which a list's commands are known."""
    return f"paper-{paper.pk}"


def _commands(paper: PaperList, line: PaperLine) -> list[Command]:
    """What the worker would have pressed."""
    start, finish = line.row * 10 + SEQ_START, line.row * 10 + SEQ_FINISH
    task_id, found = _task_id(paper, line.row), None
    commands = []
    if task_id is None:
        if not len(paper.rows) < line.row <= len(paper.rows) + paper.n_blank:
            raise RuleBroken("unknown_row", str(line.row))
        if line.bed_id is None or line.kind not in FOUND_KINDS:
            raise RuleBroken("found_where", str(line.row))
        found = start
        commands.append(
            Command(
                seq=start,
                deed="found",
                at=line.started_at,
                bed_id=line.bed_id,
                kind=line.kind,
                note=line.note,
                start=True,
            )
        )
    else:
        deed = _first_deed(task_id, line.worker_id)
        if deed:
            commands.append(Command(seq=start, deed=deed, at=line.started_at, task_id=task_id))
    if line.finished_at is not None:
        commands.append(
            Command(
                seq=finish,
                deed="finish",
                at=line.finished_at,
                task_id=task_id,
                found=found,
                note=line.note,
                signed=True,  # the initials on the paper
            )
        )
    return commands


def _task_id(paper: PaperList, row: int) -> int | None:
    return next((int(task) for number, task, *_ in paper.rows if number == row), None)


def _first_deed(task_id: int, worker_id: int) -> str:
    """How the worker came to it: what was begun on a phone before the outage is gone on with."""
    task = Task.objects.filter(pk=task_id).first()
    mine = task is not None and task.owner_id == worker_id
    if task is not None and mine and task.state == TaskState.STARTED:
        return ""
    return "resume" if task is not None and mine and task.state in (TaskState.PAUSED, TaskState.DELAYED) else "start"


def _entry(
    paper: PaperList, line: PaperLine, worker: User, answers: list[Answer], actor: User, at: datetime
) -> PaperEntry:
    met = next((answer for answer in answers if answer.outcome == "conflict"), None)
    return PaperEntry.objects.create(
        paper=paper,
        row=line.row,
        task_id=next((answer.task_id for answer in answers if answer.task_id), None),
        worker=worker,
        started_at=line.started_at,
        finished_at=line.finished_at,
        note=line.note[:200],
        outcome="conflict" if met is not None else "done",
        code=met.code if met is not None else "",
        entered_by=actor,
        entered_at=at,
    )
