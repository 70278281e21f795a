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
from vardnara.apps.meals.choices import BaseDiet, DietPart, DietSource, Exclusion
from vardnara.apps.meals.models import Restriction
from vardnara.apps.meals.services.diet import Words, sent_replace

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
    return sum(_tell(stay, at) for stay in stays if stay.id not in known)


@transaction.atomic
def _tell(stay: StayFacts, at: datetime) -> bool:
    dice = random.Random(f"diet {stay.patient_key}")  # noqa: S311 - invented diets, not secrets
    if dice.random() < NOT_KNOWN:
        return False
    base = [Words(DietPart.BASE, BaseDiet.ENERGY_PROTEIN if dice.random() < ENRICHED else BaseDiet.NORMAL)]
    if dice.random() < EXCLUDES:
        base.append(Words(DietPart.EXCLUSION, dice.choice((Exclusion.PORK, Exclusion.MEAT))))
    allergies = [Words(DietPart.ALLERGEN, dice.choice(ALLERGENS))] if dice.random() < ALLERGIC else []
    for source, words, parts in (
        (DietSource.ADMISSION, base, (DietPart.BASE, DietPart.EXCLUSION)),
        (DietSource.ALLERGY_LIST, allergies, (DietPart.ALLERGEN,)),
    ):
        sent_replace(
            stay=stay,
            source=source,
            source_name=RECORD,
            words=words,
            parts=parts,
            message_id=None,
            at=at,
            effect_at=stay.admitted_at or at,
        )
    return True
