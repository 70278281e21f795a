"""A month between provider and buyer: agreement x delivered work, before and after it is invoiced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import pgettext

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.economy.choices import READERS
from vardnara.apps.economy.models import Settlement
from vardnara.apps.economy.queries.ledger import hospital_require
from vardnara.apps.economy.queries.why import share_of_year
from vardnara.apps.service.queries.agreements import AgreementRow, VersionRow, agreement_list
from vardnara.apps.service.queries.delivered import delivered, version_delivered
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A row: ``amount_sek`` 0 is work that the yearly compensation pays, ``unclear`` work that several prices fit."""

    text: str
    ward_id: int | None
    task_type_id: int | None
    n_planned: int
    n_delivered: int
    price_sek: Decimal | None
    amount_sek: Decimal
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a version as it would be invoiced now.

    ``outside_n`` and ``outside_hours`` are finished work of the same wards that no agreement gives to the service: it
    is not invoiced, and it is named. ``issued`` is the invoice in force, None before.
    """

    agreement: AgreementRow
    version: VersionRow
    since: date
    until: date
    rows: tuple[InvoiceRow, ...]
    outside_n: int
    outside_hours: Decimal
    issued: Invoice | None

    @property
    def total_sek(self) -> Decimal:
        return sum((row.amount_sek for row in self.rows), ZERO)

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice that was issued."""

    id: int
    number: str
    version_id: int
    month: date
    provider: str
    buyer: str
    total_sek: Decimal
    credits_id: int | None
    credited_by_id: int | None
    reason: str
    issued_at: datetime
    issued_by: str
    rows: tuple[InvoiceRow, ...] = ()


def month_end(month: date) -> date:
    """First day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _version(actor: User, version_id: int, today: date) -> tuple[AgreementRow, VersionRow]:
    role_require(actor, READERS)
    for agreement in agreement_list(actor=actor, on=today):
        for version in agreement.versions:
            if version.id == version_id and not version.is_draft:
                hospital_require(actor, agreement.hospital_id)
                return agreement, version
    raise RuleBroken("unknown_agreement", str(version_id))


def month_settled(*, actor: User, version_id: int, month: date, today: date) -> Month:
    """What a month of a signed version comes to by what was delivered; raises ``unknown_agreement``."""
    agreement, version = _version(actor, version_id, today)
    since, until = month.replace(day=1), month_end(month)
    first, last = max(since, version.valid_from), min(until, version.ends_on or until)
    rows: list[InvoiceRow] = []
    if first < last and version.compensation_sek is not None:
        days = {"days": (last - first).days}
        text = pgettext("settlement", "Yearly compensation, %(days)d of the month's days") % days
        rows.append(InvoiceRow(text, None, None, 0, 0, None, share_of_year(version.compensation_sek, first, last)))
    outside_n, outside_hours = 0, ZERO
    if first < last:
        work = version_delivered(actor=actor, version_id=version_id, since=first, until=last)
        rows += [
            InvoiceRow(
                f"{one.ward}: {one.name}",
                one.ward_id,
                one.task_type_id,
                one.n_planned,
                one.n_delivered,
                one.price_sek,
                (one.price_sek or ZERO) * one.n_delivered,
                one.unclear,
            )
            for one in work
        ]
        wards = {one.ward_id for one in work}
        for group in delivered(actor=actor, since=first, until=last):
            if group.ward_id in wards and not group.agreed:
                outside_n, outside_hours = outside_n + group.n, outside_hours + group.hours
    issued = (
        Settlement.objects.filter(version=version_id, month=since, credits__isnull=True, credited_by__isnull=True)
        .select_related("issued_by")
        .first()
    )
    return Month(
        agreement, version, since, until, tuple(rows), outside_n, outside_hours, _invoice(issued) if issued else None
    )


def _invoice(row: Settlement, rows: tuple[InvoiceRow, ...] = ()) -> Invoice:
    credit = Settlement.objects.filter(credits=row).values_list("pk", flat=True).first()
    return Invoice(
        id=row.pk,
        number=row.number,
        version_id=row.version_id,
        month=row.month,
        provider=row.provider,
        buyer=row.buyer,
        total_sek=row.total_sek,
        credits_id=row.credits_id,
        credited_by_id=credit,
        reason=row.reason,
        issued_at=row.issued_at,
        issued_by=(row.issued_by.get_full_name() or row.issued_by.username) if row.issued_by else "",
        rows=rows,
    )


def invoice_one(*, actor: User, invoice_id: int) -> Invoice:
    """An invoice with its specification; raises ``unknown_invoice``."""
    role_require(actor, READERS)
    row = Settlement.objects.select_related("issued_by", "version__agreement").filter(pk=invoice_id).first()
    if row is None:
        raise RuleBroken("unknown_invoice", str(invoice_id))
    hospital_require(actor, row.version.agreement.hospital_id)
    rows = tuple(
        InvoiceRow(
            one.text, one.ward_id, one.task_type_id, one.n_planned, one.n_delivered, one.price_sek, one.amount_sek
        )
        for one in row.rows.order_by("pk")
    )
    return _invoice(row, rows)


def settlement_choices(
    *, actor: User, hospital_id: int, today: date
) -> list[tuple[AgreementRow, VersionRow, list[date]]]:
    """Signed versions, newest first, and their months until now, newest first."""
    hospital_require(actor, hospital_id)
    found = []
    for agreement in agreement_list(actor=actor, on=today):
        for version in agreement.versions:
            if agreement.hospital_id != hospital_id or version.is_draft or version.valid_from > today:
                continue
            month, months = version.valid_from.replace(day=1), []
            while month <= today and (version.ends_on is None or month < version.ends_on):
                months.append(month)
                month = month_end(month)
            found.append((agreement, version, months[::-1][:24]))
    return found


def invoice_list(*, actor: User, hospital_id: int) -> list[Invoice]:
    """Invoices, newest first."""
    hospital_require(actor, hospital_id)
    rows = Settlement.objects.filter(version__agreement__hospital=hospital_id).select_related("issued_by")
    return [_invoice(row) for row in rows.order_by("-issued_at", "-pk")[:100]]
