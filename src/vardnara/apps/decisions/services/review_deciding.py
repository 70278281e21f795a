"""What happens to a request on its way up: questions, answers, decisions, its end, and what came of a no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.decisions.bridge.review_cost import call_off_of
from vardnara.apps.decisions.choices import REVIEW_WAITS, ReviewInstead, ReviewKind, ReviewOutcome, ReviewState
from vardnara.apps.decisions.models import ReviewDecision, ReviewFollowUp, ReviewRequest
from vardnara.apps.decisions.queries.review_orders import may_decide
from vardnara.apps.decisions.services.review_requests import (
    ASKERS,
    event_add,
    own_require,
    reach_require,
    request_lock,
)
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.engines.economy import granted_cost
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.kernel.money import ZERO_SEK

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

FOLLOWERS = (*ASKERS, Role.CONTROLLER, Role.DECISION_MAKER, Role.ADMINISTRATOR)
FOLLOWED = (ReviewState.REFUSED, ReviewState.LIMITED, ReviewState.UNDECIDED)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is granted of a request; fields that are left out are as they were asked."""

    quantity: Decimal | None = None
    through_on: date | None = None
    price_sek: Decimal | None = None
    valid_through: date | None = None


def _deciding(request_id: int, actor: User, at: datetime) -> ReviewRequest:
    """The request, locked, for who decides on it now."""
    request = request_lock(request_id)
    reach_require(request, actor)
    if request.state not in REVIEW_WAITS or request.order is None:
        raise RuleBroken("request_is_decided", f"request {request_id}")
    if request.made_by_id == actor.pk:
        raise RuleBroken("own_request", f"request {request_id}")
    if request.decisions.filter(by=actor).exists():
        raise RuleBroken("decided_already", f"request {request_id}")
    if not may_decide(request, actor):
        raise RuleBroken("not_your_level", f"request {request_id}")
    if request.order.last_on < local_date(at):
        raise RuleBroken("order_has_ended", f"request {request_id}")
    return request


@transaction.atomic
def request_question(*, request_id: int, text: str, actor: User, at: datetime) -> ReviewRequest:
    """Ask back. The request waits for an answer, and can be decided all the same. Whoever decides at its level."""
    request = _deciding(request_id, actor, at)
    if not text.strip():
        raise RuleBroken("words_missing")
    identity_refuse(text)
    request.state = ReviewState.QUESTION
    request.save(update_fields=["state"])
    event_add(request, "question", text=text.strip(), level=request.level, actor=actor, at=at)
    return request


@transaction.atomic
def request_answer(*, request_id: int, text: str, actor: User, at: datetime) -> ReviewRequest:
    """Answer what was asked back. Whoever made the request."""
    request = request_lock(request_id)
    own_require(request, actor)
    if request.state != ReviewState.QUESTION:
        raise RuleBroken("no_question", f"request {request_id}")
    if not text.strip():
        raise RuleBroken("words_missing")
    identity_refuse(text)
    request.state = ReviewState.ASKED
    request.save(update_fields=["state"])
    event_add(request, "answer", text=text.strip(), level=request.level, actor=actor, at=at)
    return request


def granted_before(request: ReviewRequest) -> Limits:
    """What there is left to grant: what was asked, as far as levels below have not narrowed it."""
    last = request.decisions.exclude(outcome=ReviewOutcome.REFUSED).order_by("-level").first()
    if last is not None:
        return Limits(last.quantity, last.through_on, last.price_sek, last.valid_through)
    assert request.order is not None
    ends = request.through_on if request.kind == ReviewKind.AGENCY else request.order.last_on
    return Limits(request.quantity, request.through_on, request.price_sek, ends)


def _narrowed(request: ReviewRequest, limits: Limits, today: date) -> Limits:
    """The limits whole; raises where one of them is wider than what was left."""
    assert request.order is not None
    left = granted_before(request)
    assert left.quantity is not None and left.valid_through is not None
    quantity = left.quantity if limits.quantity is None else limits.quantity
    price = left.price_sek if limits.price_sek is None else limits.price_sek
    through = left.through_on if limits.through_on is None else limits.through_on
    is_call_off = request.kind == ReviewKind.AGENCY
    valid = through if is_call_off else left.valid_through if limits.valid_through is None else limits.valid_through
    assert valid is not None
    if quantity <= 0 or quantity > left.quantity:
        raise RuleBroken("limit_wider_quantity", f"{quantity} of {left.quantity}")
    if left.price_sek is not None and price is not None and price > left.price_sek:
        raise RuleBroken("limit_wider_price", f"{price} of {left.price_sek}")
    if through is not None and (through < request.from_on or (left.through_on and through > left.through_on)):
        raise RuleBroken("limit_wider_period", f"{through} of {left.through_on}")
    if valid > request.order.last_on or valid > left.valid_through or valid < today:
        raise RuleBroken("approval_beyond_order", f"{valid} of {request.order.last_on}")
    return Limits(quantity, through, price, valid)


def _asked(request: ReviewRequest) -> tuple[Decimal, date | None, Decimal | None]:
    return request.quantity, request.through_on, request.price_sek


@transaction.atomic
def request_decide(
    *, request_id: int, outcome: str, words: str = "", limits: Limits = Limits(), actor: User, at: datetime
) -> ReviewDecision:
    """Decide at one's level: for good where the request need not go further, else it goes on with what is left of it.

    Raises ``limits_without_limit`` where nothing was narrowed, and ``approved_with_limits`` where something was but
    the outcome says otherwise.
    """
    request = _deciding(request_id, actor, at)
    if outcome not in ReviewOutcome.values:
        raise RuleBroken("bad_input", outcome)
    identity_refuse(words)
    if outcome != ReviewOutcome.APPROVED and not words.strip():
        raise RuleBroken("words_missing")
    decision = ReviewDecision(
        request=request, level=request.level, outcome=outcome, words=words.strip(), at=at, by=actor
    )
    if outcome == ReviewOutcome.REFUSED:
        decision.cost_sek = None if request.cost_sek is None else ZERO_SEK
        request.state = ReviewState.REFUSED
    else:
        left = granted_before(request)
        granted = _narrowed(request, limits, local_date(at))
        is_narrower = granted != left
        if outcome == ReviewOutcome.APPROVED and is_narrower:
            raise RuleBroken("approved_with_limits", f"request {request_id}")
        if outcome == ReviewOutcome.LIMITED and not is_narrower:
            raise RuleBroken("limits_without_limit", f"request {request_id}")
        decision.quantity, decision.through_on = granted.quantity, granted.through_on
        decision.price_sek, decision.valid_through = granted.price_sek, granted.valid_through
        decision.cost_sek = granted_cost(
            call_off_of(request),
            call_off_of(request, quantity=granted.quantity, through_on=granted.through_on, price_sek=granted.price_sek),
        )
    decision.save()
    _go_on(request, decision, at)
    event_add(request, f"decided_{outcome}", text=decision.words, level=decision.level, actor=actor, at=at)
    return decision


def _go_on(request: ReviewRequest, decision: ReviewDecision, at: datetime) -> None:
    """Where the request is after a decision: one level up, or at its end."""
    assert request.level is not None and request.top_level is not None
    if request.state != ReviewState.REFUSED and request.level < request.top_level:
        request.level += 1
        request.state = ReviewState.ASKED
    else:
        request.decided_at = at
        if request.state != ReviewState.REFUSED:
            as_asked = (decision.quantity, decision.through_on, decision.price_sek) == _asked(request)
            below = request.decisions.filter(outcome=ReviewOutcome.LIMITED).exists()
            request.state = ReviewState.APPROVED if as_asked and not below else ReviewState.LIMITED
    request.save(update_fields=["state", "level", "decided_at"])


@transaction.atomic
def requests_expire(*, at: datetime) -> int:
    """Close what nobody decided while its decision was in force, or while the call-off could still be made."""
    today = local_date(at)
    last = Least(F("order__valid_through"), Coalesce(F("order__ended_on"), F("order__valid_through")))
    waiting = ReviewRequest.objects.filter(state__in=REVIEW_WAITS).annotate(last_on=last)
    over = waiting.filter(Q(last_on__lt=today) | Q(kind=ReviewKind.AGENCY, through_on__lt=today)).order_by("pk")
    n_closed = 0
    for request_id in list(over.values_list("pk", flat=True)):
        request = request_lock(request_id)
        if request.state in REVIEW_WAITS:
            n_closed += 1
            request.state, request.decided_at = ReviewState.UNDECIDED, at
            request.save(update_fields=["state", "decided_at"])
            event_add(request, "expired", level=request.level, actor=None, at=at)
    return n_closed


@transaction.atomic
def request_follow_up(
    *, request_id: int, instead: str, words: str, cost_sek: Decimal | None, actor: User, at: datetime
) -> ReviewFollowUp:
    """What came of what was not granted, and what that cost. Whoever asks, controllers and those who decide."""
    role_require(actor, FOLLOWERS)
    request = request_lock(request_id)
    reach_require(request, actor)
    if request.state not in FOLLOWED:
        raise RuleBroken("nothing_to_follow", f"request {request_id}")
    if instead not in ReviewInstead.values:
        raise RuleBroken("bad_input", instead)
    if instead == ReviewInstead.NOTHING and cost_sek:
        raise RuleBroken("nothing_costs_nothing")
    if instead == ReviewInstead.OTHER and not words.strip():
        raise RuleBroken("words_missing")
    identity_refuse(words)
    made = ReviewFollowUp.objects.create(
        request=request,
        instead=instead,
        words=words.strip(),
        cost_sek=ZERO_SEK if instead == ReviewInstead.NOTHING else cost_sek,
        at=at,
        by=actor,
    )
    event_add(request, "followed", text=made.words, actor=actor, at=at)
    return made
