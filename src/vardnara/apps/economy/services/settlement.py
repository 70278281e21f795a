"""Internal invoices: issued once a month and version, and credited as a whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.economy.choices import ISSUERS
from vardnara.apps.economy.models import Settlement, SettlementRow
from vardnara.apps.economy.queries.settlement import InvoiceRow, invoice_one, month_settled
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def settlement_issue(*, version_id: int, month: date, actor: User, at: datetime) -> Settlement:
    """Issue a month that is over, as it stands now. For a controller or the head of ward service."""
    role_require(actor, ISSUERS)
    today = local_date(at)
    shown = month_settled(actor=actor, version_id=version_id, month=month, today=today)
    if shown.until > today:
        raise RuleBroken("month_not_over", str(month))
    if shown.issued is not None:
        raise RuleBroken("already_invoiced", shown.issued.number)
    if not shown.rows:
        raise RuleBroken("nothing_to_invoice", str(month))
    begins = f"{shown.agreement.number}/{shown.since:%Y-%m}"
    n = Settlement.objects.filter(version__agreement=shown.agreement.id, month=shown.since).count()
    invoice = Settlement.objects.create(
        version_id=version_id,
        number=f"{begins}-{n + 1}",
        month=shown.since,
        provider=shown.agreement.provider,
        buyer=shown.agreement.care_unit,
        total_sek=shown.total_sek,
        issued_at=at,
        issued_by_id=actor.pk,
    )
    _rows(invoice, shown.rows)
    return invoice


@transaction.atomic
def settlement_credit(*, invoice_id: int, reason: str, actor: User, at: datetime) -> Settlement:
    """Credit an invoice as a whole, with the reason; the month can then be issued anew. For those who issue."""
    role_require(actor, ISSUERS)
    before = invoice_one(actor=actor, invoice_id=invoice_id)
    if not reason.strip():
        raise RuleBroken("reason_missing")
    if before.credits_id is not None or before.credited_by_id is not None:
        raise RuleBroken("already_credited", before.number)
    invoice = Settlement.objects.create(
        version_id=before.version_id,
        number=f"{before.number}K",
        month=before.month,
        provider=before.provider,
        buyer=before.buyer,
        total_sek=-before.total_sek,
        credits_id=before.id,
        reason=reason.strip()[:300],
        issued_at=at,
        issued_by_id=actor.pk,
    )
    _rows(invoice, before.rows, sign=-1)
    return invoice


def _rows(invoice: Settlement, rows: Iterable[InvoiceRow], sign: int = 1) -> None:
    SettlementRow.objects.bulk_create(
        SettlementRow(
            settlement=invoice,
            ward_id=row.ward_id,
            task_type_id=row.task_type_id,
            text=row.text[:200],
            n_planned=row.n_planned,
            n_delivered=row.n_delivered,
            price_sek=row.price_sek,
            amount_sek=sign * row.amount_sek,
        )
        for row in rows
    )
