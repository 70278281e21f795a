"""Decisions on special review: which one is in force, who acts at a level, where none is, and what ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.decisions.choices import REVIEW_WAITS, ReviewKind
from vardnara.apps.decisions.models import ReviewLevel, ReviewOrder, ReviewRequest
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.special_review import reminder_days

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

READERS = (
    Role.UNIT_MANAGER,
    Role.COORDINATOR,
    Role.SERVICE_HEAD,
    Role.CONTROLLER,
    Role.DECISION_MAKER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
DAY = timedelta(days=1)


def covers(order: ReviewOrder, *, kind: str, category: str, ward_id: int | None) -> bool:
    """Whether what is asked for must be tried under the decision."""
    in_kind = order.covers_agency if kind == ReviewKind.AGENCY else order.covers_hires
    in_category = not order.categories or category in order.categories
    wards = {ward.pk for ward in order.wards.all()}
    return in_kind and in_category and (not wards or ward_id in wards)


def order_for(request: ReviewRequest, *, on: date) -> ReviewOrder | None:
    """The decision that a request is tried under on a day: of those that cover it, the one that began last."""
    rows = ReviewOrder.objects.filter(
        hospital=request.hospital_id, valid_from__lte=on, valid_through__gte=on
    ).prefetch_related("wards", "levels")
    for order in rows.order_by("-valid_from", "-pk"):
        if order.last_on >= on and covers(order, kind=request.kind, category=request.category, ward_id=request.ward_id):
            return order
    return None


def is_actor(level: ReviewLevel, actor: User) -> bool:
    """Whether a person acts at a level, by role or by name."""
    return actor.role != Role.AUDITOR and (
        (bool(level.role) and level.role == actor.role) or any(user.pk == actor.pk for user in level.users.all())
    )


def may_decide(request: ReviewRequest, actor: User) -> bool:
    """Whether a waiting request waits for the actor: at their level, not their own, not decided by them below."""
    if request.state not in REVIEW_WAITS or request.order is None or request.made_by_id == actor.pk:
        return False
    if any(decision.by_id == actor.pk for decision in request.decisions.all()):
        return False
    return any(level.number == request.level and is_actor(level, actor) for level in request.order.levels.all())


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A decision with how it stands on a day. ``reminder`` is the reminder that has come, in days before its end."""

    order: ReviewOrder
    stands: str  # coming, in_force, ended
    days_left: int
    is_followed: bool
    reminder: int | None
    n_requests: int
    n_waiting: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which a kind was tried before and after, and is not between; ``through_on`` None: from then on."""

    kind: str  # agency, hires
    from_on: date
    through_on: date | None


@dataclass(frozen=True, slots=True)
class OrderPage:
    rows: tuple[OrderRow, ...]
    gaps: tuple[Gap, ...]

    @property
    def reminders(self) -> tuple[OrderRow, ...]:
        return tuple(row for row in self.rows if row.reminder is not None)


def orders_in_reach(actor: User) -> QuerySet[ReviewOrder]:
    """Decisions of hospitals that the actor reaches, whole or by a ward."""
    role_require(actor, READERS)
    reach = user_reach(actor)
    hospitals = set(reach.hospital_ids)
    own = ReviewOrder.objects.filter(hospital__divisions__wards__in=reach.ward_ids).values_list(
        "hospital_id", flat=True
    )
    return ReviewOrder.objects.filter(hospital__in=hospitals | set(own if reach.ward_ids else ()))


def order_list(*, actor: User, on: date) -> OrderPage:
    """Every decision, newest first, with reminders of what ends, and days without any."""
    orders = list(
        orders_in_reach(actor)
        .select_related("case", "made_by")
        .prefetch_related("levels__users", "wards", "requests")
        .order_by("-valid_from", "-pk")
    )
    return OrderPage(tuple(_row(order, orders, on) for order in orders), tuple(gaps_of(orders, on)))


def order_one(*, actor: User, order_id: int, on: date) -> OrderRow:
    """A decision with its levels."""
    for row in order_list(actor=actor, on=on).rows:
        if row.order.pk == order_id:
            return row
    raise RuleBroken("unknown_matter", f"order {order_id}")


def _row(order: ReviewOrder, orders: list[ReviewOrder], on: date) -> OrderRow:
    days = (order.last_on - on).days
    after = order.last_on + DAY
    followed = all(
        any(
            other.pk != order.pk and other.valid_from <= after <= other.last_on and getattr(other, kind)
            for other in orders
            if other.hospital_id == order.hospital_id
        )
        for kind in ("covers_agency", "covers_hires")
        if getattr(order, kind)
    )
    stands = "coming" if on < order.valid_from else "in_force" if days >= 0 else "ended"
    come = [day for day in reminder_days() if days <= day]
    waiting = [request for request in order.requests.all() if request.state in REVIEW_WAITS]
    return OrderRow(
        order=order,
        stands=stands,
        days_left=days,
        is_followed=followed,
        reminder=come[-1] if come and stands == "in_force" and not followed else None,
        n_requests=len(order.requests.all()),
        n_waiting=len(waiting),
    )


def gaps_of(orders: list[ReviewOrder], on: date) -> list[Gap]:
    """Days between decisions of a kind on which none was in force, the newest first.

    Decisions of some units or categories count as all: a gap is only told where nothing at all is in force.
    """
    found = []
    for kind, field in (("agency", "covers_agency"), ("hires", "covers_hires")):
        spans = sorted(
            (order.valid_from, order.last_on)
            for order in orders
            if getattr(order, field) and order.last_on >= order.valid_from
        )
        end: date | None = None
        for begins, ends in spans:
            if end is not None and begins > end + DAY:
                found.append(Gap(kind, end + DAY, begins - DAY))
            end = ends if end is None else max(end, ends)
        if end is not None and end < on:
            found.append(Gap(kind, end + DAY, None))
    return sorted(found, key=lambda gap: gap.from_on, reverse=True)
