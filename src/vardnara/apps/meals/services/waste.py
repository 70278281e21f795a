"""Settles what became of each ordered portion when its meal is over, and anew when its records change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vardnara.apps.hospital.queries.stay_history import stay_histories
from vardnara.apps.meals.bridge.waste import finding_values, meal_of
from vardnara.apps.meals.choices import DietPart, FastingRule
from vardnara.apps.meals.models import Intake, MealOrder, OrderEvent, Restriction, WasteFinding
from vardnara.apps.meals.queries.offered import meal_windows
from vardnara.apps.meals.services.ordering import stays_lock
from vardnara.engines.waste import Meal, waste_settle

OVER_AFTER = timedelta(hours=2)  # after it was served a meal is over: trays are back and somebody has noted them
LOOK_BACK = timedelta(days=60)  # how long a correction of the records settles a meal anew
BATCH = 1000


def wastes_settle(*, at: datetime, batch: int = BATCH) -> int:
    """Settle every meal that is over and not settled as its records are now; returns how many findings were written.

    Idempotent: where nothing changed nothing is written. A finding that no longer holds stays in the history.
    """
    written = 0
    after = 0
    while True:
        ids = list(_due(at).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:batch])
        if not ids:
            return written
        written += _settle(ids, at=at)
        after = ids[-1]


def _due(at: datetime) -> QuerySet[MealOrder]:
    """Orders of meals that are over, without a finding or with one older than something that it rests on."""
    current = WasteFinding.objects.filter(order=OuterRef("pk"), superseded_at__isnull=True)
    newer = OrderEvent.objects.filter(order=OuterRef("pk"), at__gt=OuterRef("looked"))
    diet = Restriction.objects.filter(
        Q(set_at__gt=OuterRef("looked")) | Q(ended_at__gt=OuterRef("looked")), patient=OuterRef("stay__patient")
    )
    over = MealOrder.objects.filter(serves_at__lte=at - OVER_AFTER, serves_at__gt=at - LOOK_BACK)
    known = over.annotate(looked=current.values("looked_at")[:1])
    return known.filter(
        Q(looked=None)
        | Q(changed_at__gt=F("looked"))
        | Q(stay__changed_at__gt=F("looked"))
        | Q(intake__at__gt=F("looked"))
        | Exists(newer)
        | Exists(diet)
    )


@transaction.atomic
def _settle(order_ids: Sequence[int], *, at: datetime) -> int:
    stays_lock(MealOrder.objects.filter(pk__in=order_ids).values_list("stay", flat=True))
    orders = list(MealOrder.objects.filter(pk__in=order_ids).select_related("stay").order_by("pk"))
    meals = meals_read(orders)
    held = {row.order_id: row for row in WasteFinding.objects.filter(order__in=orders, superseded_at__isnull=True)}
    fresh, same, gone = [], [], []
    for order in orders:
        values = finding_values(waste_settle(meals[order.pk])) | {
            "kitchen_id": order.kitchen_id,
            "ward_id": order.ward_id,
            "on": order.on,
            "meal": order.meal,
        }
        row = held.get(order.pk)
        if row is not None and all(getattr(row, name) == value for name, value in values.items()):
            same.append(row.pk)
            continue
        if row is not None:
            gone.append(row.pk)
        fresh.append(WasteFinding(order=order, settled_at=at, looked_at=at, **values))
    WasteFinding.objects.filter(pk__in=same).update(looked_at=at)
    WasteFinding.objects.filter(pk__in=gone).update(superseded_at=at)
    WasteFinding.objects.bulk_create(fresh)
    return len(fresh)


def meals_read(orders: Sequence[MealOrder]) -> dict[int, Meal]:
    """Ordered meals with everything that is known of them; a handful of queries, however many orders."""
    events: dict[int, list[OrderEvent]] = defaultdict(list)
    for event in OrderEvent.objects.filter(order__in=orders):
        events[event.order_id].append(event)
    intakes = {row.order_id: row for row in Intake.objects.filter(order__in=orders)}
    stays = stay_histories(stay_ids={order.stay_id for order in orders})
    patients = {order.stay.patient_id for order in orders}
    fasting: dict[int, list[Restriction]] = defaultdict(list)
    rows = Restriction.objects.filter(patient__in=patients, part=DietPart.FASTING, code=FastingRule.NOTHING)
    for row in rows:
        fasting[row.patient_id].append(row)
    limits = act_limits({(order.kitchen_id, order.on) for order in orders})
    return {
        order.pk: meal_of(
            order,
            events=events[order.pk],
            stay=stays.get(order.stay_id, ()),
            fasting=[row for row in fasting[order.stay.patient_id] if row.stay_id in (None, order.stay_id)],
            intake=intakes.get(order.pk),
            act_until=max(order.deadline, limits.get((order.kitchen_id, order.on, order.meal), order.deadline)),
        )
        for order in orders
    }


def act_limits(days: set[tuple[int, date]]) -> dict[tuple[int, date, str], datetime]:
    """Until when each kitchen could take a meal back, by kitchen, date and meal."""
    return {
        (kitchen_id, on, window.meal): max(window.deadline_at, window.cancel_until_at or window.deadline_at)
        for kitchen_id, on in days
        for window in meal_windows(kitchen_id=kitchen_id, on=on)
    }
