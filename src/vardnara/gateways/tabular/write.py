"""Writes tables as CSV, Parquet or one xlsx workbook, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from vardnara.gateways.tabular.data import Cell, Kind, OutTable
from vardnara.kernel.errors import GatewayError

RUNNABLE = re.compile(r"'*[=+\-@\t\r\n]")
BATCH_ROWS = 20_000  # of a Parquet file held at once, about 30 MB of a wide table
SHEET_ROWS = 1_048_576  # of the xlsx format


def tables_write_csv(folder: Path, tables: Iterable[OutTable], *, delimiter: str = ",") -> tuple[Path, ...]:
    """Write each table as ``NAME.csv`` in UTF-8.

    A text that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-``, ``@``, tab or a line break)
    gets an apostrophe before it, which ``tables_read`` takes away again. Each file appears whole or not at all.

    Parameters
    ----------
    folder
        Made if missing.
    tables
        What to write; rows are walked once and never held.
    delimiter
        ``,`` or ``;``.

    Returns
    -------
    tuple of Path
        Files written, in order.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        draft = folder / f".{table.name}.csv.part"
        try:
            with draft.open("w", encoding="utf-8", newline="") as stream:
                _csv_write(stream, table, delimiter)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        written.append(path)
    return tuple(written)


def table_csv_text(table: OutTable, *, delimiter: str = ",", decimal_comma: bool = False) -> str:
    """The same file as text, for a small table that a page hands out; decimal numbers with a comma if asked."""
    stream = StringIO(newline="")
    _csv_write(stream, table, delimiter, decimal_comma)
    return stream.getvalue()


def _csv_write(stream: TextIO, table: OutTable, delimiter: str, decimal_comma: bool = False) -> None:
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_csv_cell(cell, decimal_comma) for cell in row] for row in table.rows)


def tables_write_parquet(folder: Path, tables: Iterable[OutTable]) -> tuple[Path, ...]:
    """Write each table as ``NAME.parquet`` with typed columns: 64-bit integers, booleans, times in UTC, dates, text.

    Use it for analysis: nothing has to be guessed from text. What is missing is null in every column, and texts are as
    they are, because nothing runs them.

    Parameters
    ----------
    folder
        Made if missing.
    tables
        What to write; rows are walked once, ``BATCH_ROWS`` of them held at a time.

    Returns
    -------
    tuple of Path
        Files written, in order. Each appears whole or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_parquet(folder, table) for table in tables)


def _parquet(folder: Path, table: OutTable) -> Path:
    """Batches go to files of their own, which are then streamed into one: polars cannot add to a Parquet file."""
    import polars as pl

    types: dict[Kind, pl.DataType | type[pl.DataType]] = {
        "text": pl.String,
        "integer": pl.Int64,
        "boolean": pl.Boolean,
        "instant": pl.Datetime("us", "UTC"),
        "date": pl.Date,
    }
    schema = {column: types[table.kinds.get(column, "text")] for column in table.columns}
    path = folder / f"{table.name}.parquet"
    draft = folder / f".{table.name}.parquet.part"
    with TemporaryDirectory(dir=folder, prefix=f".{table.name}.") as kept:
        batches = []
        for number, rows in enumerate(batched(table.rows, BATCH_ROWS, strict=False)):
            batches.append(Path(kept) / f"{number:06}.parquet")
            pl.DataFrame(rows, schema=schema, orient="row").write_parquet(batches[-1])
        try:
            if batches:
                pl.scan_parquet(batches).sink_parquet(draft)
            else:
                pl.DataFrame(schema=schema).write_parquet(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    return path


def tables_write_xlsx(path: Path, tables: Iterable[OutTable]) -> Path:
    """Write the tables as one workbook, a sheet each; texts are stored as text, so none becomes a formula.

    Parameters
    ----------
    path
        The workbook; replaced whole.
    tables
        What to write.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    GatewayError
        ``too_many_rows`` where a table does not fit on a sheet.
    """
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    try:
        with xlsxwriter.Workbook(str(draft), {"constant_memory": True}) as book:
            bold = book.add_format({"bold": True})
            text_format = book.add_format({"num_format": "@"})
            for table in tables:
                sheet = book.add_worksheet(table.name)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, max(len(table.columns) - 1, 0), 18, text_format)
                for column, name in enumerate(table.columns):
                    sheet.write_string(0, column, name, bold)
                for number, row in enumerate(table.rows, start=1):
                    if number >= SHEET_ROWS:
                        raise GatewayError("too_many_rows", f"{table.name} has more rows than a sheet holds")
                    for column, cell in enumerate(row):
                        if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
                            sheet.write_number(number, column, cell)
                        elif (text := _text(cell)) != "":
                            sheet.write_string(number, column, text, text_format)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _csv_cell(cell: Cell, decimal_comma: bool = False) -> str:
    text = _text(cell)
    if decimal_comma and isinstance(cell, Decimal):
        return text.replace(".", ",")
    return text_guarded(text) if isinstance(cell, str) else text


def text_guarded(text: str) -> str:
    """A text of a CSV file with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{text}" if RUNNABLE.match(text) else text


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
