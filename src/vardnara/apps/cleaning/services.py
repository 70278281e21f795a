"""Cleans out of what happens: departures, cancels, contagion, the daily sweep, and what finished work does to beds.

A bed has at most one unfinished turnover clean. A second departure before it is done joins it, and its contagion
class is the strictest of all causes, never lowered by itself (C-17).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from vardnara.apps.cleaning.choices import Cause
from vardnara.apps.cleaning.models import Clean, CleanDeparture
from vardnara.apps.cleaning.queries import live_cleans
from vardnara.apps.hospital.events import BedChanged, BedDirtied, DepartureVoided
from vardnara.apps.hospital.queries.beds import turnover_facts
from vardnara.apps.hospital.services.beds import (
    bed_cleaned,
    bed_cleaning_began,
    bed_cleaning_stopped,
    bed_found_dirty,
)
from vardnara.apps.service.choices import TURNOVER_KINDS, EventKind, Priority, TaskKind, TaskState
from vardnara.apps.service.events import TaskChanged
from vardnara.apps.service.queries.agreement_lines import EventAsked, event_answers
from vardnara.apps.service.services import NewTask, task_adjust, task_withdraw, tasks_create, tasks_withdraw
from vardnara.parameters.clean_norms import clean_norm
from vardnara.parameters.contagion import strictest

PATIENT_IN_BED = "patient_in_bed"
DISCHARGE_PENDING = "discharge_pending"


@dataclass(slots=True)
class Turnover:
    """A turnover clean to be made. ``instead_of`` is one that was begun and no longer counts."""

    bed_id: int
    ward_id: int
    cause: str
    contagion_class: str
    at: datetime
    departure_ids: list[int] = field(default_factory=list)
    instead_of: Clean | None = None


def turnovers_ensure(*, events: Iterable[BedDirtied]) -> None:
    """Every dirtied bed has one unfinished turnover clean that answers all its departures."""
    events = list(events)
    live, daily = live_cleans(event.bed_id for event in events)
    new: dict[int, Turnover] = {}
    links = []
    _daily_withdraw({event.bed_id: daily[event.bed_id] for event in events if event.bed_id in daily}, events)
    for event in events:
        planned, clean = new.get(event.bed_id), live.get(event.bed_id)
        departures = [event.departure_id] if event.departure_id is not None else []
        if planned is not None:
            planned.contagion_class = strictest((planned.contagion_class, event.contagion_class))
            planned.departure_ids += departures
        elif clean is not None and clean.task.state in (TaskState.STARTED, TaskState.PAUSED):
            # somebody lay there while it was being cleaned: what was done so far no longer counts
            task_withdraw(task_id=clean.task_id, reason="bed_used_again", at=event.at)
            contagion = strictest((clean.contagion_class, event.contagion_class))
            new[event.bed_id] = Turnover(
                event.bed_id, event.ward_id, clean.cause, contagion, event.at, departures, instead_of=clean
            )
        elif clean is None:
            new[event.bed_id] = Turnover(
                event.bed_id, event.ward_id, event.cause, event.contagion_class, event.at, departures
            )
        else:
            _raise_contagion(clean, event.contagion_class, event.at)
            _warn(clean, "", "patient_left", event.at)
            links += [CleanDeparture(clean=clean, departure_id=departure) for departure in departures]
    _turnovers_create(new.values(), links)


def _daily_withdraw(daily: Mapping[int, Clean], events: Iterable[BedDirtied]) -> None:
    """The daily clean of a bed that was left gives way to the discharge clean; what was begun keeps its time."""
    left_at = {event.bed_id: event.at for event in events}
    idle = [clean for clean in daily.values() if clean.task.state in (TaskState.OPEN, TaskState.CLAIMED)]
    if idle:
        at = max(left_at[clean.bed_id] for clean in idle)
        tasks_withdraw(task_ids=[clean.task_id for clean in idle], reason="patient_left", at=at)
    for clean in daily.values():
        if clean not in idle:
            task_withdraw(task_id=clean.task_id, reason="patient_left", at=left_at[clean.bed_id])


def _turnovers_create(new: Collection[Turnover], links: Collection[CleanDeparture] = ()) -> None:
    """Make turnover cleans with their tasks and the departures that they, and some there before, answer."""
    if not new and not links:
        return
    facts = turnover_facts(turnover.bed_id for turnover in new) if new else {}
    kinds = [TaskKind.CONTAGION_CLEAN if turnover.contagion_class else TaskKind.DISCHARGE_CLEAN for turnover in new]
    answers = event_answers(
        [
            EventAsked(_codes(kind, single_room=facts[turnover.bed_id].single_room), turnover.ward_id, turnover.at)
            for turnover, kind in zip(new, kinds, strict=True)
        ]
    )
    tasks = tasks_create(
        NewTask(
            kind=kind,
            ward_id=turnover.ward_id,
            bed_id=turnover.bed_id,
            at=turnover.at,
            contagion_class=turnover.contagion_class,
            priority=Priority.STAT if facts[turnover.bed_id].wanted else Priority.NORMAL,
            norm_minutes=minutes,
            due_at=answer.due_at(minutes),
            reason=turnover.cause,
            task_type_id=answer.task_type_id,
            party=answer.party,
        )
        for turnover, kind, answer in zip(new, kinds, answers, strict=True)
        for minutes in [_norm_minutes(kind, single_room=facts[turnover.bed_id].single_room)]
    )
    cleans = Clean.objects.bulk_create(
        [
            Clean(task=task, bed_id=turnover.bed_id, cause=turnover.cause, contagion_class=turnover.contagion_class)
            for turnover, task in zip(new, tasks, strict=True)
        ]
    )
    answered = [
        CleanDeparture(clean=clean, departure_id=departure)
        for turnover, clean in zip(new, cleans, strict=True)
        for departure in turnover.departure_ids
    ]
    CleanDeparture.objects.bulk_create([*links, *answered])
    for turnover, clean in zip(new, cleans, strict=True):
        if turnover.instead_of is not None:
            CleanDeparture.objects.filter(clean=turnover.instead_of, departure__voided_at__isnull=True).update(
                clean=clean
            )


def _codes(kind: TaskKind, *, single_room: bool) -> tuple[str, ...]:
    """What the catalogue calls the clean, the more exact name first."""
    exact = ("discharge_clean_single",) if single_room and kind == TaskKind.DISCHARGE_CLEAN else ()
    return (*exact, kind.value)


def _norm_minutes(kind: str, *, single_room: bool) -> int | None:
    norm = clean_norm(kind, single_room=single_room)
    return norm.typical_minutes if norm else None


def _warn(clean: Clean, warning: str, otherwise: str, at: datetime) -> None:
    """Show or lift a warning on a clean's task; ``otherwise`` is the reason when it is lifted."""
    if clean.task.warning != warning:
        task_adjust(task_id=clean.task_id, warning=warning, reason=warning or otherwise, at=at)


def _raise_contagion(clean: Clean, contagion_class: str, at: datetime) -> None:
    """Make a clean at least as strict as ``contagion_class``."""
    raised = strictest((clean.contagion_class, contagion_class))
    if raised == clean.contagion_class:
        return
    clean.contagion_class = raised
    clean.save(update_fields=["contagion_class"])
    turnover = clean.task.kind != TaskKind.DAILY_CLEAN
    task_adjust(
        task_id=clean.task_id,
        kind=TaskKind.CONTAGION_CLEAN if turnover else None,
        contagion_class=raised,
        norm_minutes=_norm_minutes(TaskKind.CONTAGION_CLEAN, single_room=True) if turnover else None,
        reason="contagion",
        at=at,
    )


def departures_void(*, events: Iterable[DepartureVoided]) -> None:
    """Withdraw the clean of a departure that did not happen, unless another one still needs it (edge-3, edge-17).

    A bed that is dirty all the same keeps, or gets again, the clean for the cause before.
    """
    for event in events:
        link = CleanDeparture.objects.select_related("clean").filter(departure=event.departure_id).first()
        others = CleanDeparture.objects.filter(clean=link.clean if link else None, departure__voided_at__isnull=True)
        if link is not None and link.clean.cause == Cause.DEPARTURE and not others.exists():
            task_withdraw(task_id=link.clean.task_id, reason=event.reason, at=event.at)
        if event.bed_dirty and not live_cleans([event.bed_id])[0]:
            cause = Cause.DEPARTURE
            _turnovers_create([Turnover(event.bed_id, event.ward_id, cause, event.contagion_class, event.at)])


def cleans_follow_beds(*, events: Iterable[BedChanged]) -> None:
    """Keep warnings and contagion of unfinished cleans in step with who lies in the bed (feat-A3)."""
    events = list(events)
    turnovers, daily = live_cleans(event.bed_id for event in events)
    for event in events:
        clean = turnovers.get(event.bed_id)
        if clean is not None:
            _warn(clean, PATIENT_IN_BED if event.occupied else "", "bed_free", event.at)
        clean = daily.get(event.bed_id)
        if clean is not None and not event.occupied:
            task_withdraw(task_id=clean.task_id, reason="bed_empty", at=event.at)
        elif clean is not None:
            _warn(clean, DISCHARGE_PENDING if event.discharge_pending else "", "no_discharge", event.at)
            _raise_contagion(clean, event.contagion_class, event.at)


def bed_follows_task(*, event: TaskChanged) -> None:
    """What a step of a turnover clean does to its bed: being cleaned, dirty again, clean."""
    if event.kind not in TURNOVER_KINDS or event.bed_id is None:
        return
    if event.event in (EventKind.STARTED, EventKind.RESUMED):
        bed_cleaning_began(bed_id=event.bed_id, at=event.at)
    elif event.event in (EventKind.HANDED_BACK, EventKind.CLOSED):
        bed_cleaning_stopped(bed_id=event.bed_id, at=event.at)
    elif event.event == EventKind.FINISHED:
        bed_cleaned(bed_id=event.bed_id, at=event.at)
    elif event.event == EventKind.CREATED and event.kind == TaskKind.FOUND_BED:
        contagion = bed_found_dirty(bed_id=event.bed_id, at=event.at)
        Clean.objects.create(task_id=event.task_id, bed_id=event.bed_id, cause=Cause.FOUND, contagion_class=contagion)
        if contagion:
            task_adjust(task_id=event.task_id, contagion_class=contagion, reason="contagion", at=event.at)
    elif event.event == EventKind.FAILED:
        _reclean(event)


def _reclean(event: TaskChanged) -> None:
    """A clean that was not approved is done again by itself, and the bed is not released until then (edge-16)."""
    assert event.bed_id is not None
    before = Clean.objects.get(task=event.task_id)
    contagion = bed_found_dirty(bed_id=event.bed_id, at=event.at, contagion_class=before.contagion_class)
    if not live_cleans([event.bed_id])[0]:
        _turnovers_create([Turnover(event.bed_id, event.ward_id, Cause.NOT_APPROVED, contagion, event.at)])


def daily_cleans_note(*, events: Iterable[TaskChanged]) -> None:
    """A daily clean that the plan of the day has made is a clean like any other, with cause and contagion class."""
    Clean.objects.bulk_create(
        Clean(task_id=event.task_id, bed_id=event.bed_id, cause=Cause.DAILY, contagion_class=event.contagion_class)
        for event in events
        if event.kind == TaskKind.DAILY_CLEAN and event.event == EventKind.CREATED and event.bed_id is not None
    )
