"""Searches for a roster: asked for, done by a worker, told how far they are, stopped, and written into the draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import get_ident
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.staffing.choices import UNDER_WAY, ChangeCause, RosterState, RunKind, RunState
from vardnara.apps.staffing.models import Roster, RosterMember, RosterRun
from vardnara.apps.staffing.queries.roster_period import RosterRows, roster_rows
from vardnara.apps.staffing.queries.roster_reach import roster_locked
from vardnara.apps.staffing.services.roster_absence import before_absence, repair_document
from vardnara.apps.staffing.services.roster_changes import LineWords, lines_apply
from vardnara.engines.roster import Assignment, Budget
from vardnara.engines.roster.swedish import RosterWeights, roster_problem, swedish_check
from vardnara.engines.roster.swedish.document import explained_document
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.working_time import working_time

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

    from vardnara.engines.roster.result import RosterResult

JOB = "staffing.roster"
SILENCE = timedelta(minutes=10)  # a search tells of itself every second: one that does not has no worker any more
MOST_SECONDS = 600
REPAIR_SECONDS = 5
WEIGHTS = RosterWeights(overtime_band=0)  # what is published keeps to the contracts
EVERY = timedelta(seconds=1)


def run_ask(*, roster_id: int, seconds: int, actor: User, at: datetime) -> RosterRun:
    """Ask for a suggestion for a draft; locked days stay. One at a time for a roster.

    Raises ``unknown_roster``, ``roster_not_draft``, ``bad_seconds``, ``run_under_way``.
    """
    if not 1 <= seconds <= MOST_SECONDS:
        raise RuleBroken("bad_seconds", str(seconds))
    return _ask(roster_id, RunKind.SOLVE, seconds, actor, at, {})


def _ask(roster_id: int, kind: RunKind, seconds: int, actor: User, at: datetime, result: dict[str, Any]) -> RosterRun:
    try:
        with transaction.atomic():
            roster = roster_locked(roster_id=roster_id, actor=actor)
            if kind == RunKind.SOLVE and roster.state != RosterState.DRAFT:
                raise RuleBroken("roster_not_draft", roster.state)
            silent = RosterRun.objects.filter(roster=roster, state=RunState.RUNNING, beat_at__lt=at - SILENCE)
            silent.update(state=RunState.FAILED, fault="abandoned", ended_at=at)
            row = RosterRun.objects.create(
                roster=roster, kind=kind, asked_by_id=actor.pk, asked_at=at, seconds=seconds, result=result
            )
            app.configure_task(JOB).defer(run_id=row.pk)
    except IntegrityError as error:
        if "one_under_way" not in str(error):
            raise
        raise RuleBroken("run_under_way", str(roster_id)) from error
    changes_notify(matters=True)
    return row


def repair_ask(*, roster_id: int, batch: UUID, actor: User, at: datetime) -> RosterRun:
    """Ask who could step in for what a batch of changes freed. Raises ``unknown_roster``, ``run_under_way``."""
    return _ask(roster_id, RunKind.REPAIR, REPAIR_SECONDS, actor, at, {"batch": str(batch)})


@transaction.atomic
def run_stop(*, run_id: int, actor: User, at: datetime) -> None:
    """Stop a search; what it has found is written into the draft. Raises ``unknown_run``, ``run_ended``."""
    row = RosterRun.objects.select_for_update().filter(pk=run_id).first()
    if row is None:
        raise RuleBroken("unknown_run", str(run_id))
    roster_locked(roster_id=row.roster_id, actor=actor)
    if row.state not in UNDER_WAY:
        raise RuleBroken("run_ended", row.state)
    row.state, row.ended_at = RunState.CANCELLED, at
    row.save(update_fields=["state", "ended_at"])
    changes_notify(matters=True)


def run_do(*, run_id: int, clock: Callable[[], datetime]) -> None:
    """Do a search that waits. The worker's."""
    at = clock()
    if not RosterRun.objects.filter(pk=run_id, state=RunState.WAITING).update(
        state=RunState.RUNNING, started_at=at, beat_at=at
    ):
        return
    run = RosterRun.objects.select_related("roster__group", "asked_by").get(pk=run_id)
    try:
        rows = roster_rows(run.roster)
        if run.kind == RunKind.REPAIR:
            _mend(run, rows, clock)
        else:
            found = _search(run, rows, clock)
            _write(run, rows, found, clock())
    except RuleBroken as error:
        _end(run_id, RunState.FAILED, clock(), fault=error.code)
    except Exception:
        _end(run_id, RunState.FAILED, clock(), fault="unexpected")
        raise


def _search(run: RosterRun, rows: RosterRows, clock: Callable[[], datetime]) -> RosterResult:
    from vardnara.engines.roster.solve import roster_solve  # compiles when it is imported: only a search waits for it

    began = last = clock()
    stopped, own_thread = False, get_ident()
    best: dict[str, float] = {}

    def seconds() -> float:
        return (clock() - began).total_seconds()

    def is_stopped() -> bool:
        nonlocal last, stopped
        now = clock()
        # the search's own threads ask too: they are told what is known, and open no connections of their own
        if get_ident() == own_thread and not stopped and now - last >= EVERY:
            last = now
            beat = {"beat_at": now} | {name: round(value) for name, value in best.items()}
            stopped = not RosterRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(**beat)
        return stopped

    def tell(cost: float, bound: float) -> None:
        best.update(cost=cost, bound=max(bound, 0))

    budget = Budget(seconds=run.seconds, clock=seconds, stopped=is_stopped)
    return roster_solve(roster_problem(rows.period, WEIGHTS), budget, seed=run.seed, tell=tell)


def _mend(run: RosterRun, rows: RosterRows, clock: Callable[[], datetime]) -> None:
    """Who could step in: kept as a proposal, changed by nobody but a person."""
    from vardnara.engines.roster.swedish.repair import roster_repair  # compiles when it is imported

    stood = before_absence(rows, UUID(run.result["batch"]))
    today = local_date(clock())
    repair = roster_repair(rows.period, stood, held=max(today, rows.period.first))
    with transaction.atomic():
        RosterRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            state=RunState.DONE, ended_at=clock(), work=repair.work, result=run.result | repair_document(repair)
        )
        changes_notify(matters=True)


def _explained(rows: RosterRows, found: RosterResult) -> dict[str, Any]:
    """Why shifts are without people, where some are: balances, reasons and ways out."""
    from vardnara.engines.roster.swedish.explain import roster_explain

    if not swedish_check(rows.period, found.assignments).short:
        return {}
    measure = round(float(working_time("weekly_minutes_all_days")))
    return explained_document(roster_explain(rows.period, found.assignments, overtime_band=0, measure_minutes=measure))


def _write(run: RosterRun, rows: RosterRows, found: RosterResult, at: datetime) -> None:
    """The lines into the draft, unless it is no draft any more; members who came meanwhile keep theirs."""
    result: dict[str, Any] = {"status": found.status.value, "reasons": list(found.reasons), "seed": found.seed}
    result["explained"] = _explained(rows, found)
    with transaction.atomic():
        roster = Roster.objects.select_for_update(of=("self",)).select_related("group").get(pk=run.roster_id)
        if roster.state == RosterState.DRAFT and found.assignments:
            members = set(RosterMember.objects.filter(roster=roster).values_list("person_id", flat=True))
            batch = lines_apply(roster, _lines(rows, found.assignments, members), ChangeCause.SEARCH, run.asked_by, at)
            result["batch"] = str(batch)
        held = RosterRun.objects.filter(pk=run.pk, state=RunState.RUNNING)
        held.update(
            state=RunState.DONE, ended_at=at, cost=found.cost, bound=found.bound, work=found.work, result=result
        )
        changes_notify(matters=True)


def _lines(rows: RosterRows, assignments: tuple[Assignment, ...], members: set[int]) -> list[LineWords]:
    """A line for each person and day: the shift that was found, or free."""
    found = {(int(one.employee), rows.period.day(one.day)): int(one.shift) for one in assignments}
    days = [rows.period.day(n) for n in range(rows.period.n_days)]
    return [
        LineWords(int(key), day, found.get((int(key), day)))
        for key in rows.people
        if int(key) in members
        for day in days
    ]


def _end(run_id: int, state: str, at: datetime, *, fault: str = "") -> None:
    with transaction.atomic():
        held = RosterRun.objects.filter(pk=run_id, state=RunState.RUNNING)
        held.update(state=state, ended_at=at, fault=fault)
        changes_notify(matters=True)
