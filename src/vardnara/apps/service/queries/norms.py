"""Norms as they hold and have held, and what measurement proposes instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import ProposalState
from vardnara.apps.service.models import Norm, NormProposal

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DECIDED_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Minutes:
    """Low, typical and high."""

    low: float
    typical: float
    high: float


@dataclass(frozen=True, slots=True)
class NormRow:
    """A norm with its evidence; ``ward`` is empty where it is for all."""

    code: str
    ward: str
    fixed: Minutes
    unit: Minutes
    confidence: str
    source: str
    source_on: date
    n_observations: int
    valid_from: date
    holds: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal beside the norm that it would stand beside."""

    id: int
    code: str
    ward: str
    fixed: Minutes
    unit: Minutes
    now: NormRow | None
    n_observations: int
    n_seen: int
    removed: tuple[tuple[str, int], ...]
    first_on: date
    last_on: date
    state: ProposalState
    decided_at: datetime | None
    decided_by: str


def _minutes(row: Norm | NormProposal, part: str) -> Minutes:
    return Minutes(*(float(getattr(row, f"{part}_{name}")) for name in ("low", "typical", "high")))


def _norm(row: Norm, *, holds: bool) -> NormRow:
    return NormRow(
        code=row.task_type.code,
        ward=row.ward.name if row.ward else "",
        fixed=_minutes(row, "fixed"),
        unit=_minutes(row, "unit"),
        confidence=row.confidence,
        source=row.source,
        source_on=row.source_on,
        n_observations=row.n_observations,
        valid_from=row.valid_from,
        holds=holds,
    )


def norm_list(*, actor: User, on: date) -> list[NormRow]:
    """Every norm of kinds in use, for all wards and for those within reach, newest first; ``holds`` on the date."""
    rows = list(
        Norm.objects.filter(
            Q(ward__isnull=True) | Q(ward__in=wards_in_reach(actor)), task_type__retired_at__isnull=True
        )
        .select_related("task_type", "ward")
        .order_by("task_type__code", "ward__code", "-valid_from", "-pk")
    )
    found, seen = [], set()
    for row in rows:
        key = row.task_type_id, row.ward_id
        holds = row.valid_from <= on and key not in seen
        if holds:
            seen.add(key)
        found.append(_norm(row, holds=holds))
    return found


def norm_proposal_list(*, actor: User, decided: bool) -> list[ProposalRow]:
    """Proposals of the wards within reach: those to be decided, or the newest of those that were."""
    rows = NormProposal.objects.filter(ward__in=wards_in_reach(actor)).select_related(
        "task_type", "ward", "instead_of__task_type", "instead_of__ward", "decided_by"
    )
    if decided:
        rows = rows.filter(state__in=[ProposalState.APPROVED, ProposalState.DECLINED]).order_by("-decided_at", "-pk")
        rows = rows[:DECIDED_SHOWN]
    else:
        rows = rows.filter(state=ProposalState.OPEN).order_by("task_type__code", "ward__code", "pk")
    return [
        ProposalRow(
            id=row.pk,
            code=row.task_type.code,
            ward=row.ward.name,
            fixed=_minutes(row, "fixed"),
            unit=_minutes(row, "unit"),
            now=_norm(row.instead_of, holds=not decided) if row.instead_of else None,
            n_observations=row.n_observations,
            n_seen=row.n_seen,
            removed=tuple(row.removed.items()),
            first_on=row.first_on,
            last_on=row.last_on,
            state=ProposalState(row.state),
            decided_at=row.decided_at,
            decided_by=(row.decided_by.get_full_name() or row.decided_by.get_username()) if row.decided_by else "",
        )
        for row in rows
    ]
