"""Roster groups as pages show them: each with its rosters, and one with what its rosters begin with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from vardnara.apps.staffing.choices import UNDER_WAY, RosterState
from vardnara.apps.staffing.models import Roster, RosterGroup, ShiftKind, StandardNeed
from vardnara.apps.staffing.queries.roster_reach import groups_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A roster in a list; ``last_on`` is its last day."""

    id: int
    first_on: date
    last_on: date
    weeks: int
    state: RosterState
    note: str
    n_people: int
    under_way: bool


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with its rosters, the newest first."""

    id: int
    name: str
    homes: tuple[str, ...]
    n_kinds: int
    rosters: tuple[RosterLine, ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of shift that is planned with, and how many of it are needed by kind of day."""

    id: int
    code: str
    name: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...]
    competences: tuple[str, ...]
    place: str
    wanted: Mapping[str, int]

    @property
    def minutes(self) -> int:
        return self.end - self.start - sum(until - since for since, until in self.breaks)


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A group with what its rosters begin with."""

    id: int
    hospital_id: int
    name: str
    day_break: int | None
    ward_ids: tuple[int, ...]
    pools: tuple[str, ...]
    kinds: tuple[KindRow, ...]


def groups_list(*, actor: User) -> list[GroupLine]:
    """The groups that a planner reaches, with their rosters; discarded drafts are left out."""
    groups = groups_in_reach(actor=actor).prefetch_related("homes__ward").order_by("name")
    kinds = dict(
        ShiftKind.objects.filter(group__in=groups, ended_at__isnull=True).values_list("group").annotate(n=Count("pk"))
    )
    rosters: dict[int, list[RosterLine]] = {}
    rows = Roster.objects.filter(group__in=groups).exclude(state=RosterState.WITHDRAWN)
    busy = Count("runs", filter=Q(runs__state__in=UNDER_WAY), distinct=True)
    for row in rows.annotate(n=Count("members", distinct=True), busy=busy).order_by("-first_on", "-pk"):
        rosters.setdefault(row.group_id, []).append(
            RosterLine(
                row.pk, row.first_on, row.to_on - DAY, row.n_weeks, RosterState(row.state), row.note, row.n,
                row.busy > 0,
            )
        )  # fmt: skip
    return [
        GroupLine(group.pk, group.name, _homes(group), kinds.get(group.pk, 0), tuple(rosters.get(group.pk, ())))
        for group in groups
    ]


def _homes(group: RosterGroup) -> tuple[str, ...]:
    return tuple(sorted(one.ward.name if one.ward else one.pool for one in group.homes.all()))


def group_one(*, actor: User, group_id: int) -> GroupPage:
    """A group; raises ``unknown_group``."""
    group = groups_in_reach(actor=actor).prefetch_related("homes").filter(pk=group_id).first()
    if group is None:
        raise RuleBroken("unknown_group", str(group_id))
    homes = list(group.homes.all())
    return GroupPage(
        group.pk,
        group.hospital_id,
        group.name,
        group.day_break,
        tuple(one.ward_id for one in homes if one.ward_id),
        tuple(sorted(one.pool for one in homes if one.pool)),
        tuple(_kind_rows(group_id)),
    )


def _kind_rows(group_id: int) -> Iterable[KindRow]:
    wanted: dict[int, dict[str, int]] = {}
    for need in StandardNeed.objects.filter(kind__group=group_id):
        wanted.setdefault(need.kind_id, {})[need.day] = need.wanted
    rows = ShiftKind.objects.filter(group=group_id, ended_at__isnull=True).select_related("ward", "division")
    for row in rows.order_by("start", "end", "code"):
        yield KindRow(
            row.pk, row.code, row.name, row.start, row.end, tuple((a, b) for a, b in row.breaks),
            tuple(row.competences), kind_place(row), wanted.get(row.pk, {}),
        )  # fmt: skip


def kind_place(row: ShiftKind) -> str:
    """Where a kind is worked, by its code; empty where the group works."""
    if row.ward is not None:
        return row.ward.code
    return row.division.code if row.division is not None else ""


def last_published_to(*, group_id: int) -> date | None:
    """The first day after a group's published rosters."""
    found = Roster.objects.filter(group=group_id, state=RosterState.PUBLISHED).aggregate(to=Max("to_on"))
    return found["to"]  # type: ignore[no-any-return]
