"""What the house orders by itself: at the deadline for whoever has not chosen, and in place of what is no longer safe.

Never an empty plate, never silently: where nothing on the ladder is safe the order stands there as one that needs a
substitute, and the ward is told loudly (feat-B11, edge-21).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from vardnara.apps.hospital.queries.stays import StayFacts, stays_by_id, stays_in_wards
from vardnara.apps.meals.choices import OrderEventKind, OrderOrigin, OrderState
from vardnara.apps.meals.models import Kitchen, MealOrder
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.offered import meal_windows
from vardnara.apps.meals.queries.sittings import MealMenu, Sitting, ladder, meal_menu, sitting_of, wards_served
from vardnara.apps.meals.services.notices import notice_raise
from vardnara.apps.meals.services.ordering import Pick, event_write, items_write, stays_lock
from vardnara.engines.diet.data import Fasting
from vardnara.engines.selection import Selected, fit, select
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

LOOK_BACK = timedelta(hours=6)  # a worker that was down fills what closed in the meantime, not last week's meals
SIDES_MOST = 4  # default dishes beside the first


def plate_set(
    order: MealOrder,
    sitting: Sitting,
    *,
    at: datetime,
    wanted: tuple[int, ...] = (),
    kind: OrderEventKind,
    reason: str = "",
) -> Selected:
    """Put what the ladder gives on an order: its dishes, or the call for a substitute.

    Of what was wanted everything that is safe stays; else the first rung that has something safe gives the plate.
    """
    dishes = {dish.dish_id: dish for dish in (*sitting.house, *sitting.offered)}
    steps = ladder(sitting, wanted)
    found = select(steps, sitting.needs.needs)
    if found.fit is None:
        order.state, order.state_reason = OrderState.SUBSTITUTE, "nothing_fits"
        order.save()
        order.items.all().delete()
    else:
        rung = next(step for step in steps if any(option.key == found.fit.key for option in step.options))
        sides = [fit(option, sitting.needs.needs) for option in rung.options if option.key != found.fit.key]
        together = rung.name in ("choice", OrderOrigin.STANDING) or found.fit.key in _defaults(sitting)
        keep = _defaults(sitting) if rung.name == OrderOrigin.DEFAULT else {side.key for side in sides}
        fits = [found.fit, *(one for one in sides if together and one.safe and one.key in keep)][: 1 + SIDES_MOST]
        order.state, order.state_reason = OrderState.OPEN, ""
        if found.step != "choice":
            order.origin = found.step
        order.save()
        items_write(order, [(Pick(one.key), (dishes[one.key], one)) for one in fits], sitting.needs, at=at)
    order.changed_at = at
    order.save()
    event_write(
        order,
        kind if found.fit is not None else OrderEventKind.SUBSTITUTE,
        at=at,
        origin=order.origin,
        reason=reason or order.state_reason,
        detail={"dishes": [{"dish": found.fit.key}] if found.fit is not None else []},
    )
    if found.fit is None:
        causes = sorted({f"{one.code}:{one.detail}" for tried in found.tried for one in tried.verdict.reasons})
        notice_raise(
            ward_id=order.ward_id,
            stay_id=order.stay_id,
            code="substitute_needed",
            at=at,
            order=order,
            detail={"meal": order.meal, "causes": causes[:20]},
        )
    return found


def _defaults(sitting: Sitting) -> set[int]:
    return {dish.dish_id for dish in sitting.offered if sitting.needs.base in dish.default_for}


@transaction.atomic
def default_order(
    *,
    stay: StayFacts,
    on: date,
    meal: str,
    at: datetime,
    like: MealOrder | None = None,
    menu: MealMenu | None = None,
) -> MealOrder | None:
    """Order a meal for one who has not: by the ladder. None where there is an order already or nothing to order.

    Whoever is fasting or on leave then gets a held order, so that it is there when the patient may eat after all.
    ``like`` is an order that was taken back and whose dishes are wanted again.
    """
    stays_lock([stay.id])
    over = OVER if like is not None else (OrderState.STOPPED,)
    if MealOrder.objects.filter(stay=stay.id, on=on, meal=meal, extra=False).exclude(state__in=over).exists():
        return None
    try:
        sitting = sitting_of(stay=stay, on=on, meal=meal, menu=menu)
    except RuleBroken:
        return None
    if not sitting.offered:
        return None
    order = MealOrder(
        stay_id=stay.id,
        on=on,
        meal=meal,
        kitchen_id=sitting.kitchen.kitchen_id,
        ward_id=sitting.ward_id,
        bed_id=stay.bed_id,
        serves_at=sitting.window.serves_from_at,
        deadline=sitting.window.deadline_at,
        received_at=at,
        portion=like.portion if like is not None else sitting.needs.portion,
        origin=OrderOrigin.DEFAULT,
        changed_at=at,
    )
    reason = held_reason(sitting)
    if reason:
        order.state, order.state_reason = OrderState.HELD, reason
        order.save()
        event_write(order, OrderEventKind.HELD, at=at, origin=order.origin, reason=reason)
        return order
    wanted = tuple(like.items.order_by("pk").values_list("cell__dish_id", flat=True)) if like is not None else ()
    plate_set(order, sitting, at=at, wanted=wanted, kind=OrderEventKind.PLACED)
    return order


def held_reason(sitting: Sitting) -> str:
    """Why a meal waits: the patient fasts or is on leave when it is served; empty where it does not."""
    if sitting.stay.away_at(sitting.window.serves_from_at):
        return "away"
    return "fasting" if sitting.needs.needs.fasting is Fasting.NOTHING else ""


def orders_fill(*, at: datetime) -> int:
    """Fill every meal that has closed lately and is not served yet; returns how many orders were made. Idempotent."""
    made = 0
    for kitchen in Kitchen.objects.all():
        for day in (local_date(at), local_date(at) + timedelta(days=1), local_date(at) + timedelta(days=2)):
            due = [
                window
                for window in meal_windows(kitchen_id=kitchen.pk, on=day)
                if at - LOOK_BACK < window.deadline_at <= at < window.serves_to_at
            ]
            if not due:
                continue
            stays = stays_in_wards(wards_served(kitchen_id=kitchen.pk, on=day))
            for window in due:
                ordered = set(
                    MealOrder.objects.filter(on=day, meal=window.meal, extra=False)
                    .exclude(state=OrderState.STOPPED)
                    .values_list("stay", flat=True)
                )
                menu = meal_menu(kitchen_id=kitchen.pk, on=day, meal=window.meal)
                for stay in stays:
                    if stay.id in ordered:
                        continue
                    if default_order(stay=stay, on=day, meal=window.meal, at=at, menu=menu):
                        made += 1
    return made


def live_orders(stay_ids: list[int], *, at: datetime) -> list[MealOrder]:
    """Orders of these stays that are not over and not served long ago, locked, in the order of their ids."""
    stays_lock(stay_ids)
    rows = MealOrder.objects.select_for_update().filter(stay__in=stay_ids, serves_at__gte=at - LOOK_BACK)
    return list(rows.exclude(state__in=[*OVER, OrderState.SERVED]).order_by("pk"))


def stays_of(orders: list[MealOrder]) -> dict[int, StayFacts]:
    """The stays of some orders."""
    return stays_by_id(order.stay_id for order in orders)
