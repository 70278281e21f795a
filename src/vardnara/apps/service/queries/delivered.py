"""Work that the service delivered: finished tasks by ward, kind, day and whose it was by agreement; never by person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import TURNOVER_KINDS, Area, Party, TaskKind, TaskState, name_in_language
from vardnara.apps.service.models import AgreementLine, Task, TaskType
from vardnara.kernel.local_time import STOCKHOLM, day_bounds

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

CLEANS = (*TURNOVER_KINDS, TaskKind.DAILY_CLEAN)
FINISHED = (TaskState.DONE, TaskState.INSPECTED)
TASKS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Delivered:
    """Finished tasks of a ward, a kind and a day. ``agreed``: an agreement gives them to the service.

    ``n_untimed`` of the ``n`` were finished without a measured time, and add nothing to ``hours``.
    """

    ward_id: int
    task_type_id: int | None
    kind: str
    on: date
    agreed: bool
    final_clean: bool
    n: int
    n_untimed: int
    hours: Decimal


@dataclass(frozen=True, slots=True)
class DeliveredTask:
    """A finished task."""

    id: int
    finished_at: datetime
    name: str
    ward: str
    bed: str
    minutes: float | None
    agreed: bool


def cleans_done(*, hospital_id: int, since: datetime, until: datetime) -> int:
    """How many cleans of a hospital were finished in ``[since, until)``. The caller has checked who may ask."""
    done = Task.objects.filter(
        ward__division__hospital=hospital_id, state__in=FINISHED, finished_at__gte=since, finished_at__lt=until
    )
    return done.filter(Q(task_type__area=Area.CLEANING) | Q(task_type__isnull=True, kind__in=CLEANS)).count()


def _finished(actor: User, since: date, until: date) -> QuerySet[Task]:
    """Tasks within reach that were finished on the local days ``[since, until)``."""
    return Task.objects.filter(
        ward__in=wards_in_reach(actor),
        state__in=FINISHED,
        finished_at__gte=day_bounds(since)[0],
        finished_at__lt=day_bounds(until)[0],
    )


def delivered(*, actor: User, since: date, until: date) -> list[Delivered]:
    """What was finished on the local days ``[since, until)`` within the actor's reach."""
    rows = (
        _finished(actor, since, until)
        .annotate(on=TruncDate("finished_at", tzinfo=STOCKHOLM))
        .values_list("ward_id", "task_type_id", "kind", "on", "party")
        .annotate(n=Count("pk"), untimed=Count("pk", filter=Q(worked_seconds=0)), seconds=Sum("worked_seconds"))
        .order_by("on", "ward_id", "task_type_id", "kind", "party")
    )
    return [
        Delivered(
            ward, kind_id, kind, on, party == Party.SERVICE, kind in TURNOVER_KINDS, n, untimed, Decimal(seconds) / 3600
        )
        for ward, kind_id, kind, on, party, n, untimed, seconds in rows
    ]


def delivered_tasks(
    *, actor: User, since: date, until: date, ward_id: int | None, task_type_id: int | None, agreed: bool | None
) -> tuple[list[DeliveredTask], int]:
    """The tasks behind a figure, newest first, and how many there are."""
    rows = _finished(actor, since, until)
    if ward_id is not None:
        rows = rows.filter(ward=ward_id)
    if task_type_id is not None:
        rows = rows.filter(task_type=task_type_id)
    if agreed is not None:
        rows = rows.filter(party=Party.SERVICE) if agreed else rows.exclude(party=Party.SERVICE)
    shown = rows.select_related("task_type", "ward", "bed__room").order_by("-finished_at", "-pk")[:TASKS_SHOWN]
    return [
        DeliveredTask(
            row.pk,
            row.finished_at,
            _name(row.task_type) or row.get_kind_display(),
            row.ward.name,
            f"{row.bed.room.code}:{row.bed.code}" if row.bed else "",
            row.worked_seconds / 60 if row.worked_seconds else None,
            row.party == Party.SERVICE,
        )
        for row in shown
    ], rows.count()


def _name(kind: TaskType | None) -> str:
    return name_in_language(kind.name, kind.name_en) if kind is not None else ""


@dataclass(frozen=True, slots=True)
class VersionDelivery:
    """What a version of an agreement gives to the service of a kind on a ward, and what was finished of it.

    ``price_sek`` is what each time costs beside the yearly compensation, None where it is part of that. ``unclear`` is
    work on an event that could be of several lines with different prices: it is told, and not priced.
    """

    ward_id: int
    ward: str
    task_type_id: int
    name: str
    price_sek: Decimal | None
    n_planned: int
    n_delivered: int
    hours: Decimal
    unclear: bool = False


def version_delivered(*, actor: User, version_id: int, since: date, until: date) -> list[VersionDelivery]:
    """Planned and finished work of a version's lines on the local days ``[since, until)``, by ward, kind and price."""
    lines = AgreementLine.objects.filter(
        version=version_id, party=Party.SERVICE, ward__in=wards_in_reach(actor)
    ).values_list("pk", "ward_id", "ward__name", "task_type_id", "price_sek")
    prices: dict[tuple[int, int], set[Decimal | None]] = defaultdict(set)
    of_line: dict[int, Decimal | None] = {}
    wards: dict[int, str] = {}
    for pk, ward_id, ward, kind_id, price in lines:
        prices[ward_id, kind_id].add(price)
        of_line[pk], wards[ward_id] = price, ward
    groups: dict[tuple[int, int, Decimal | None, bool], list[Decimal]] = {
        (ward, kind, price, False): [Decimal(0)] * 3 for (ward, kind), many in prices.items() for price in many
    }
    planned = Task.objects.filter(line__in=of_line, party=Party.SERVICE, planned_on__gte=since, planned_on__lt=until)
    for ward, kind, line, n in planned.values_list("ward_id", "task_type_id", "line_id").annotate(n=Count("pk")):
        key = (ward, kind, of_line[line], False)
        if key in groups:
            groups[key][0] += n
    finished = _finished(actor, since, until).filter(party=Party.SERVICE, ward__in=wards, task_type__isnull=False)
    rows = finished.values_list("ward_id", "task_type_id", "line_id").annotate(n=Count("pk"), s=Sum("worked_seconds"))
    for ward, kind, line, n, seconds in rows:
        many = prices.get((ward, kind))
        if many is None:
            continue
        unclear = line not in of_line and len(many) > 1
        price = of_line[line] if line in of_line else None if unclear else next(iter(many))
        group = groups.setdefault((ward, kind, price, unclear), [Decimal(0)] * 3)
        group[1] += n
        group[2] += Decimal(seconds) / 3600
    names = {row.pk: _name(row) for row in TaskType.objects.all()}
    found = [
        VersionDelivery(ward, wards[ward], kind, names[kind], price, int(n), int(done), hours, unclear)
        for (ward, kind, price, unclear), (n, done, hours) in groups.items()
        if n or done
    ]
    return sorted(found, key=lambda one: (one.ward, one.name, one.price_sek or 0, one.unclear))
