"""Meals follow the bed: discharge, leave, transfer and fasting move, hold or take back meals by themselves.

Up to the moment at which the kitchen can still act; after it the ward is told what is on its way (feat-B2, feat-B3).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from vardnara.apps.hospital.queries.stays import StayFacts, stays_by_id
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import OrderEventKind, OrderOrigin, OrderState
from vardnara.apps.meals.models import MealOrder, OrderingAccess, Restriction
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.offered import kitchen_of
from vardnara.apps.meals.queries.sittings import sitting_of
from vardnara.apps.meals.services.filling import default_order, held_reason, live_orders, plate_set
from vardnara.apps.meals.services.notices import notice_raise
from vardnara.apps.meals.services.ordering import can_still_act, event_write
from vardnara.kernel.errors import RuleBroken

SETTLED = timedelta(hours=1)  # a meal served longer ago than this is eaten or not, wherever the patient went since
WAITING = (OrderState.OPEN, OrderState.HELD, OrderState.SUBSTITUTE)


def orders_follow(*, stay_ids: list[int], at: datetime) -> None:
    """Bring the meals of these stays in step with where the patients are; ordering at beds that were left is closed."""
    stays = stays_by_id(stay_ids)
    accesses_close(stays, at=at)
    for stay in stays.values():
        Restriction.objects.filter(stay=stay.id).exclude(patient=stay.patient_id).update(patient_id=stay.patient_id)
    for order in live_orders(list(stays), at=at):
        if order.serves_at > at - SETTLED:
            _follow(order, stays[order.stay_id], at=at)
    _order_again([stay for stay in stays.values() if stay.open], at=at)


def _order_again(stays: list[StayFacts], *, at: datetime) -> None:
    """Who did not go home after all eats: what was taken back stays so (edge-18), the same is ordered anew."""
    gone = MealOrder.objects.filter(
        stay__in=[stay.id for stay in stays],
        state=OrderState.CANCELLED,
        state_reason="discharged",
        serves_at__gt=at,
        extra=False,
    )
    live = MealOrder.objects.filter(stay=OuterRef("stay"), on=OuterRef("on"), meal=OuterRef("meal"), extra=False)
    by_id = {stay.id: stay for stay in stays}
    for order in gone.exclude(Exists(live.exclude(state__in=OVER))).order_by("pk"):
        again = default_order(stay=by_id[order.stay_id], on=order.on, meal=order.meal, at=at, like=order)
        if again is not None and not can_still_act(again, at):
            _tell(again, "back_after_deadline", "discharged", at=at)


def accesses_close(stays: dict[int, StayFacts], *, at: datetime) -> None:
    """Close the patient's own ordering at a bed that the stay has left (feat-B18)."""
    for access in OrderingAccess.objects.filter(stay__in=stays, closed_at__isnull=True):
        stay = stays[access.stay_id]
        if not stay.open or stay.bed_id != access.bed_id:
            access.closed_at, access.closed_reason = at, "moved" if stay.open else "discharged"
            access.save(update_fields=["closed_at", "closed_reason"])


def _follow(order: MealOrder, stay: StayFacts, *, at: datetime) -> None:
    if not stay.open or stay.ward_id is None:
        _take_back(order, "discharged", "tray_for_gone", at=at)
        return
    elsewhere = (order.ward_id, order.bed_id) != (stay.ward_id, stay.bed_id)
    if not elsewhere or _move(order, stay, at=at):
        hold_or_release(order, stay, at=at)


def _take_back(order: MealOrder, reason: str, code: str, *, at: datetime) -> None:
    """They will not eat it: taken back while the kitchen can act, a tray stopped that has not left, else told."""
    if order.state in WAITING and (order.state != OrderState.OPEN or can_still_act(order, at)):
        _set(order, OrderState.CANCELLED, OrderEventKind.CANCELLED, reason, at=at)
    elif order.state == OrderState.TICKETED:
        _set(order, OrderState.STOPPED, OrderEventKind.STOPPED, reason, at=at)
        _tell(order, "stop_tray", reason, at=at)
    else:
        _tell(order, code, reason, at=at)


def _move(order: MealOrder, stay: StayFacts, *, at: datetime) -> bool:
    """Take the meal along; returns whether the order is still the patient's meal.

    Where another kitchen cooks for the new ward the old one's meal is taken back and the new one's ordered.
    """
    assert stay.ward_id is not None
    old_ward = order.ward_id
    kitchen = kitchen_of(ward_id=stay.ward_id, on=order.on)
    if kitchen is not None and kitchen.kitchen_id == order.kitchen_id:
        order.ward_id, order.bed_id, order.changed_at = stay.ward_id, stay.bed_id, at
        order.save(update_fields=["ward", "bed", "changed_at"])
        event_write(order, OrderEventKind.MOVED, at=at, detail={"from_ward": old_ward})
        if order.state in (OrderState.TICKETED, OrderState.SENT):
            _tell(order, "tray_moved", "moved", at=at)
        changes_notify(wards=[old_ward, stay.ward_id])
        return True
    _take_back(order, "moved", "tray_for_gone", at=at)
    if kitchen is not None and order.state == OrderState.CANCELLED:
        default_order(stay=stay, on=order.on, meal=order.meal, at=at)
    return False


def hold_or_release(order: MealOrder, stay: StayFacts, *, at: datetime) -> None:
    """Hold the meal of one who fasts or is on leave when it is served; let it go on when that is no longer so."""
    if order.state not in WAITING:
        try:
            reason = held_reason(sitting_of(stay=stay, on=order.on, meal=order.meal))
        except RuleBroken:
            return
        if reason:
            _take_back(order, reason, "tray_for_fasting" if reason == "fasting" else "tray_for_gone", at=at)
        return
    try:
        sitting = sitting_of(stay=stay, on=order.on, meal=order.meal)
    except RuleBroken:
        return
    reason = held_reason(sitting)
    if reason and order.state != OrderState.HELD:
        acts = order.state == OrderState.SUBSTITUTE or can_still_act(order, at)
        if acts or reason == "fasting":  # what is cooked already must not be served either
            _set(order, OrderState.HELD, OrderEventKind.HELD, reason, at=at)
        if not acts:
            _tell(order, "tray_for_fasting" if reason == "fasting" else "tray_for_gone", reason, at=at)
    elif reason and order.state_reason != reason:
        _set(order, OrderState.HELD, OrderEventKind.HELD, reason, at=at)
    elif not reason and order.state == OrderState.HELD:
        if can_still_act(order, at):
            _release(order, stay, at=at)
        else:
            _tell(order, "held_too_late", order.state_reason, at=at)


def _release(order: MealOrder, stay: StayFacts, *, at: datetime) -> None:
    """The meal goes on: what was wanted where it is still safe, else what the ladder gives."""
    wanted = tuple(order.items.order_by("pk").values_list("cell__dish_id", flat=True))
    if not wanted:
        order.origin = OrderOrigin.DEFAULT
    plate_set(
        order,
        sitting_of(stay=stay, on=order.on, meal=order.meal),
        at=at,
        wanted=wanted,
        kind=OrderEventKind.RELEASED,
        reason=order.state_reason,
    )
    changes_notify(wards=[order.ward_id])


def _set(order: MealOrder, state: OrderState, kind: OrderEventKind, reason: str, *, at: datetime) -> None:
    order.state, order.state_reason, order.changed_at = state, reason, at
    order.save(update_fields=["state", "state_reason", "changed_at"])
    event_write(order, kind, at=at, reason=reason)
    changes_notify(wards=[order.ward_id])


def _tell(order: MealOrder, code: str, reason: str, *, at: datetime) -> None:
    notice_raise(
        ward_id=order.ward_id,
        stay_id=order.stay_id,
        code=code,
        at=at,
        order=order,
        detail={"meal": order.meal, "reason": reason},
    )
