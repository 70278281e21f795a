"""What people and finished work do to a bed: block, close, reserve, clean. Who lies in it is not decided here."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.choices import Cleanliness
from vardnara.apps.hospital.models import BedState
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.contagion import strictest

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

WARD_ROLES = (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD, Role.ADMINISTRATOR)


def beds_lock(bed_ids: Iterable[int]) -> dict[int, BedState]:
    """The states of some beds, locked in id order. Beds are locked before tasks, everywhere."""
    rows = BedState.objects.select_for_update(of=("self",)).select_related("bed__room").filter(bed__in=set(bed_ids))
    return {row.bed_id: row for row in rows.order_by("bed_id")}


def _save(state: BedState, at: datetime) -> None:
    state.changed_at = at
    state.save()
    changes_notify(beds=[state.bed_id], wards=[state.bed.room.ward_id])


def _ward_deed(act: Callable[..., None]) -> Callable[..., None]:
    """Make what a ward may do out of what it does to the bed's state; called with ``bed_id``, ``actor`` and ``at``."""

    @functools.wraps(act)
    @transaction.atomic
    def deed(*, bed_id: int, actor: AbstractBaseUser, at: datetime, **words: str) -> None:
        role_require(actor, WARD_ROLES)
        state = beds_lock([bed_id]).get(bed_id)
        if state is None:
            raise RuleBroken("unknown_bed", str(bed_id))
        ward_require(actor, state.bed.room.ward_id)
        act(state, at=at, **words)
        _save(state, at)

    return deed


@_ward_deed
def bed_block(state: BedState, *, at: datetime, reason: str) -> None:
    """The place may not be used for a while (a fault, a neighbour's isolation)."""
    state.blocked_at, state.blocked_reason = at, reason[:200]


@_ward_deed
def bed_unblock(state: BedState, *, at: datetime) -> None:
    """The place may be used again."""
    state.blocked_at, state.blocked_reason = None, ""


@_ward_deed
def bed_close(state: BedState, *, at: datetime, reason: str) -> None:
    """The place is not staffed or out of use until opened."""
    state.closed_at, state.closed_reason = at, reason[:200]


@_ward_deed
def bed_open(state: BedState, *, at: datetime) -> None:
    """A closed place is in use again."""
    state.closed_at, state.closed_reason = None, ""


@_ward_deed
def bed_reserve(state: BedState, *, at: datetime, reason: str = "") -> None:
    """Somebody is expected in the place. Reserved is not occupied (edge-5)."""
    state.reserved_at, state.reserved_reason = at, reason[:200]


@_ward_deed
def bed_unreserve(state: BedState, *, at: datetime) -> None:
    """Nobody is expected in the place any more."""
    state.reserved_at, state.reserved_reason, state.reserved_for = None, "", None


def bed_cleaning_began(*, bed_id: int, at: datetime) -> None:
    """Work on the bed began or goes on. The caller holds the bed."""
    state = beds_lock([bed_id])[bed_id]
    if state.cleanliness != Cleanliness.CLEANING:
        state.cleanliness, state.cleanliness_at = Cleanliness.CLEANING, at
        _save(state, at)


def bed_cleaning_stopped(*, bed_id: int, at: datetime) -> None:
    """Work on the bed was given up before it was finished: it is dirty as before."""
    state = beds_lock([bed_id])[bed_id]
    if state.cleanliness == Cleanliness.CLEANING:
        state.cleanliness, state.cleanliness_at = Cleanliness.DIRTY, at
        _save(state, at)


def bed_cleaned(*, bed_id: int, at: datetime) -> None:
    """The bed is clean. Its contagion class goes with the dirt; a person's or room's class stays where it is."""
    state = beds_lock([bed_id])[bed_id]
    state.cleanliness, state.cleanliness_at, state.cleaned_at = Cleanliness.CLEAN, at, at
    state.dirty_departure, state.contagion_class = None, ""
    _save(state, at)


def bed_found_dirty(*, bed_id: int, at: datetime, contagion_class: str = "") -> str:
    """Somebody found the bed dirty, or its clean was not approved. Returns the contagion class to clean for."""
    state = beds_lock([bed_id])[bed_id]
    if state.cleanliness == Cleanliness.CLEAN:
        state.cleanliness, state.cleanliness_at, state.dirty_departure = Cleanliness.DIRTY, at, None
    state.contagion_class = strictest((state.contagion_class, contagion_class, state.bed.room.contagion_class))
    _save(state, at)
    return state.contagion_class
