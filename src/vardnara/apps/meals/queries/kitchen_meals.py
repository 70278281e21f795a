"""A kitchen's meal of a date: who may see it, its window, and which orders wait, are held or cannot leave yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.hospital.queries.stays import StayFacts, stays_in_wards
from vardnara.apps.meals.choices import OrderState
from vardnara.apps.meals.models import DietRevision, Kitchen, KitchenWard, MealOrder, OrderItem
from vardnara.apps.meals.queries.food_pages import READERS
from vardnara.apps.meals.queries.offered import MealWindow, meal_windows
from vardnara.apps.meals.queries.sittings import wards_served
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

COOKED = (OrderState.OPEN, OrderState.TICKETED, OrderState.SENT, OrderState.SERVED)


def kitchen_read(*, actor: User, kitchen_id: int) -> Kitchen:
    """A kitchen that the actor may read; raises ``wrong_role`` and ``unknown_kitchen``."""
    role_require(actor, READERS)
    kitchen = Kitchen.objects.filter(pk=kitchen_id, hospital__in=user_reach(actor).hospital_ids).first()
    if kitchen is None:
        raise RuleBroken("unknown_kitchen", str(kitchen_id))
    return kitchen


def window_of(*, kitchen_id: int, on: date, meal: str) -> MealWindow:
    """The meal's hours; raises ``no_such_meal``."""
    for window in meal_windows(kitchen_id=kitchen_id, on=on):
        if window.meal == meal:
            return window
    raise RuleBroken("no_such_meal", meal)


def meal_orders(*, kitchen_id: int, on: date, meal: str) -> QuerySet[MealOrder]:
    """Every order of a kitchen's meal."""
    return MealOrder.objects.filter(kitchen=kitchen_id, on=on, meal=meal)


def stale_items() -> QuerySet[OrderItem]:
    """Dishes on orders that were checked against another diet or another dish than now."""
    number = DietRevision.objects.filter(patient=OuterRef("order__stay__patient")).values("number")
    return OrderItem.objects.annotate(
        now=Coalesce(Subquery(number), Value(0)), is_now=KeyTextTransform("fingerprint", "cell__state")
    ).filter(~Q(diet_revision=F("now")) | ~Q(fingerprint=F("is_now")) | Q(is_now__isnull=True))


def ready(orders: QuerySet[MealOrder]) -> QuerySet[MealOrder]:
    """Those that can get a ticket: open, not empty, checked against what holds now, without one so far."""
    return orders.filter(
        Exists(OrderItem.objects.filter(order=OuterRef("pk"))),
        ~Exists(stale_items().filter(order=OuterRef("pk"))),
        state=OrderState.OPEN,
        tray__isnull=True,
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A meal that gets no ticket. ``why`` is ``held``, ``substitute``, ``unchecked``, ``empty`` or ``no_choice``;
    ``reason`` why it is held. ``order_id`` is None where nothing is ordered.
    """

    order_id: int | None
    ward_id: int
    ward: str
    place: str
    why: str
    stay_id: int
    reason: str = ""


def left_out(*, kitchen_id: int, on: date, meal: str) -> list[LeftOut]:
    """Everybody whose meal cannot leave as it stands, by ward, room and bed; a fixed number of queries."""
    rows = meal_orders(kitchen_id=kitchen_id, on=on, meal=meal).select_related("ward", "bed__room")
    found = [
        LeftOut(row.pk, row.ward_id, row.ward.name, place_of(row), row.state, row.stay_id, row.state_reason)
        for row in rows.filter(state__in=[OrderState.HELD, OrderState.SUBSTITUTE])
    ]
    waiting = rows.filter(state=OrderState.OPEN, tray__isnull=True)
    empty = waiting.filter(~Exists(OrderItem.objects.filter(order=OuterRef("pk"))))
    found += [LeftOut(row.pk, row.ward_id, row.ward.name, place_of(row), "empty", row.stay_id) for row in empty]
    stale = waiting.filter(Exists(stale_items().filter(order=OuterRef("pk"))))
    found += [LeftOut(row.pk, row.ward_id, row.ward.name, place_of(row), "unchecked", row.stay_id) for row in stale]
    served = KitchenWard.objects.filter(kitchen=kitchen_id).values_list("ward", "ward__name")
    names = dict(served)
    for stay in without_choice(kitchen_id=kitchen_id, on=on, meal=meal):
        place = f"{stay.room}:{stay.bed}" if stay.bed_id is not None else ""
        ward = names.get(stay.ward_id or 0, stay.ward_code)
        found.append(LeftOut(None, stay.ward_id or 0, ward, place, "no_choice", stay.id))
    return sorted(found, key=lambda one: (natural(one.ward), one.place == "", natural(one.place), one.order_id or 0))


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing: single meals that somebody must see to, and how many on each ward have chosen nothing."""

    problems: tuple[LeftOut, ...]
    no_choice: tuple[tuple[str, int], ...]

    @property
    def n(self) -> int:
        """Meals altogether."""
        return len(self.problems) + self.n_no_choice

    @property
    def n_no_choice(self) -> int:
        """Who has chosen nothing."""
        return sum(n for _, n in self.no_choice)


def missing_of(rows: Iterable[LeftOut]) -> Missing:
    """Left-out meals, those without a choice counted by ward."""
    problems, waiting = [], Counter[str]()
    for row in rows:
        if row.why == "no_choice":
            waiting[row.ward] += 1
        else:
            problems.append(row)
    return Missing(tuple(problems), tuple(waiting.items()))


def place_of(order: MealOrder) -> str:
    """Room and bed with a colon between; empty where there is no place."""
    return f"{order.bed.room.code}:{order.bed.code}" if order.bed is not None else ""


def without_choice(*, kitchen_id: int, on: date, meal: str, wards: Collection[int] | None = None) -> list[StayFacts]:
    """Who lies on a ward that the kitchen serves and has nothing ordered; who took the meal back has chosen."""
    served = wards_served(kitchen_id=kitchen_id, on=on) if wards is None else wards
    ordered = set(
        MealOrder.objects.filter(on=on, meal=meal, extra=False)
        .exclude(state=OrderState.STOPPED)
        .values_list("stay", flat=True)
    )
    return [stay for stay in stays_in_wards(served) if stay.id not in ordered]
