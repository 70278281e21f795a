"""Whether a tray is for this patient now: the check that every scan runs again (F-06).

Diet now, dishes now, what became of the order, where the patient is now, and what time it is. It is never overridden.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.choices import MealKind, OrderEventKind, OrderState, ScanStep, ServiceForm
from vardnara.apps.meals.models import DishCell, MealOrder, OrderItem
from vardnara.apps.meals.queries.needs import NeedsNow, needs_of
from vardnara.apps.meals.queries.offered import OfferedDish, cell_read, kitchen_of, meal_windows
from vardnara.engines.diet import Status, Verdict, dish_check
from vardnara.engines.diet.data import Fasting
from vardnara.parameters.serving import serving_minutes

HOT_MEALS = (MealKind.BREAKFAST, MealKind.LUNCH, MealKind.DINNER)
IN_KITCHEN = (ScanStep.PACK, ScanStep.CHECK, ScanStep.SEND)
ON_WARD = (ScanStep.ARRIVED, ScanStep.HAND_OVER)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a tray must not go on. ``causes`` are reasons of the diet check, or of how the order ended."""

    code: str
    causes: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a tray has come since its ticket was printed; instants, None where it has not."""

    packed_cells: frozenset[int] = frozenset()
    packed_at: datetime | None = None
    checked_at: datetime | None = None
    sent_at: datetime | None = None
    arrived_at: datetime | None = None
    served_at: datetime | None = None
    returned_at: datetime | None = None


def progress_of(order: MealOrder) -> Progress:
    """What has happened to a tray, from the order's history."""
    cells = {item.cell_id for item in order.items.all()}
    packed: set[int] = set()
    found: dict[str, datetime] = {}
    for event in order.events.all():
        if event.kind == OrderEventKind.PACKED:
            packed |= set(event.detail.get("cells", []))
        found[event.kind] = event.at
    whole = bool(cells) and cells <= packed
    return Progress(
        packed_cells=frozenset(packed & cells),
        packed_at=found.get(OrderEventKind.PACKED) if whole else None,
        checked_at=found.get(OrderEventKind.CHECKED),
        sent_at=found.get(OrderEventKind.SENT),
        arrived_at=found.get(OrderEventKind.ARRIVED),
        served_at=found.get(OrderEventKind.SERVED),
        returned_at=found.get(OrderEventKind.RETURNED),
    )


def refusal_of(
    order: MealOrder, stay: StayFacts, *, step: str, at: datetime, needs: NeedsNow | None = None
) -> Refusal | None:
    """Why a tray must not take a step at an instant; None where it may.

    ``needs`` are given where many trays are asked about; they are those of the instant at which the meal is eaten.
    """
    if step == ScanStep.RETURNED:
        return None
    progress = progress_of(order)
    return (
        _state(order, progress)
        or _place(order, stay, at=at)
        or _diet(order, stay, at=_eaten_at(order, step, at), needs=needs)
        or _time(order, stay, progress, step=step, at=at)
        or _turn(order, progress, step=step)
    )


def _eaten_at(order: MealOrder, step: str, at: datetime) -> datetime:
    return at if step in ON_WARD else max(at, order.serves_at)


def needs_then(order: MealOrder, stay: StayFacts, *, step: str, at: datetime) -> NeedsNow:
    """What the patient needs when the tray of this step is eaten."""
    return needs_of([stay], at=_eaten_at(order, step, at))[stay.id]


def _state(order: MealOrder, progress: Progress) -> Refusal | None:
    """Order first: what is over is over, whatever else holds."""
    if order.state == OrderState.SERVED:
        return Refusal("already_served")
    if order.state == OrderState.CANCELLED:
        return Refusal("cancelled", (order.state_reason,))
    if order.state == OrderState.STOPPED:
        stop = next((one for one in reversed(list(order.events.all())) if one.kind == OrderEventKind.STOPPED), None)
        told = stop.detail.get("causes", []) if stop is not None else []
        causes = [reason for one in told if isinstance(one, dict) for reason in one.get("reasons", [])]
        code = "replaced" if MealOrder.objects.filter(replaces=order).exists() else "stopped"
        return Refusal(code, (order.state_reason, *dict.fromkeys(causes)))
    if order.state not in (OrderState.TICKETED, OrderState.SENT):
        return Refusal("not_ticketed", (order.state_reason,) if order.state_reason else ())
    if progress.returned_at is not None:
        return Refusal("came_back")
    return None


def _place(order: MealOrder, stay: StayFacts, *, at: datetime) -> Refusal | None:
    """The patient is in the hospital's care, here, and where the order thinks."""
    if not stay.open or stay.ward_id is None:
        return Refusal("gone", ("discharged",))
    if stay.away_at(at):
        return Refusal("away", ("away",))
    if (order.ward_id, order.bed_id) != (stay.ward_id, stay.bed_id):
        return Refusal("moved", ("moved",))
    return None


def dish_of(item: OrderItem) -> OfferedDish:
    """The one cell of a dish that lies on a tray, as it is declared now."""
    return cell_dish(item.cell)


def cell_dish(cell: DishCell) -> OfferedDish:
    """A dish as it is cooked in one cell, and in no other."""
    dish = cell.dish
    read = cell_read(cell.pk, cell.diet, cell.texture, cell.state)
    nutrients = dict(read.nutrients)
    return OfferedDish(
        dish_id=dish.pk,
        code=dish.code,
        meal="",
        position=0,
        source="menu",
        default_for=(),
        portions=(),
        names={"sv": dish.name},
        pictogram=dish.pictogram,
        photo="",
        is_food=dish.is_food,
        is_drink=dish.is_drink,
        safe_for_all=dish.safe_at is not None,
        energy_kcal=nutrients.get("energy_kcal"),
        protein_g=nutrients.get("protein_g"),
        cells=(read,),
    )


def item_verdict(item: OrderItem, needs: NeedsNow) -> Verdict:
    """What the check says now of a dish as it was made: with the change that stands on the ticket, and no other."""
    [(_, dish)] = dish_of(item).engine_dishes()
    found = dish_check(dish, needs.needs)
    if found.status is Status.AFTER_CHANGE and found.change != item.change:
        return Verdict(Status.BLOCKED, None, found.reasons)
    return found


def _diet(order: MealOrder, stay: StayFacts, *, at: datetime, needs: NeedsNow | None) -> Refusal | None:
    needs = needs or needs_of([stay], at=at)[stay.id]
    causes = unsafe_causes(order, needs)
    if not causes:
        return None
    if needs.needs.fasting is not Fasting.NO and any(cause.startswith("fasting") for cause in causes):
        return Refusal("fasting", causes)
    return Refusal("unsafe", causes)


def unsafe_causes(order: MealOrder, needs: NeedsNow) -> tuple[str, ...]:
    """Every reason against the dishes of a tray, each once."""
    causes: list[str] = []
    for item in order.items.all():
        verdict = item_verdict(item, needs)
        if verdict.status is Status.BLOCKED:
            causes += [f"{one.code}:{one.detail}" for one in verdict.reasons]
    return tuple(dict.fromkeys(causes))


def _time(order: MealOrder, stay: StayFacts, progress: Progress, *, step: str, at: datetime) -> Refusal | None:
    """Within the hours in which the kitchen serves the meal; hot food not longer on its way than it stays hot (F-41).

    A late tray may come as late as it takes to make and send it.
    """
    windows = meal_windows(kitchen_id=order.kitchen_id, on=order.on)
    window = next((one for one in windows if one.meal == order.meal), None)
    from_at = window.serves_from_at if window is not None else order.serves_at
    to_at = window.serves_to_at if window is not None else order.serves_at
    hold = serving_minutes("hot_hold_minutes")
    last_at = to_at + serving_minutes("late_minutes")
    if order.late:
        last_at = max(last_at, order.received_at + hold)
    if step == ScanStep.HAND_OVER and at < from_at - serving_minutes("early_minutes"):
        return Refusal("too_early", detail=from_at.isoformat())
    if at >= last_at:
        return Refusal("too_late", detail=to_at.isoformat())
    if step in ON_WARD and progress.sent_at is not None and _hot(order, stay) and at > progress.sent_at + hold:
        return Refusal("held_too_long", detail=progress.sent_at.isoformat())
    return None


def _hot(order: MealOrder, stay: StayFacts) -> bool:
    if order.meal not in HOT_MEALS or stay.ward_id is None:
        return False
    kitchen = kitchen_of(ward_id=stay.ward_id, on=order.on)
    return kitchen is None or kitchen.service != ServiceForm.CHILLED


def _turn(order: MealOrder, progress: Progress, *, step: str) -> Refusal | None:
    """Packed before it is checked, checked before it leaves; what has left is not packed again."""
    if step in (ScanStep.PACK, ScanStep.CHECK) and order.state == OrderState.SENT:
        return Refusal("has_left")
    if step == ScanStep.CHECK and progress.packed_at is None:
        return Refusal("not_packed")
    if step == ScanStep.SEND and order.state != OrderState.SENT and progress.checked_at is None:
        return Refusal("not_checked")
    return None
