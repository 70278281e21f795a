"""Who is on duty, where, and who is on a break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.accounts.queries import worker_list
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import BreakKind, TaskState, Zones
from vardnara.apps.service.models import Absence, Shift, ShiftBreak, Task
from vardnara.kernel.local_time import day_bounds, local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LONGEST = timedelta(hours=16)  # a shift that nobody signed off from is over by then


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A worker's shift as pages show it. ``ward_ids`` only where some wards were chosen."""

    id: int
    zones: Zones
    ward_ids: frozenset[int]
    ward_names: tuple[str, ...]
    signed_on_at: datetime
    break_kind: BreakKind | None
    break_since: datetime | None


def _row(shift: Shift) -> ShiftRow:
    pause = ShiftBreak.objects.filter(shift=shift, ended_at__isnull=True).first()
    wards = list(shift.wards.order_by("division_id", "pk").values_list("pk", "name"))
    return ShiftRow(
        id=shift.pk,
        zones=Zones(shift.zones),
        ward_ids=frozenset(pk for pk, _ in wards),
        ward_names=tuple(name for _, name in wards),
        signed_on_at=shift.signed_on_at,
        break_kind=BreakKind(pause.kind) if pause else None,
        break_since=pause.began_at if pause else None,
    )


def shift_now(*, actor: User, at: datetime) -> ShiftRow | None:
    """The shift that the actor is on, if any."""
    shift = Shift.objects.filter(user=actor, signed_off_at__isnull=True, signed_on_at__gt=at - LONGEST).first()
    return _row(shift) if shift else None


def shift_last(*, actor: User) -> ShiftRow | None:
    """The newest shift of the actor, so that its wards are offered again."""
    shift = Shift.objects.filter(user=actor).order_by("-signed_on_at").first()
    return _row(shift) if shift else None


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker, with status ``available``, ``working``, ``break``, ``lunch``, ``off`` or ``absent``."""

    id: int
    name: str
    status: str


ORDER = ("available", "working", "break", "lunch", "off", "absent")


def absent_ids(*, at: datetime) -> set[int]:
    """Users who are marked as absent on the local date."""
    return set(Absence.objects.filter(on=local_date(at), undone_at__isnull=True).values_list("user", flat=True))


def worker_rows(*, hospital_ids: Iterable[int], at: datetime) -> list[WorkerRow]:
    """Service workers with what they are doing, those who are available first. Nobody on a break is available."""
    people = worker_list(hospital_ids=hospital_ids)
    shifts = Shift.objects.filter(signed_off_at__isnull=True, signed_on_at__gt=at - LONGEST)
    on_duty = set(shifts.values_list("user_id", flat=True))
    breaks = dict(ShiftBreak.objects.filter(shift__in=shifts, ended_at__isnull=True).values_list("shift__user", "kind"))
    working = set(Task.objects.filter(state=TaskState.STARTED).values_list("owner_id", flat=True))
    absent = absent_ids(at=at)
    rows = [
        WorkerRow(
            person.id,
            person.name,
            ("absent" if person.id in absent else None)
            or breaks.get(person.id)
            or ("working" if person.id in working else "available" if person.id in on_duty else "off"),
        )
        for person in people
    ]
    return sorted(rows, key=lambda row: (ORDER.index(row.status), row.name, row.id))


def zone_wards(*, actor: User) -> list[tuple[int, str]]:
    """The wards that the actor may choose among."""
    return list(wards_in_reach(actor).order_by("division_id", "pk").values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class SignedTime:
    """When somebody signed on and off; ``on`` is the local day of signing on, ``off_at`` None while signed on."""

    user_id: int
    on: date
    on_at: datetime
    off_at: datetime | None


def signed_times(*, user_ids: Iterable[int], first: date, to: date) -> list[SignedTime]:
    """The shifts that people signed on to from a day to before another, in order. The caller answers for reach."""
    rows = Shift.objects.filter(
        user__in=user_ids, signed_on_at__gte=day_bounds(first)[0], signed_on_at__lt=day_bounds(to)[0]
    )
    return [
        SignedTime(one.user_id, local_date(one.signed_on_at), one.signed_on_at, one.signed_off_at)
        for one in rows.order_by("signed_on_at")
    ]
