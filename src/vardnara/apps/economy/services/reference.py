"""Reference tables of others' costs, read in row by row, and the quantities that our own cost is divided by."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.economy.choices import Measure
from vardnara.apps.economy.models import Quantity, ReferenceRow, ReferenceTable
from vardnara.apps.economy.services.ledger_import import keeper_require
from vardnara.gateways.tabular import Row, Table, tables_read
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

PER_CENT = 100
UNPACKED_MOST = 200_000_000  # bytes of a packed file
COLUMNS_NAMED = 12
NUMBERS = {
    "point": re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"),
    "comma": re.compile(r"-?(\d+|\d{1,3}([ \u00a0\u202f.]\d{3})+)(,\d+)?"),
}
SHIFTED = "are the cells of this row shifted?"
SHIFTED_MOST = 0.1  # of the rows: beyond it what cannot be seen in a row is not to be trusted either
SPLIT_TAIL = re.compile(r"0\d\d")  # of 1,038 that was split at its comma
UNIT = re.compile(r"\(([^()]*)\)$")  # at the end of a column's name
SUM_ROW = re.compile(r"\b(result|total|summa|totalt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReferenceWords:
    """What a reference table is, and which of its columns are what.

    ``quantity_column`` empty: ``cost_column`` is the cost of one already. ``leave_out`` takes the sound rows and keeps
    the list of the others; without it one faulty row refuses the whole.
    """

    name: str
    source: str
    year: int
    currency: str
    measure: str
    key_column: str
    cost_column: str
    quantity_column: str = ""
    name_column: str = ""
    decimal: str = "point"
    encoding: str = "utf-8"
    delimiter: str = ""
    header_row: int = 1
    leave_out: bool = False


@transaction.atomic
def reference_import(
    *, hospital_id: int, path: Path, file_name: str, words: ReferenceWords, actor: User | None, at: datetime
) -> ReferenceTable:
    """Read a reference table in (CSV, packed CSV or xlsx); one of the same name, year and measure gives way to it.

    For a controller. Raises ``InputError`` with every faulty row unless they are to be left out, and always where the
    file cannot be read as a table, a column is missing or no row is sound.
    """
    keeper_require(actor, hospital_id)
    if words.measure not in Measure.values:
        raise RuleBroken("unknown_measure", words.measure)
    if not words.source.strip() or not words.name.strip():
        raise RuleBroken("source_missing")
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    with _unpacked(path, file_name) as (file, source):
        reading = tables_read(
            file, encoding=words.encoding, delimiter=words.delimiter, header_row=words.header_row, dates=True
        )
    named = [Fault(source, fault.place, fault.wrong, fault.expected) for fault in reading.faults]
    if not reading.tables:
        raise InputError(named)
    table = reading.tables[0]
    faults = _columns_missing(table, source, words)
    if faults:
        raise InputError(faults)
    rows, faulty = _rows(table, source, words)
    faults = [*named, *faulty]
    shifted = sum(SHIFTED in fault.expected for fault in faulty)
    if shifted > SHIFTED_MOST * len(table.rows):
        wrong = f"{shifted} of {len(table.rows)} rows look shifted"
        raise InputError(
            [Fault(source, table.header_place, wrong, "a sound file: the other rows are no better"), *faults]
        )
    if not rows or (faults and not words.leave_out):
        raise InputError(faults or [Fault(source, "", "no rows", "rows below the header")])
    ReferenceTable.objects.filter(
        hospital=hospital_id, name=words.name.strip(), year=words.year, measure=words.measure
    ).delete()
    made = ReferenceTable.objects.create(
        hospital_id=hospital_id,
        name=words.name.strip()[:160],
        source=words.source.strip()[:300],
        year=words.year,
        currency=words.currency.upper()[:3],
        measure=words.measure,
        cost_column=words.cost_column[:200],
        quantity_column=words.quantity_column[:200],
        sha256=sha256,
        left_out=[[fault.place, fault.wrong, fault.expected] for fault in faults],
        made_at=at,
        made_by_id=actor.pk if actor else None,
    )
    ReferenceRow.objects.bulk_create((_reference(made, row) for row in rows), batch_size=2000)
    return made


@contextmanager
def _unpacked(path: Path, file_name: str) -> Iterator[tuple[Path, str]]:
    """The file, out of its packing where it ends in .gz, and what faults call it."""
    if path.suffix.lower() != ".gz":
        yield path, file_name
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / path.with_suffix("").name
        try:
            with gzip.open(path) as packed:
                raw = packed.read(UNPACKED_MOST + 1)
        except (OSError, EOFError) as error:
            raise InputError([Fault(file_name, "", f"cannot be unpacked ({error})", "a gzip file")]) from error
        if len(raw) > UNPACKED_MOST:
            raise InputError([Fault(file_name, "", "too large unpacked", f"at most {UNPACKED_MOST} bytes")])
        file.write_bytes(raw)
        yield file, file_name


def _columns_missing(table: Table, source: str, words: ReferenceWords) -> list[Fault]:
    """Columns that were named and are not there, each with those that are most like it."""
    wanted = (words.key_column, words.name_column, words.cost_column, words.quantity_column)
    faults = []
    for name in wanted:
        column = name.strip().lower()
        if column and column not in table.columns:
            near = (
                get_close_matches(column, table.columns, n=COLUMNS_NAMED, cutoff=0.4) or table.columns[:COLUMNS_NAMED]
            )
            faults.append(Fault(source, table.header_place, f"no column {name}", "one like " + " | ".join(near)))
    return faults


@dataclass(frozen=True, slots=True)
class _Sound:
    key: str
    name: str
    cost: Decimal
    quantity: Decimal
    place: str


def _rows(table: Table, source: str, words: ReferenceWords) -> tuple[list[_Sound], list[Fault]]:
    """Sound rows, and a fault for each other row, in the order of the file."""
    key_column, name_column = words.key_column.strip().lower(), words.name_column.strip().lower()
    cost_column, quantity_column = words.cost_column.strip().lower(), words.quantity_column.strip().lower()
    found: list[_Sound] = []
    faults: list[Fault] = []
    times = Counter(row.get(key_column) for row in table.rows)

    def fault(row: Row, column: str, wrong: str, expected: str) -> None:
        one = row.fault(column, wrong, expected)
        faults.append(Fault(source, one.place, one.wrong, one.expected))

    for row in table.rows:
        key, name = row.get(key_column), row.get(name_column) if name_column else ""
        cost = _number(row.get(cost_column), words.decimal)
        quantity = _number(row.get(quantity_column), words.decimal) if quantity_column else Decimal(1)
        odd = _shifted(table, row, words.decimal)
        if odd is not None:
            fault(row, odd, row.get(odd), f"what the column's name says: {SHIFTED}")
        elif not key:
            fault(row, key_column, "missing", "what the row is about")
        elif SUM_ROW.search(key) or SUM_ROW.search(name):
            fault(row, key_column, f"{key} is a sum of other rows", "one organisation")
        elif times[key] > 1:  # nobody can say which of them is right
            fault(row, key_column, f"{key} stands {times[key]} times", "each once")
        elif cost is None:
            fault(row, cost_column, row.get(cost_column) or "missing", "a number")
        elif quantity is None:
            fault(row, quantity_column, row.get(quantity_column) or "missing", "a number")
        elif quantity <= 0:
            fault(row, quantity_column, str(quantity), "more than 0")
        elif cost <= 0:
            fault(row, cost_column, str(cost), "more than 0: 0 means that it was not reported")
        else:
            found.append(_Sound(key, name, cost, quantity, row.places.get("", "")))
    return found, faults


def _shifted(table: Table, row: Row, decimal: str) -> str | None:
    """The first column whose cell cannot be what its name says (%, yes/no, a number), None where none is odd."""
    for column in table.columns:
        unit, text = UNIT.search(column), row.get(column)
        if unit is None or not text:
            continue
        number = _number(text, decimal)
        if unit[1] == "yes/no" and number is not None:
            return column
        if unit[1] == "%" and number is not None and not 0 <= number <= PER_CENT:
            return column
        if SPLIT_TAIL.fullmatch(text):
            return column
    return None


def _number(text: str, decimal: str) -> Decimal | None:
    """A number as the file's language writes it, None where it is none."""
    if NUMBERS[decimal].fullmatch(text) is None:
        return None
    plain = re.sub(r"[ \u00a0\u202f]", "", text)
    plain = plain.replace(",", "") if decimal == "point" else plain.replace(".", "").replace(",", ".")
    return Decimal(plain)


def _reference(table: ReferenceTable, row: _Sound) -> ReferenceRow:
    return ReferenceRow(
        table=table,
        key=row.key[:80],
        name=row.name[:200],
        cost=row.cost.quantize(Decimal("0.01")),
        quantity=row.quantity.quantize(Decimal("0.001")),
        value=(row.cost / row.quantity).quantize(Decimal("0.0001")),
        place=row.place[:40],
    )


@transaction.atomic
def reference_remove(*, table_id: int, actor: User) -> None:
    """Throw a reference table away; the file can be read in again. For a controller."""
    table = ReferenceTable.objects.filter(pk=table_id).first()
    if table is None:
        raise RuleBroken("unknown_reference", str(table_id))
    keeper_require(actor, table.hospital_id)
    table.delete()


@transaction.atomic
def quantity_set(
    *,
    hospital_id: int,
    year: int,
    measure: str,
    cost_sek: Decimal,
    quantity: Decimal,
    source: str,
    actor: User,
    at: datetime,
) -> Quantity:
    """Say what a measure cost here in a year and how much of it there was, with the source; the newest counts."""
    keeper_require(actor, hospital_id)
    if measure not in Measure.values:
        raise RuleBroken("unknown_measure", measure)
    if quantity <= 0 or cost_sek < 0:
        raise RuleBroken("bad_amount", f"{cost_sek} / {quantity}")
    if not source.strip():
        raise RuleBroken("source_missing")
    return Quantity.objects.create(
        hospital_id=hospital_id,
        year=year,
        measure=measure,
        cost_sek=cost_sek,
        quantity=quantity,
        source=source.strip()[:300],
        made_at=at,
        made_by_id=actor.pk,
    )
