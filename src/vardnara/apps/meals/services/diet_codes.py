"""What senders' words mean here: said by those who answer for diets, and at once true of every patient (mech-25)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.choices import StayStatus
from vardnara.apps.hospital.services.projection import state_lock
from vardnara.apps.meals.choices import PART_CODES, DietPart, WordUse
from vardnara.apps.meals.models import CodeMeaning, SentDiet
from vardnara.apps.meals.queries.diet_codes import MAPPING_PROFESSIONS, may_map
from vardnara.apps.meals.services.diet_in import diets_derive
from vardnara.engines.diet.codes import ALLERGENS
from vardnara.engines.diet.sent import Coding
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def meaning_set(
    *,
    source_name: str,
    use: str,
    system: str,
    code: str,
    targets: Iterable[tuple[str, str]],
    actor: User,
    at: datetime,
) -> CodeMeaning:
    """A dietitian, physician or diet cook says what a sender's code means; all diets that it is in follow at once.

    No targets: it restricts nothing at meals. Raises ``wrong_role``, ``not_code_mapper``, ``code_missing``,
    ``unknown_diet_part``, ``unknown_diet_code``. Says in ``n_changed`` how many stays it changed.
    """
    _require(actor)
    within, word = Coding(system, code).key
    if not word:
        raise RuleBroken("code_missing")
    if use not in WordUse.values:
        raise RuleBroken("unknown_diet_part", use)
    pairs = sorted({(str(part), one) for part, one in targets})
    for part, one in pairs:
        codes = ALLERGENS if part == DietPart.ALLERGEN else PART_CODES.get(part)
        if codes is None:
            raise RuleBroken("unknown_diet_part", part)
        if one not in codes:
            raise RuleBroken("unknown_diet_code", f"{part} {one!r}")
    state_lock()
    held = CodeMeaning.objects.select_for_update().filter(
        source_name=source_name[:200], use=use, system=within[:200], code=word[:300], ended_at__isnull=True
    )
    held.update(ended_at=at, ended_by=actor)
    made = CodeMeaning.objects.create(
        source_name=source_name[:200],
        use=use,
        system=within[:200],
        code=word[:300],
        targets=[list(pair) for pair in pairs],
        made_at=at,
        made_by=actor,
        made_profession=actor.profession,
    )
    made.n_changed = _derive_again(use, word[:300], at=at)
    made.save(update_fields=["n_changed"])
    return made


@transaction.atomic
def meaning_end(*, meaning_id: int, actor: User, at: datetime) -> int:
    """Somebody who may takes a meaning back: the word is not known any more. Returns how many stays it changed."""
    _require(actor)
    state_lock()
    row = CodeMeaning.objects.select_for_update().filter(pk=meaning_id).first()
    if row is None:
        raise RuleBroken("unknown_meaning", str(meaning_id))
    if row.ended_at is not None:
        return 0
    row.ended_at, row.ended_by = at, actor
    row.save(update_fields=["ended_at", "ended_by"])
    return _derive_again(row.use, row.code, at=at)


def _require(actor: User) -> None:
    role_require(actor, tuple(MAPPING_PROFESSIONS))
    if not may_map(actor):
        raise RuleBroken("not_code_mapper", f"{actor.profession!r} may not say what codes mean")


def _derive_again(use: str, code: str, *, at: datetime) -> int:
    """Derive the diets that a word is in anew; how many stays changed."""
    rows = SentDiet.objects.filter(patient__stays__status__in=[StayStatus.OPEN, StayStatus.EXPECTED]).distinct()
    patients = {
        patient_id
        for patient_id, words in rows.values_list("patient_id", "words")
        if any(word["use"] == use and any(Coding(*one).key[1] == code for one in word["codings"]) for word in words)
    }
    return diets_derive(patient_ids=patients, at=at)
