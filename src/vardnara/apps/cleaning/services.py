"""Cleans out of what happens: departures, cancels, contagion, the daily sweep, and what finished work does to beds.

A bed has at most one unfinished turnover clean. A second departure before it is done joins it, and its contagion
class is the strictest of all causes, never lowered by itself (C-17).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from vardnara.apps.cleaning.choices import Cause
from vardnara.apps.cleaning.constants import SWEEP_FROM
from vardnara.apps.cleaning.models import Clean, CleanDeparture, DailySweep
from vardnara.apps.cleaning.queries import live_daily, live_turnovers
from vardnara.apps.hospital.events import BedChanged, BedDirtied, DepartureVoided
from vardnara.apps.hospital.queries.beds import bed_is_wanted, bed_room_is_single, occupied_beds
from vardnara.apps.hospital.services.beds import (
    bed_cleaned,
    bed_cleaning_began,
    bed_cleaning_stopped,
    bed_found_dirty,
)
from vardnara.apps.service.choices import TURNOVER_KINDS, EventKind, Priority, TaskKind, TaskState
from vardnara.apps.service.events import TaskChanged
from vardnara.apps.service.services import task_adjust, task_create, task_withdraw
from vardnara.kernel.local_time import STOCKHOLM
from vardnara.parameters.clean_norms import clean_norm
from vardnara.parameters.contagion import strictest

PATIENT_IN_BED = "patient_in_bed"
DISCHARGE_PENDING = "discharge_pending"


def turnovers_ensure(*, events: Iterable[BedDirtied]) -> None:
    """Every dirtied bed has one unfinished turnover clean that answers all its departures."""
    events = list(events)
    live = live_turnovers(event.bed_id for event in events)
    daily = live_daily(event.bed_id for event in events)
    for event in events:
        if event.bed_id in daily:
            task_withdraw(task_id=daily.pop(event.bed_id).task_id, reason="patient_left", at=event.at)
        clean = live.get(event.bed_id)
        if clean is not None and clean.task.state in (TaskState.STARTED, TaskState.PAUSED):
            # somebody lay there while it was being cleaned: what was done so far no longer counts
            task_withdraw(task_id=clean.task_id, reason="bed_used_again", at=event.at)
            before = clean
            contagion = strictest((before.contagion_class, event.contagion_class))
            live[event.bed_id] = clean = _turnover_create(
                event.bed_id, event.ward_id, before.cause, contagion, event.at
            )
            CleanDeparture.objects.filter(clean=before, departure__voided_at__isnull=True).update(clean=clean)
        elif clean is None:
            clean = _turnover_create(event.bed_id, event.ward_id, event.cause, event.contagion_class, event.at)
            live[event.bed_id] = clean
        else:
            _raise_contagion(clean, event.contagion_class, event.at)
            _warn(clean, "", "patient_left", event.at)
        if event.departure_id is not None:
            CleanDeparture.objects.create(clean=clean, departure_id=event.departure_id)


def _turnover_create(bed_id: int, ward_id: int, cause: str, contagion_class: str, at: datetime) -> Clean:
    kind = TaskKind.CONTAGION_CLEAN if contagion_class else TaskKind.DISCHARGE_CLEAN
    norm = clean_norm(kind, single_room=bed_room_is_single(bed_id))
    task = task_create(
        kind=kind,
        ward_id=ward_id,
        bed_id=bed_id,
        at=at,
        contagion_class=contagion_class,
        priority=Priority.STAT if bed_is_wanted(bed_id) else Priority.NORMAL,
        norm_minutes=norm.typical_minutes if norm else None,
        reason=cause,
    )
    return Clean.objects.create(task=task, bed_id=bed_id, cause=cause, contagion_class=contagion_class)


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
    norm = clean_norm(TaskKind.CONTAGION_CLEAN, single_room=True) if turnover else None
    task_adjust(
        task_id=clean.task_id,
        kind=TaskKind.CONTAGION_CLEAN if turnover else None,
        contagion_class=raised,
        norm_minutes=norm.typical_minutes if norm else None,
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
        if event.bed_dirty and not live_turnovers([event.bed_id]):
            _turnover_create(event.bed_id, event.ward_id, Cause.DEPARTURE, event.contagion_class, event.at)


def cleans_follow_beds(*, events: Iterable[BedChanged]) -> None:
    """Keep warnings and contagion of unfinished cleans in step with who lies in the bed (feat-A3)."""
    events = list(events)
    beds = [event.bed_id for event in events]
    turnovers, daily = live_turnovers(beds), live_daily(beds)
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
    if event.bed_id not in live_turnovers([event.bed_id]):
        _turnover_create(event.bed_id, event.ward_id, Cause.NOT_APPROVED, contagion, event.at)


def daily_sweep(*, at: datetime) -> int:
    """Make the day's daily clean of every occupied bed that has none (mech-7), once a local day from the set time on.

    Returns how many were made; 0 where the time has not come or the day's list was made before.
    """
    today = at.astimezone(STOCKHOLM)
    if today.time() < SWEEP_FROM:
        return 0
    with transaction.atomic():
        sweep, first = DailySweep.objects.get_or_create(on=today.date(), defaults={"at": at, "n_made": 0})
        if first:
            sweep.n_made = _daily_cleans_make(at)
            sweep.save(update_fields=["n_made"])
        return sweep.n_made if first else 0


def _daily_cleans_make(at: datetime) -> int:
    beds = occupied_beds(at=at)
    live = live_daily(bed.bed_id for bed in beds)
    norm = clean_norm(TaskKind.DAILY_CLEAN, single_room=False)
    missing = [bed for bed in beds if bed.bed_id not in live]
    for bed in missing:
        task = task_create(
            kind=TaskKind.DAILY_CLEAN,
            ward_id=bed.ward_id,
            bed_id=bed.bed_id,
            at=at,
            contagion_class=bed.contagion_class,
            norm_minutes=norm.typical_minutes if norm else None,
            warning=DISCHARGE_PENDING if bed.discharge_pending else "",
            reason=Cause.DAILY,
        )
        Clean.objects.create(task=task, bed_id=bed.bed_id, cause=Cause.DAILY, contagion_class=bed.contagion_class)
    return len(missing)
