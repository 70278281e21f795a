"""Every order is checked again whenever the diet or the dish is no longer what it was checked against (feat-B7).

Before the ticket another dish takes its place; after it the tray is stopped loudly and one that is safe is ordered in
its place; on its way more loudly still (edge-19). What the check blocks never stays on a plate.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import OrderEventKind, OrderOrigin, OrderState
from vardnara.apps.meals.models import DietRevision, MealOrder, OrderItem
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.queries.offered import OfferedDish
from vardnara.apps.meals.queries.plates import option_of
from vardnara.apps.meals.queries.sittings import Sitting, sitting_of
from vardnara.apps.meals.services.filling import LOOK_BACK, held_reason, live_orders, plate_set, stays_of
from vardnara.apps.meals.services.following import hold_or_release
from vardnara.apps.meals.services.notices import notice_raise
from vardnara.apps.meals.services.ordering import Pick, can_still_act, event_write, items_write
from vardnara.engines.selection import Fit, fit
from vardnara.kernel.errors import RuleBroken

PLATED = (OrderState.OPEN, OrderState.TICKETED, OrderState.SENT)


@transaction.atomic
def diets_recheck(*, stay_ids: list[int], at: datetime) -> None:
    """The diets of these stays have changed: hold, release and check their meals."""
    _recheck(live_orders(stay_ids, at=at), reason="wrong_diet", at=at)


@transaction.atomic
def dishes_recheck(*, dish_ids: Collection[int], at: datetime) -> None:
    """What these dishes are has changed: check every meal that holds one (edge-19)."""
    stays = (
        MealOrder.objects.filter(items__cell__dish__in=dish_ids, serves_at__gte=at - LOOK_BACK, state__in=PLATED)
        .values_list("stay", flat=True)
        .distinct()
    )
    _recheck(live_orders(list(stays), at=at), reason="kitchen", at=at)


@transaction.atomic
def stale_recheck(*, at: datetime) -> int:
    """Check what was checked against another diet or dish than now, whatever the cause: two at once, a clock.

    Returns how many orders were looked at.
    """
    number = DietRevision.objects.filter(patient=OuterRef("order__stay__patient")).values("number")
    stale = (
        OrderItem.objects.filter(order__state__in=PLATED, order__serves_at__gte=at - LOOK_BACK)
        .annotate(now=Coalesce(Subquery(number), Value(0)), is_now=KeyTextTransform("fingerprint", "cell__state"))
        .filter(~Q(diet_revision=F("now")) | ~Q(fingerprint=F("is_now")) | Q(is_now__isnull=True))
    )
    orders = live_orders(list(stale.values_list("order__stay", flat=True).distinct()), at=at)
    _recheck(orders, reason="wrong_diet", at=at)
    return len(orders)


def _recheck(orders: list[MealOrder], *, reason: str, at: datetime) -> None:
    stays = stays_of(orders)
    for order in orders:
        stay = stays[order.stay_id]
        if not stay.open:
            continue
        hold_or_release(order, stay, at=at)
        if order.state in (*PLATED, OrderState.SUBSTITUTE):
            _order_recheck(order, stay, reason=reason, at=at)


def _order_recheck(order: MealOrder, stay: StayFacts, *, reason: str, at: datetime) -> None:
    try:
        needs = needs_of([stay], at=max(at, order.serves_at))[stay.id]  # what began while the meal is served holds too
        sitting = sitting_of(stay=stay, on=order.on, meal=order.meal, needs=needs)
    except RuleBroken:
        return
    items = list(order.items.select_related("cell").order_by("pk"))
    wanted = tuple(item.cell.dish_id for item in items)
    if order.state == OrderState.SUBSTITUTE:
        plate_set(order, sitting, at=at, wanted=wanted, kind=OrderEventKind.REPLACED, reason=reason)
        return
    dishes = {dish.dish_id: dish for dish in (*sitting.house, *sitting.offered)}
    fits = [(item, _fit(dishes, item.cell.dish_id, sitting)) for item in items]
    safe = [(item, found) for item, found in fits if found is not None and found[1].safe]
    same = all(
        (item.cell_id, item.change) == (dish.cells[one.cell or 0].cell_id, one.verdict.change or "")
        for item, (dish, one) in safe
    )
    if len(safe) == len(items) and (same or order.state == OrderState.OPEN):
        plates = [(Pick(item.cell.dish_id, item.quantity), found) for item, found in safe]
        items_write(order, plates, sitting.needs, at=at)
        return
    causes = [
        {"dish": item.cell.dish_id, "reasons": [f"{one.code}:{one.detail}" for one in found[1].verdict.reasons]}
        for item, found in fits
        if found is not None and not found[1].safe
    ]
    if order.state == OrderState.OPEN and can_still_act(order, at):
        plate_set(order, sitting, at=at, wanted=wanted, kind=OrderEventKind.REPLACED, reason=reason)
        if order.state == OrderState.OPEN:
            _tell(order, "dish_replaced", causes, at=at)
        return
    _stop_and_replace(order, sitting, wanted, causes, reason=reason, at=at)


def _fit(dishes: dict[int, OfferedDish], dish_id: int, sitting: Sitting) -> tuple[OfferedDish, Fit] | None:
    dish = dishes.get(dish_id)
    return None if dish is None else (dish, fit(option_of(dish), sitting.needs.needs))


def _stop_and_replace(
    order: MealOrder,
    sitting: Sitting,
    wanted: tuple[int, ...],
    causes: list[dict[str, object]],
    *,
    reason: str,
    at: datetime,
) -> None:
    """Stop a plate that may be on a tray already, and order one that is safe in its place as a late tray."""
    was, waits = order.state, held_reason(sitting)
    if was == OrderState.OPEN:  # the kitchen has closed, and no ticket says so yet: what is cooked is not for this one
        plate_set(order, sitting, at=at, wanted=wanted, kind=OrderEventKind.REPLACED, reason=reason)
        _tell(order, "stop_tray", causes, at=at)
        return
    order.state, order.state_reason, order.changed_at = OrderState.STOPPED, waits or reason, at
    order.save(update_fields=["state", "state_reason", "changed_at"])
    event_write(order, OrderEventKind.STOPPED, at=at, reason=waits or reason, detail={"was": was, "causes": causes})
    _tell(order, "stop_tray_sent" if was == OrderState.SENT else "stop_tray", causes, at=at)
    instead = MealOrder(
        stay_id=order.stay_id,
        on=order.on,
        meal=order.meal,
        kitchen_id=sitting.kitchen.kitchen_id,
        ward_id=order.ward_id,
        bed_id=order.bed_id,
        serves_at=order.serves_at,
        deadline=order.deadline,
        received_at=at,
        late=True,
        portion=order.portion,
        origin=OrderOrigin.FALLBACK,
        replaces=order,
        changed_at=at,
    )
    if waits:  # whoever fasts needs no other tray: one that waits, as at the deadline
        instead.state, instead.state_reason = OrderState.HELD, waits
        instead.save()
        event_write(instead, OrderEventKind.HELD, at=at, origin=instead.origin, reason=waits)
    else:
        plate_set(instead, sitting, at=at, wanted=wanted, kind=OrderEventKind.REPLACED, reason=reason)
    changes_notify(wards=[order.ward_id])


def _tell(order: MealOrder, code: str, causes: list[dict[str, object]], *, at: datetime) -> None:
    notice_raise(
        ward_id=order.ward_id,
        stay_id=order.stay_id,
        code=code,
        at=at,
        order=order,
        detail={"meal": order.meal, "causes": causes},
    )
