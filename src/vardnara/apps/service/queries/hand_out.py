"""Who is there with what, and what nobody has: the page on which work is handed out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.accounts.queries import worker_list
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import TaskState, Zones
from vardnara.apps.service.events import Taker, takers_asked
from vardnara.apps.service.models import Shift
from vardnara.apps.service.queries.shifts import LONGEST, worker_rows
from vardnara.apps.service.queries.tasks import TaskRow, task_list_live, task_round_first, task_round_left

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ROUND_SHOWN = 60  # planned tasks of the next hour that the page lists; the rest are counted


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A worker with what is in hand, the running task first. ``minutes`` are those left of it by the norms."""

    id: int
    name: str
    status: str
    zones: str
    ward_ids: frozenset[int]
    ward_names: tuple[str, ...]
    since: datetime | None
    tasks: tuple[TaskRow, ...]
    minutes: int

    @property
    def without_norm(self) -> int:
        """Tasks that nobody knows the minutes of."""
        return sum(1 for task in self.tasks if task.norm_minutes is None)


@dataclass(frozen=True, slots=True)
class HandOutPage:
    """``people`` are there or have work, those who are available first; ``away`` are neither."""

    people: tuple[PersonRow, ...]
    away: tuple[PersonRow, ...]
    nobodys: tuple[TaskRow, ...]
    n_later: int

    @property
    def n_red(self) -> int:
        return sum(1 for task in self.nobodys if task.is_red)


FIRST = {TaskState.STARTED: 0, TaskState.PAUSED: 1, TaskState.DELAYED: 1, TaskState.CLAIMED: 2}


def _minutes_left(task: TaskRow, at: datetime) -> float:
    if task.norm_minutes is None:
        return 0.0
    worked = task.worked_seconds
    if task.spell_started_at is not None:
        worked += max(0, (at - task.spell_started_at).total_seconds())
    return max(0.0, task.norm_minutes - worked / 60)


def people_now(*, actor: User, at: datetime, owned: dict[int | None, list[TaskRow]]) -> list[PersonRow]:
    """Every worker of the actor's hospitals, with what they have in hand; those who are available first."""
    hospital_ids = set(wards_in_reach(actor).values_list("division__hospital", flat=True))
    shifts = Shift.objects.filter(
        signed_off_at__isnull=True,
        signed_on_at__gt=at - LONGEST,
        user__in=[person.id for person in worker_list(hospital_ids=hospital_ids)],
    )
    by_user = {shift.user_id: shift for shift in shifts.prefetch_related("wards")}
    rows = []
    for worker in worker_rows(hospital_ids=hospital_ids, at=at):
        shift = by_user.get(worker.id)
        wards = sorted(shift.wards.all(), key=lambda ward: (ward.division_id, ward.pk)) if shift else []
        tasks = sorted(owned.get(worker.id, ()), key=lambda task: FIRST[task.state])
        rows.append(
            PersonRow(
                id=worker.id,
                name=worker.name,
                status=worker.status,
                zones=Zones(shift.zones).value if shift else "",
                ward_ids=frozenset(ward.pk for ward in wards),
                ward_names=tuple(ward.name for ward in wards),
                since=shift.signed_on_at if shift else None,
                tasks=tuple(tasks),
                minutes=round(sum(_minutes_left(task, at) for task in tasks)),
            )
        )
    return rows


def hand_out_page(*, actor: User, at: datetime, ward_id: int = 0) -> HandOutPage:
    """Whom the actor may hand work to, with theirs, and the work that nobody has, on one ward or on all of them."""
    wards = [ward_id] if ward_id else None
    live = task_list_live(actor=actor, at=at)
    owned: dict[int | None, list[TaskRow]] = defaultdict(list)
    for task in live:
        owned[task.owner_id].append(task)
    called = [task for task in owned[None] if not ward_id or task.ward_id == ward_id]
    later = task_round_first(actor=actor, at=at, number=ROUND_SHOWN, ward_ids=wards)
    n_round = sum(number for _, _, number in task_round_left(actor=actor, at=at, ward_ids=wards))
    people = people_now(actor=actor, at=at, owned=owned)
    return HandOutPage(
        people=tuple(row for row in people if row.since is not None or row.tasks),
        away=tuple(row for row in people if row.since is None and not row.tasks),
        nobodys=(*called, *later),
        n_later=max(0, n_round - len(later)),
    )


def task_takers(*, task: TaskRow, hospital_ids: Collection[int], at: datetime) -> tuple[Taker, ...]:
    """Who should take a task that has not begun, by whoever plans the day; empty where nobody does."""
    if task.state not in (TaskState.OPEN, TaskState.CLAIMED) or task.is_for_others:
        return ()
    found: list[Taker] = []
    for hospital_id in hospital_ids:
        for _, answer in takers_asked.send_robust(TaskRow, hospital_id=hospital_id, task_id=task.id, at=at):
            found += answer if isinstance(answer, tuple) else ()
    return tuple(found)
