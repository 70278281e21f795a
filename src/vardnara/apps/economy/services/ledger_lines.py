"""Lines on their way into the table: codes become ids, what is unknown is a fault, and what passes is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection

from vardnara.gateways.ledger_file import Entry
from vardnara.kernel.faults import Fault

CHUNK_LINES = 20_000  # written to the database at once, about 2 MB
ZERO = Decimal(0)
LINE_COLUMNS = "ledger_id, unit_id, account_id, month, booked_on, amount_sek, file_line, voucher, text"


class Telling(Protocol):
    """What lines need of the file that they come from."""

    source: str

    def tell(self, n_bytes_read: int) -> None:
        """Say how far the file has been read."""


@dataclass
class Codes:
    """Codes that the hospital knows, or that the file declares, with the ids that they have or will have."""

    ids: dict[str, int]
    new: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def declare(self, table: str, names: dict[str, Any]) -> None:
        """Give ids to what the file declares and nobody knows yet; they are stored if a line uses them."""
        fresh = {code: name for code, name in names.items() if code not in self.ids}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(fresh)]
            )
            for code, (number,) in zip(fresh, cursor.fetchall(), strict=True):
                self.ids[code] = number
        self.new = fresh


class Lines:
    """Lines on their way into the table, by COPY; counts what passes, apart from what the database will say."""

    def __init__(
        self, file: Telling, ledger_id: int, units: Codes, accounts: Codes, place: Callable[[int], str]
    ) -> None:
        self.file, self.ledger_id, self.units, self.accounts, self.place = file, ledger_id, units, accounts, place
        self.n, self.total, self.year = 0, ZERO, 0
        self.months: set[int] = set()

    def known(self, entries: Iterable[Entry], faults: list[Fault]) -> Iterator[tuple[Entry, int, int, int]]:
        """Entries whose unit and account are known, with their ids and year; the others are faults."""
        for entry in entries:
            unit, account = self.units.ids.get(entry.unit), self.accounts.ids.get(entry.account)
            if unit is None:
                self._unknown(entry, f"unknown unit {entry.unit}", "a unit that was read in", faults)
            elif account is None:
                self._unknown(entry, f"unknown account {entry.account}", "an account that was read in", faults)
            else:
                yield entry, unit, account, entry.booked_on.year

    def _unknown(self, entry: Entry, wrong: str, expected: str, faults: list[Fault]) -> None:
        faults.append(Fault(self.file.source, self.place(entry.line), wrong, expected))

    def year_fault(self, entry: Entry, year: int, faults: list[Fault]) -> None:
        self._unknown(entry, f"{entry.booked_on} is not in {year}", "one year in a file, that of its first row", faults)

    def copy(self, entries: Iterable[Entry], year: int, faults: list[Fault], read: Callable[[], int]) -> None:
        """Walk all entries to the end, so that every fault is met; what is copied counts only without any."""
        self.year = year
        statement = f"COPY economy_ledgerline ({LINE_COLUMNS}) FROM STDIN"
        pieces: list[str] = []
        used_units, used_accounts, months = self.units.used, self.accounts.used, self.months
        n, total, ledger = 0, ZERO, self.ledger_id
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for entry, unit, account, entry_year in self.known(entries, faults):
                line, voucher, day, unit_code, account_code, amount, text = entry
                if entry_year != self.year:
                    if self.year:
                        self.year_fault(entry, self.year, faults)
                        continue
                    self.year = entry_year
                used_units.add(unit_code)
                used_accounts.add(account_code)
                months.add(day.month)
                n += 1
                total += amount
                said = f"{voucher[:60]}\0{text[:120]}"
                if "\\" in said or "\t" in said:
                    said = said.replace("\\", "\\\\").replace("\t", " ")
                said = said.replace("\0", "\t")
                pieces.append(f"{ledger}\t{unit}\t{account}\t{day.month}\t{day}\t{amount}\t{line}\t{said}\n")
                if len(pieces) == CHUNK_LINES:
                    copy.write("".join(pieces))
                    pieces.clear()
                    self.file.tell(read())
            copy.write("".join(pieces))
        self.n, self.total = n, total
