"""Food waste on the scale: what was weighed, corrected by further rows and never changed; what a portion costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.meals.choices import BY_EATER, MealKind, WasteCategory
from vardnara.apps.meals.models import PortionCost, Weighing
from vardnara.apps.meals.queries.offered import kitchen_of
from vardnara.apps.meals.queries.waste import kitchen_reached
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

COOKS = (Role.KITCHEN, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
WEIGHERS = (Role.WARD_STAFF, Role.SERVICE_WORKER, *COOKS)
MOST_GRAMS = 2_000_000
WEIGH_LOCK = 0x5745_4947  # of weighings of one kitchen
TOGETHER = (WasteCategory.SERVING, WasteCategory.PLATE)


@dataclass(frozen=True, slots=True)
class WeighWords:
    """What the scale showed in ``unit`` (kg or g) with the vessel, what the vessel weighs, and how many ate by hand."""

    on: date
    meal: str
    category: str
    gross: Decimal
    tare: Decimal = Decimal(0)
    unit: str = "kg"
    people: int | None = None


def _grams(value: Decimal, unit: str) -> int:
    return int((value * (1000 if unit == "kg" else 1)).quantize(Decimal(1), ROUND_HALF_UP))


@transaction.atomic
def weighing_add(
    *,
    words: WeighWords,
    actor: User,
    at: datetime,
    today: date,
    ward_id: int | None = None,
    kitchen_id: int | None = None,
    command: UUID | None = None,
) -> Weighing:
    """Note a weighing: ward staff on their ward, the kitchen anywhere it serves and in itself.

    Raises ``wrong_role``, ``out_of_scope``, ``no_kitchen``, ``weighed_by_kitchen``, ``weighed_in_future``,
    ``weighed_nothing``, ``weighed_too_much``, ``weighed_together``.
    """
    role_require(actor, WEIGHERS)
    if command is not None and (before := Weighing.objects.filter(command=command).first()) is not None:
        return before
    if words.meal not in MealKind.values or words.category not in WasteCategory.values:
        raise RuleBroken("no_such_meal", words.meal)
    if ward_id is not None:
        ward_require(actor, ward_id)
        kitchen = kitchen_of(ward_id=ward_id, on=words.on)
        if kitchen is None:
            raise RuleBroken("no_kitchen", f"ward {ward_id}")
        kitchen_id = kitchen.kitchen_id
        if words.category not in BY_EATER:
            raise RuleBroken("weighed_by_kitchen", words.category)
    else:
        role_require(actor, COOKS)
        kitchen_id = kitchen_reached(actor=actor, kitchen_id=kitchen_id or 0).pk
    gross, tare = _grams(words.gross, words.unit), _grams(words.tare, words.unit)
    if words.on > today:
        raise RuleBroken("weighed_in_future", str(words.on))
    if gross < tare or tare < 0:
        raise RuleBroken("weighed_nothing", f"{gross} g with a vessel of {tare} g")
    if gross > MOST_GRAMS:
        raise RuleBroken("weighed_too_much", f"{gross} g")
    _lock(kitchen_id)
    _apart_or_together(kitchen_id, ward_id, words)
    return Weighing.objects.create(
        kitchen_id=kitchen_id,
        ward_id=ward_id,
        on=words.on,
        meal=words.meal,
        category=words.category,
        gross_grams=gross,
        tare_grams=tare,
        people=words.people,
        at=at,
        by=actor,
        command=command,
    )


def _lock(kitchen_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WEIGH_LOCK, kitchen_id % 2**31])


def _apart_or_together(kitchen_id: int, ward_id: int | None, words: WeighWords) -> None:
    """Serving and plate waste of a meal are weighed apart or together, never both: it would count twice."""
    others = TOGETHER if words.category == WasteCategory.MEAL else (WasteCategory.MEAL,)
    if words.category not in (*TOGETHER, WasteCategory.MEAL):
        return
    there = Weighing.objects.filter(
        kitchen=kitchen_id, ward=ward_id, on=words.on, meal=words.meal, category__in=others
    ).filter(corrected_by=None, void=False)
    if there.exists():
        raise RuleBroken("weighed_together", words.category)


@transaction.atomic
def weighing_undo(*, weighing_id: int, actor: User, at: datetime) -> Weighing:
    """Take a weighing back: by a row that voids it, so that both stay. Raises ``unknown_weighing``."""
    role_require(actor, WEIGHERS)
    row = Weighing.objects.select_for_update().filter(pk=weighing_id, void=False).first()
    if row is None:
        raise RuleBroken("unknown_weighing", str(weighing_id))
    if row.ward_id is not None:
        ward_require(actor, row.ward_id)
    else:
        role_require(actor, COOKS)
        kitchen_reached(actor=actor, kitchen_id=row.kitchen_id)
    if hasattr(row, "corrected_by"):
        raise RuleBroken("unknown_weighing", str(weighing_id))
    return Weighing.objects.create(
        kitchen_id=row.kitchen_id,
        ward_id=row.ward_id,
        on=row.on,
        meal=row.meal,
        category=row.category,
        gross_grams=0,
        at=at,
        by=actor,
        corrects=row,
        void=True,
    )


def portion_cost_set(
    *, kitchen_id: int, sek: Decimal, source: str, from_on: date, actor: User, at: datetime, meal: str = ""
) -> PortionCost:
    """Say what a portion costs from a day, and where that comes from; raises ``cost_without_source``."""
    role_require(actor, COOKS)
    kitchen = kitchen_reached(actor=actor, kitchen_id=kitchen_id)
    if not source.strip() or sek <= 0:
        raise RuleBroken("cost_without_source")
    return PortionCost.objects.create(
        kitchen=kitchen, meal=meal, from_on=from_on, sek=sek, source=source.strip()[:200], at=at, by=actor
    )
