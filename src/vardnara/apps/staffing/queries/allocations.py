"""Curves that were asked for, and what full time costs by the register of posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from vardnara.apps.staffing.choices import UNDER_WAY, RunState
from vardnara.apps.staffing.models import Allocation, Post
from vardnara.apps.staffing.queries.costing import cost_of
from vardnara.apps.staffing.queries.posts import posts_hospital
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.money import sek

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve as far as it has come."""

    id: int
    asked_at: datetime
    asked_by: str
    whose: str
    zoned_by: str
    service_level: Decimal
    n_most: int
    state: str
    state_said: str
    fault: str
    started_at: datetime | None
    ended_at: datetime | None
    n_points: int
    basis: Mapping[str, Any]
    points: tuple[Mapping[str, Any], ...] = ()

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def n_wanted(self) -> int:
        return self.n_most + 1

    @property
    def service_percent(self) -> Decimal:
        return self.service_level * 100


def _curve(row: Allocation, n_points: int, points: tuple[Mapping[str, Any], ...] = ()) -> Curve:
    return Curve(
        row.pk, row.asked_at, row.asked_by.get_full_name() or row.asked_by.get_username(), row.get_whose_display(),
        row.get_zoned_by_display(), row.service_level, row.n_most, row.state, str(RunState(row.state).label), row.fault,
        row.started_at, row.ended_at, n_points, row.basis, points,
    )  # fmt: skip


def curves_newest(*, actor: User) -> list[Curve]:
    """The newest curves of the actor's hospital. For who may read the posts."""
    rows = Allocation.objects.filter(hospital=posts_hospital(actor=actor)).select_related("asked_by").defer("basis")
    counted = rows.annotate(n=Count("points")).order_by("-asked_at", "-pk")[:SHOWN]
    return [_curve_line(row) for row in counted]


def _curve_line(row: Allocation) -> Curve:
    row.basis = {}
    return _curve(row, row.n)  # type: ignore[attr-defined]


def curve_one(*, actor: User, allocation_id: int) -> Curve:
    """A curve with its points; raises ``unknown_allocation``. For who may read the posts."""
    rows = Allocation.objects.filter(hospital=posts_hospital(actor=actor)).select_related("asked_by")
    row = rows.filter(pk=allocation_id).first()
    if row is None:
        raise RuleBroken("unknown_allocation", str(allocation_id))
    points = tuple(row.points.order_by("n_posts").values_list("row", flat=True))
    return _curve(row, len(points), points)


def post_costs_mean(*, hospital_id: int, day: date) -> list[dict[str, Any]]:
    """What full time costs in a year by the register: the mean of the posts that are known, by basis and pay year."""
    rows = Post.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=day), hospital=hospital_id, from_on__lte=day)
    groups: dict[tuple[str, int], list[Decimal]] = defaultdict(list)
    for post in rows:
        cost = cost_of(post)
        if cost is not None:
            groups[cost.charges_basis, cost.pay_year].append(cost.total_sek)
    return [
        {
            "po_basis": basis,
            "pay_year": year,
            "n_posts": len(sums),
            "per_post_sek": str(sek(sum(sums, Decimal(0)) / len(sums))),
        }
        for (basis, year), sums in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
    ]


def curves_of_hospital(*, hospital_id: int) -> list[Allocation]:
    """Curves that are done, the newest first. The caller answers for reach."""
    rows = Allocation.objects.filter(hospital=hospital_id, state=RunState.DONE).defer("basis")
    return list(rows.order_by("-asked_at", "-pk")[:SHOWN])
