"""What phones did without contact, carried out when they are back: each command once, in order, as of when it was done.

The rules are those of the single steps (``step.act``); here they are run over many commands of one device, with one
lock, one write and one announcement for a chunk of them. A command that meets something else is kept as a conflict and
stops nothing that does not depend on it. ``docs/offline.md`` tells the whole story.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Max

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.beds import beds_last_left
from vardnara.apps.hospital.queries.reach import bed_ward, wards_in_reach
from vardnara.apps.hospital.services.beds import beds_lock
from vardnara.apps.hospital.services.live import changes_gathered, changes_notify
from vardnara.apps.service.choices import LIVE_STATES, TURNOVER_KINDS, EventKind, Settlement, TaskState
from vardnara.apps.service.models import CommandConflict, Task, TaskEvent
from vardnara.apps.service.queries.conflicts import TIMED, seconds_outside, task_stands
from vardnara.apps.service.services import steps
from vardnara.apps.service.services.creating import found_job_report
from vardnara.apps.service.services.recording import Step, spell_close, step_record, steps_append, task_lock
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

logger = logging.getLogger("vardnara.offline")

CHUNK = 50  # commands in one transaction: bounds how long others wait for the beds that it holds
CLOCK_SLACK = timedelta(seconds=60)  # a phone's clock may be so much ahead before anybody is told
OLDEST = timedelta(days=7)  # a found job older than this is the phone's clock, not the job
DEVICE_LOCK = 7_301  # first key of the advisory locks of devices
TRIES = 3  # of a chunk that met others the wrong way round

STEPS: dict[str, tuple[Any, EventKind, tuple[str, ...]]] = {  # deed: step, what it leaves in the history, its words
    "claim": (steps.task_claim, EventKind.CLAIMED, ()),
    "start": (steps.task_start, EventKind.STARTED, ()),
    "pause": (steps.task_pause, EventKind.PAUSED, ("reason", "note")),
    "resume": (steps.task_resume, EventKind.RESUMED, ()),
    "delay": (steps.task_delay, EventKind.DELAYED, ("reason", "note")),
    "hand_back": (steps.task_hand_back, EventKind.HANDED_BACK, ("reason", "note")),
    "finish": (steps.task_finish, EventKind.FINISHED, ("note", "ticked", "signed", "sure")),
}
FOUND = "found"
DEEDS = (*STEPS, FOUND)
# what a step writes of its task, with its type in the database
WRITTEN = {
    "id": "bigint",
    "state": "text",
    "owner_id": "bigint",
    "claimed_at": "timestamptz",
    "started_at": "timestamptz",
    "spell_started_at": "timestamptz",
    "finished_at": "timestamptz",
    "worked_seconds": "integer",
    "reason": "text",
    "warning": "text",
    "changed_at": "timestamptz",
}


def _tasks_save(tasks: Sequence[Task]) -> None:
    """Save what steps change, in one statement; ``bulk_update`` takes many times as long to write its own."""
    columns = ", ".join(f'"{name}"' for name in WRITTEN)
    assigned = ", ".join(f'"{name}" = new."{name}"' for name in WRITTEN if name != "id")
    arrays = ", ".join(f"%s::{kind}[]" for kind in WRITTEN.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE service_task SET {assigned} FROM unnest({arrays}) AS new ({columns})"  # noqa: S608 - names of ours
            " WHERE service_task.id = new.id",
            [[getattr(task, name) for task in tasks] for name in WRITTEN],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command as a phone kept it. ``found`` names, by its number, the found job whose task this one is about."""

    seq: int
    deed: str
    at: datetime
    task_id: int | None = None
    found: int | None = None
    bed_id: int | None = None
    kind: str = ""
    reason: str = ""
    note: str = ""
    start: bool = False
    ticked: tuple[int, ...] = ()
    signed: bool = False
    sure: bool = True  # the phone has asked

    def words(self) -> dict[str, object]:
        """What a conflict keeps beside deed, task and time."""
        wanted = {"found": self.found, "bed": self.bed_id, "kind": self.kind, "reason": self.reason, "note": self.note}
        wanted |= {"ticked": list(self.ticked)}
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command: ``done``, ``repeated`` or ``conflict`` with its code and who has the task now.

    ``at`` is the time that was written down; ``moved`` says why it is not the phone's: ``future`` or ``before``.
    """

    seq: int
    outcome: str
    task_id: int | None = None
    at: datetime | None = None
    code: str = ""
    who: str = ""
    moved: str = ""


@dataclass(slots=True)
class _Chunk:
    """What a transaction works on: the tasks that its commands name, locked, and what is still to be written."""

    actor: User
    device: str
    received_at: datetime
    tasks: dict[int, Task]
    reach: set[int]
    floor: dict[int, datetime]
    left: dict[int, datetime]
    found: dict[int, int]
    changed: dict[int, Task] = field(default_factory=dict)
    done: list[tuple[Task, Step]] = field(default_factory=list)
    seqs: list[int | None] = field(default_factory=list)
    conflicts: list[CommandConflict] = field(default_factory=list)

    def write(self) -> None:
        """Save what changed and append the history; others react in the order in which things were done."""
        changed, done, seqs = list(self.changed.values()), self.done, self.seqs
        self.changed, self.done, self.seqs = {}, [], []
        if changed:
            _tasks_save(changed)
        if done:
            steps_append(done, actor=self.actor, device=self.device, seqs=seqs)


def commands_merge(*, actor: User, device: str, commands: Sequence[Command], received_at: datetime) -> Iterator[Answer]:
    """Carry out a device's commands in their order; one answer each, in chunks that are committed one by one.

    A worker may do this for what the worker did. ``received_at`` is the server's clock: nothing is later than that.
    """
    role_require(actor, steps.WORKERS)
    for first in range(0, len(commands), CHUNK):
        yield from _merge_patiently(actor, device, commands[first : first + CHUNK], received_at)


def _merge_patiently(actor: User, device: str, commands: Sequence[Command], received_at: datetime) -> list[Answer]:
    """A chunk; where that fails as a whole, its commands one by one, and the one that fails is kept as a conflict."""
    for left in reversed(range(TRIES)):
        try:
            return _merge(actor, device, commands, received_at)
        except OperationalError:  # a deadlock, ended by the database
            if not left:
                raise
        except (RuleBroken, DatabaseError) as error:
            if len(commands) == 1:
                logger.exception("command failed", extra={"data": {"device": device, "seq": commands[0].seq}})
                return [_keep(actor, device, commands[0], received_at, getattr(error, "code", "fault"))]
            return [
                answer for command in commands for answer in _merge_patiently(actor, device, [command], received_at)
            ]
    raise AssertionError("unreachable")


@transaction.atomic
def _keep(actor: User, device: str, command: Command, received_at: datetime, code: str) -> Answer:
    """A command that the house could not carry out for a reason of its own: kept for a person."""
    exists = Task.objects.filter(pk=command.task_id).exists()
    CommandConflict.objects.create(
        device=device,
        device_seq=command.seq,
        actor=actor,
        task_id=command.task_id if exists else None,
        deed=command.deed,
        words=command.words(),
        done_at=min(command.at, received_at),
        received_at=received_at,
        code=code[:40],
    )
    return Answer(command.seq, "conflict", command.task_id if exists else None, code=code)


@transaction.atomic
def _merge(actor: User, device: str, commands: Sequence[Command], received_at: datetime) -> list[Answer]:
    with connection.cursor() as cursor:  # a device's chunks one after the other: a resend waits for the first sending
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DEVICE_LOCK, zlib.crc32(device.encode()) - 2**31])
    with changes_gathered():
        known = _known(device, [command.seq for command in commands])
        chunk = _open(actor, device, commands, received_at)
        answers = [
            known[command.seq](command) if command.seq in known else _carry_out(chunk, command) for command in commands
        ]
        # what was known under the same number but was another command comes back without an outcome
        answers = [
            _conflict(chunk, command, "number_used") if answer.outcome == "" else answer
            for command, answer in zip(commands, answers, strict=True)
        ]
        chunk.write()
        if chunk.conflicts:
            CommandConflict.objects.bulk_create(chunk.conflicts)
            told = {row.task_id: chunk.tasks[row.task_id].ward_id for row in chunk.conflicts if row.task_id}
            changes_notify(tasks=told.keys(), wards=told.values())
    return answers


def _known(device: str, seqs: Iterable[int]) -> dict[int, Callable[[Command], Answer]]:
    """How to answer commands that were carried out, or kept as a conflict, before."""
    seqs = list(seqs)
    known: dict[int, Callable[[Command], Answer]] = {}
    for event in TaskEvent.objects.filter(device=device, device_seq__in=seqs):
        known[event.device_seq or 0] = _repeat(event)
    rows = CommandConflict.objects.select_related("task__owner").filter(device=device, device_seq__in=seqs)
    for row in rows:
        stands = task_stands(row.task)
        answer = Answer(row.device_seq, "conflict", row.task_id, row.done_at, row.code, stands.who)
        known[row.device_seq] = lambda _, answer=answer: answer
    return known


def _repeat(event: TaskEvent) -> Callable[[Command], Answer]:
    def answer(command: Command) -> Answer:
        kinds = (EventKind.CREATED, EventKind.CHANGED) if command.deed == FOUND else (STEPS[command.deed][1],)
        same = event.kind in kinds and command.task_id in (None, event.task_id)
        return Answer(command.seq, "repeated" if same else "", event.task_id, event.at)

    return answer


def _open(actor: User, device: str, commands: Sequence[Command], received_at: datetime) -> _Chunk:
    """Lock what the commands are about, beds before tasks, both in key order, and read what judging them takes."""
    here = {command.seq for command in commands}
    earlier = {command.found for command in commands if command.found is not None and command.found not in here}
    found = dict(
        TaskEvent.objects.filter(device=device, device_seq__in=earlier).values_list("device_seq", "task_id")
        if earlier
        else ()
    )
    ids = {command.task_id for command in commands if command.task_id is not None} | set(found.values())
    beds = {bed for bed in Task.objects.filter(pk__in=ids).values_list("bed_id", flat=True) if bed is not None}
    beds_lock(beds | {command.bed_id for command in commands if command.bed_id is not None})
    tasks = {
        task.pk: task
        for task in Task.objects.select_for_update(of=("self",))
        .select_related("task_type")
        .filter(pk__in=ids)
        .order_by("pk")
    }
    floor = TaskEvent.objects.filter(task__in=tasks, kind__in=TIMED).values_list("task_id").annotate(last=Max("at"))
    turnovers = [task.bed_id for task in tasks.values() if task.kind in TURNOVER_KINDS and task.bed_id is not None]
    return _Chunk(
        actor=actor,
        device=device,
        received_at=received_at,
        tasks=tasks,
        reach=set(wards_in_reach(actor).values_list("pk", flat=True)),
        floor=dict(floor),
        left=beds_last_left(turnovers) if turnovers else {},
        found=found,
    )


def _when(chunk: _Chunk, command: Command, task_id: int | None) -> tuple[datetime, str]:
    """The time to write down: the phone's, never later than now nor before the task's last step."""
    at, moved = command.at, ""
    if at > chunk.received_at:
        at, moved = chunk.received_at, "future" if at - chunk.received_at > CLOCK_SLACK else ""
    floor = chunk.floor.get(task_id or 0, chunk.received_at - OLDEST)
    return (floor, "before") if at < floor else (at, moved)


def _carry_out(chunk: _Chunk, command: Command) -> Answer:
    """One command, in memory; its step waits to be written."""
    if command.deed == FOUND:
        return _carry_out_found(chunk, command)
    task_id = command.task_id if command.found is None else chunk.found.get(command.found)
    task = chunk.tasks.get(task_id or 0)
    at, moved = _when(chunk, command, task_id)
    if task is None:
        return _conflict(chunk, command, "unknown_task")
    step, _, names = STEPS[command.deed]
    try:
        if task.ward_id not in chunk.reach:
            raise RuleBroken("out_of_scope", f"ward {task.ward_id}")
        role_require(chunk.actor, step.roles or steps.WORKERS)
        if command.deed == "finish":
            _finish_require(chunk, task, at)
        done = step.act(task, actor=chunk.actor, at=at, **{name: getattr(command, name) for name in names})
    except RuleBroken as broken:
        return _conflict(chunk, command, broken.code, task)
    _note(chunk, task, done if isinstance(done, tuple) else (done,), at, command.seq)
    return Answer(command.seq, "done", task.pk, at, moved=moved)


def _finish_require(chunk: _Chunk, task: Task, at: datetime) -> None:
    """A bed that somebody has left since is dirty again: the time worked counts, and the bed waits once more."""
    left = chunk.left.get(task.bed_id or 0)
    mine = task.owner_id == chunk.actor.pk and task.state in (TaskState.STARTED, TaskState.PAUSED, TaskState.DELAYED)
    if not mine or task.kind not in TURNOVER_KINDS or left is None or left <= at:
        return
    back = steps.task_hand_back.act(task, actor=chunk.actor, at=at, reason="bed_used_again")
    _note(chunk, task, (back,), at, None)
    raise RuleBroken("bed_used_again", f"bed {task.bed_id} was left at {left}")


def _note(chunk: _Chunk, task: Task, done: Sequence[Step], at: datetime, seq: int | None) -> None:
    task.changed_at = max(task.changed_at, at)
    chunk.floor[task.pk] = at
    chunk.changed[task.pk] = task
    for step in done:
        chunk.done.append((task, replace(step, at=at)))
        chunk.seqs.append(seq if step is done[-1] else None)


def _carry_out_found(chunk: _Chunk, command: Command) -> Answer:
    """A found job makes its task at once, so that the commands after it have one to be about."""
    at, moved = _when(chunk, command, None)
    chunk.write()
    try:
        if command.bed_id is None or bed_ward(command.bed_id) not in chunk.reach:
            raise RuleBroken("unknown_bed", str(command.bed_id))
        task = found_job_report(
            bed_id=command.bed_id,
            kind=command.kind,
            note=command.note,
            start=command.start,
            actor=chunk.actor,
            at=at,
            device=chunk.device,
            device_seq=command.seq,
        )
    except RuleBroken as broken:
        return _conflict(chunk, command, broken.code)
    chunk.tasks[task.pk] = Task.objects.get(pk=task.pk)
    chunk.found[command.seq] = task.pk
    chunk.floor[task.pk] = at
    return Answer(command.seq, "done", task.pk, at, moved=moved)


def _conflict(chunk: _Chunk, command: Command, code: str, task: Task | None = None) -> Answer:
    """Keep a command that met something else, with the time that was worked and that the task does not hold.

    Its time is the phone's: it stands beside the task's history, where two may have worked at once.
    """
    at = min(command.at, chunk.received_at)
    stands = task_stands(task if code != "out_of_scope" else None, chunk.actor.pk)
    code = stands.code if code in ("not_owner", "not_open", "wrong_state") and stands.code else code
    nothing = command.deed == "claim" or (task is None and command.deed != FOUND)
    seconds = 0
    if task is not None and code != "bed_used_again":
        mine = [row for row in chunk.conflicts if row.task_id == task.pk]
        seconds = seconds_outside(task.pk, chunk.actor.pk, command.deed, at, before=mine)
    chunk.conflicts.append(
        CommandConflict(
            device=chunk.device,
            device_seq=command.seq,
            actor=chunk.actor,
            task=task,
            deed=command.deed,
            words=command.words(),
            done_at=at,
            received_at=chunk.received_at,
            code=code[:40],
            worked_seconds=seconds,
            settlement=Settlement.NOTHING if nothing else "",
            settled_at=chunk.received_at if nothing else None,
        )
    )
    return Answer(command.seq, "conflict", task.pk if task else None, at, code, stands.who)


@transaction.atomic
def conflict_accept(*, conflict_id: int, actor: User, at: datetime) -> None:
    """A leader takes what a worker did without contact for done: the time counts, and unfinished work is finished.

    All that the worker did at that task is settled together. Where the bed was used since, only the time counts.
    """
    with changes_gathered():
        rows = _settling(conflict_id, actor)
        task = _locked(rows[0], actor)
        if task is not None:
            _accept(task, rows, actor, at)
        _settle(rows, Settlement.ACCEPTED, "", actor, at)


@transaction.atomic
def conflict_dismiss(*, conflict_id: int, reason: str, actor: User, at: datetime) -> None:
    """A leader decides that what a worker did without contact is not counted, and says why."""
    if not reason.strip():
        raise RuleBroken("reason_missing", "say why")
    with changes_gathered():
        rows = _settling(conflict_id, actor)
        _locked(rows[0], actor)
        _settle(rows, Settlement.DISMISSED, reason.strip()[:200], actor, at)


def _settling(conflict_id: int, actor: User) -> list[CommandConflict]:
    """The open conflicts of the same worker at the same task, in order, locked."""
    role_require(actor, steps.LEADERS)
    one = CommandConflict.objects.filter(pk=conflict_id).first()
    if one is None or one.settlement:
        raise RuleBroken("already_settled", f"conflict {conflict_id}")
    rows = CommandConflict.objects.select_for_update().filter(settlement="")
    rows = rows.filter(task=one.task_id, actor=one.actor_id) if one.task_id else rows.filter(pk=one.pk)
    locked = list(rows.order_by("pk"))
    if not locked:
        raise RuleBroken("already_settled", f"conflict {conflict_id}")
    return locked


def _locked(row: CommandConflict, actor: User) -> Task | None:
    return task_lock(row.task_id, actor) if row.task_id else None


def _settle(rows: list[CommandConflict], how: Settlement, reason: str, actor: User, at: datetime) -> None:
    CommandConflict.objects.filter(pk__in=[row.pk for row in rows]).update(
        settlement=how, settled_reason=reason, settled_by=actor, settled_at=at
    )
    tasks = {row.task_id for row in rows if row.task_id}
    changes_notify(tasks=tasks, wards=Task.objects.filter(pk__in=tasks).values_list("ward_id", flat=True))


def _accept(task: Task, rows: list[CommandConflict], actor: User, at: datetime) -> None:
    """Count the time; finish what is unfinished, or take up what was withdrawn, if the work came to an end."""
    worker, last = rows[-1].actor, rows[-1]
    seconds = sum(row.worked_seconds for row in rows)
    task.worked_seconds += seconds
    finished = last.deed == "finish" and last.code != "bed_used_again"
    left = beds_last_left([task.bed_id]).get(task.bed_id) if task.bed_id and task.kind in TURNOVER_KINDS else None
    used = left is not None and left > last.done_at
    minutes = f"{round(seconds / 60)} min, {worker.get_full_name() or worker.get_username()}"
    if not finished or used or task.state in (TaskState.DONE, TaskState.INSPECTED):
        step_record(task, Step(EventKind.CHANGED, "time_added", minutes), actor=actor, at=at)
        return
    task.started_at = task.started_at or rows[0].done_at
    task.finished_at, task.reason, task.warning = last.done_at, "", ""
    if task.state in LIVE_STATES:
        handed_over = task.owner_id != worker.pk
        spell_close(task, at)
        task.owner_id, task.state = worker.pk, TaskState.DONE
        if handed_over:
            step_record(task, Step(EventKind.REASSIGNED, note=minutes), actor=actor, at=at)
        task.changed_at = at
        task.save()
        steps_append([(task, Step(EventKind.FINISHED, "recorded_after", at=last.done_at))], actor=worker)
    else:
        task.owner_id, task.state = worker.pk, TaskState.DONE
        step_record(task, Step(EventKind.RECORDED, note=minutes), actor=actor, at=at)
