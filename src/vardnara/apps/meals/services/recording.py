"""Who may write what of a kitchen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Profession, Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.meals.models import Kitchen
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WRITERS = (Role.KITCHEN, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
DIET_ROLE = (Profession.DIET_COOK, Profession.DIETITIAN)


def writer_require(actor: User, hospital_id: int) -> None:
    """Raise unless the actor may write the hospital's kitchens."""
    role_require(actor, WRITERS)
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"hospital {hospital_id}")


def diet_role_require(actor: User, hospital_id: int) -> None:
    """Raise unless the actor answers for what a dish contains: a diet cook or dietitian of the kitchen."""
    writer_require(actor, hospital_id)
    if actor.profession not in DIET_ROLE:
        raise RuleBroken("not_diet_role", f"user {actor.pk} is {actor.profession or 'of no profession'}")


def kitchen_lock(kitchen_id: int, actor: User) -> Kitchen:
    """Lock a kitchen that the actor may write; raises ``unknown_kitchen``."""
    kitchen = Kitchen.objects.select_for_update().filter(pk=kitchen_id).first()
    if kitchen is None:
        raise RuleBroken("unknown_kitchen", str(kitchen_id))
    writer_require(actor, kitchen.hospital_id)
    return kitchen
