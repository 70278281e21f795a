"""What is ordered once and holds on: standing orders of a patient, and the meals of guests and staff."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import stay_in_reach
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import MealKind
from vardnara.apps.meals.models import OtherMeal, StandingOrder
from vardnara.apps.meals.queries.offered import kitchen_of, meal_windows, offered
from vardnara.apps.meals.queries.standing import dishes_ahead
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ORDERERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
WHO = ("guest", "staff")
PORTIONS_MOST = 99


@transaction.atomic
def standing_add(*, stay_id: int, meal: str, dish_id: int, actor: User, at: datetime) -> StandingOrder:
    """A patient is to have a dish at a meal whenever it is there and safe, until it ends. Twice is once.

    It stands before the kitchen's default where nobody has chosen; whether it is safe is checked at each meal. Raises
    ``wrong_role``, ``unknown_stay``, ``stay_ended``, ``no_such_meal``, ``not_offered``.
    """
    role_require(actor, ORDERERS)
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    if not stay.open:
        raise RuleBroken("stay_ended")
    if meal not in MealKind.values:
        raise RuleBroken("no_such_meal", meal)
    if stay.ward_id is None or dish_id not in dishes_ahead(ward_id=stay.ward_id, on=local_date(at)).get(meal, ()):
        raise RuleBroken("not_offered", f"dish {dish_id}")
    row, _ = StandingOrder.objects.get_or_create(
        stay_id=stay_id, meal=meal, dish_id=dish_id, ended_at=None, defaults={"made_at": at, "made_by": actor}
    )
    _tell(stay.ward_id)
    return row


@transaction.atomic
def standing_end(*, stay_id: int, standing_id: int, actor: User, at: datetime) -> None:
    """End a standing order; what is ordered already stays. Raises ``unknown_stay``, ``unknown_standing_order``."""
    role_require(actor, ORDERERS)
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    rows = StandingOrder.objects.filter(pk=standing_id, stay=stay_id)
    if not rows.exists():
        raise RuleBroken("unknown_standing_order", str(standing_id))
    rows.filter(ended_at__isnull=True).update(ended_at=at)
    _tell(stay.ward_id)


@transaction.atomic
def other_meal_set(
    *,
    ward_id: int,
    on: date,
    meal: str,
    who: str,
    dish_id: int,
    portions: int,
    actor: User,
    received_at: datetime,
) -> OtherMeal:
    """So many portions of a dish for a ward's guests or staff at a meal; 0 takes them back (feat-B22).

    Raises ``wrong_role``, ``out_of_scope``, ``no_kitchen``, ``no_such_meal``, ``not_offered``, ``after_deadline``,
    ``bad_portions``.
    """
    role_require(actor, ORDERERS)
    ward_require(actor, ward_id)
    if who not in WHO or not 0 <= portions <= PORTIONS_MOST:
        raise RuleBroken("bad_portions", f"{who} {portions}")
    kitchen = kitchen_of(ward_id=ward_id, on=on)
    if kitchen is None:
        raise RuleBroken("no_kitchen", f"ward {ward_id}")
    window = next((one for one in meal_windows(kitchen_id=kitchen.kitchen_id, on=on) if one.meal == meal), None)
    if window is None:
        raise RuleBroken("no_such_meal", meal)
    if received_at >= window.deadline_at:
        raise RuleBroken("after_deadline", meal)
    known = {dish.dish_id for dish in offered(kitchen_id=kitchen.kitchen_id, on=on, meals=[meal])}
    if not portions:  # what has left the menu since can still be taken back
        rows = OtherMeal.objects.filter(ward=ward_id, on=on, meal=meal, who=who)
        known |= set(rows.values_list("dish", flat=True))
    if dish_id not in known:
        raise RuleBroken("not_offered", f"dish {dish_id}")
    row, _ = OtherMeal.objects.update_or_create(
        ward_id=ward_id,
        on=on,
        meal=meal,
        who=who,
        dish_id=dish_id,
        defaults={
            "kitchen_id": kitchen.kitchen_id,
            "portions": portions,
            "deadline": window.deadline_at,
            "received_at": received_at,
            "actor": actor,
        },
    )
    _tell(ward_id)
    return row


def _tell(ward_id: int | None) -> None:
    changes_notify(wards=[ward_id] if ward_id is not None else ())
