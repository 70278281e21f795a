"""How much a kitchen's meals have changed after their numbers were fixed, from its own history (feat-B26).

What counts is plates: those that came and those that went after the lock of that day, after the deadline where nothing
was locked. What the house orders by itself at the deadline is part of the numbers, not a late change.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Min, Q, Sum

from vardnara.apps.meals.choices import OrderEventKind
from vardnara.apps.meals.models import OrderEvent, OrderItem, ProductionLock
from vardnara.apps.meals.models.order import BY_ITSELF
from vardnara.apps.meals.queries.kitchen_meals import COOKED

WEEKS = 8  # longer ago the wards, the season and the menu were others
DAYS_LEAST = 5  # of the dish, or of the meal: fewer are an anecdote
PLATES_LEAST = 50
Z = 1.96  # an interval of 95 %
PLATED = (OrderEventKind.PLACED, OrderEventKind.CHANGED, OrderEventKind.REPLACED, OrderEventKind.RELEASED)
EMPTIED = (OrderEventKind.HELD, OrderEventKind.CANCELLED, OrderEventKind.STOPPED, OrderEventKind.SUBSTITUTE)


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of an order's history; ``dishes`` are what is on the plate after it, by id."""

    at: datetime
    kind: str
    origin: str
    dishes: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of plates with its interval of 95 %."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Late:
    """What came and went late, of how many plates on how many days."""

    plates: int = 0
    days: int = 0
    added: int = 0
    removed: int = 0

    @property
    def enough(self) -> bool:
        """Whether there is history enough to say anything."""
        return self.days >= DAYS_LEAST and self.plates >= PLATES_LEAST

    @property
    def added_share(self) -> Share:
        """Of the plates there were in the end, those that came late."""
        return share_of(self.added, self.plates)

    @property
    def removed_share(self) -> Share:
        """Of the plates that there were before, those that went late."""
        return share_of(self.removed, self.plates - self.added + self.removed)


@dataclass(frozen=True, slots=True)
class Buffer:
    """How many more to cook than are ordered: what came late before, with its interval. ``own`` where it is from the
    dish's own history, else the meal's.
    """

    n: int
    low: int
    high: int
    own: bool


def share_of(some: int, of: int) -> Share:
    """A share with Wilson's interval (1927); 0 of 0 is 0, and everything is possible."""
    if of <= 0:
        return Share(0.0, 0.0, 1.0)
    some = min(some, of)
    p, z2 = some / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(p, max(0.0, middle - reach), min(1.0, middle + reach))


def buffer_of(n: int, dish: Late, meal: Late) -> Buffer | None:
    """A buffer for ``n`` plates; None where there is too little history to suggest one."""
    known = dish if dish.enough else meal
    if not known.enough or n <= 0:
        return None
    share = known.added_share
    return Buffer(math.ceil(n * share.share), math.floor(n * share.low), math.ceil(n * share.high), dish.enough)


def plates_moved(history: Iterable[Happened], since: datetime) -> tuple[Counter[int], Counter[int]]:
    """The dishes that came to an order's plate from an instant on, and those that went."""
    now: Counter[int] = Counter()
    before: Counter[int] = Counter()
    for one in history:
        if one.kind in PLATED:
            now = Counter(one.dishes)
        elif one.kind in EMPTIED:
            now = Counter()
        else:
            continue
        if one.at < since or (one.kind == OrderEventKind.PLACED and one.origin in BY_ITSELF):
            before = now.copy()
    return now - before, before - now


def late_history(*, kitchen_id: int, meal: str, on: date) -> tuple[Late, dict[int, Late]]:
    """The last weeks of a meal before a date: altogether, and by dish; a fixed number of queries."""
    days = Q(order__on__gte=on - timedelta(weeks=WEEKS), order__on__lt=on)
    here = Q(order__kitchen=kitchen_id, order__meal=meal) & days
    cooked = OrderItem.objects.filter(here, order__state__in=COOKED, order__fridge_pack=None)
    plates = {
        dish: (n, n_days)
        for dish, n, n_days in cooked.values_list("cell__dish").annotate(
            n=Sum("quantity"), n_days=Count("order__on", distinct=True)
        )
    }
    locks = dict(
        ProductionLock.objects.filter(kitchen=kitchen_id, meal=meal, on__gte=on - timedelta(weeks=WEEKS), on__lt=on)
        .values_list("on")
        .annotate(Min("at"))
    )
    late = Q(at__gte=F("order__deadline"))
    for day, at in locks.items():
        late |= Q(order__on=day, at__gte=at)
    moved = OrderEvent.objects.filter(here, late, kind__in=[*PLATED, *EMPTIED])
    moved = moved.exclude(kind=OrderEventKind.PLACED, origin__in=BY_ITSELF)
    added, removed = _moved(set(moved.values_list("order", flat=True)), locks)
    by_dish = {
        dish: Late(*plates.get(dish, (0, 0)), added[dish], removed[dish])
        for dish in plates.keys() | added.keys() | removed.keys()
    }
    n_days = cooked.aggregate(n=Count("order__on", distinct=True))["n"]
    whole = Late(sum(n for n, _ in plates.values()), n_days, added.total(), removed.total())
    return whole, by_dish


def _moved(order_ids: set[int], locks: Mapping[date, datetime]) -> tuple[Counter[int], Counter[int]]:
    histories: dict[int, list[Happened]] = defaultdict(list)
    since: dict[int, datetime] = {}
    rows = OrderEvent.objects.filter(order__in=order_ids, kind__in=[*PLATED, *EMPTIED]).order_by("pk")
    for order_id, on, deadline, at, kind, origin, detail in rows.values_list(
        "order", "order__on", "order__deadline", "at", "kind", "origin", "detail"
    ):
        dishes = {one["dish"]: one.get("quantity", 1) for one in detail.get("dishes", ())}
        histories[order_id].append(Happened(at, kind, origin, dishes))
        since[order_id] = locks.get(on, deadline)
    added: Counter[int] = Counter()
    removed: Counter[int] = Counter()
    for order_id, history in histories.items():
        came, went = plates_moved(history, since[order_id])
        added += came
        removed += went
    return added, removed
