"""Somebody does not come, or goes home: what they had is nobody's again, and can be handed out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require, worker_list
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.hospital.services.live import changes_gathered, changes_notify
from vardnara.apps.service.choices import OWNED_STATES, EventKind, TaskState
from vardnara.apps.service.models import Absence, AbsenceTask, Shift, Task
from vardnara.apps.service.services.recording import Step, command, spell_close
from vardnara.apps.service.services.shifts import shift_close
from vardnara.apps.service.services.steps import LEADERS
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


@command(LEADERS)
def _task_leave(
    task: Task, *, actor: AbstractBaseUser, at: datetime, owner_id: int, left: list[tuple[int, str]]
) -> Step | None:
    """What somebody who is away has in hand is open again; finished or moved meanwhile, it is left alone."""
    if task.owner_id != owner_id or task.state not in OWNED_STATES:
        return None
    left.append((task.pk, task.state))
    spell_close(task, at)
    task.state, task.owner_id, task.claimed_at, task.reason = TaskState.OPEN, None, None, ""
    return Step(EventKind.HANDED_BACK, "absent")


@command(LEADERS)
def _task_return(
    task: Task, *, actor: AbstractBaseUser, at: datetime, owner_id: int, name: str, was: str, back: list[int]
) -> Step | None:
    """What nobody has taken meanwhile is theirs again; what ran is paused."""
    if task.state != TaskState.OPEN:
        return None
    back.append(task.pk)
    task.owner_id, task.claimed_at = owner_id, at
    task.state = TaskState.CLAIMED if was == TaskState.CLAIMED else TaskState.PAUSED
    return Step(EventKind.REASSIGNED, "absence_undone", name)


@transaction.atomic
def absence_mark(*, user_id: int, actor: AbstractBaseUser, at: datetime) -> Absence:
    """A leader says that a worker is not there today: the shift ends, or does not begin, and what they had is open.

    Tasks planned for a later date stay theirs. No reason is asked for or kept.
    """
    role_require(actor, LEADERS)
    hospital_ids = sorted(set(wards_in_reach(actor).values_list("division__hospital", flat=True)))
    homes = [one for one in hospital_ids if user_id in {who.id for who in worker_list(hospital_ids=[one])}]
    if not homes:
        raise RuleBroken("unknown_user", str(user_id))
    on = local_date(at)
    # their row first: nobody signs them on or hands them work meanwhile
    actor._meta.model._default_manager.select_for_update().get(pk=user_id)
    if Absence.objects.filter(user=user_id, on=on, undone_at__isnull=True).exists():
        raise RuleBroken("already_absent", f"user {user_id}")
    with changes_gathered():
        left: list[tuple[int, str]] = []
        mine = Task.objects.filter(owner=user_id, state__in=OWNED_STATES).exclude(planned_on__gt=on)
        for task_id in mine.order_by("bed_id", "pk").values_list("pk", flat=True):
            _task_leave(task_id=task_id, actor=actor, at=at, owner_id=user_id, left=left)
        shift = Shift.objects.select_for_update().filter(user=user_id, signed_off_at__isnull=True).first()
        if shift is not None:
            shift_close(shift, at)
        absence = Absence.objects.create(
            user_id=user_id, hospital_id=homes[0], on=on, at=at, marked_by_id=actor.pk, shift=shift
        )
        AbsenceTask.objects.bulk_create(
            AbsenceTask(absence=absence, task_id=task_id, state=state) for task_id, state in left
        )
        changes_notify(wards=wards_in_reach(actor).values_list("pk", flat=True))
    return absence


@transaction.atomic
def absence_undo(*, absence_id: int, actor: AbstractBaseUser, at: datetime) -> int:
    """They are there after all: the shift goes on, and what nobody has taken is theirs again. Returns how many tasks.

    On the same date only; raises ``unknown_absence`` or ``nothing_to_cancel``.
    """
    role_require(actor, LEADERS)
    hospital_ids = set(wards_in_reach(actor).values_list("division__hospital", flat=True))
    user_id = Absence.objects.filter(pk=absence_id, hospital__in=hospital_ids).values_list("user", flat=True).first()
    if user_id is None:
        raise RuleBroken("unknown_absence", str(absence_id))
    user = actor._meta.model._default_manager.select_for_update().get(pk=user_id)
    absence = Absence.objects.select_for_update().get(pk=absence_id)
    if absence.undone_at is not None or absence.on != local_date(at):
        raise RuleBroken("nothing_to_cancel", f"absence {absence_id}")
    with changes_gathered():
        absence.undone_at, absence.undone_by_id = at, actor.pk
        absence.save(update_fields=["undone_at", "undone_by"])
        name = user.get_full_name() or user.get_username()
        back: list[int] = []
        for row in absence.left.order_by("task__bed_id", "task_id"):
            who = {"owner_id": user_id, "name": name, "was": row.state, "back": back}
            _task_return(task_id=row.task_id, actor=actor, at=at, **who)
        if absence.shift is not None and not Shift.objects.filter(user=user_id, signed_off_at__isnull=True).exists():
            absence.shift.signed_off_at = None
            absence.shift.save(update_fields=["signed_off_at"])
        changes_notify(wards=wards_in_reach(actor).values_list("pk", flat=True))
    return len(back)
