"""Agreements as their pages show them, each limited to what the actor may reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service.choices import VersionState
from vardnara.apps.service.models import Agreement, AgreementLine, AgreementVersion, TaskType
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

EDITORS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)
PROVIDER_SIGNERS = (Role.SERVICE_HEAD,)
CARE_SIGNERS = (Role.DECISION_MAKER, Role.UNIT_MANAGER)
READERS = (
    *EDITORS,
    *CARE_SIGNERS,
    Role.COORDINATOR,
    Role.WARD_STAFF,
    Role.CONTROLLER,
    Role.AUDITOR,
)
REVIEW_SOON_DAYS = 60  # how long before its review an agreement says so


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it is shown and edited."""

    id: int
    task_type_id: int
    ward_id: int
    party: str
    days: tuple[int, ...]
    start_minutes: int
    end_minutes: int
    rrule: str
    anchor: date | None
    times: int
    quality: str
    price_sek: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when."""

    user_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version. ``ends_on`` is the first day on which it no longer holds, None without end.

    ``stage`` is ``draft``, ``half_signed``, ``coming``, ``in_force`` or ``over``.
    """

    id: int
    agreement_id: int
    number: int
    stage: str
    valid_from: date
    valid_to: date | None
    ended_on: date | None
    ended_reason: str
    review_on: date | None
    price_sek: Decimal | None
    compensation_sek: Decimal | None
    price_year: int | None
    contact: str
    note: str
    holes_reason: str
    holes_accepted: tuple[dict[str, object], ...]
    provider: Signature | None
    care: Signature | None
    review: str  # "", "soon" or "overdue"

    @property
    def is_draft(self) -> bool:
        return self.stage in ("draft", "half_signed")

    @property
    def ends_on(self) -> date | None:
        return min((day for day in (self.valid_to, self.ended_on) if day), default=None)


@dataclass(frozen=True, slots=True)
class WardName:
    """A ward of an agreement."""

    id: int
    code: str
    name: str
    is_inpatient: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement with its versions, newest first."""

    id: int
    hospital_id: int
    hospital_name: str
    number: str
    title: str
    provider: str
    care_unit: str
    versions: tuple[VersionRow, ...]

    @property
    def draft(self) -> VersionRow | None:
        return next((version for version in self.versions if version.is_draft), None)

    @property
    def in_force(self) -> VersionRow | None:
        return next((version for version in self.versions if version.stage == "in_force"), None)

    @property
    def shown(self) -> VersionRow | None:
        """What a reader wants to see first: what holds, else what is coming, else the newest."""
        coming = next((version for version in reversed(self.versions) if version.stage == "coming"), None)
        return self.in_force or coming or (self.versions[0] if self.versions else None)


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A version with those of its wards and lines that the reader reaches."""

    agreement: AgreementRow
    version: VersionRow
    wards: tuple[WardName, ...]
    lines: tuple[LineRow, ...]
    kinds: dict[int, TaskType] = field(hash=False)


def agreements_in_reach(actor: User) -> QuerySet[Agreement]:
    """Agreements of hospitals that the actor reaches whole, and of others those that name a ward within reach."""
    role_require(actor, READERS)
    reach = user_reach(actor)
    return Agreement.objects.filter(
        Q(hospital__in=reach.hospital_ids) | Q(versions__lines__ward__in=reach.ward_ids)
    ).distinct()


def wards_of_hospital(*, actor: User, hospital_id: int) -> tuple[WardName, ...]:
    """Wards of a hospital within reach, by code."""
    rows = [
        WardName(ward.id, ward.code, ward.name, str(ward.kind) == "inpatient")
        for ward in board_wards(actor=actor, with_beds=False)
        if ward.hospital_id == hospital_id
    ]
    return tuple(sorted(rows, key=lambda ward: (ward.code, ward.id)))


def _signature(user: User | None, at: datetime | None) -> Signature | None:
    return None if user is None or at is None else Signature(user.pk, user.get_full_name() or user.username, at)


def _stage(version: AgreementVersion, on: date) -> str:
    if version.state == VersionState.DRAFT:
        return "half_signed" if version.provider_signer_id or version.care_signer_id else "draft"
    end = min((day for day in (version.valid_to, version.ended_on) if day), default=None)
    if end is not None and (end <= on or end <= version.valid_from):
        return "over"
    return "coming" if version.valid_from > on else "in_force"


def _review(version: AgreementVersion, stage: str, on: date) -> str:
    if version.review_on is None or stage not in ("in_force", "coming"):
        return ""
    left = (version.review_on - on).days
    return "overdue" if left < 0 else "soon" if left <= REVIEW_SOON_DAYS else ""


def version_row(version: AgreementVersion, on: date) -> VersionRow:
    stage = _stage(version, on)
    return VersionRow(
        id=version.pk,
        agreement_id=version.agreement_id,
        number=version.number,
        stage=stage,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        ended_on=version.ended_on,
        ended_reason=version.ended_reason,
        review_on=version.review_on,
        price_sek=version.price_sek,
        compensation_sek=version.compensation_sek,
        price_year=version.price_year,
        contact=version.contact,
        note=version.note,
        holes_reason=version.holes_reason,
        holes_accepted=tuple(version.holes_accepted),
        provider=_signature(version.provider_signer, version.provider_signed_at),
        care=_signature(version.care_signer, version.care_signed_at),
        review=_review(version, stage, on),
    )


def agreement_list(*, actor: User, on: date, agreement_id: int | None = None) -> list[AgreementRow]:
    """Agreements within reach as they stand on a local date; raises ``wrong_role`` for who may not read them."""
    agreements = agreements_in_reach(actor)
    if agreement_id is not None:
        agreements = agreements.filter(pk=agreement_id)
    found = list(agreements.select_related("hospital").order_by("hospital__name", "title", "number", "pk"))
    versions: dict[int, list[VersionRow]] = defaultdict(list)
    for version in (
        AgreementVersion.objects.filter(agreement__in=found)
        .select_related("provider_signer", "care_signer")
        .order_by("-number")
    ):
        versions[version.agreement_id].append(version_row(version, on))
    return [
        AgreementRow(
            id=row.pk,
            hospital_id=row.hospital_id,
            hospital_name=row.hospital.name,
            number=row.number,
            title=row.title,
            provider=row.provider,
            care_unit=row.care_unit,
            versions=tuple(versions[row.pk]),
        )
        for row in found
    ]


def agreement_one(*, actor: User, on: date, agreement_id: int) -> AgreementRow:
    """One agreement; raises ``unknown_agreement`` where it is not within reach."""
    rows = agreement_list(actor=actor, on=on, agreement_id=agreement_id)
    if not rows:
        raise RuleBroken("unknown_agreement", str(agreement_id))
    return rows[0]


def version_page(*, actor: User, on: date, agreement_id: int, number: int) -> VersionPage:
    """A version with its lines; raises ``unknown_agreement``."""
    agreement = agreement_one(actor=actor, on=on, agreement_id=agreement_id)
    version = next((row for row in agreement.versions if row.number == number), None)
    if version is None:
        raise RuleBroken("unknown_agreement", f"{agreement_id} version {number}")
    wards = {ward.id: ward for ward in wards_of_hospital(actor=actor, hospital_id=agreement.hospital_id)}
    lines = line_rows(version_id=version.id, ward_ids=wards)
    named = {line.ward_id for line in lines}
    return VersionPage(
        agreement=agreement,
        version=version,
        wards=tuple(ward for ward in wards.values() if ward.id in named),
        lines=lines,
        kinds=kinds_by_id(),
    )


def kinds_by_id(*, in_use_only: bool = False) -> dict[int, TaskType]:
    """The catalogue in its order, by id."""
    kinds = TaskType.objects.order_by("pk")
    if in_use_only:
        kinds = kinds.filter(retired_at__isnull=True)
    return {kind.pk: kind for kind in kinds}


def line_rows(*, version_id: int, ward_ids: Collection[int]) -> tuple[LineRow, ...]:
    """Lines of a version on some wards, by ward, kind and hour."""
    lines = AgreementLine.objects.filter(version=version_id, ward__in=list(ward_ids)).select_related("ward")
    return tuple(line_row(line) for line in lines.order_by("ward__code", "ward", "task_type", "start_minutes", "pk"))


def line_row(line: AgreementLine) -> LineRow:
    return LineRow(
        id=line.pk,
        task_type_id=line.task_type_id,
        ward_id=line.ward_id,
        party=line.party,
        days=tuple(line.days),
        start_minutes=line.start_minutes,
        end_minutes=line.end_minutes,
        rrule=line.rrule,
        anchor=line.anchor,
        times=line.times,
        quality=line.quality,
        price_sek=line.price_sek,
        note=line.note,
    )


def lines_mark(lines: Iterable[LineRow]) -> str:
    """Tells whether lines are still those that somebody began to edit."""
    from hashlib import sha256

    return sha256(repr(sorted(lines, key=lambda line: line.id)).encode()).hexdigest()[:16]
