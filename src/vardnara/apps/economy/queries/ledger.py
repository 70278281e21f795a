"""What the ledger says: years, imports, sums, and the lines behind a sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Sum

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.economy.choices import READERS
from vardnara.apps.economy.models import Account, LedgerImport, LedgerLine, MonthSum, Unit, YearClosing
from vardnara.apps.hospital.services.verify import Broken
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LINES_SHOWN = 500
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """An import as the pages show it."""

    id: int
    kind: str
    kind_said: str
    year: int
    first_month: int
    last_month: int
    file_name: str
    sha256: str
    n_lines: int
    n_left_out: int
    total_sek: Decimal
    late_reason: str
    made_at: datetime
    made_by: str
    replaced_at: datetime | None
    replaced_by_id: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """What an import changed of a unit's account in a month, against those that it replaced."""

    unit: str
    account: str
    month: int
    before_sek: Decimal
    after_sek: Decimal

    @property
    def change_sek(self) -> Decimal:
        return self.after_sek - self.before_sek


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the ledger."""

    booked_on: date
    account: str
    voucher: str
    text: str
    amount_sek: Decimal
    file_name: str
    file_line: int


def economy_hospital(*, actor: User) -> int:
    """The hospital whose money the actor may read; raises ``wrong_role`` or ``out_of_scope``."""
    role_require(actor, READERS)
    reach = user_reach(actor).hospital_ids
    if not reach:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no whole hospital")
    return min(reach)


def hospital_require(actor: User, hospital_id: int) -> None:
    """Raise unless the actor may read the money of the hospital."""
    role_require(actor, READERS)
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach hospital {hospital_id}")


def year_list(*, actor: User, hospital_id: int) -> list[tuple[int, bool]]:
    """Years that something was read in of, newest first, and whether each is closed."""
    hospital_require(actor, hospital_id)
    years = LedgerImport.objects.filter(hospital=hospital_id).values_list("year", flat=True).distinct()
    closed = set(YearClosing.objects.filter(hospital=hospital_id).values_list("year", flat=True))
    return [(year, year in closed) for year in sorted(years, reverse=True)]


def months_booked(*, hospital_id: int, year: int) -> int:
    """Last month that the ledger has been read in through without a gap from January; 0 for none."""
    spans = LedgerImport.objects.filter(
        hospital=hospital_id, year=year, kind="actual", replaced_at__isnull=True
    ).values_list("first_month", "last_month")
    through = 0
    for first, last in sorted(spans):
        if first == through + 1:
            through = last
    return through


def import_list(*, actor: User, hospital_id: int) -> list[ImportRow]:
    """Every import, newest first, those that were replaced too."""
    hospital_require(actor, hospital_id)
    rows = LedgerImport.objects.filter(hospital=hospital_id).select_related("made_by").order_by("-made_at", "-pk")
    return [_import(row) for row in rows[:200]]


def imports_behind(*, hospital_id: int, year: int, kind: str = "actual", through_month: int = 12) -> list[ImportRow]:
    """The imports that a year's sums through a month rest on now, by month. The caller has checked who may ask."""
    rows = LedgerImport.objects.filter(
        hospital=hospital_id, year=year, kind=kind, first_month__lte=through_month, replaced_at__isnull=True
    )
    return [_import(row) for row in rows.select_related("made_by").order_by("first_month")]


def _import(row: LedgerImport) -> ImportRow:
    return ImportRow(
        id=row.pk,
        kind=row.kind,
        kind_said=row.get_kind_display(),
        year=row.year,
        first_month=row.first_month,
        last_month=row.last_month,
        file_name=row.file_name,
        sha256=row.sha256,
        n_lines=row.n_lines,
        n_left_out=row.n_left_out,
        total_sek=row.total_sek,
        late_reason=row.late_reason,
        made_at=row.made_at,
        made_by=(row.made_by.get_full_name() or row.made_by.username) if row.made_by else "",
        replaced_at=row.replaced_at,
        replaced_by_id=row.replaced_by_id,
    )


def import_one(*, actor: User, import_id: int) -> tuple[ImportRow, list[Change]]:
    """An import, and what it changed against those that it replaced; empty where it replaced none."""
    row = LedgerImport.objects.select_related("made_by").filter(pk=import_id).first()
    if row is None:
        raise RuleBroken("unknown_import", str(import_id))
    hospital_require(actor, row.hospital_id)
    before = list(row.replaces.values_list("pk", flat=True))
    return _import(row), _changes(before, row.pk) if before else []


def _changes(before: list[int], after: int) -> list[Change]:
    sums: dict[tuple[str, str, int], list[Decimal]] = {}
    rows = MonthSum.objects.filter(ledger__in=[*before, after]).values_list(
        "ledger_id", "unit__code", "unit__name", "account__code", "account__name", "month", "amount_sek"
    )
    for ledger, unit, unit_name, account, account_name, month, amount in rows.iterator(chunk_size=5000):
        pair = sums.setdefault((f"{unit} {unit_name}", f"{account} {account_name}", month), [ZERO, ZERO])
        pair[ledger == after] += amount
    return [Change(*key, *pair) for key, pair in sorted(sums.items()) if pair[0] != pair[1]]


def line_list(
    *, actor: User, unit_id: int, account_id: int | None, year: int, month: int | None
) -> tuple[Unit, list[LineRow], int, Decimal]:
    """Lines behind a sum: the unit, the first of them, how many there are, and what all sum to."""
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise RuleBroken("unknown_unit", str(unit_id))
    hospital_require(actor, unit.hospital_id)
    rows = LedgerLine.objects.filter(
        ledger__hospital=unit.hospital_id, ledger__year=year, ledger__replaced_at__isnull=True, unit=unit
    )
    if account_id:
        rows = rows.filter(account=account_id)
    if month:
        rows = rows.filter(month=month)
    shown = rows.order_by("booked_on", "pk").values_list(
        "booked_on", "account__code", "account__name", "voucher", "text", "amount_sek", "ledger__file_name", "file_line"
    )[:LINES_SHOWN]
    found = [
        LineRow(day, f"{code} {name}", voucher, text, amount, file, line)
        for day, code, name, voucher, text, amount, file, line in shown
    ]
    total = rows.aggregate(total=Sum("amount_sek"))["total"] or ZERO
    return unit, found, rows.count(), total


def account_names(*, hospital_id: int) -> dict[int, tuple[str, str, str]]:
    """(code, name, kind) by id."""
    rows = Account.objects.filter(hospital=hospital_id).values_list("pk", "code", "name", "kind")
    return {pk: (code, name, kind) for pk, code, name, kind in rows}


def unit_names(*, hospital_id: int) -> dict[int, tuple[str, str, str]]:
    """(code, name, side) by id, in the order of the codes."""
    rows = Unit.objects.filter(hospital=hospital_id).order_by("code").values_list("pk", "code", "name", "side")
    return {pk: (code, name, side) for pk, code, name, side in rows}


def sums_follow_lines() -> Iterator[Broken]:
    """For ``vardnara verify``: the sums of every ledger in force are those of its lines, to the öre."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.ledger_id, s.unit_id, s.account_id, s.month FROM (SELECT s.* FROM economy_monthsum s"
            " JOIN economy_ledgerimport i ON i.id = s.ledger_id AND i.kind = 'actual' AND i.replaced_at IS NULL) s"
            " FULL JOIN (SELECT ledger_id, unit_id, account_id, month, sum(amount_sek) AS amount, count(*) AS n"
            " FROM economy_ledgerline GROUP BY 1, 2, 3, 4) l USING (ledger_id, unit_id, account_id, month)"
            " WHERE s.amount_sek IS DISTINCT FROM l.amount OR s.n_lines IS DISTINCT FROM l.n LIMIT 100"
        )
        for ledger, unit, account, month in cursor.fetchall():
            text = f"unit {unit}, account {account}, month {month}: the sum is not that of its lines"
            yield Broken(6, f"ledger {ledger}", text)
