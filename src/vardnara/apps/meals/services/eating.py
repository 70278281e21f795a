"""Ward staff note how much of a meal was eaten, and change or take back what was noted; its history stays (F-38)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pgtrigger
from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import OrderEventKind, OrderState, WasteCause
from vardnara.apps.meals.models import Intake, MealOrder, OrderEvent
from vardnara.apps.meals.services.ordering import event_write
from vardnara.apps.meals.services.scanning import SERVERS
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

QUARTERS = range(5)


def _order_lock(order_id: int, actor: User) -> MealOrder:
    role_require(actor, SERVERS)
    order = MealOrder.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise RuleBroken("unknown_order", str(order_id))
    ward_require(actor, order.ward_id)
    return order


def _said(row: Intake | None) -> dict[str, object] | None:
    return None if row is None else {"quarters": row.quarters, "untouched": row.untouched, "cause": row.cause}


@transaction.atomic
def intake_note(
    *,
    order_id: int,
    quarters: int,
    actor: User,
    at: datetime,
    untouched: bool = False,
    cause: str = "",
    command: UUID | None = None,
) -> None:
    """Note that so many quarters of a meal were eaten, or that the tray came back as it went.

    Raises ``wrong_role``, ``out_of_scope``, ``unknown_order``, ``bad_quarters``, ``unknown_cause``, ``not_served``. A
    tray that was sent and handed to nobody can only have come back untouched; it is then handed over no more. The same
    once more changes nothing; another note takes the place of the first, which stays in the history.
    """
    order = _order_lock(order_id, actor)
    if command is not None and OrderEvent.objects.filter(command=command).exists():
        return
    if quarters not in QUARTERS or (untouched and quarters):
        raise RuleBroken("bad_quarters", str(quarters))
    if cause not in ("", *WasteCause.values):
        raise RuleBroken("unknown_cause", cause)
    if order.state != OrderState.SERVED and not (untouched and order.state == OrderState.SENT):
        raise RuleBroken("not_served", order.state)
    cause = "" if quarters == max(QUARTERS) else cause
    before = Intake.objects.filter(order=order).first()
    now = {"quarters": quarters, "untouched": untouched, "cause": cause}
    if _said(before) == now:
        return
    Intake.objects.update_or_create(order=order, defaults={**now, "at": at, "by": actor})
    event_write(
        order, OrderEventKind.EATEN, at=at, actor=actor, command=command, detail={**now, "before": _said(before)}
    )
    came_back = OrderEvent.objects.filter(order=order, kind=OrderEventKind.RETURNED).exists()
    if untouched and not came_back:
        event_write(order, OrderEventKind.RETURNED, at=at, actor=actor)
    changes_notify(wards=[order.ward_id])


@transaction.atomic
def intake_undo(*, order_id: int, actor: User, at: datetime) -> None:
    """Take the last note of a meal back: what was noted before it holds again, or nothing is noted.

    Raises ``wrong_role``, ``out_of_scope``, ``unknown_order``, ``nothing_noted``. What was noted stays in the history.
    """
    order = _order_lock(order_id, actor)
    row = Intake.objects.filter(order=order).first()
    if row is None:
        raise RuleBroken("nothing_noted", str(order_id))
    last = OrderEvent.objects.filter(order=order, kind=OrderEventKind.EATEN).order_by("-pk").first()
    before = last.detail.get("before") if last is not None and not last.detail.get("undone") else None
    if before is None:
        with pgtrigger.ignore("meals.Intake:keep"):
            row.delete()
    else:
        Intake.objects.filter(pk=row.pk).update(**before, at=at, by=actor)
    detail = {**(before or {"quarters": None}), "before": _said(row), "undone": True}
    event_write(order, OrderEventKind.EATEN, at=at, actor=actor, detail=detail)
    changes_notify(wards=[order.ward_id])
