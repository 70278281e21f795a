"""Orders are placed, changed and taken back: never after the deadline, never a dish that the check blocks, never twice.

Every change is one transaction under a lock of the stay's meals, so that two taps at once are one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import MealKind, OrderEventKind, OrderOrigin, OrderState, Portion
from vardnara.apps.meals.models import MealOrder, OrderEvent, OrderItem
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.needs import NeedsNow
from vardnara.apps.meals.queries.offered import MealWindow, OfferedDish, meal_windows
from vardnara.apps.meals.queries.plates import option_of
from vardnara.apps.meals.queries.sittings import Sitting, sitting_of
from vardnara.engines.selection import Fit, fit
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ORDER_LOCK = 0x4D45_414C  # first key of the advisory locks of a stay's meals
MEALS = tuple(MealKind.values)
DISHES_MOST = 8  # on one tray


@dataclass(frozen=True, slots=True)
class Pick:
    """A dish that somebody wants, and how many of it."""

    dish_id: int
    quantity: int = 1


def stays_lock(stay_ids: Iterable[int]) -> None:
    """Wait for, and hold until commit, the right to change the meals of these stays; always before rows are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, one) FROM (SELECT unnest(%s::int[]) AS one ORDER BY 1) AS ordered",
            [ORDER_LOCK, [stay_id % 2**31 for stay_id in set(stay_ids)]],
        )


def _done_before(command: UUID | None) -> MealOrder | None:
    """The order that a command changed when it came the first time."""
    if command is None:
        return None
    event = OrderEvent.objects.select_related("order").filter(command=command).first()
    return event.order if event is not None else None


@transaction.atomic
def order_place(
    *,
    stay_id: int,
    on: date,
    meal: str,
    picks: Sequence[Pick],
    at: datetime,
    received_at: datetime,
    origin: OrderOrigin,
    portion: str = "",
    actor: User | None = None,
    command: UUID | None = None,
    late: bool = False,
    extra: bool = False,
) -> MealOrder:
    """Order a meal for a stay, or change what was ordered.

    Parameters
    ----------
    picks
        The dishes of the tray, offered that day.
    received_at
        When the server got the request: the deadline goes by it (CONTRACT 2.4).
    late
        A late tray: after the deadline, while the kitchen can still send one.
    extra
        One more tray beside the meal that is ordered: always a new order (feat-B23).
    command
        The tap; the same once more is answered with the same order and changes nothing.

    Raises
    ------
    RuleBroken
        ``after_deadline``, ``too_late_for_late_tray``, ``dish_blocked``, ``not_offered``, ``nothing_picked``,
        ``order_is_on_its_way``, ``meal_held``, and those of :func:`sitting_of`.
    """
    if portion and portion not in Portion.values:
        raise RuleBroken("unknown_portion", portion)
    if not picks or len(picks) > DISHES_MOST:
        raise RuleBroken("nothing_picked" if not picks else "too_many_dishes")
    if len({pick.dish_id for pick in picks}) != len(picks) or any(not 1 <= pick.quantity <= 9 for pick in picks):
        raise RuleBroken("picked_twice")
    if meal not in MEALS:
        raise RuleBroken("no_such_meal", meal)
    stays_lock([stay_id])
    if (before := _done_before(command)) is not None:
        return before
    stay = stays_by_id([stay_id]).get(stay_id)
    if stay is None:
        raise RuleBroken("unknown_stay", str(stay_id))
    sitting = sitting_of(stay=stay, on=on, meal=meal)
    deadline_require(sitting.window, received_at=received_at, late=late)
    fits = [(pick, fit_require(sitting, pick.dish_id)) for pick in picks]
    live = MealOrder.objects.filter(stay=stay_id, on=on, meal=meal, extra=False).exclude(state__in=OVER)
    order = None if extra else live.first()
    if order is not None and order.state in (OrderState.TICKETED, OrderState.SENT, OrderState.SERVED):
        raise RuleBroken("order_is_on_its_way", order.state)
    if order is not None and order.state == OrderState.HELD:
        raise RuleBroken("meal_held", order.state_reason)
    kind = OrderEventKind.CHANGED if order is not None else OrderEventKind.PLACED
    if order is None:
        order = MealOrder(stay_id=stay_id, on=on, meal=meal, portion=sitting.needs.portion, extra=extra)
    order.kitchen_id, order.ward_id, order.bed_id = sitting.kitchen.kitchen_id, sitting.ward_id, stay.bed_id
    order.serves_at, order.deadline = sitting.window.serves_from_at, sitting.window.deadline_at
    order.received_at, order.late, order.origin, order.changed_at = received_at, late, origin, at
    order.portion = portion or order.portion
    order.state, order.state_reason = OrderState.OPEN, ""
    order.save()
    items_write(order, fits, sitting.needs, at=at)
    event_write(order, kind, at=at, origin=origin, actor=actor, command=command, detail=_detail(order, fits))
    changes_notify(wards=[order.ward_id])
    return order


def deadline_require(window: MealWindow, *, received_at: datetime, late: bool) -> None:
    """Raise ``after_deadline`` where a choice came too late, ``too_late_for_late_tray`` where also a late tray does."""
    if not late and received_at >= window.deadline_at:
        raise RuleBroken("after_deadline", window.meal)
    if late and (window.late_until_at is None or received_at >= window.late_until_at):
        raise RuleBroken("too_late_for_late_tray", window.meal)


def fit_require(sitting: Sitting, dish_id: int) -> tuple[OfferedDish, Fit]:
    """How a dish fits the patient; raises ``dish_blocked`` with the causes."""
    dish = sitting.dish(dish_id)
    found = fit(option_of(dish), sitting.needs.needs)
    if not found.safe:
        causes = ", ".join(f"{reason.code}:{reason.detail}" for reason in found.verdict.reasons)
        raise RuleBroken("dish_blocked", f"{dish.code}: {causes}")
    return dish, found


def items_write(
    order: MealOrder, fits: Sequence[tuple[Pick, tuple[OfferedDish, Fit]]], needs: NeedsNow, *, at: datetime
) -> None:
    """Make the order's dishes these, each with the answer of the check."""
    order.items.all().delete()
    rows = []
    for pick, (dish, found) in fits:
        assert found.cell is not None
        cell = dish.cells[found.cell]
        rows.append(
            OrderItem(
                order=order,
                cell_id=cell.cell_id,
                fingerprint=cell.fingerprint,
                change=found.verdict.change or "",
                quantity=pick.quantity,
                verdict=found.verdict.status,
                checked_at=at,
                diet_revision=needs.revision,
            )
        )
    OrderItem.objects.bulk_create(rows)


def event_write(
    order: MealOrder,
    kind: OrderEventKind,
    *,
    at: datetime,
    origin: str = "",
    actor: User | None = None,
    reason: str = "",
    command: UUID | None = None,
    detail: dict[str, object] | None = None,
) -> None:
    """One line of an order's history."""
    OrderEvent.objects.create(
        order=order, at=at, kind=kind, origin=origin, actor=actor, reason=reason, command=command, detail=detail or {}
    )


def _detail(order: MealOrder, fits: Sequence[tuple[Pick, tuple[OfferedDish, Fit]]]) -> dict[str, object]:
    return {
        "portion": order.portion,
        "late": order.late,
        "dishes": [
            {"dish": pick.dish_id, "quantity": pick.quantity, "change": found.verdict.change or ""}
            for pick, (_, found) in fits
        ],
    }


@transaction.atomic
def order_cancel(
    *,
    order_id: int,
    at: datetime,
    received_at: datetime,
    origin: OrderOrigin,
    reason: str,
    actor: User | None = None,
    command: UUID | None = None,
) -> MealOrder:
    """Take a meal back. A patient until the deadline; ward staff as long as the kitchen can act.

    Raises ``after_deadline`` and ``order_is_on_its_way``. What is cancelled stays so (edge-18): order anew.
    """
    stays_lock(MealOrder.objects.filter(pk=order_id).values_list("stay", flat=True))
    order = MealOrder.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise RuleBroken("unknown_order", str(order_id))
    if (before := _done_before(command)) is not None:
        return before
    if order.state == OrderState.CANCELLED:
        return order
    if order.state not in (OrderState.OPEN, OrderState.HELD, OrderState.SUBSTITUTE):
        raise RuleBroken("order_is_on_its_way", order.state)
    if received_at >= order.deadline and not (origin == OrderOrigin.STAFF and can_still_act(order, received_at)):
        raise RuleBroken("after_deadline", order.meal)
    order.state, order.state_reason, order.changed_at = OrderState.CANCELLED, reason[:40], at
    order.save(update_fields=["state", "state_reason", "changed_at"])
    event_write(order, OrderEventKind.CANCELLED, at=at, origin=origin, actor=actor, reason=reason[:40], command=command)
    changes_notify(wards=[order.ward_id])
    return order


def can_still_act(order: MealOrder, at: datetime) -> bool:
    """Whether the kitchen can still take this order back at an instant."""
    windows = meal_windows(kitchen_id=order.kitchen_id, on=order.on)
    window = next((one for one in windows if one.meal == order.meal), None)
    return window is not None and at < max(window.deadline_at, window.cancel_until_at or window.deadline_at)
