"""Kitchens, the wards they serve, and the times of their meals. Kitchen, head of ward service, administrator."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.meals.choices import MealKind, ServiceForm
from vardnara.apps.meals.models import Kitchen, KitchenWard, MealTime
from vardnara.apps.meals.services.recording import kitchen_lock, writer_require
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class MealTimeWords:
    """When a meal is served and closes, as ``MealTime`` keeps it."""

    serves_from: time
    serves_to: time
    deadline_at: time
    deadline_days: int = 0
    late_minutes: int | None = None
    cancel_minutes: int | None = None
    energy_low: int | None = None
    energy_high: int | None = None


@transaction.atomic
def kitchen_add(*, hospital_id: int, code: str, name: str, actor: User, at: datetime) -> Kitchen:
    """A new kitchen; its code is once in the hospital."""
    writer_require(actor, hospital_id)
    return _saved(Kitchen(hospital_id=hospital_id), code, name, None)


@transaction.atomic
def kitchen_change(
    *, kitchen_id: int, code: str, name: str, closed_on: date | None, actor: User, at: datetime
) -> Kitchen:
    """Name a kitchen anew, or say from which day it does not cook."""
    return _saved(kitchen_lock(kitchen_id, actor), code, name, closed_on)


def _saved(kitchen: Kitchen, code: str, name: str, closed_on: date | None) -> Kitchen:
    kitchen.code, kitchen.name, kitchen.closed_on = code.strip(), name.strip(), closed_on
    if not kitchen.code or not kitchen.name:
        raise RuleBroken("kitchen_unnamed")
    try:
        with transaction.atomic():
            kitchen.save()
    except IntegrityError as error:
        raise RuleBroken("kitchen_code_taken", kitchen.code) from error
    return kitchen


@transaction.atomic
def ward_serve(*, kitchen_id: int, ward_id: int, service: str, from_on: date, actor: User, at: datetime) -> KitchenWard:
    """Let a kitchen serve a ward from a day, until further notice; whoever served it until then ends that day."""
    kitchen = kitchen_lock(kitchen_id, actor)
    own = {ward.id for division in organisation(hospital_id=kitchen.hospital_id) for ward in division.wards}
    if ward_id not in own:
        raise RuleBroken("unknown_ward", str(ward_id))
    if service not in ServiceForm.values:
        raise RuleBroken("bad_service_form", service)
    rows = list(KitchenWard.objects.select_for_update().filter(ward=ward_id).order_by("from_on"))
    if any(row.from_on > from_on for row in rows):
        raise RuleBroken("ward_served_later", str(from_on))
    last = rows[-1] if rows else None
    if last is not None and last.from_on == from_on:
        last.kitchen, last.service, last.to_on = kitchen, service, None
        last.save()
        return last
    if last is not None and (last.to_on is None or last.to_on > from_on):
        last.to_on = from_on
        last.save(update_fields=["to_on"])
    return KitchenWard.objects.create(kitchen=kitchen, ward_id=ward_id, service=service, from_on=from_on)


@transaction.atomic
def ward_serve_end(*, kitchen_ward_id: int, to_on: date, actor: User, at: datetime) -> None:
    """Let a kitchen serve a ward no longer from a day."""
    row = KitchenWard.objects.select_for_update().filter(pk=kitchen_ward_id).first()
    if row is None:
        raise RuleBroken("unknown_kitchen", str(kitchen_ward_id))
    kitchen_lock(row.kitchen_id, actor)
    if to_on <= row.from_on:
        raise RuleBroken("bad_dates", f"{row.from_on} {to_on}")
    row.to_on = to_on
    row.save(update_fields=["to_on"])


@transaction.atomic
def meal_time_set(*, kitchen_id: int, meal: str, words: MealTimeWords, actor: User, at: datetime) -> MealTime:
    """Say when a kitchen serves a meal and until when it can be chosen, changed and taken back."""
    kitchen = kitchen_lock(kitchen_id, actor)
    if meal not in MealKind.values:
        raise RuleBroken("unknown_meal", meal)
    if words.serves_to <= words.serves_from:
        raise RuleBroken("meal_ends_before")
    if words.deadline_days == 0 and words.deadline_at > words.serves_from:
        raise RuleBroken("deadline_after_meal")
    low, high = words.energy_low, words.energy_high
    if (low is None) != (high is None) or (low is not None and high is not None and not low <= high <= 100):
        raise RuleBroken("bad_energy_share")
    row, _ = MealTime.objects.update_or_create(kitchen=kitchen, meal=meal, defaults=asdict(words))
    return row


@transaction.atomic
def meal_time_remove(*, kitchen_id: int, meal: str, actor: User, at: datetime) -> None:
    """Let a kitchen not serve a meal any more."""
    kitchen = kitchen_lock(kitchen_id, actor)
    MealTime.objects.filter(kitchen=kitchen, meal=meal).delete()
