"""Requests as pages show them: what waits for whom, one whole with its history, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.decisions.choices import REVIEW_DECIDED, REVIEW_WAITS, ReviewState
from vardnara.apps.decisions.models import (
    ReviewDecision,
    ReviewEvent,
    ReviewFollowUp,
    ReviewLevel,
    ReviewRequest,
)
from vardnara.apps.decisions.queries.review_orders import READERS, may_decide
from vardnara.apps.staffing.queries.costing import ward_post_costs
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

HISTORY = 20
PAGE = 200


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list. ``is_mine`` to decide; ``is_late`` where its period has begun and it still waits."""

    request: ReviewRequest
    is_mine: bool
    waits_for: str
    waited_days: int
    is_late: bool
    granted: ReviewDecision | None

    @property
    def unit(self) -> str:
        ward = self.request.ward
        return ward.name if ward else self.request.unit_name


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the reader first: to decide, to answer, their drafts; then all that the filter lets through."""

    to_decide: tuple[RequestRow, ...]
    to_answer: tuple[RequestRow, ...]
    drafts: tuple[RequestRow, ...]
    rows: tuple[RequestRow, ...]
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        return not (self.to_decide or self.to_answer or self.drafts or self.rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is narrowed to; empty is all."""

    state: str = ""
    kind: str = ""
    category: str = ""
    reason: str = ""
    division_id: int | None = None


def requests_in_reach(actor: User) -> QuerySet[ReviewRequest]:
    """Requests of units that the actor reaches; others' drafts are nobody else's."""
    role_require(actor, READERS)
    reach = user_reach(actor)
    return ReviewRequest.objects.filter(
        Q(hospital__in=reach.hospital_ids) | Q(ward__in=reach.ward_ids),
        Q(made_by=actor) | ~Q(state=ReviewState.DRAFT) & ~Q(state=ReviewState.WITHDRAWN, asked_at__isnull=True),
    )


def _whole(rows: QuerySet[ReviewRequest]) -> QuerySet[ReviewRequest]:
    return rows.select_related("ward__division", "made_by", "order").prefetch_related(
        "decisions__by", "order__levels__users"
    )


def level_of(request: ReviewRequest, number: int | None) -> ReviewLevel | None:
    """A level of the decision that a request is tried under."""
    if request.order is None:
        return None
    return next((level for level in request.order.levels.all() if level.number == number), None)


def granted_of(request: ReviewRequest) -> ReviewDecision | None:
    """The approval that holds, of a request that was approved."""
    if request.state not in (ReviewState.APPROVED, ReviewState.LIMITED):
        return None
    return max(request.decisions.all(), key=lambda decision: decision.level)


def request_row(request: ReviewRequest, actor: User, at: datetime) -> RequestRow:
    today = local_date(at)
    waits = request.state in REVIEW_WAITS
    level = level_of(request, request.level) if waits else None
    return RequestRow(
        request=request,
        is_mine=may_decide(request, actor),
        waits_for=level.label if level else "",
        waited_days=(today - local_date(request.asked_at)).days if request.asked_at else 0,
        is_late=waits and request.from_on <= today,
        granted=granted_of(request),
    )


def queue(*, actor: User, at: datetime, asked: Asked = Asked()) -> Queue:
    """The page of requests."""
    reach = _whole(requests_in_reach(actor))
    waiting = [request_row(row, actor, at) for row in reach.filter(state__in=REVIEW_WAITS).order_by("from_on", "pk")]
    own = reach.filter(made_by=actor)
    rows = reach.exclude(state=ReviewState.DRAFT)
    for name, value in (("state", asked.state), ("kind", asked.kind), ("category", asked.category)):
        rows = rows.filter(**{name: value}) if value else rows
    rows = rows.filter(reason=asked.reason) if asked.reason else rows
    rows = rows.filter(ward__division=asked.division_id) if asked.division_id else rows
    found = [request_row(row, actor, at) for row in rows.order_by("-asked_at", "-pk")[: PAGE + 1]]
    return Queue(
        to_decide=tuple(row for row in waiting if row.is_mine),
        to_answer=tuple(
            row for row in waiting if row.request.state == ReviewState.QUESTION and row.request.made_by_id == actor.pk
        ),
        drafts=tuple(
            request_row(row, actor, at) for row in own.filter(state=ReviewState.DRAFT).order_by("-made_at", "-pk")
        ),
        rows=tuple(found[:PAGE]),
        is_cut=len(found) > PAGE,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A level of the way up with what was decided there."""

    level: ReviewLevel
    decision: ReviewDecision | None
    is_here: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """What else the unit asked for and was granted in a year."""

    rows: tuple[RequestRow, ...]
    n: int
    granted_sek: Decimal
    refused: int


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A request whole, with what somebody who decides needs beside it."""

    row: RequestRow
    steps: tuple[Step, ...]
    events: tuple[ReviewEvent, ...]
    follow_ups: tuple[ReviewFollowUp, ...]
    history: UnitHistory
    post_costs: tuple[tuple[str, Decimal], ...]
    is_own: bool


def request_one(*, actor: User, request_id: int, at: datetime) -> RequestPage:
    """A request whole, for who reaches its unit."""
    request = _whole(requests_in_reach(actor)).filter(pk=request_id).first()
    if request is None:
        raise RuleBroken("unknown_matter", f"request {request_id}")
    row = request_row(request, actor, at)
    decided = {decision.level: decision for decision in request.decisions.all()}
    levels = list(request.order.levels.all()) if request.order else []
    first = min([*decided, request.level or 0])
    waits = request.state in REVIEW_WAITS
    return RequestPage(
        row=row,
        steps=tuple(
            Step(
                level,
                decided.get(level.number),
                waits and level.number == request.level,
                first <= level.number <= (request.top_level or 0),
            )
            for level in levels
        ),
        events=tuple(request.events.select_related("by").order_by("at", "pk")),
        follow_ups=tuple(request.follow_ups.select_related("by").order_by("-at", "-pk")),
        history=_history(request, actor, at),
        post_costs=ward_post_costs(ward_id=request.ward_id, day=local_date(at)) if request.ward_id else (),
        is_own=request.made_by_id == actor.pk,
    )


def _history(request: ReviewRequest, actor: User, at: datetime) -> UnitHistory:
    same = Q(ward=request.ward_id) if request.ward_id else Q(ward__isnull=True, unit_name=request.unit_name)
    year = _whole(requests_in_reach(actor)).filter(
        same, hospital=request.hospital_id, asked_at__gt=at - timedelta(days=365)
    )
    others = list(year.exclude(pk=request.pk).exclude(state=ReviewState.DRAFT).order_by("-asked_at", "-pk"))
    rows = [request_row(other, actor, at) for other in others]
    costs = [row.granted.cost_sek for row in rows if row.granted is not None and row.granted.cost_sek is not None]
    return UnitHistory(
        rows=tuple(rows[:HISTORY]),
        n=sum(row.request.state in REVIEW_DECIDED for row in rows),
        granted_sek=sum(costs, Decimal(0)),
        refused=sum(row.request.state == ReviewState.REFUSED for row in rows),
    )


def last_unit(*, actor: User) -> tuple[int | None, str]:
    """Ward and other unit of the actor's newest request, to begin the next one with."""
    row = ReviewRequest.objects.filter(made_by=actor).order_by("-made_at", "-pk").first()
    return (row.ward_id, row.unit_name) if row else (None, "")
