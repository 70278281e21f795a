"""The decision that special review rests on: entered, and ended before its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import people_list
from vardnara.apps.decisions.models import Case, ReviewLevel, ReviewOrder
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.special_review import codes_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ORDER_WRITERS = (Role.DECISION_MAKER, Role.ADMINISTRATOR, Role.CONTROLLER)
ACTORS = (Role.UNIT_MANAGER, Role.SERVICE_HEAD, Role.CONTROLLER, Role.DECISION_MAKER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class LevelWords:
    """A step of the way up, as it is entered."""

    label: str
    role: str = ""
    user_ids: tuple[int, ...] = ()
    up_to_sek: Decimal | None = None
    up_to_weeks: int | None = None


@dataclass(frozen=True, slots=True)
class OrderWords:
    """A decision on special review, as it is entered. Without wards all, without categories all staff."""

    title: str
    organ: str
    decided_on: date
    valid_from: date
    valid_through: date
    levels: tuple[LevelWords, ...]
    registry_number: str = ""
    step: str = ""
    case_id: int | None = None
    covers_agency: bool = True
    covers_hires: bool = True
    categories: tuple[str, ...] = ()
    ward_ids: tuple[int, ...] = ()


def _check(words: OrderWords, hospital_id: int) -> None:
    if not words.title.strip() or not words.organ.strip():
        raise RuleBroken("bad_input", "an order without title or organ")
    if words.valid_from > words.valid_through:
        raise RuleBroken("order_ends_before_it_begins", f"{words.valid_from} {words.valid_through}")
    if not words.covers_agency and not words.covers_hires:
        raise RuleBroken("order_covers_nothing")
    if not codes_of("category").issuperset(words.categories):
        raise RuleBroken("bad_input", str(words.categories))
    own = {ward.id for division in organisation(hospital_id=hospital_id) for ward in division.wards}
    if not own.issuperset(words.ward_ids):
        raise RuleBroken("out_of_scope", str(words.ward_ids))
    if words.case_id is not None and not Case.objects.filter(pk=words.case_id, hospital=hospital_id).exists():
        raise RuleBroken("unknown_matter", f"case {words.case_id}")
    _check_levels(words.levels, hospital_id)


def _check_levels(levels: tuple[LevelWords, ...], hospital_id: int) -> None:
    if not levels:
        raise RuleBroken("order_without_level")
    people = {person.id for person in people_list(hospital_id=hospital_id, roles=ACTORS)}
    before: tuple[Decimal, int] = (Decimal(0), 0)
    for number, level in enumerate(levels, start=1):
        if not level.label.strip() or (not level.role and not level.user_ids):
            raise RuleBroken("level_without_actor", str(number))
        if level.role not in ("", *ACTORS) or not people.issuperset(level.user_ids):
            raise RuleBroken("bad_input", f"level {number}")
        is_last, has_limit = number == len(levels), level.up_to_sek is not None or level.up_to_weeks is not None
        if is_last == has_limit:
            raise RuleBroken("level_limits", f"level {number} of {len(levels)}")
        if not is_last:
            now = (
                before[0] if level.up_to_sek is None else level.up_to_sek,
                before[1] if level.up_to_weeks is None else level.up_to_weeks,
            )
            if now[0] < before[0] or now[1] < before[1]:
                raise RuleBroken("level_limits", f"level {number} has less than the one below it")
            before = now


@transaction.atomic
def review_order_add(*, hospital_id: int, words: OrderWords, actor: User, at: datetime) -> ReviewOrder:
    """Enter the decision that special review rests on, with its levels. Decision-maker, controller, administrator."""
    writer_require(actor, hospital_id, ORDER_WRITERS)
    _check(words, hospital_id)
    identity_refuse(f"{words.title} {words.step}")
    order = ReviewOrder.objects.create(
        hospital_id=hospital_id,
        title=words.title.strip(),
        organ=words.organ.strip(),
        decided_on=words.decided_on,
        registry_number=words.registry_number.strip(),
        case_id=words.case_id,
        step=words.step.strip(),
        covers_agency=words.covers_agency,
        covers_hires=words.covers_hires,
        categories=list(words.categories),
        valid_from=words.valid_from,
        valid_through=words.valid_through,
        made_at=at,
        made_by=actor,
    )
    order.wards.set(words.ward_ids)
    for number, level in enumerate(words.levels, start=1):
        made = ReviewLevel.objects.create(
            order=order,
            number=number,
            label=level.label.strip(),
            role=level.role,
            up_to_sek=level.up_to_sek,
            up_to_weeks=level.up_to_weeks,
        )
        made.users.set(level.user_ids)
    changes_notify(matters=True)
    return order


@transaction.atomic
def review_order_end(*, order_id: int, ended_on: date, because: str, actor: User, at: datetime) -> ReviewOrder:
    """End it before its last day, with a reason; what was approved keeps its own limits. The same people."""
    order = ReviewOrder.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise RuleBroken("unknown_matter", f"order {order_id}")
    writer_require(actor, order.hospital_id, ORDER_WRITERS)
    if not because.strip():
        raise RuleBroken("reason_missing")
    if order.ended_on is not None or ended_on >= order.valid_through:
        raise RuleBroken("order_ends_already", f"order {order_id}")
    if ended_on < local_date(at) and order.requests.exists():
        raise RuleBroken("order_ended_backwards", str(ended_on))
    identity_refuse(because)
    order.ended_on, order.ended_because = ended_on, because.strip()
    order.save(update_fields=["ended_on", "ended_because"])
    changes_notify(matters=True)
    return order
