"""Units, accounts, frames and indices read in from tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.economy.models import Frame, PriceIndex, PriceIndexNumber, Unit
from vardnara.apps.economy.services.ledger_import import keeper_require
from vardnara.apps.economy.services.masters import accounts_import, units_import
from vardnara.gateways.tabular import Row, Table, tables_read
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

KINDS = ("units", "accounts", "frames", "indices")
DATED = ("frames", "indices")  # the others hold codes, which a workbook must not turn into dates
YEARS = range(1990, 2200)


@transaction.atomic
def tables_import(
    *,
    hospital_id: int,
    path: Path,
    file_name: str,
    kind: str,
    encoding: str = "utf-8",
    actor: User | None,
    at: datetime,
) -> int:
    """Read a CSV or xlsx file of units, accounts, frames or indices in; returns the number of rows. All or none.

    For a controller. Raises ``InputError`` with every fault and the file's own name.
    """
    reading = tables_read(path, encoding=encoding, dates=kind in DATED)
    try:
        if reading.faults or not reading.tables:
            raise InputError(reading.faults or [Fault(file_name, "", "no table in the file", "a header and rows")])
        return sum(_kept(kind, hospital_id, table, actor, at) for table in reading.tables)
    except InputError as error:
        raise InputError([replace(fault, source=file_name) for fault in error.faults]) from error


def _kept(kind: str, hospital_id: int, table: Table, actor: User | None, at: datetime) -> int:
    if kind == "frames":
        return frames_import(hospital_id=hospital_id, table=table, actor=actor, at=at)
    if kind == "indices":
        return indices_import(hospital_id=hospital_id, table=table, actor=actor, at=at)
    read = units_import if kind == "units" else accounts_import
    return read(hospital_id=hospital_id, table=table, actor=actor)


def _read[T](row: Row, column: str, faults: list[Fault], read: Callable[[str], T], expected: str) -> T | None:
    text = row.get(column)
    try:
        return read(text)
    except ValueError:
        faults.append(row.fault(column, text or "missing", expected))
        return None


def _year(text: str) -> int:
    if not text.isdigit() or int(text) not in YEARS:
        raise ValueError(text)
    return int(text)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", ".").replace("−", "-"))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not amount.is_finite():
        raise ValueError(text)
    return amount


def _kronor(text: str) -> Decimal:
    amount = _amount(text)
    if not amount or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(text)
    return amount


def _number(text: str) -> Decimal:
    number = _amount(text)
    if number <= 0:
        raise ValueError(text)
    return number


def _words(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


@transaction.atomic
def frames_import(*, hospital_id: int, table: Table, actor: User | None, at: datetime) -> int:
    """Read decided steps of frames in from a table (unit, year, amount, decided_on, source). All or none.

    A step that is there already (unit, year, amount, day and source the same) is a fault: read in twice it would count
    twice.
    """
    keeper_require(actor, hospital_id)
    units = dict(Unit.objects.filter(hospital=hospital_id).values_list("code", "pk"))
    there = set(
        Frame.objects.filter(unit__hospital=hospital_id).values_list(
            "unit_id", "year", "amount_sek", "decided_on", "source"
        )
    )
    faults: list[Fault] = []
    frames = []
    for row in table.rows:
        n = len(faults)
        unit = units.get(row.get("unit"))
        if unit is None:
            faults.append(row.fault("unit", row.get("unit") or "missing", "the code of a unit"))
        year = _read(row, "year", faults, _year, "a year such as 2026")
        amount = _read(row, "amount", faults, _kronor, "kronor, not 0, at most two decimals")
        decided_on = _read(row, "decided_on", faults, date.fromisoformat, "a date such as 2026-01-31")
        source = _read(row, "source", faults, _words, "the decision")
        if len(faults) > n or not (unit and year and amount and decided_on and source):
            continue
        step = (unit, year, amount, decided_on, source[:200])
        if step in there:
            faults.append(row.fault("", "the step is there already", "each step once"))
        there.add(step)
        made_by = actor.pk if actor else None
        frames.append(
            Frame(
                unit_id=unit,
                year=year,
                amount_sek=amount,
                decided_on=decided_on,
                source=source[:200],
                made_at=at,
                made_by_id=made_by,
            )
        )
    if faults:
        raise InputError(faults)
    Frame.objects.bulk_create(frames)
    return len(frames)


@transaction.atomic
def indices_import(*, hospital_id: int, table: Table, actor: User | None, at: datetime) -> int:
    """Read publications of indices in from a table (index, published_on, year, number, source). All or none."""
    keeper_require(actor, hospital_id)
    faults: list[Fault] = []
    found: dict[tuple[str, date], tuple[str, dict[int, Decimal], Row]] = {}
    for row in table.rows:
        name = _read(row, "index", faults, _words, "the name of the index")
        published_on = _read(row, "published_on", faults, date.fromisoformat, "a date such as 2026-02-15")
        year = _read(row, "year", faults, _year, "a year such as 2026")
        number = _read(row, "number", faults, _number, "a number above 0")
        source = _read(row, "source", faults, _words, "where the numbers are published")
        if not (name and published_on and year and number and source):
            continue
        _, numbers, _ = found.setdefault((name[:80], published_on), (source[:300], {}, row))
        if year in numbers:
            faults.append(row.fault("year", f"{year} stands twice", "each year once"))
        numbers[year] = number
    if faults:
        raise InputError(faults)
    for (name, published_on), (source, numbers, row) in found.items():
        try:
            with transaction.atomic():
                index = PriceIndex.objects.create(
                    hospital_id=hospital_id,
                    name=name,
                    published_on=published_on,
                    source=source,
                    made_at=at,
                    made_by_id=actor.pk if actor else None,
                )
        except IntegrityError:
            wrong = f"{name} of {published_on} is there already"
            raise InputError([row.fault("published_on", wrong, "another publication, or withdraw that one")]) from None
        PriceIndexNumber.objects.bulk_create(
            PriceIndexNumber(index=index, year=year, number=number) for year, number in numbers.items()
        )
    return len(table.rows)


@transaction.atomic
def index_withdraw(*, index_id: int, actor: User | None, at: datetime) -> None:
    """Take a publication out of use: it was wrong. For a controller."""
    index = PriceIndex.objects.select_for_update().filter(pk=index_id, withdrawn_at__isnull=True).first()
    if index is None:
        raise RuleBroken("unknown_index", str(index_id))
    keeper_require(actor, index.hospital_id)
    index.withdrawn_at = at
    index.save(update_fields=["withdrawn_at"])
