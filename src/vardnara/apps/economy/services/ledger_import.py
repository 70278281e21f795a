"""Ledgers and budgets read in from files: whole or not at all, each month once, replaced as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.economy.choices import KEEPERS, AccountKind, Ledger
from vardnara.apps.economy.models import Account, LedgerImport, LedgerLine, MonthSum, Unit, YearClosing
from vardnara.apps.economy.services.ledger_lines import ZERO, Codes, Lines
from vardnara.gateways.ledger_file import Entry, LedgerReader
from vardnara.gateways.sie import SieReader
from vardnara.gateways.sie.data import UNIT_DIMENSION
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SIE_ENDINGS = (".se", ".si", ".sie")

type Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: ``replaced`` are the imports whose place it took."""

    id: int
    kind: str
    year: int
    first_month: int
    last_month: int
    n_lines: int
    n_left_out: int
    total_sek: Decimal
    replaced: tuple[int, ...]


def ledger_import(
    *,
    hospital_id: int,
    path: Path,
    file_name: str = "",
    source: str = "",
    kind: str = Ledger.ACTUAL,
    actor: User | None,
    at: datetime,
    late_reason: str = "",
    encoding: str = "utf-8",
    sheet: str = "",
    progress: Progress | None = None,
) -> tuple[Imported, ...]:
    """Read a file in: SIE 4 (its ledger, and its budget where it has one), or CSV/xlsx of a ledger or a budget.

    For a controller, or (``actor`` None) for whoever runs the machine. One transaction: a fault anywhere leaves
    everything as it was. Raises ``InputError`` with every fault, and ``RuleBroken`` with ``same_file``,
    ``months_overlap``, ``year_is_closed`` (give ``late_reason``) or ``nothing_in_file``.
    """
    keeper_require(actor, hospital_id)
    if not path.is_file():
        raise InputError([Fault(source or str(path), "", "no such file", "a SIE, CSV or xlsx file")])
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    file = _File(
        hospital_id=hospital_id,
        path=path,
        name=(file_name or path.name)[:200],
        source=source or file_name or str(path),
        sha256=sha256,
        n_bytes=path.stat().st_size,
        late_reason=late_reason.strip()[:300],
        actor=actor,
        at=at,
        progress=progress,
    )
    is_sie = path.suffix.lower() in SIE_ENDINGS
    with transaction.atomic():
        _lock(hospital_id)
        found = file.sie_store() if is_sie else file.table_store(kind, encoding, sheet)
    if not found:
        raise RuleBroken("nothing_in_file", file.name)
    return found


def keeper_require(actor: User | None, hospital_id: int) -> None:
    """Raise unless the actor keeps the books and reaches the whole hospital; None is whoever runs the machine."""
    if actor is None:
        return
    role_require(actor, KEEPERS)
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach hospital {hospital_id}")


def _lock(hospital_id: int) -> None:
    """One import of a hospital at a time: the second sees what the first has replaced."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('economy_import'), %s)", [hospital_id])


@dataclass
class _File:
    """A file on its way in."""

    hospital_id: int
    path: Path
    name: str
    source: str
    sha256: str
    n_bytes: int
    late_reason: str
    actor: User | None
    at: datetime
    progress: Progress | None
    n_left_out: int = 0

    # ---- SIE ----

    def sie_store(self) -> tuple[Imported, ...]:
        reader = SieReader(self.path)
        reader.source = self.source
        book = reader.head()
        year = self._sie_year(reader)
        units, accounts = self._codes()
        self._kinds_agree(reader)
        names = {code: name for (dimension, code), name in book.objects.items() if dimension == UNIT_DIMENSION}
        units.declare("economy_unit", names)
        result = {code: one for code, one in book.accounts.items() if one.kind in AccountKind.values}
        accounts.declare("economy_account", {code: (one.name, one.kind) for code, one in result.items()})
        ledger_id = self._next_id()
        lines = Lines(self, ledger_id, units, accounts, str)
        lines.copy(self._sie_entries(reader), year, reader.faults, lambda: reader.n_bytes_read)
        budget = self._sie_budget(reader, year, units, accounts)
        if reader.faults:
            raise InputError(reader.faults)
        self._codes_store(units, accounts)
        found = []
        if lines.n:
            found.append(self._store(ledger_id, Ledger.ACTUAL, "SIE", year, lines))
        if budget:
            found.append(self._budget_store("SIE", year, budget))
        return tuple(found)

    def _sie_year(self, reader: SieReader) -> int:
        first, last = reader.book.years.get(0, (None, None))
        if first is None or last is None:
            reader.faults.append(Fault(reader.source, "1", "#RAR 0 is missing", "#RAR 0 YYYY0101 YYYY1231"))
            return 0
        if (first.month, first.day, last.month, last.day, first.year) != (1, 1, 12, 31, last.year):
            wrong = f"the year is {first} to {last}"
            reader.faults.append(Fault(reader.source, "1", wrong, "a calendar year, 1 January to 31 December"))
        return first.year

    def _sie_entries(self, reader: SieReader) -> Iterator[Entry]:
        """Lines of costs and incomes; those of assets and debts are counted and left out."""
        kinds = {code: account.kind in AccountKind.values for code, account in reader.book.accounts.items()}
        wanted: dict[object, str | None] = {}
        for row in reader.transactions():
            if not kinds[row.account]:
                self.n_left_out += 1
                continue
            unit = wanted.get(row.objects, "")
            if unit == "":
                unit = wanted[row.objects] = dict(row.objects).get(UNIT_DIMENSION)
            if unit is None:
                wrong = f"account {row.account} without a unit"
                self._fault(reader, row.line, wrong, f"an object of dimension {UNIT_DIMENSION}")
                continue
            yield Entry(row.line, row.voucher, row.booked_on, unit, row.account, row.amount, row.text)

    def _fault(self, reader: SieReader, line: int, wrong: str, expected: str) -> None:
        reader.faults.append(Fault(reader.source, str(line), wrong, expected))

    def _sie_budget(
        self, reader: SieReader, year: int, units: Codes, accounts: Codes
    ) -> dict[tuple[int, int, int], Decimal]:
        """``#PBUDGET`` of this year by unit; a row for all objects must be what the rows by unit sum to."""
        sums: dict[tuple[int, int, int], Decimal] = {}
        totals: dict[tuple[str, int], tuple[Decimal, int]] = {}
        by_account: dict[tuple[str, int], Decimal] = {}
        for one in reader.book.periods:
            kind = reader.book.accounts[one.account].kind
            if one.label != "PBUDGET" or one.year != 0 or kind not in AccountKind.values:
                continue
            where = (one.account, one.month.month)
            unit = dict(one.objects).get(UNIT_DIMENSION)
            if not one.objects:
                totals[where] = (one.amount, one.line)
            elif unit is None or len(one.objects) > 1:
                continue  # the same money once more, by another dimension
            else:
                units.used.add(unit)
                accounts.used.add(one.account)
                key = (units.ids.get(unit, 0), accounts.ids.get(one.account, 0), one.month.month)
                sums[key] = sums.get(key, ZERO) + one.amount
                by_account[where] = by_account.get(where, ZERO) + one.amount
        for where, (amount, line) in totals.items():
            if (by_unit := by_account.get(where, ZERO)) != amount:
                wrong = f"the budget of account {where[0]} is {amount:.2f}, its units give {by_unit:.2f}"
                self._fault(reader, line, wrong, f"#PBUDGET for each object of dimension {UNIT_DIMENSION}")
        return sums

    # ---- CSV and xlsx ----

    def table_store(self, kind: str, encoding: str, sheet: str) -> tuple[Imported, ...]:
        reader = LedgerReader(self.path, encoding=encoding, sheet=sheet or kind)
        reader.source = self.source
        units, accounts = self._codes()
        ledger_id = self._next_id()
        lines = Lines(self, ledger_id, units, accounts, reader.place)
        if kind == Ledger.BUDGET:
            sums: dict[tuple[int, int, int], Decimal] = {}
            year = 0
            for entry, unit_id, account_id, entry_year in lines.known(reader.entries(), reader.faults):
                year = year or entry_year
                if entry_year != year:
                    lines.year_fault(entry, year, reader.faults)
                key = (unit_id, account_id, entry.booked_on.month)
                sums[key] = sums.get(key, ZERO) + entry.amount
            if reader.faults:
                raise InputError(reader.faults)
            return (self._budget_store("table", year, sums),) if sums else ()
        lines.copy(reader.entries(), 0, reader.faults, lambda: reader.n_bytes_read)
        if reader.faults:
            raise InputError(reader.faults)
        return (self._store(ledger_id, Ledger.ACTUAL, "table", lines.year, lines),) if lines.n else ()

    # ---- what both share ----

    def tell(self, n_bytes_read: int) -> None:
        if self.progress is not None and self.n_bytes:
            self.progress(min(1.0, n_bytes_read / self.n_bytes))

    def _codes(self) -> tuple[Codes, Codes]:
        units = Unit.objects.filter(hospital=self.hospital_id).values_list("code", "pk")
        accounts = Account.objects.filter(hospital=self.hospital_id).values_list("code", "pk")
        return Codes(dict(units)), Codes(dict(accounts))

    def _kinds_agree(self, reader: SieReader) -> None:
        """An account that was a cost is not suddenly an income."""
        for code, kind in Account.objects.filter(hospital=self.hospital_id).values_list("code", "kind"):
            said = reader.book.accounts.get(code)
            if said is not None and said.kind != kind:
                wrong = f"account {code} is of kind {said.kind}"
                reader.faults.append(Fault(reader.source, "1", wrong, f"{kind}, as in what was read in before"))

    def _codes_store(self, units: Codes, accounts: Codes) -> None:
        hospital = self.hospital_id
        Unit.objects.bulk_create(
            Unit(pk=units.ids[code], hospital_id=hospital, code=code[:40], name=name[:160])
            for code, name in units.new.items()
            if code in units.used
        )
        Account.objects.bulk_create(
            Account(pk=accounts.ids[code], hospital_id=hospital, code=code[:20], name=name[:160], kind=kind)
            for code, (name, kind) in accounts.new.items()
            if code in accounts.used
        )

    def _next_id(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('economy_ledgerimport', 'id'))")
            return int(cursor.fetchone()[0])

    def _row(
        self, pk: int, kind: str, file_format: str, year: int, months: Iterable[int], **numbers: Any
    ) -> LedgerImport:
        """Make the import's row after every look at what it would replace."""
        covered = sorted(months)
        first, last = (1, 12) if kind == Ledger.BUDGET else (covered[0], covered[-1])
        now = LedgerImport.objects.filter(hospital=self.hospital_id, kind=kind, replaced_at__isnull=True)
        if now.filter(sha256=self.sha256).exists():
            raise RuleBroken("same_file", self.name)
        if not self.late_reason and YearClosing.objects.filter(hospital=self.hospital_id, year=year).exists():
            raise RuleBroken("year_is_closed", str(year))
        before = list(now.filter(year=year, first_month__lte=last, last_month__gte=first))
        if any(one.first_month < first or one.last_month > last for one in before):
            raise RuleBroken("months_overlap", f"{year}: months {first} to {last}")
        row = LedgerImport.objects.create(
            pk=pk,
            hospital_id=self.hospital_id,
            kind=kind,
            year=year,
            first_month=first,
            last_month=last,
            file_name=self.name,
            file_format=file_format,
            sha256=self.sha256,
            n_bytes=self.n_bytes,
            late_reason=self.late_reason,
            made_at=self.at,
            made_by_id=self.actor.pk if self.actor else None,
            **numbers,
        )
        replaced = [one.pk for one in before]
        LedgerImport.objects.filter(pk__in=replaced).update(replaced_at=self.at, replaced_by=row)
        LedgerLine.objects.filter(ledger__in=replaced)._raw_delete("default")
        row.was = tuple(replaced)
        return row

    def _store(self, pk: int, kind: str, file_format: str, year: int, lines: Lines) -> Imported:
        row = self._row(
            pk,
            kind,
            file_format,
            year,
            lines.months,
            n_lines=lines.n,
            n_left_out=self.n_left_out,
            total_sek=lines.total,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO economy_monthsum (ledger_id, unit_id, account_id, month, amount_sek, n_lines)"
                " SELECT ledger_id, unit_id, account_id, month, sum(amount_sek), count(*) FROM economy_ledgerline"
                " WHERE ledger_id = %s GROUP BY 1, 2, 3, 4 RETURNING amount_sek, n_lines",
                [pk],
            )
            sums = cursor.fetchall()
        stored = sum((amount for amount, _ in sums), ZERO), sum(n for _, n in sums)
        if stored != (lines.total, lines.n):
            raise RuleBroken("import_does_not_add_up", f"{stored} stored, {lines.total} in {lines.n} lines read")
        return _said(row, row.was)

    def _budget_store(self, file_format: str, year: int, sums: dict[tuple[int, int, int], Decimal]) -> Imported:
        total = sum(sums.values(), ZERO)
        months = {month for _, _, month in sums}
        row = self._row(self._next_id(), Ledger.BUDGET, file_format, year, months, n_lines=len(sums), total_sek=total)
        MonthSum.objects.bulk_create(
            [
                MonthSum(ledger=row, unit_id=unit, account_id=account, month=month, amount_sek=amount, n_lines=1)
                for (unit, account, month), amount in sums.items()
            ],
            batch_size=5000,
        )
        return _said(row, row.was)


def _said(row: LedgerImport, replaced: tuple[int, ...]) -> Imported:
    return Imported(
        row.pk,
        row.kind,
        row.year,
        row.first_month,
        row.last_month,
        row.n_lines,
        row.n_left_out,
        row.total_sek,
        replaced,
    )
