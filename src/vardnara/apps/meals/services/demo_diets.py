"""Invented diets for the invented hospital's patients: most on a normal diet, some with allergies, a few not known."""

from __future__ import annotations

import random
from datetime import datetime

from django.conf import settings
from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.hospital.queries.stays import StayFacts, stays_in_wards
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import BaseDiet, DietPart, DietSource, Exclusion
from vardnara.apps.meals.events import diets_changed
from vardnara.apps.meals.models import Restriction
from vardnara.apps.meals.services.diet import FOLLOWS_PERSON

RECORD = "Påhittat journalsystem"
NOT_KNOWN = 0.06  # of the patients nobody has written a diet
ENRICHED = 0.3
ALLERGIC = 0.15
ALLERGENS = ("7", "3", "1", "8", "8.2", "4", "6")
EXCLUDES = 0.1


def demo_diets_keep(*, at: datetime) -> int:
    """In a demo, tell the diets of stays that have none, as their record system would; the same stay gets the same.

    Returns for how many stays.
    """
    reader = demo_user(role=Role.COORDINATOR) if settings.DEMO else None
    if reader is None:
        return 0
    stays = stays_in_wards(ward_ids_in_reach(actor=reader))
    told = Restriction.objects.filter(stay__in=[stay.id for stay in stays], part=DietPart.BASE)
    known = set(told.values_list("stay", flat=True))
    rows = {stay.id: _rows(stay, at) for stay in stays if stay.id not in known}
    new = [stay_id for stay_id, said in rows.items() if said]
    if new:
        with transaction.atomic():
            Restriction.objects.bulk_create(row for stay_id in new for row in rows[stay_id])
            diets_changed.send(None, stay_ids=new, at=at)
            changes_notify(wards={stay.ward_id for stay in stays if stay.ward_id is not None})
    return len(new)


def _rows(stay: StayFacts, at: datetime) -> list[Restriction]:
    dice = random.Random(f"diet {stay.patient_key}")  # noqa: S311 - invented diets, not secrets
    if dice.random() < NOT_KNOWN:
        return []
    enriched = dice.random() < ENRICHED
    said = [(DietPart.BASE, BaseDiet.ENERGY_PROTEIN if enriched else BaseDiet.NORMAL, DietSource.ADMISSION)]
    if dice.random() < EXCLUDES:
        said.append((DietPart.EXCLUSION, dice.choice((Exclusion.PORK, Exclusion.MEAT)), DietSource.ADMISSION))
    if dice.random() < ALLERGIC:
        said.append((DietPart.ALLERGEN, dice.choice(ALLERGENS), DietSource.ALLERGY_LIST))
    return [
        Restriction(
            patient_id=stay.patient_id,
            stay_id=None if part in FOLLOWS_PERSON else stay.id,
            part=part,
            code=code,
            source=source,
            source_name=RECORD,
            valid_from=stay.admitted_at or at,
            set_at=at,
        )
        for part, code, source in said
    ]
