"""The kitchen locks the numbers that it cooks by, opens them, and locks them anew: each a version that stays."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.models import Kitchen, ProductionLine, ProductionLock
from vardnara.apps.meals.queries.kitchen_meals import window_of
from vardnara.apps.meals.queries.production import lock_last, numbers_now
from vardnara.apps.meals.queries.sittings import wards_served
from vardnara.apps.meals.services.tickets import kitchen_written, meal_lock
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

REASON_LENGTH = 200


@transaction.atomic
def production_lock(
    *, kitchen_id: int, on: date, meal: str, actor: User, at: datetime, reason: str = "", seen: int | None = None
) -> ProductionLock:
    """Hold the numbers of a meal fast as they are now. The kitchen may.

    ``seen`` is the version that the page showed: who looked at an older one is told. Raises ``lock_seen_older``,
    ``lock_needs_reason`` for any but the first.
    """
    kitchen, version = _next(kitchen_id=kitchen_id, on=on, meal=meal, actor=actor, seen=seen)
    if version > 1 and not reason.strip():
        raise RuleBroken("lock_needs_reason")
    numbers = numbers_now(kitchen_id=kitchen.pk, on=on, meal=meal)
    made = ProductionLock.objects.create(
        kitchen=kitchen, on=on, meal=meal, version=version, reason=reason.strip()[:REASON_LENGTH],
        n=sum(numbers.values()), at=at, by=actor,
    )  # fmt: skip
    ProductionLine.objects.bulk_create(
        ProductionLine(
            lock=made, dish_id=key.dish_id, diet=key.diet, texture=key.texture, change=key.change, portion=key.portion,
            ward_id=key.ward_id, who=key.who, n=n,
        )
        for key, n in numbers.items()
    )  # fmt: skip
    changes_notify(wards=wards_served(kitchen_id=kitchen.pk, on=on))
    return made


@transaction.atomic
def production_open(
    *, kitchen_id: int, on: date, meal: str, actor: User, at: datetime, reason: str, seen: int | None = None
) -> ProductionLock:
    """Let the numbers of a locked meal follow the orders again. The kitchen may, with a reason.

    Raises ``lock_seen_older``, ``lock_needs_reason``, ``not_locked``.
    """
    kitchen, version = _next(kitchen_id=kitchen_id, on=on, meal=meal, actor=actor, seen=seen)
    last = lock_last(kitchen_id=kitchen.pk, on=on, meal=meal)
    if last is None or not last.locked:
        raise RuleBroken("not_locked")
    if not reason.strip():
        raise RuleBroken("lock_needs_reason")
    made = ProductionLock.objects.create(
        kitchen=kitchen, on=on, meal=meal, version=version, locked=False, reason=reason.strip()[:REASON_LENGTH], at=at,
        by=actor,
    )  # fmt: skip
    changes_notify(wards=wards_served(kitchen_id=kitchen.pk, on=on))
    return made


def _next(*, kitchen_id: int, on: date, meal: str, actor: User, seen: int | None) -> tuple[Kitchen, int]:
    kitchen = kitchen_written(kitchen_id=kitchen_id, actor=actor)
    window_of(kitchen_id=kitchen.pk, on=on, meal=meal)
    meal_lock(kitchen_id=kitchen.pk, on=on, meal=meal)
    last = lock_last(kitchen_id=kitchen.pk, on=on, meal=meal)
    version = last.version if last is not None else 0
    if seen is not None and seen != version:
        raise RuleBroken("lock_seen_older", f"{seen} < {version}")
    return kitchen, version + 1
