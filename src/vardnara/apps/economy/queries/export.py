"""The money as tables; texts of vouchers stay, because people's names stand in them."""

from __future__ import annotations

from django.db.models import TextField
from django.db.models.functions import Cast

from vardnara.apps.economy.models import Account, Frame, LedgerImport, LedgerLine, MonthSum, SettlementRow, Unit
from vardnara.apps.hospital.queries.export import table_of
from vardnara.gateways.tabular import OutTable


def record_tables() -> list[OutTable]:
    """Units, accounts, imports, sums and lines, frames and invoices; amounts as text, to the öre."""
    kronor = Cast("amount_sek", TextField())
    own_import = ("kind", "year", "first_month", "last_month", "file_name", "sha256", "late_reason", "made_at")
    coded = ("ledger_id", "unit__code", "account__code", "month")
    return [
        table_of(
            "units",
            ("hospital", "code", "name", "side", "ward"),
            Unit.objects.order_by("pk"),
            ("hospital__code", "code", "name", "side", "ward__code"),
        ),
        table_of(
            "accounts",
            ("hospital", "code", "name", "kind"),
            Account.objects.order_by("pk"),
            ("hospital__code", "code", "name", "kind"),
        ),
        table_of(
            "ledger_imports",
            ("ledger", "hospital", *own_import, "replaced_at", "replaced_by"),
            LedgerImport.objects.order_by("pk"),
            ("pk", "hospital__code", *own_import, "replaced_at", "replaced_by_id"),
        ),
        table_of(
            "ledger_sums",
            ("ledger", "unit", "account", "month", "amount_sek", "lines"),
            MonthSum.objects.annotate(kronor=kronor).order_by("pk"),
            (*coded, "kronor", "n_lines"),
        ),
        table_of(
            "ledger_lines",
            ("ledger", "unit", "account", "month", "booked_on", "amount_sek", "file_line", "voucher"),
            LedgerLine.objects.annotate(kronor=kronor).order_by("pk"),
            (*coded, "booked_on", "kronor", "file_line", "voucher"),
        ),
        table_of(
            "frames",
            ("unit", "year", "amount_sek", "decided_on", "source"),
            Frame.objects.annotate(kronor=kronor).order_by("pk"),
            ("unit__code", "year", "kronor", "decided_on", "source"),
        ),
        table_of(
            "invoice_rows",
            ("invoice", "month", "ward", "text", "planned", "delivered", "amount_sek"),
            SettlementRow.objects.annotate(kronor=kronor).order_by("pk"),
            ("settlement__number", "settlement__month", "ward__code", "text", "n_planned", "n_delivered", "kronor"),
        ),
    ]
