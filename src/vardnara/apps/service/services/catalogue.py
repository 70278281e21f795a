"""The catalogue: what is shipped, and kinds of task of a hospital's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.service.choices import Area, Competence, Confidence, Each, Priority
from vardnara.apps.service.models import Norm, TaskType
from vardnara.apps.service.queries.agreement_lines import types_in_force
from vardnara.engines.agreement import EVERY_DAY
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.task_norms import Driver, TaskNorm
from vardnara.parameters.task_types import task_templates

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

EDITORS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)
CHECKS_MAX = 20  # points of a checklist that somebody still reads
CHECK_LENGTH = 120


@transaction.atomic
def catalogue_ship(*, at: datetime) -> int:
    """Put the shipped kinds of task that are not there yet into the catalogue, with their norms marked unverified.

    What a hospital has changed stays as it is. Returns how many were new.
    """
    known = set(TaskType.objects.values_list("code", flat=True))
    new = [template for template in task_templates() if template.code not in known]
    types = TaskType.objects.bulk_create(
        [
            TaskType(
                code=template.code,
                name=template.name,
                name_en=template.name_en,
                area=template.area,
                driver=template.driver,
                each=template.each,
                kind=template.kind,
                competence=template.competence,
                hygiene_order=template.hygiene_order,
                response_minutes=template.response_minutes,
                checklist=list(template.checklist),
                usual=[[sorted(EVERY_DAY), window.start_minutes, window.end_minutes, 1] for window in template.usual],
                always=template.always,
                shipped=True,
            )
            for template in new
        ]
    )
    Norm.objects.bulk_create(
        [
            _norm(task_type, template.norm, at)
            for task_type, template in zip(types, new, strict=True)
            if template.norm is not None
        ]
    )
    return len(new)


def _norm(task_type: TaskType, norm: TaskNorm, at: datetime) -> Norm:
    fixed, unit, evidence = norm.fixed, norm.per_unit, norm.evidence
    return Norm(
        task_type=task_type,
        fixed_low=_minutes(fixed.low),
        fixed_typical=_minutes(fixed.typical),
        fixed_high=_minutes(fixed.high),
        unit_low=_minutes(unit.low),
        unit_typical=_minutes(unit.typical),
        unit_high=_minutes(unit.high),
        confidence=Confidence.UNVERIFIED,
        source=evidence.source,
        source_on=evidence.date,
        scope=evidence.scope,
        valid_from=evidence.valid_from,
        made_at=at,
    )


def _minutes(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """What a hospital may change of a kind of task.

    ``usual`` is days, start minute, end minute and times each; None leaves it as it is.
    """

    name: str
    name_en: str = ""
    area: str = Area.CLEANING
    priority: int = Priority.NORMAL
    competence: str = ""
    response_minutes: int | None = None
    n_people: int = 1
    hygiene_order: int = 50
    checklist: tuple[str, ...] = ()
    needs_signature: bool = False
    follows_id: int | None = None
    usual: tuple[tuple[tuple[int, ...], int, int, int], ...] | None = None


@transaction.atomic
def task_type_add(
    *, code: str, driver: str, each: str, words: TypeWords, actor: AbstractBaseUser, at: datetime
) -> TaskType:
    """A hospital's own kind of task. Code, driver and what one task is for stay as they are given; who edits."""
    role_require(actor, EDITORS)
    if TaskType.objects.filter(code=code).exists():
        raise RuleBroken("type_exists", code)
    if driver not in list(Driver) or each not in Each.values:
        raise RuleBroken("bad_input", f"{driver} {each}")
    row = TaskType(code=code, driver=driver, each=each)
    _take(row, words)
    row.save(force_insert=True)
    return row


@transaction.atomic
def task_type_change(*, task_type_id: int, words: TypeWords, actor: AbstractBaseUser, at: datetime) -> TaskType:
    """Names, checklist and what else a hospital decides for itself. Tasks that exist keep what they were made with."""
    role_require(actor, EDITORS)
    row = _type_locked(task_type_id)
    _take(row, words)
    row.save()
    return row


@transaction.atomic
def task_type_retire(*, task_type_id: int, retired: bool, actor: AbstractBaseUser, at: datetime) -> None:
    """Not planned any more, or again. One that a signed agreement speaks of today is ended there first."""
    role_require(actor, EDITORS)
    row = _type_locked(task_type_id)
    if retired and task_type_id in types_in_force(on=at.date()):
        raise RuleBroken("type_is_agreed", row.code)
    row.retired_at = at if retired else None
    row.save(update_fields=["retired_at"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NormWords:
    """Minutes as somebody states them, with where they come from."""

    fixed: tuple[Decimal, Decimal, Decimal]
    unit: tuple[Decimal, Decimal, Decimal]
    source: str
    source_on: date
    valid_from: date
    scope: str = ""


@transaction.atomic
def norm_state(
    *, task_type_id: int, ward_id: int | None, words: NormWords, actor: AbstractBaseUser, at: datetime
) -> Norm:
    """State how long a kind of task takes, everywhere or on one ward; the norms before it stay. A source is needed."""
    role_require(actor, EDITORS)
    row = _type_locked(task_type_id)
    if ward_id is not None:
        ward_require(actor, ward_id)
    if not words.source.strip():
        raise RuleBroken("norm_without_source", row.code)
    for low, typical, high in (words.fixed, words.unit):
        if not 0 <= low <= typical <= high:
            raise RuleBroken("norm_out_of_order", f"{low} {typical} {high}")
    if not any((*words.fixed, *words.unit)):
        raise RuleBroken("norm_without_minutes", row.code)
    names = [f"{part}_{bound}" for part in ("fixed", "unit") for bound in ("low", "typical", "high")]
    return Norm.objects.create(
        task_type=row,
        ward_id=ward_id,
        **dict(zip(names, (*words.fixed, *words.unit), strict=True)),
        confidence=Confidence.ESTIMATED,
        source=words.source.strip()[:300],
        source_on=words.source_on,
        scope=words.scope[:200],
        valid_from=words.valid_from,
        made_at=at,
        made_by_id=actor.pk,
    )


def _type_locked(task_type_id: int) -> TaskType:
    row = TaskType.objects.select_for_update().filter(pk=task_type_id).first()
    if row is None:
        raise RuleBroken("unknown_type", str(task_type_id))
    return row


def _take(row: TaskType, words: TypeWords) -> None:
    """Take over the words; a kind of task never waits for itself, not through others either."""
    if not words.name.strip():
        raise RuleBroken("bad_input", "name")
    if words.competence and words.competence not in Competence.values:
        raise RuleBroken("bad_input", words.competence)
    before, seen = words.follows_id, {row.pk}
    while before is not None:
        if before in seen:
            raise RuleBroken("follows_itself", str(before))
        seen.add(before)
        before = TaskType.objects.filter(pk=before).values_list("follows_id", flat=True).first()
    row.name, row.name_en, row.area = words.name.strip()[:120], words.name_en.strip()[:120], words.area
    row.priority, row.competence, row.response_minutes = words.priority, words.competence, words.response_minutes
    row.n_people, row.hygiene_order, row.needs_signature = words.n_people, words.hygiene_order, words.needs_signature
    row.checklist = [text.strip()[:CHECK_LENGTH] for text in words.checklist if text.strip()][:CHECKS_MAX]
    row.follows_id = words.follows_id
    if words.usual is not None:
        row.usual = [[list(days), start, end, times] for days, start, end, times in words.usual]
