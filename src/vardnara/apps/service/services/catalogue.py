"""The catalogue: what is shipped, and kinds of task of a hospital's own."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from vardnara.apps.service.choices import Confidence
from vardnara.apps.service.models import Norm, TaskType
from vardnara.engines.agreement import EVERY_DAY
from vardnara.parameters.task_norms import TaskNorm
from vardnara.parameters.task_types import task_templates


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
