"""A worker's shift: signing on for some wards, breaks, signing off without leaving work behind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.hospital.services.live import changes_gathered, changes_notify
from vardnara.apps.service.choices import OWNED_STATES, BreakKind, LeaveWork, PauseReason, TaskState, Zones
from vardnara.apps.service.models import Absence, Shift, ShiftBreak, Task
from vardnara.apps.service.queries.shifts import LONGEST
from vardnara.apps.service.services.steps import WORKERS, task_hand_back, task_pause
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def _shift(actor: User, at: datetime) -> Shift:
    """The actor's shift, locked; raises ``not_on_duty``."""
    shift = Shift.objects.select_for_update().filter(user=actor, signed_off_at__isnull=True).first()
    if shift is None or shift.signed_on_at <= at - LONGEST:
        raise RuleBroken("not_on_duty", f"user {actor.pk}")
    return shift


def _tell(actor: User) -> None:
    """Boards that show who is there."""
    changes_notify(wards=wards_in_reach(actor).values_list("pk", flat=True))


def shift_close(shift: Shift, at: datetime) -> None:
    """End a locked shift and its break. What becomes of its work the caller has seen to."""
    at = max(at, shift.signed_on_at)
    for pause in shift.breaks.filter(ended_at__isnull=True):
        pause.ended_at = max(at, pause.began_at)
        pause.save(update_fields=["ended_at"])
    shift.signed_off_at = at
    shift.save(update_fields=["signed_off_at"])


@transaction.atomic
def shift_sign_on(*, actor: User, at: datetime, zones: str, ward_ids: Collection[int] = ()) -> None:
    """A worker is there and says for which wards (mech-5). Done again it changes the wards of the shift."""
    role_require(actor, WORKERS)
    if zones not in Zones.values:
        raise RuleBroken("unknown_zones", zones)
    chosen = set(wards_in_reach(actor).filter(pk__in=ward_ids).values_list("pk", flat=True))
    if zones != Zones.SOME:
        chosen = set()
    elif not chosen or chosen != set(ward_ids):
        raise RuleBroken("which_wards", "choose at least one ward within reach")
    # one at a time for a person: two taps sign on once
    actor._meta.model._default_manager.select_for_update().get(pk=actor.pk)
    if Absence.objects.filter(user=actor, on=local_date(at), undone_at__isnull=True).exists():
        raise RuleBroken("marked_absent", f"user {actor.pk}")
    shift = Shift.objects.select_for_update().filter(user=actor, signed_off_at__isnull=True).first()
    if shift is not None and shift.signed_on_at <= at - LONGEST:
        shift_close(shift, shift.signed_on_at + LONGEST)
        shift = None
    if shift is None:
        shift = Shift.objects.create(user=actor, zones=zones, signed_on_at=at)
    shift.zones = zones
    shift.save(update_fields=["zones"])
    shift.wards.set(chosen)
    _tell(actor)


@transaction.atomic
def shift_break_begin(*, actor: User, at: datetime, kind: str) -> None:
    """A break or lunch: what runs is paused, and nobody is sent to who is away (feat-A20)."""
    if kind not in BreakKind.values:
        raise RuleBroken("unknown_kind", kind)
    with changes_gathered():
        shift = _shift(actor, at)
        if shift.breaks.filter(ended_at__isnull=True).exists():
            raise RuleBroken("on_break", f"shift {shift.pk}")
        for task in Task.objects.filter(owner=actor, state=TaskState.STARTED).order_by("pk"):
            task_pause(task_id=task.pk, actor=actor, at=at, reason=PauseReason.BREAK)
        ShiftBreak.objects.create(shift=shift, kind=kind, began_at=at)
        _tell(actor)


@transaction.atomic
def shift_break_end(*, actor: User, at: datetime) -> None:
    """Back from the break."""
    shift = _shift(actor, at)
    pause = shift.breaks.filter(ended_at__isnull=True).first()
    if pause is None:
        raise RuleBroken("not_on_break", f"shift {shift.pk}")
    pause.ended_at = max(at, pause.began_at)
    pause.save(update_fields=["ended_at"])
    _tell(actor)


@transaction.atomic
def shift_sign_off(*, actor: User, at: datetime, leave: str = "", note: str = "") -> None:
    """The shift is over. Who still has work says what becomes of it (edge-12), else ``work_in_hand``.

    ``leave`` is ``hand_back``, or ``next_shift``: paused with a word, to be taken up or given to somebody else.
    """
    with changes_gathered():
        shift = _shift(actor, at)
        mine = list(Task.objects.filter(owner=actor, state__in=OWNED_STATES).order_by("bed_id", "pk"))
        if mine and leave not in LeaveWork.values:
            raise RuleBroken("work_in_hand", f"user {actor.pk} has {len(mine)} tasks")
        if mine and leave == LeaveWork.NEXT_SHIFT and not note.strip():
            raise RuleBroken("word_missing", "say what is left")
        for task in mine:
            if leave == LeaveWork.HAND_BACK:
                task_hand_back(task_id=task.pk, actor=actor, at=at, reason="shift_over", note=note.strip())
            elif task.state == TaskState.STARTED:
                task_pause(task_id=task.pk, actor=actor, at=at, reason="next_shift", note=note.strip())
        shift_close(shift, at)
        _tell(actor)
