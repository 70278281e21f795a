"""What a patient does on the own phone beside choosing: saying no thank you, and letting the ward know."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.choices import OrderOrigin
from vardnara.apps.meals.models import MealOrder
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.services.filling import default_order
from vardnara.apps.meals.services.notices import notice_raise, notices_withdraw
from vardnara.apps.meals.services.ordering import order_cancel, stays_lock


@transaction.atomic
def meal_decline(
    *, stay: StayFacts, on: date, meal: str, at: datetime, received_at: datetime, command: UUID | None
) -> None:
    """The patient wants nothing at a meal; so the house does not order it at the deadline either.

    Raises ``after_deadline`` and ``order_is_on_its_way``.
    """
    stays_lock([stay.id])
    live = MealOrder.objects.filter(stay=stay.id, on=on, meal=meal, extra=False).exclude(state__in=OVER)
    order = live.first() or default_order(stay=stay, on=on, meal=meal, at=at)
    if order is None:
        return  # said before, or there is no such meal
    order_cancel(
        order_id=order.pk,
        at=at,
        received_at=received_at,
        origin=OrderOrigin.PATIENT,
        reason="not_wanted",
        command=command,
    )
    notices_withdraw(order=order, codes=("substitute_needed",), at=at)


def diet_unknown_tell(*, stay: StayFacts, at: datetime) -> None:
    """A patient begins to order, and nobody has said what they may eat: the ward is told (CONTRACT 2.3)."""
    if stay.ward_id is not None and needs_of([stay], at=at)[stay.id].missing:
        notice_raise(ward_id=stay.ward_id, stay_id=stay.id, code="diet_unknown", at=at, detail={})
