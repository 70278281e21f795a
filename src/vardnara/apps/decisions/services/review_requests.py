"""Requests: written, sent on, taken back, asked anew."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.decisions.bridge.review_cost import call_off_of, days_of
from vardnara.apps.decisions.choices import REVIEW_WAITS, ReviewKind, ReviewMeasure, ReviewState
from vardnara.apps.decisions.models import ReviewEvent, ReviewLevel, ReviewOrder, ReviewRequest
from vardnara.apps.decisions.queries.review_orders import is_actor, order_for
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.engines.economy import call_off_cost
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.special_review import codes_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ASKERS = (Role.UNIT_MANAGER, Role.SERVICE_HEAD, Role.COORDINATOR)
WEEK = 7


@dataclass(frozen=True, slots=True)
class RequestWords:
    """A request as it is written."""

    kind: str
    category: str
    reason: str
    need: str
    from_on: date
    measure: str
    quantity: Decimal
    ward_id: int | None = None
    unit_name: str = ""
    through_on: date | None = None
    shift_hours: Decimal | None = None
    price_sek: Decimal | None = None
    quoted_sek: Decimal | None = None
    tried: tuple[str, ...] = ()
    tried_words: str = ""
    consequence: str = ""


def request_lock(request_id: int) -> ReviewRequest:
    """The request, locked; whoever asks for it checks who may."""
    request = (
        ReviewRequest.objects.select_for_update(of=("self",))
        .select_related("order", "ward__division")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise RuleBroken("unknown_matter", f"request {request_id}")
    return request


def reach_require(request: ReviewRequest, actor: User) -> None:
    """Raise ``unknown_matter`` unless the request is of a unit that the actor reaches."""
    reach = user_reach(actor)
    if request.hospital_id not in reach.hospital_ids and request.ward_id not in reach.ward_ids:
        raise RuleBroken("unknown_matter", f"request {request.pk}")


def own_require(request: ReviewRequest, actor: User) -> None:
    """Raise unless the actor wrote it and may still ask."""
    role_require(actor, ASKERS)
    reach_require(request, actor)
    if request.made_by_id != actor.pk:
        raise RuleBroken("not_your_request", f"request {request.pk}")


def event_add(
    request: ReviewRequest, what: str, *, text: str = "", level: int | None = None, actor: User | None, at: datetime
) -> None:
    """Put it in the request's record, and tell open pages."""
    ReviewEvent.objects.create(request=request, what=what, text=text, level=level, at=at, by=actor)
    changes_notify(matters=True)


def _check(words: RequestWords) -> None:
    if words.kind not in ReviewKind.values or words.measure not in ReviewMeasure.values:
        raise RuleBroken("bad_input", f"{words.kind} {words.measure}")
    if words.category not in codes_of("category") or words.reason not in codes_of("reason"):
        raise RuleBroken("bad_input", f"{words.category} {words.reason}")
    if not codes_of("alternative").issuperset(words.tried) or not words.need.strip():
        raise RuleBroken("bad_input", "a request without need")
    if words.through_on is not None and words.through_on < words.from_on:
        raise RuleBroken("ends_before_it_begins", f"{words.from_on} {words.through_on}")
    if words.kind == ReviewKind.AGENCY and words.through_on is None:
        raise RuleBroken("call_off_without_end")
    is_shifts = words.measure == ReviewMeasure.SHIFTS
    if is_shifts and words.kind != ReviewKind.AGENCY:
        raise RuleBroken("hire_in_shifts")
    if is_shifts and words.shift_hours is None:
        raise RuleBroken("shift_without_hours")
    if words.quantity <= 0:
        raise RuleBroken("bad_quantity", str(words.quantity))
    identity_refuse(" \n ".join((words.need, words.tried_words, words.consequence, words.unit_name)))


def _unit(words: RequestWords, actor: User) -> tuple[int, int | None, str]:
    """Hospital, ward and other unit of what is written; raises where it is out of reach."""
    if words.ward_id is not None:
        ward = wards_in_reach(actor).select_related("division").filter(pk=words.ward_id).first()
        if ward is None:
            raise RuleBroken("out_of_scope", f"ward {words.ward_id}")
        return ward.division.hospital_id, ward.pk, ""
    if not words.unit_name.strip():
        raise RuleBroken("unit_missing")
    hospitals = sorted(user_reach(actor).hospital_ids)
    if not hospitals:
        raise RuleBroken("unit_missing", "only wards are within reach")
    return hospitals[0], None, words.unit_name.strip()


@transaction.atomic
def request_save(*, request_id: int | None, words: RequestWords, actor: User, at: datetime) -> ReviewRequest:
    """Write a request, or change one's own draft. Unit managers, coordinators and heads of ward service."""
    role_require(actor, ASKERS)
    _check(words)
    if request_id is None:
        request = ReviewRequest(made_at=at, made_by=actor)
    else:
        request = request_lock(request_id)
        own_require(request, actor)
        if request.state != ReviewState.DRAFT:
            raise RuleBroken("request_is_asked", f"request {request_id}")
    request.hospital_id, request.ward_id, request.unit_name = _unit(words, actor)
    for one in fields(RequestWords):
        if one.name not in ("ward_id", "unit_name"):
            value = getattr(words, one.name)
            setattr(request, one.name, value.strip() if isinstance(value, str) else value)
    request.tried = list(words.tried)
    if words.measure != ReviewMeasure.SHIFTS:
        request.shift_hours = None
    if words.price_sek is not None:
        request.quoted_sek = None
    request.cost_sek = call_off_cost(call_off_of(request))
    request.save()
    if request_id is None:
        event_add(request, "created", actor=actor, at=at)
    return request


def top_level(levels: list[ReviewLevel], *, cost_sek: Decimal | None, n_days: int | None) -> int:
    """How far up a request must go: to the first level whose limits hold it; what is not known goes all the way."""
    for level in levels:
        in_money = level.up_to_sek is None or (cost_sek is not None and cost_sek <= level.up_to_sek)
        in_time = level.up_to_weeks is None or (n_days is not None and n_days <= level.up_to_weeks * WEEK)
        if in_money and in_time:
            return level.number
    return levels[-1].number


@transaction.atomic
def request_ask(*, request_id: int, actor: User, at: datetime) -> ReviewRequest:
    """Send one's own draft on its way, under the decision in force, from the first level that is not one's own."""
    request = request_lock(request_id)
    own_require(request, actor)
    if request.state != ReviewState.DRAFT:
        raise RuleBroken("request_is_asked", f"request {request_id}")
    today = local_date(at)
    order = order_for(request, on=today)
    if order is None:
        raise RuleBroken("no_order_in_force", f"request {request_id} on {today}")
    ReviewOrder.objects.select_for_update().get(pk=order.pk)
    if request.kind == ReviewKind.AGENCY:
        assert request.through_on is not None
        if request.through_on < today:
            raise RuleBroken("period_is_over", str(request.through_on))
        if request.through_on > order.last_on:
            raise RuleBroken("beyond_order", f"{request.through_on} after {order.last_on}")
    levels = list(order.levels.all())
    days = days_of(request.from_on, request.through_on)
    above = [level.number for level in levels if not is_actor(level, actor)]
    request.order, request.level = order, above[0] if above else levels[-1].number
    request.top_level = max(request.level, top_level(levels, cost_sek=request.cost_sek, n_days=days))
    request.state, request.asked_at = ReviewState.ASKED, at
    request.save(update_fields=["order", "level", "top_level", "state", "asked_at"])
    event_add(request, "asked", actor=actor, at=at)
    return request


@transaction.atomic
def request_withdraw(*, request_id: int, because: str, actor: User, at: datetime) -> ReviewRequest:
    """Take one's own request back before it is decided."""
    request = request_lock(request_id)
    own_require(request, actor)
    if request.state not in (ReviewState.DRAFT, *REVIEW_WAITS):
        raise RuleBroken("request_is_decided", f"request {request_id}")
    identity_refuse(because)
    request.state, request.decided_at = ReviewState.WITHDRAWN, at
    request.save(update_fields=["state", "decided_at"])
    event_add(request, "withdrawn", text=because.strip(), actor=actor, at=at)
    return request


COPIED = (
    "hospital_id", "kind", "ward_id", "unit_name", "category", "reason", "need", "from_on", "through_on", "measure",
    "quantity", "shift_hours", "price_sek", "quoted_sek", "cost_sek", "tried", "tried_words", "consequence",
)  # fmt: skip


@transaction.atomic
def request_copy(*, request_id: int, actor: User, at: datetime) -> ReviewRequest:
    """A new draft that says what an earlier request said, for whoever may ask for its unit."""
    role_require(actor, ASKERS)
    before = request_lock(request_id)
    reach_require(before, actor)
    made = ReviewRequest.objects.create(**{name: getattr(before, name) for name in COPIED}, made_at=at, made_by=actor)
    event_add(made, "copied", text=f"{before.pk}", actor=actor, at=at)
    return made
