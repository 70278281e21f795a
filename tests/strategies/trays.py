"""Trays for tests: a ticket printed, and the way to the bed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.urls import reverse
from tests.strategies.meals import Mealtime
from tests.strategies.messages import at, bed

from vardnara.apps.meals.choices import OrderEventKind
from vardnara.apps.meals.models import MealOrder, OrderEvent, TicketRun, Tray
from vardnara.apps.meals.services.scanning import Scanned, tray_scan

TICKETED = 160  # minute of ``messages.at``: twenty before lunch


def tray_of(order: MealOrder, minute: float = TICKETED) -> Tray:
    """Print the ticket of an order that was placed."""
    run = TicketRun.objects.create(kitchen_id=order.kitchen_id, on=order.on, meal=order.meal, at=at(minute))
    MealOrder.objects.filter(pk=order.pk).update(state="ticketed", changed_at=at(minute))
    OrderEvent.objects.create(order=order, at=at(minute), kind=OrderEventKind.TICKETED)
    return Tray.objects.create(order=order, run=run, number=1, code=uuid4().hex[:10].upper())


def scan(here: Mealtime, tray: Tray, step: str, minute: float = 175, place: str = "", **words: Any) -> Scanned:
    """Whoever does such a step scans the tray, and the bed where ``place`` names one of K31."""
    actor = here.cook if step in ("pack", "check", "send") else here.nurse
    if place:
        words["bed_text"] = reverse("meals:patient", args=[bed(place).token])
    return tray_scan(**({"text": tray.code, "step": step, "actor": actor, "at": at(minute)} | words))


def sent(here: Mealtime, tray: Tray, minute: float = 175) -> None:
    """Pack, check and send."""
    for step in ("pack", "check", "send"):
        assert scan(here, tray, step, minute).done
