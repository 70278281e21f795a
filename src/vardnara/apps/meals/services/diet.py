"""A patient's diet: parts are written and ended by those who may, with reason; sent ones come and go by their source.

The check itself is never overridden (CONTRACT 2.2): whoever may prescribe changes the diet, and the check runs again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet

from vardnara.apps.accounts.choices import AccessAction, Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.accounts.services import access_log
from vardnara.apps.hospital.queries.stays import StayFacts, stay_in_reach, stays_of_patients
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import PART_CODES, PATIENT_PARTS, SINGLE_PARTS, DietPart, DietSource
from vardnara.apps.meals.events import diets_changed
from vardnara.apps.meals.models import Restriction
from vardnara.engines.diet.codes import ALLERGENS
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.diet_roles import diet_roles

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

FOLLOWS_PERSON = (DietPart.ALLERGEN, DietPart.EXCLUSION)  # the others belong to the stay


@dataclass(frozen=True, slots=True)
class Words:
    """One part of a diet as somebody writes it. ``valid_until`` is the first instant at which it does not hold."""

    part: str
    code: str = ""
    text: str = ""
    traces_tolerated: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    reason: str = ""


def _check(words: Words, *, at: datetime, sent: bool) -> None:
    """Raise where the words mean nothing. What another system sent may carry a code that means nothing to us yet."""
    codes = ALLERGENS if words.part == DietPart.ALLERGEN else PART_CODES.get(words.part)
    if codes is None:
        raise RuleBroken("unknown_diet_part", words.part)
    if words.code not in codes and not (sent and not words.code and words.text):
        raise RuleBroken("unknown_diet_code", f"{words.part} {words.code!r}")
    if words.valid_until is not None and words.valid_until <= max(words.valid_from or at, at):
        raise RuleBroken("diet_ends_before_it_begins")
    if words.traces_tolerated and words.part != DietPart.ALLERGEN:
        raise RuleBroken("traces_of_allergens_only")


@transaction.atomic
def restriction_add(*, stay_id: int, words: Words, actor: User, at: datetime) -> Restriction:
    """Somebody on the ward writes a part of a patient's diet.

    Raises ``wrong_role``, ``unknown_stay``, ``stay_ended``, ``wrong_profession``, ``unknown_diet_part``,
    ``unknown_diet_code``, ``diet_ends_before_it_begins``. A part of which there is one only takes the place of what
    was written here before; what another system ordered stays beside it. The same once more changes nothing.
    """
    role_require(actor, [Role.WARD_STAFF])
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    if not stay.open:
        raise RuleBroken("stay_ended")
    _check(words, at=at, sent=False)
    rule = diet_roles()[words.part]
    if not rule.may_add(actor.profession):
        raise RuleBroken("wrong_profession", f"{actor.profession!r} may not order {words.part}")
    if words.traces_tolerated and not rule.may_end(actor.profession):
        raise RuleBroken("wrong_profession", f"{actor.profession!r} may not say that traces are tolerated")
    here = _live(stay).filter(part=words.part, source=DietSource.LOCAL)
    same = here.filter(code=words.code, traces_tolerated=words.traces_tolerated, valid_until=words.valid_until).first()
    if same is not None and (words.valid_from is None or same.valid_from == words.valid_from):
        return same
    if words.part in SINGLE_PARTS:
        _end(here, actor=actor, at=at, reason="replaced")
    made = _create(stay, words, source=DietSource.LOCAL, actor=actor, at=at)
    _tell([stay], actor=actor, at=at)
    return made


@transaction.atomic
def restriction_end(*, restriction_id: int, reason: str, actor: User, at: datetime) -> None:
    """Somebody who may takes a part of a diet away, with a reason; raises ``wrong_profession``, ``reason_missing``.

    Also what another system sent: its next message of the same kind brings it back, and is then the newer word.
    """
    role_require(actor, [Role.WARD_STAFF])
    row = Restriction.objects.select_for_update().filter(pk=restriction_id).first()
    if row is None:
        raise RuleBroken("unknown_restriction", str(restriction_id))
    stays = [stay for stay in stays_of_patients([row.patient_id]) if row.stay_id in (None, stay.id)]
    reached = [stay_in_reach(actor=actor, stay_id=stay.id) for stay in stays]
    if not reached:
        raise RuleBroken("unknown_restriction", str(restriction_id))
    if not reason.strip():
        raise RuleBroken("reason_missing")
    said_by_patient = row.source == DietSource.PATIENT
    if not said_by_patient and not diet_roles()[row.part].may_end(actor.profession):
        raise RuleBroken("wrong_profession", f"{actor.profession!r} may not end {row.part}")
    if row.ended_at is not None:
        return
    _end(Restriction.objects.filter(pk=row.pk), actor=actor, at=at, reason=reason.strip()[:300])
    _tell(reached, actor=actor, at=at)


@transaction.atomic
def patient_narrows(*, stay: StayFacts, words: Words, at: datetime) -> Restriction:
    """The patient says what they do not eat or how much. It only narrows; staff see who said it."""
    if words.part not in PATIENT_PARTS or words.traces_tolerated:
        raise RuleBroken("patient_may_not", words.part)
    _check(words, at=at, sent=False)
    here = _live(stay).filter(part=words.part, source=DietSource.PATIENT)
    same = here.filter(code=words.code).first()
    if same is not None:
        return same
    made = _create(stay, words, source=DietSource.PATIENT, actor=None, at=at)
    _tell([stay], actor=None, at=at)
    return made


@transaction.atomic
def patient_takes_back(*, stay: StayFacts, restriction_id: int, at: datetime) -> None:
    """The patient takes back what they said themselves, never what anybody ordered; raises ``patient_may_not``."""
    row = _live(stay).select_for_update().filter(pk=restriction_id).first()
    if row is None or row.source != DietSource.PATIENT:
        raise RuleBroken("patient_may_not", f"restriction {restriction_id}")
    _end(Restriction.objects.filter(pk=row.pk), actor=None, at=at, reason="taken back by the patient")
    _tell([stay], actor=None, at=at)


def sent_replace(
    *,
    stay: StayFacts,
    source: DietSource,
    source_name: str,
    words: Iterable[Words],
    message_id: int | None,
    at: datetime,
    effect_at: datetime,
    parts: Collection[str],
    source_key: str = "",
) -> bool:
    """Make what a source says of some parts of a diet what it now says: its rows, and nobody else's (CONTRACT 2.1).

    Rows that say the same stay as they are. Returns whether anything changed.
    """
    wanted = list(words)
    for one in wanted:
        _check(one, at=effect_at, sent=True)
    held = list(_live(stay).filter(source=source, source_name=source_name, part__in=set(parts)).select_for_update())
    keep: set[int] = set()
    new = []
    for one in wanted:
        same = next((row for row in held if row.pk not in keep and _says(row, one)), None)
        if same is None:
            new.append(one)
        else:
            keep.add(same.pk)
    gone = [row.pk for row in held if row.pk not in keep]
    _end(Restriction.objects.filter(pk__in=gone), actor=None, at=at, reason="ended by its source")
    for one in new:
        _create(
            stay,
            one,
            source=source,
            actor=None,
            at=at,
            since=effect_at,
            message_id=message_id,
            name=source_name,
            key=source_key,
        )
    if gone or new:
        _tell([stay], actor=None, at=at)
    return bool(gone or new)


def sent_end(*, stay: StayFacts, source: DietSource, source_name: str, source_key: str, at: datetime) -> bool:
    """An order of another system is cancelled or discontinued: what it brought ends. Returns whether it was there."""
    rows = _live(stay).filter(source=source, source_name=source_name, source_key=source_key)
    n = _end(rows, actor=None, at=at, reason="ended by its source")
    if n:
        _tell([stay], actor=None, at=at)
    return bool(n)


@transaction.atomic
def diets_look(*, stays: Iterable[StayFacts], actor: User, at: datetime, ward_code: str) -> None:
    """Write down that somebody looked at the diets of these stays (invariant 7)."""
    for stay in stays:
        access_log(
            actor=actor,
            at=at,
            action=AccessAction.READ,
            object_type="diet",
            object_id=str(stay.id),
            patient_key=stay.patient_key,
            ward_code=ward_code,
            purpose="meals on the ward",
        )


def diets_merge(*, gone_id: int, surviving_id: int, at: datetime) -> None:
    """Two records were one person: what either must not have, the person must not have."""
    Restriction.objects.filter(patient=gone_id).update(patient_id=surviving_id)
    stays = stays_of_patients([surviving_id])
    if stays:
        _tell(stays, actor=None, at=at)


def _says(row: Restriction, words: Words) -> bool:
    return (
        (row.part, row.code, row.text, row.traces_tolerated, row.valid_until)
        == (words.part, words.code, words.text[:300], words.traces_tolerated, words.valid_until)
        and (words.valid_from is None or row.valid_from == words.valid_from)
    )  # fmt: skip


def _live(stay: StayFacts) -> QuerySet[Restriction]:
    """What holds, or will, for a stay: its own rows and those that follow the person."""
    rows = Restriction.objects.filter(patient=stay.patient_id, ended_at__isnull=True)
    return rows.filter(Q(stay=stay.id) | Q(stay__isnull=True))


def _create(
    stay: StayFacts,
    words: Words,
    *,
    source: DietSource,
    actor: User | None,
    at: datetime,
    since: datetime | None = None,
    message_id: int | None = None,
    name: str = "",
    key: str = "",
) -> Restriction:
    return Restriction.objects.create(
        patient_id=stay.patient_id,
        stay_id=None if words.part in FOLLOWS_PERSON else stay.id,
        part=words.part,
        code=words.code,
        text=words.text[:300],
        traces_tolerated=words.traces_tolerated,
        source=source,
        source_name=name[:200],
        source_key=key[:200],
        valid_from=words.valid_from or since or at,
        valid_until=words.valid_until,
        set_at=at,
        set_by=actor,
        set_profession=actor.profession if actor is not None else "",
        reason=words.reason.strip()[:300],
        message_id=message_id,
    )


def _end(rows: QuerySet[Restriction], *, actor: User | None, at: datetime, reason: str) -> int:
    return rows.filter(ended_at__isnull=True).update(
        ended_at=at,
        ended_by=actor,
        ended_profession=actor.profession if actor is not None else "",
        ended_reason=reason,
    )


def _tell(stays: Iterable[StayFacts], *, actor: User | None, at: datetime) -> None:
    """Write down who wrote, let the orders of these stays be checked again, and tell open pages."""
    stays = list(stays)
    if actor is not None:
        for stay in stays:
            access_log(
                actor=actor,
                at=at,
                action=AccessAction.WRITE,
                object_type="diet",
                object_id=str(stay.id),
                patient_key=stay.patient_key,
                ward_code=stay.ward_code,
                purpose="care on the ward",
            )
    diets_changed.send(None, stay_ids=[stay.id for stay in stays], at=at)
    changes_notify(wards=[stay.ward_id for stay in stays if stay.ward_id is not None])
