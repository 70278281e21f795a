"""From events of the hospital and the kitchen to one service call each."""

from __future__ import annotations

from datetime import datetime

from django.dispatch import receiver

from vardnara.apps.hospital.events import (
    DietSent,
    PatientMerged,
    StayChanged,
    diets_sent,
    patients_merged,
    stays_changed,
)
from vardnara.apps.meals.events import declaration_changed, diets_changed
from vardnara.apps.meals.services.diet import diets_merge
from vardnara.apps.meals.services.diet_in import diets_follow, diets_hear, sent_diets_merge
from vardnara.apps.meals.services.following import orders_follow
from vardnara.apps.meals.services.rechecking import diets_recheck, dishes_recheck
from vardnara.apps.meals.services.serving import served_warn


@receiver(stays_changed)
def on_stays_changed(sender: object, events: list[StayChanged], **_: object) -> None:
    stay_ids, at = [event.stay_id for event in events], max(event.at for event in events)
    diets_follow(stay_ids=stay_ids, at=at)
    orders_follow(stay_ids=stay_ids, at=at)


@receiver(patients_merged)
def on_patients_merged(sender: object, events: list[PatientMerged], at: datetime, **_: object) -> None:
    for event in events:
        diets_merge(gone_id=event.gone_id, surviving_id=event.surviving_id, at=at)
        sent_diets_merge(gone_id=event.gone_id, surviving_id=event.surviving_id, at=at)


@receiver(diets_sent)
def on_diets_sent(sender: object, events: list[DietSent], at: datetime, **_: object) -> dict[int, str]:
    return diets_hear(events=events, at=at)


@receiver(diets_changed)
def on_diets_changed(sender: object, stay_ids: list[int], at: datetime, **_: object) -> None:
    diets_recheck(stay_ids=stay_ids, at=at)
    served_warn(stay_ids=stay_ids, at=at)


@receiver(declaration_changed)
def on_declaration_changed(sender: object, dish_ids: list[int], at: datetime, **_: object) -> None:
    dishes_recheck(dish_ids=dish_ids, at=at)
