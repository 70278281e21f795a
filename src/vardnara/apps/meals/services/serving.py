"""A ward's trays in one tap: the trolley that leaves, that has come, and the meal that was served without scanning.

Each tray is checked as if it were scanned by itself; one that is refused holds up no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.choices import OrderState, ScanStep
from vardnara.apps.meals.models import Intake, MealOrder, Tray
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.queries.tray_check import progress_of, unsafe_causes
from vardnara.apps.meals.queries.trays import trays, ward_trays
from vardnara.apps.meals.services.notices import notice_raise
from vardnara.apps.meals.services.scanning import STEP_ROLES, Scanned, tray_scan
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

JUST_SERVED = timedelta(hours=1)  # eaten by then, or nobody can take it away any more
TOGETHER = (ScanStep.SEND, ScanStep.ARRIVED, ScanStep.HAND_OVER)


@dataclass(frozen=True, slots=True)
class Together:
    """What a ward's step came to: how many trays took it, and which were refused."""

    n_done: int
    refused: tuple[Scanned, ...]


def ward_step(*, ward_id: int, on: date, meal: str, step: str, actor: User, at: datetime) -> Together:
    """Send, receive or hand over all of a ward's trays of a meal that are ready for it.

    Raises ``wrong_role``, ``out_of_scope``, ``unknown_step``. Each tray is a transaction of its own.
    """
    if step not in TOGETHER:
        raise RuleBroken("unknown_step", step)
    role_require(actor, STEP_ROLES[ScanStep(step)])
    ward_require(actor, ward_id)
    rows = ward_trays(ward_id=ward_id, on=on, meal=meal, states=[OrderState.TICKETED, OrderState.SENT])
    answers = [
        tray_scan(text=row.tray.code, step=step, actor=actor, at=at, by_ward=True) for row in rows if _ready(row, step)
    ]
    return Together(sum(one.done for one in answers), tuple(one for one in answers if one.code))


def _ready(order: MealOrder, step: str) -> bool:
    progress = progress_of(order)
    if progress.returned_at is not None:
        return False
    if step == ScanStep.SEND:
        return order.state == OrderState.TICKETED and progress.checked_at is not None
    if step == ScanStep.ARRIVED:
        return order.state == OrderState.SENT and progress.arrived_at is None
    return True


@transaction.atomic
def served_warn(*, stay_ids: list[int], at: datetime) -> None:
    """Tell the ward loudly of a tray handed over a short while ago that the diet, as it is now, forbids (edge-19)."""
    orders = trays(packs=True).filter(stay__in=stay_ids, state=OrderState.SERVED, changed_at__gte=at - JUST_SERVED)
    stays = stays_by_id(order.stay_id for order in orders)
    for order in orders:
        stay = stays[order.stay_id]
        causes = unsafe_causes(order, needs_of([stay], at=at)[stay.id]) if stay.open else ()
        if causes and not Intake.objects.filter(order=order).exists():
            detail: dict[str, object] = {"meal": order.meal, "causes": list(causes)}
            notice_raise(
                ward_id=order.ward_id, stay_id=stay.id, code="served_unsafe", at=at, order=order, detail=detail
            )


def order_serve(*, order_id: int, actor: User, at: datetime, command: UUID | None = None) -> Scanned:
    """Hand over one tray without scanning; checked as if it were. Raises ``wrong_role``, ``unknown_order``."""
    role_require(actor, STEP_ROLES[ScanStep.HAND_OVER])
    tray = Tray.objects.select_related("order").filter(order=order_id).first()
    if tray is None:
        raise RuleBroken("unknown_order", str(order_id))
    ward_require(actor, tray.order.ward_id)
    return tray_scan(text=tray.code, step=ScanStep.HAND_OVER, actor=actor, at=at, command=command, by_ward=True)
