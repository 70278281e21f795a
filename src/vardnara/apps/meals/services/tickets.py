"""Tray tickets: printed once for each order, and only for what was checked against what holds now.

Whoever prints at once with somebody else waits, and then finds that the other has printed: no order gets two tickets,
and the database holds one tray an order besides.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import pgettext

from vardnara.apps.accounts.choices import AccessAction
from vardnara.apps.accounts.services import access_log
from vardnara.apps.hospital.queries.boards import natural
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import OrderEventKind, OrderState
from vardnara.apps.meals.models import Kitchen, MealOrder, OrderEvent, TicketRun, Tray
from vardnara.apps.meals.queries.kitchen_meals import LeftOut, left_out, meal_orders, ready, window_of
from vardnara.apps.meals.queries.tickets import Tickets, tickets_of
from vardnara.apps.meals.services.filling import orders_fill
from vardnara.apps.meals.services.ordering import event_write, stays_lock
from vardnara.apps.meals.services.rechecking import stale_recheck
from vardnara.apps.meals.services.recording import writer_require
from vardnara.engines.documents import TicketPaper, TicketWords, tickets_build, tickets_zpl
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # base 32 without I, L, O and U, which are taken for others
CODE_LENGTH = 12  # 60 bits: nobody guesses one of a day's trays
LANGUAGE = "sv"  # of the kitchen: whoever holds the ticket
ZPL_SIZES = {"zpl": (100.0, 60.0), "zpl62": (62.0, None)}  # mm


@dataclass(frozen=True, slots=True)
class TicketsPrinted:
    """What a printing gave: its run, None where nothing was to be printed, how many tickets, and who got none."""

    run_id: int | None
    n: int
    left: tuple[LeftOut, ...]


def tray_code() -> str:
    """A code of chance that says nothing of anybody."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def kitchen_written(*, kitchen_id: int, actor: User) -> Kitchen:
    """A kitchen that the actor may write; raises ``unknown_kitchen``, ``wrong_role``, ``out_of_scope``.

    Its row is not locked: orders are placed all the time, and each of them holds on to it.
    """
    kitchen = Kitchen.objects.filter(pk=kitchen_id).first()
    if kitchen is None:
        raise RuleBroken("unknown_kitchen", str(kitchen_id))
    writer_require(actor, kitchen.hospital_id)
    return kitchen


def meal_lock(*, kitchen_id: int, on: date, meal: str) -> None:
    """Wait for, and hold until commit, the right to print or lock a kitchen's meal; before any stay is locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"meals.kitchen {kitchen_id} {on} {meal}"]
        )


def tickets_print(
    *, kitchen_id: int, on: date, meal: str, actor: User, at: datetime, early: bool = False
) -> TicketsPrinted:
    """Give every order of a meal that can leave its ticket, and say which cannot and why. The kitchen may.

    First the house orders for whoever has not chosen, and whatever is no longer checked is checked again; each is a
    transaction of its own, so one that cannot be helped holds up nobody. Again for late trays: those without one only.

    Raises
    ------
    RuleBroken
        ``before_deadline`` unless ``early``: a ticket ends the patient's choice. ``meal_is_over``.
    """
    kitchen = kitchen_written(kitchen_id=kitchen_id, actor=actor)
    window = window_of(kitchen_id=kitchen.pk, on=on, meal=meal)
    if at >= window.serves_to_at:
        raise RuleBroken("meal_is_over", meal)
    if at < window.deadline_at:
        if not early:
            raise RuleBroken("before_deadline", meal)
    else:
        orders_fill(at=at)
    stale_recheck(at=at)
    run_id, n = _print(kitchen_id=kitchen.pk, on=on, meal=meal, actor=actor, at=at)
    return TicketsPrinted(run_id, n, tuple(left_out(kitchen_id=kitchen.pk, on=on, meal=meal)))


@transaction.atomic
def _print(*, kitchen_id: int, on: date, meal: str, actor: User, at: datetime) -> tuple[int | None, int]:
    meal_lock(kitchen_id=kitchen_id, on=on, meal=meal)
    waiting = ready(meal_orders(kitchen_id=kitchen_id, on=on, meal=meal))
    stays_lock(waiting.values_list("stay", flat=True))
    ids = list(ready(meal_orders(kitchen_id=kitchen_id, on=on, meal=meal)).order_by("pk").values_list("pk", flat=True))
    gone = _ticketed(ids, at=at)
    if not gone:
        return None, 0
    rows = list(MealOrder.objects.filter(pk__in=gone).select_related("ward", "bed__room"))
    rows.sort(key=_place_key)
    run = TicketRun.objects.create(kitchen_id=kitchen_id, on=on, meal=meal, at=at, by=actor)
    Tray.objects.bulk_create(
        Tray(order=order, run=run, number=number, code=tray_code()) for number, order in enumerate(rows, 1)
    )
    OrderEvent.objects.bulk_create(
        OrderEvent(
            order=order, at=at, kind=OrderEventKind.TICKETED, actor=actor, detail={"run": run.pk, "tray": number}
        )
        for number, order in enumerate(rows, 1)
    )
    changes_notify(wards={order.ward_id for order in rows})
    return run.pk, len(rows)


def _ticketed(ids: list[int], *, at: datetime) -> list[int]:
    """Move orders to ``ticketed``; those that the database refuses after all stay as they are. Returns the others."""
    if not ids:
        return []
    try:
        with transaction.atomic():
            MealOrder.objects.filter(pk__in=ids).update(state=OrderState.TICKETED, changed_at=at)
        return ids
    except IntegrityError:  # something changed between our look and this moment: each by itself
        return [one for one in ids if _ticketed_alone(one, at=at)]


def _ticketed_alone(order_id: int, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            rows = MealOrder.objects.filter(pk=order_id, state=OrderState.OPEN)
            return rows.update(state=OrderState.TICKETED, changed_at=at) == 1
    except IntegrityError:
        return False


def _place_key(order: MealOrder) -> tuple[object, ...]:
    bed = order.bed
    where = (natural(bed.room.code), natural(bed.code)) if bed is not None else ((), ())
    return natural(order.ward.code), order.ward_id, bed is None, *where, order.pk


@transaction.atomic
def ticket_reprint(*, tray_id: int, actor: User, at: datetime) -> Tray:
    """Print a tray's ticket again: the same tray, the same code, and a line in its history. The kitchen may.

    Raises ``unknown_tray``, and ``tray_is_stopped`` where nobody is to get it.
    """
    tray = Tray.objects.select_related("run").filter(pk=tray_id).first()
    if tray is None:
        raise RuleBroken("unknown_tray", str(tray_id))
    kitchen_written(kitchen_id=tray.run.kitchen_id, actor=actor)
    order = MealOrder.objects.select_for_update().get(pk=tray.order_id)
    if order.state not in (OrderState.TICKETED, OrderState.SENT):
        raise RuleBroken("tray_is_stopped", order.state)
    event_write(order, OrderEventKind.REPRINTED, at=at, actor=actor, detail={"tray": tray.number})
    return tray


def run_written(*, run_id: int, actor: User) -> TicketRun:
    """A run of a kitchen that the actor may write; raises ``unknown_run``."""
    run = TicketRun.objects.filter(pk=run_id).first()
    if run is None:
        raise RuleBroken("unknown_run", str(run_id))
    kitchen_written(kitchen_id=run.kitchen_id, actor=actor)
    return run


@transaction.atomic
def tickets_file(
    *, kind: str, base: str, actor: User, at: datetime, run_ids: Collection[int] = (), tray_ids: Collection[int] = ()
) -> bytes:
    """Tickets as a file for a printer: ``a4``, ``label`` or ``roll`` as PDF, ``zpl`` or ``zpl62`` for label printers.

    The caller has made sure that the actor may. Whose diets stand on them is logged (invariant 7). Raises
    ``no_tickets`` where all of them were stopped.
    """
    with translation.override(LANGUAGE):
        found = tickets_of(base=base, run_ids=run_ids, tray_ids=tray_ids)
        if not found.tickets:
            raise RuleBroken("no_tickets")
        _log(found, actor=actor, at=at)
        words = ticket_words(found)
        if kind in ZPL_SIZES:
            width, height = ZPL_SIZES[kind]
            return tickets_zpl(found.tickets, words, width_mm=width, height_mm=height).encode()
        covers = found.covers if run_ids else ()
        return tickets_build(found.tickets, covers, words, TicketPaper(kind), language=LANGUAGE, as_of=at)


def _log(found: Tickets, *, actor: User, at: datetime) -> None:
    stays = stays_by_id(found.stay_ids)
    for stay_id in sorted(found.stay_ids):
        stay = stays[stay_id]
        access_log(
            actor=actor,
            at=at,
            action=AccessAction.PRINT,
            object_type="diet",
            object_id=str(stay_id),
            patient_key=stay.patient_key,
            ward_code=stay.ward_code,
            purpose="tray tickets",
        )


def ticket_words(found: Tickets) -> TicketWords:
    """The fixed words."""
    title = pgettext("tray ticket", "Tray tickets")
    return TicketWords(
        title=f"{title}: {found.tickets[0].when}",
        avoid=pgettext("tray ticket", "AVOID"),
        help=pgettext("tray ticket", "Help"),
        trays=pgettext("tray ticket", "trays"),
        tray=pgettext("tray ticket", "Tray"),
        special=pgettext("tray ticket", "Look out for"),
    )
