"""Kinds of task, norms and agreements, made straight in the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import Ward
from vardnara.apps.service.choices import Area, TaskKind, VersionState
from vardnara.apps.service.models import Agreement, AgreementLine, AgreementVersion, Norm, TaskType

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
FROM = date(2026, 3, 1)
WEEKDAYS, ALL_DAYS = [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]


def task_type_make(code: str, *, driver: str = "ward", **fields: Any) -> TaskType:
    """A kind of task of that code, the catalogue's own where it is there already."""
    known = TaskType.objects.filter(code=code).first()
    if known is not None:
        return known
    named = {"name": code.replace("_", " ").capitalize(), "area": Area.CLEANING, "kind": TaskKind.SERVICE}
    return TaskType.objects.create(code=code, driver=driver, **(named | fields))


def norm_make(task_type: TaskType, *, ward: Ward | None = None, **fields: Any) -> Norm:
    """A norm without anybody's measurement."""
    named = {"source": "a test", "source_on": FROM, "valid_from": FROM, "made_at": AT}
    return Norm.objects.create(task_type=task_type, ward=ward, **(named | fields))


def agreement_make(ward: Ward, *, number: str = "A1") -> Agreement:
    """An agreement without versions for the hospital of a ward."""
    return Agreement.objects.create(
        hospital_id=ward.division.hospital_id,
        number=number,
        title="Vårdnära service",
        provider="Regionservice",
        care_unit="Division Kirurgi",
        made_at=AT,
    )


def version_make(agreement: Agreement, *, number: int = 1, valid_from: date = FROM, **fields: Any) -> AgreementVersion:
    """A draft."""
    return AgreementVersion.objects.create(
        agreement=agreement, number=number, valid_from=valid_from, made_at=AT, **fields
    )


def line_make(version: AgreementVersion, task_type: TaskType, ward: Ward, hours: str, **fields: Any) -> AgreementLine:
    """A line for weekdays by the service unless said otherwise; hours as ``07-16``."""
    start, end = (int(hour) * 60 for hour in hours.split("-"))
    named = {"party": "service", "days": WEEKDAYS}
    return AgreementLine.objects.create(
        version=version, task_type=task_type, ward=ward, start_minutes=start, end_minutes=end, **(named | fields)
    )


def version_sign(version: AgreementVersion, provider: User, care: User) -> AgreementVersion:
    """Signed by both, without the service's questions."""
    version.state = VersionState.SIGNED
    version.provider_signer, version.provider_signed_at = provider, AT
    version.care_signer, version.care_signed_at = care, AT
    version.save()
    return version
