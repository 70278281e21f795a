"""The month between provider and buyer: shown, issued, credited, printed and taken to Excel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.economy import services
from vardnara.apps.economy.choices import ISSUERS, READERS
from vardnara.apps.economy.queries.ledger import economy_hospital
from vardnara.apps.economy.queries.settlement import (
    InvoiceRow,
    Month,
    invoice_list,
    invoice_one,
    month_end,
    month_settled,
    settlement_choices,
)
from vardnara.gateways.tabular import Formula, OutTable, Sheet, SheetCell, table_csv_text, workbook_bytes
from vardnara.kernel.errors import RuleBroken

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@allow(*READERS)
@never_cache
def settlements(request: HttpRequest) -> HttpResponse:
    """Agreements with their months, and what was issued."""
    hospital_id = economy_hospital(actor=request.user)
    context = {
        "choices": settlement_choices(actor=request.user, hospital_id=hospital_id, today=timezone.localdate()),
        "invoices": invoice_list(actor=request.user, hospital_id=hospital_id),
    }
    return render(request, "economy/settlements.html", context)


def _month(request: HttpRequest, version_id: int, month: str) -> Month:
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Http404 from error
    return month_settled(actor=request.user, version_id=version_id, month=day, today=timezone.localdate())


@allow(*READERS)
@never_cache
def month(request: HttpRequest, version_id: int, month: str) -> HttpResponse:
    """A month as it would be invoiced now."""
    shown = _month(request, version_id, month)
    context = {
        "shown": shown,
        "rows": shown.rows,
        "total": shown.total_sek,
        "month": month,
        "drift": shown.total_sek - shown.issued.total_sek if shown.issued else None,
        "over": shown.until <= timezone.localdate(),
        "since": shown.since.isoformat(),
        "until": shown.until.isoformat(),
        "issues": request.user.role in ISSUERS,
    }
    return render(request, "economy/settlement.html", context)


@allow(*ISSUERS)
@require_POST
def issue(request: HttpRequest, version_id: int, month: str) -> HttpResponse:
    """Issue the month."""
    shown = _month(request, version_id, month)
    try:
        invoice = services.settlement_issue(
            version_id=version_id, month=shown.since, actor=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        rule_say(request, error)
        return redirect("economy:settlement", version_id=version_id, month=month)
    messages.success(request, pgettext("settlement", "The invoice is issued."))
    return redirect("economy:invoice", invoice_id=invoice.pk)


@allow(*READERS)
@never_cache
def invoice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """An invoice with its specification, as it was issued."""
    try:
        shown = invoice_one(actor=request.user, invoice_id=invoice_id)
    except RuleBroken as error:
        raise Http404 from error
    context = {
        "invoice": shown,
        "rows": shown.rows,
        "total": shown.total_sek,
        "last": month_end(shown.month) - timedelta(days=1),
        "since": shown.month.isoformat(),
        "until": month_end(shown.month).isoformat(),
        "issues": request.user.role in ISSUERS,
    }
    return render(request, "economy/invoice.html", context)


@allow(*ISSUERS)
@require_POST
def credit(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """Credit the invoice with a reason."""
    try:
        made = services.settlement_credit(
            invoice_id=invoice_id, reason=request.POST.get("reason", ""), actor=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        if error.code == "unknown_invoice":
            raise Http404 from error
        rule_say(request, error)
        return redirect("economy:invoice", invoice_id=invoice_id)
    messages.success(request, pgettext("settlement", "The invoice is credited."))
    return redirect("economy:invoice", invoice_id=made.pk)


@allow(*READERS)
@never_cache
def month_export(request: HttpRequest, version_id: int, month: str, kind: str) -> HttpResponse:
    """The month as it stands now, as CSV or as a workbook that goes on calculating."""
    shown = _month(request, version_id, month)
    title = f"{shown.agreement.number} {shown.agreement.title}, {month}"
    subtitle = f"{shown.agreement.provider} → {shown.agreement.care_unit}"
    return _file(kind, f"{slugify(shown.agreement.number)}-{month}", title, subtitle, shown.rows)


@allow(*READERS)
@never_cache
def invoice_export(request: HttpRequest, invoice_id: int, kind: str) -> HttpResponse:
    """The invoice as it was issued."""
    try:
        shown = invoice_one(actor=request.user, invoice_id=invoice_id)
    except RuleBroken as error:
        raise Http404 from error
    title = pgettext("settlement", "Internal invoice %(number)s") % {"number": shown.number}
    return _file(kind, slugify(shown.number), title, f"{shown.provider} → {shown.buyer}", shown.rows)


def _file(kind: str, name: str, title: str, subtitle: str, rows: Sequence[InvoiceRow]) -> HttpResponse:
    heads = [
        pgettext("settlement", "Row"),
        pgettext("settlement", "Planned"),
        pgettext("settlement", "Delivered"),
        pgettext("settlement", "Price, kr"),
        pgettext("settlement", "Amount, kr"),
    ]
    if kind == "xlsx":
        cells: list[list[SheetCell]] = [
            [row.text, row.n_planned, row.n_delivered, row.price_sek, _amount(row)] for row in rows
        ]
        total_word = pgettext("economy", "Together")
        sheet = Sheet("Specifikation", title, subtitle, heads, cells, (1, 2, 4), total_word)
        answer = HttpResponse(workbook_bytes([sheet]), content_type=XLSX)
    elif kind == "csv":
        swedish = (get_language() or "").startswith("sv")
        lines = [(row.text, row.n_planned, row.n_delivered, row.price_sek, row.amount_sek) for row in rows]
        table = OutTable(name, heads, lines)
        text = table_csv_text(table, delimiter=";" if swedish else ",", decimal_comma=swedish)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _amount(row: InvoiceRow) -> SheetCell:
    """A product that the workbook works out itself where there is a price; the sign is that of a credit."""
    if row.price_sek is None:
        return row.amount_sek
    sign = "-" if row.amount_sek < 0 else ""
    return Formula(f"={sign}C{{row}}*D{{row}}", row.amount_sek)
