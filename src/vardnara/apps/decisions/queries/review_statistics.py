"""What special review avoided, how long it took, and what came instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from vardnara.apps.decisions.choices import REVIEW_DECIDED, ReviewInstead, ReviewState
from vardnara.apps.decisions.models import ReviewFollowUp, ReviewRequest
from vardnara.apps.decisions.queries.reviews import granted_of, requests_in_reach
from vardnara.engines.economy import Avoided, Tried, avoided, avoided_by
from vardnara.kernel.local_time import day_bounds, local_date
from vardnara.parameters.special_review import words_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

GROUPS = ("division", "category", "reason", "month")


@dataclass(frozen=True, slots=True)
class TriedRow:
    """A decided request with the figures that are reckoned with it, for the export."""

    request: ReviewRequest
    tried: Tried
    instead: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """Sums of the requests that were decided in a period, and how many ended otherwise."""

    total: Avoided
    groups: dict[str, dict[str, Avoided]]
    instead: tuple[tuple[str, int, int], ...]  # what, how many, of which with a known cost
    n_not_granted: int
    n_followed: int
    n_withdrawn: int
    n_undecided: int
    rows: tuple[TriedRow, ...]


def statistics(*, actor: User, since: date, through: date, language: str) -> Statistics:
    """Of requests decided from one day through another, for who reads requests."""
    begins, ends = day_bounds(since)[0], day_bounds(through)[1]
    found = requests_in_reach(actor).filter(decided_at__gte=begins, decided_at__lt=ends)
    requests = list(
        found.select_related("ward__division", "order")
        .prefetch_related("decisions", "follow_ups")
        .order_by("decided_at")
    )
    rows = tuple(_rows(requests, language))
    tried = [row.tried for row in rows]
    not_granted = [row for row in rows if row.tried.is_refused or row.tried.is_limited]
    count = Counter(row.instead for row in not_granted if row.instead)
    known = Counter(row.instead for row in not_granted if row.instead and row.tried.instead_sek is not None)
    return Statistics(
        total=avoided(tried),
        groups={name: avoided_by(tried, lambda one, n=n: one.groups[n]) for n, name in enumerate(GROUPS)},
        instead=tuple((str(ReviewInstead(code).label), n, known[code]) for code, n in count.most_common()),
        n_not_granted=len(not_granted),
        n_followed=sum(count.values()),
        n_withdrawn=sum(row.state == ReviewState.WITHDRAWN and row.asked_at is not None for row in requests),
        n_undecided=sum(row.state == ReviewState.UNDECIDED for row in requests),
        rows=rows,
    )


def _rows(requests: Iterable[ReviewRequest], language: str) -> Iterable[TriedRow]:
    categories, reasons = dict(words_of("category", language)), dict(words_of("reason", language))
    for request in requests:
        if request.state not in REVIEW_DECIDED or request.asked_at is None or request.decided_at is None:
            continue
        granted = granted_of(request)
        newest: ReviewFollowUp | None = max(request.follow_ups.all(), key=lambda row: (row.at, row.pk), default=None)
        waited = Decimal(int((request.decided_at - request.asked_at).total_seconds())) / 3600
        yield TriedRow(
            request=request,
            tried=Tried(
                groups=(
                    request.ward.division.name if request.ward else request.unit_name,
                    categories.get(request.category, request.category),
                    reasons.get(request.reason, request.reason),
                    local_date(request.decided_at).strftime("%Y-%m"),
                ),
                asked_sek=request.cost_sek,
                granted_sek=_granted(request, granted.cost_sek if granted else None),
                is_refused=request.state == ReviewState.REFUSED,
                is_limited=request.state == ReviewState.LIMITED,
                instead_sek=newest.cost_sek if newest else None,
                waited_hours=waited,
            ),
            instead=newest.instead if newest else "",
        )


def _granted(request: ReviewRequest, granted_sek: Decimal | None) -> Decimal | None:
    if request.cost_sek is None:
        return None
    return Decimal("0.00") if request.state == ReviewState.REFUSED else granted_sek
