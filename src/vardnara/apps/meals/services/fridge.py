"""Chilled portions are put into a ward's fridge, taken for a patient at any hour, or thrown away with the reason.

A pack is checked against the diet as it is when it is taken, and never given where the dish is no longer what was
packed. It has no tray and no ticket: its order is made and handed over in one step, so its history says ordered and
served, and nothing between.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import connection, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import StayFacts, stay_in_reach
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import OrderEventKind, OrderOrigin, OrderState, ThrowReason
from vardnara.apps.meals.models import DietRevision, FridgePack, MealOrder, OrderEvent, OrderItem
from vardnara.apps.meals.models.fridge import STANDING
from vardnara.apps.meals.models.order import OVER
from vardnara.apps.meals.queries.fridge import (
    CHANGED,
    EXPIRED,
    cells_to_put,
    meal_of_pack,
    pack_find,
    pack_state,
    pack_verdict,
)
from vardnara.apps.meals.queries.needs import NeedsNow, needs_of
from vardnara.apps.meals.services.ordering import event_write, stays_lock
from vardnara.apps.meals.services.tickets import tray_code
from vardnara.engines.diet import Status
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

TAKERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
PUTTERS = (*TAKERS, Role.KITCHEN)
PACKS_MOST = 50  # put in at once
KEEPS_MOST = timedelta(days=90)  # a date further away is one that was mistyped


@transaction.atomic
def packs_put(
    *,
    ward_id: int,
    cell_id: int,
    n: int,
    best_before: date,
    actor: User,
    at: datetime,
    packed_on: date | None = None,
    batch: UUID | None = None,
) -> list[FridgePack]:
    """Put so many packs of a dish into a ward's fridge, each with a code of its own; ward and kitchen may.

    Raises ``wrong_role``, ``out_of_scope``, ``bad_pack_count``, ``bad_best_before``, ``pack_unknown_dish`` where nobody
    answers for the dish. The same ``batch`` once more is the same packs.
    """
    role_require(actor, PUTTERS)
    ward_require(actor, ward_id)
    batch = batch or uuid4()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"meals.fridge {batch}"])
    before = list(FridgePack.objects.filter(batch=batch, ward=ward_id).order_by("pk"))
    if before:
        return before
    if not 1 <= n <= PACKS_MOST:
        raise RuleBroken("bad_pack_count", str(n))
    today = local_date(at)
    packed_on = packed_on or today
    if packed_on > today or not today <= best_before <= today + KEEPS_MOST:
        raise RuleBroken("bad_best_before", f"{packed_on} {best_before}")
    cell = next((one for one in cells_to_put(ward_id=ward_id, on=today) if one.pk == cell_id), None)
    if cell is None:
        raise RuleBroken("pack_unknown_dish", f"cell {cell_id}")
    made = FridgePack.objects.bulk_create(
        FridgePack(
            ward_id=ward_id, cell=cell, fingerprint=cell.state["fingerprint"], code=tray_code(), batch=batch,
            packed_on=packed_on, best_before=best_before, put_at=at, put_by=actor,
        )
        for _ in range(n)
    )  # fmt: skip
    changes_notify(wards=[ward_id])
    return made


@transaction.atomic
def put_undo(*, ward_id: int, batch: UUID, actor: User, at: datetime) -> int:
    """Take back a put: what still stands of it was never there, and is no waste. Raises ``put_is_gone``."""
    role_require(actor, PUTTERS)
    ward_require(actor, ward_id)
    ids = list(
        FridgePack.objects.select_for_update()
        .filter(STANDING, ward=ward_id, batch=batch)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if not ids:
        raise RuleBroken("put_is_gone", str(batch))
    FridgePack.objects.filter(pk__in=ids).update(thrown_at=at, thrown_by=actor, thrown_reason=ThrowReason.MISTAKE)
    changes_notify(wards=[ward_id])
    return len(ids)


@transaction.atomic
def pack_throw(*, ward_id: int, code: str, reason: str, actor: User, at: datetime, text: str = "") -> FridgePack:
    """Throw a pack away, with why.

    Raises ``wrong_role``, ``out_of_scope``, ``unknown_pack``, ``pack_taken``, ``pack_thrown``,
    ``throw_reason_missing``, and ``pack_not_expired`` where that is said of one that can still be eaten.
    """
    role_require(actor, PUTTERS)
    ward_require(actor, ward_id)
    if reason not in ThrowReason.values or (reason == ThrowReason.OTHER and not text.strip()):
        raise RuleBroken("throw_reason_missing", reason)
    pack = _locked(ward_id, code)
    if reason == ThrowReason.EXPIRED and pack.best_before >= local_date(at):
        raise RuleBroken("pack_not_expired", pack.code)
    pack.thrown_at, pack.thrown_by, pack.thrown_reason, pack.thrown_text = at, actor, reason, text.strip()[:120]
    pack.save(update_fields=["thrown_at", "thrown_by", "thrown_reason", "thrown_text"])
    changes_notify(wards=[ward_id])
    return pack


def _locked(ward_id: int, code: str) -> FridgePack:
    found = pack_find(ward_id=ward_id, text=code)
    if found is None:
        raise RuleBroken("unknown_pack", code[:40])
    pack = FridgePack.objects.select_for_update(of=("self",)).select_related("cell__dish").get(pk=found.pk)
    if pack.taken_at is not None:
        raise RuleBroken("pack_taken", pack.code)
    if pack.thrown_at is not None:
        raise RuleBroken("pack_thrown", pack.code)
    return pack


def _oldest(ward_id: int, cell_id: int, at: datetime) -> FridgePack:
    """The pack of a dish that goes first; one that somebody else is just taking is passed over."""
    rows = FridgePack.objects.select_for_update(of=("self",), skip_locked=True).select_related("cell__dish")
    usable = rows.filter(STANDING, ward=ward_id, cell=cell_id, best_before__gte=local_date(at))
    for pack in usable.order_by("best_before", "pk"):
        if pack_state(pack, local_date(at)) != CHANGED:
            return pack
    raise RuleBroken("no_pack_left", f"cell {cell_id}")


@transaction.atomic
def pack_take(
    *,
    ward_id: int,
    stay_id: int,
    actor: User,
    at: datetime,
    code: str = "",
    cell_id: int | None = None,
    command: UUID | None = None,
) -> MealOrder:
    """Take a pack for a patient, by its code or the oldest of a dish, and hand it over; at any hour.

    It is the patient's meal where that is served now and nothing is ordered, else an extra beside it: what somebody
    eats at night takes no breakfast away.

    Raises ``wrong_role``, ``out_of_scope``, ``unknown_stay``, ``stay_ended``, ``patient_away``, ``unknown_pack``,
    ``pack_taken``, ``pack_thrown``, ``pack_expired``, ``pack_changed``, ``no_pack_left``, ``dish_blocked``,
    ``no_kitchen``, ``no_such_meal``. The same ``command`` once more is answered alike and takes nothing.
    """
    role_require(actor, TAKERS)
    ward_require(actor, ward_id)
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    list(DietRevision.objects.select_for_update().filter(patient=stay.patient_id))
    stays_lock([stay_id])
    if command is not None and (event := OrderEvent.objects.filter(command=command).first()) is not None:
        return event.order
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    if not stay.open or stay.ward_id != ward_id:
        raise RuleBroken("stay_ended", str(stay_id))
    if stay.away_at(at):
        raise RuleBroken("patient_away", str(stay_id))
    pack = _locked(ward_id, code) if code else _oldest(ward_id, cell_id or 0, at)
    state = pack_state(pack, local_date(at))
    if state == EXPIRED:
        raise RuleBroken("pack_expired", pack.code)
    if state == CHANGED:
        raise RuleBroken("pack_changed", pack.code)
    needs = needs_of([stay], at=at)[stay.id]
    found = pack_verdict(pack.cell, needs)
    if found.status is not Status.ALLOWED:
        causes = ", ".join(f"{reason.code}:{reason.detail}" for reason in found.reasons)
        raise RuleBroken("dish_blocked", f"{pack.cell.dish.code}: {causes}")
    order = _order(pack, stay, needs, actor=actor, at=at, command=command)
    pack.taken_at, pack.taken_by, pack.order = at, actor, order
    pack.save(update_fields=["taken_at", "taken_by", "order"])
    changes_notify(wards=[ward_id])
    return order


def _order(
    pack: FridgePack, stay: StayFacts, needs: NeedsNow, *, actor: User, at: datetime, command: UUID | None
) -> MealOrder:
    """The order of a pack, made and served; the database checks it as it does a tray that leaves."""
    kitchen_id, on, window, served_now = meal_of_pack(ward_id=pack.ward_id, at=at)
    live = MealOrder.objects.filter(stay=stay.id, on=on, meal=window.meal, extra=False).exclude(state__in=OVER)
    order = MealOrder.objects.create(
        stay_id=stay.id,
        kitchen_id=kitchen_id,
        ward_id=pack.ward_id,
        bed_id=stay.bed_id,
        on=on,
        meal=window.meal,
        serves_at=window.serves_from_at,
        deadline=window.deadline_at,
        received_at=at,
        late=at >= window.deadline_at,
        extra=not served_now or live.exists(),
        origin=OrderOrigin.STAFF,
        changed_at=at,
    )
    OrderItem.objects.create(
        order=order,
        cell=pack.cell,
        fingerprint=pack.fingerprint,
        verdict=Status.ALLOWED,
        checked_at=at,
        diet_revision=needs.revision,
    )
    detail: dict[str, object] = {"pack": pack.code, "best_before": pack.best_before.isoformat()}
    event_write(order, OrderEventKind.PLACED, at=at, origin=OrderOrigin.STAFF, actor=actor, detail=detail)
    for state in (OrderState.TICKETED, OrderState.SERVED):  # no order is served from another state; nobody sees it here
        order.state = state
        order.save(update_fields=["state"])
    event_write(order, OrderEventKind.SERVED, at=at, actor=actor, command=command, detail=detail)
    return order
