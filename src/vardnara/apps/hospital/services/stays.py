"""Taps on the ward: events of the same record as the messages, read by the same fold."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.choices import ContagionClass, StayStatus
from vardnara.apps.hospital.models import AdtRecord, Stay
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.beds import WARD_ROLES
from vardnara.apps.hospital.services.projection import state_lock, streams_project
from vardnara.engines.adt.data import TAP_CONFIRMED, TAP_CONTAGION, TAP_LEFT, UNDO_CONFIRMED, UNDO_LEFT, Event
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def discharge_confirm(*, stay_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """The discharge is certain, the patient still in the bed."""
    _tap(stay_id, TAP_CONFIRMED, actor, at, statuses=(StayStatus.OPEN,))


def discharge_confirm_undo(*, stay_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """The discharge is not certain after all."""
    _tap(stay_id, UNDO_CONFIRMED, actor, at, statuses=(StayStatus.OPEN,))


def patient_left(*, stay_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """The patient has physically left: the bed is dirty from now, whatever the record system says later."""
    _tap(stay_id, TAP_LEFT, actor, at, statuses=(StayStatus.OPEN,))


def patient_left_undo(*, stay_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """The tap was a mistake: the patient is still there. Restores stay, bed and clean as they were."""
    _tap(stay_id, UNDO_LEFT, actor, at, statuses=(StayStatus.ENDED,))


def contagion_set(*, stay_id: int, actor: AbstractBaseUser, at: datetime, contagion_class: str) -> None:
    """A person sets the class, up or down; only a person ever lowers it (C-17)."""
    if contagion_class not in ContagionClass.values:
        raise RuleBroken("unknown_class", contagion_class)
    _tap(stay_id, TAP_CONTAGION, actor, at, statuses=(StayStatus.OPEN,), contagion=contagion_class)


@transaction.atomic
def _tap(
    stay_id: int,
    code: str,
    actor: AbstractBaseUser,
    at: datetime,
    *,
    statuses: tuple[StayStatus, ...],
    contagion: str | None = None,
) -> None:
    """Record a tap and project its stream. A tap that the fold cannot use is refused: a person stands there."""
    role_require(actor, WARD_ROLES)
    state_lock()
    stay = Stay.objects.select_related("stream").filter(pk=stay_id).first()
    if stay is None:
        raise RuleBroken("unknown_stay", str(stay_id))
    if stay.ward_id is None:
        raise RuleBroken("out_of_scope", f"stay {stay_id} is in no ward")
    ward_require(actor, stay.ward_id)
    if stay.status not in statuses:
        raise RuleBroken("wrong_state", f"stay {stay_id} is {stay.status}")
    event = Event(serial=0, code=code, recorded_at=at, effect_at=at, contagion=contagion)
    record = AdtRecord.objects.create(
        stream=stay.stream,
        actor_id=actor.pk,
        code=code,
        recorded_at=at,
        effect_at=at,
        payload=event.to_payload(),
        outcome="",
    )
    streams_project([stay.stream_id], at=at)
    record.refresh_from_db(fields=["outcome", "reason"])
    if record.outcome != "applied":
        raise RuleBroken(record.reason or "wrong_state", f"stay {stay_id}: {code}")
