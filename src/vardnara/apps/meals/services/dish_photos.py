"""Photos of dishes, which patients choose by. Kitchen, head of ward service, administrator."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.meals.models import DishPhoto
from vardnara.apps.meals.services.dishes import dish_lock
from vardnara.gateways.pictures import PictureRefused, picture_read
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SIDE = 480  # pixels: sharp where patients see it, and a menu of twenty dishes stays small on a slow phone


@transaction.atomic
def dish_photo_set(*, dish_id: int, raw: bytes, actor: User, at: datetime) -> DishPhoto:
    """Show a dish by a photo instead of its pictogram; the former photo is gone.

    It is written anew, small, without place, time or camera. Raises ``bad_picture`` and ``picture_too_large``.
    """
    dish = dish_lock(dish_id, actor)
    try:
        seen = picture_read(raw, side=SIDE)
    except PictureRefused as no:
        raise RuleBroken("picture_too_large" if no.code == "too_large" else "bad_picture", no.code) from no
    said = {
        "jpeg": seen.jpeg,
        "width": seen.width,
        "height": seen.height,
        "sha256": hashlib.sha256(seen.jpeg).hexdigest(),
        "made_at": at,
        "made_by": actor,
    }
    photo, _ = DishPhoto.objects.update_or_create(dish=dish, defaults=said)
    return photo


@transaction.atomic
def dish_photo_remove(*, dish_id: int, actor: User, at: datetime) -> None:
    """Show a dish by its pictogram again. Raises ``no_photo``."""
    dish = dish_lock(dish_id, actor)
    if not DishPhoto.objects.filter(dish=dish).delete()[0]:
        raise RuleBroken("no_photo", dish.code)
