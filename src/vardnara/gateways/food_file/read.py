"""Reads a kitchen's file into one table: finds its header, unpacks it, and lays JSON out in rows and columns."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from vardnara.gateways.tabular import Reading, Row, Table, tables_read
from vardnara.gateways.tabular.read import DELIMITERS, ENCODINGS
from vardnara.kernel.faults import Fault

ENDINGS = (".csv.gz", ".json.gz", ".jsonl.gz", ".csv", ".xlsx", ".json", ".jsonl")
UNPACKED_MOST = 200_000_000  # bytes
HEADER_WITHIN = 20  # rows
ROWS_MOST = 200_000
DEPTH_MOST = 12


def food_file_read(path: Path, *, encoding: str = "utf-8") -> Reading:
    """Read the tables of a file; with faults they may lack rows.

    Parameters
    ----------
    path
        A file with one of ``ENDINGS``. Of a table the header is the fullest of the first rows, so that titles may stand
        before it. JSON is a list of objects, an object that holds one, or one object a line: lists of objects inside
        become rows, lists of texts lines of a cell, lists of ``name``, ``amount``, ``unit`` columns.
    encoding
        Of CSV and JSON: declared, never guessed.

    Returns
    -------
    Reading
        Tables whose rows know their place: a line, ``SHEET!CELL``, or a JSON pointer.
    """
    try:
        file = _unpacked(path)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        return Reading((), (Fault(str(path), "", f"cannot be unpacked ({error})", "a whole gzip file"),))
    if file.suffix in (".json", ".jsonl"):
        reading = _json_read(file, encoding)
    else:
        row, delimiter = _header_row(file, encoding)
        reading = tables_read(file, encoding=encoding, dates=True, header_row=row, delimiter=delimiter)
    return Reading(
        tuple(replace(table, source=str(path)) for table in reading.tables),
        tuple(Fault(str(path), fault.place, fault.wrong, fault.expected) for fault in reading.faults),
    )


def _unpacked(path: Path) -> Path:
    if path.suffix != ".gz":
        return path
    with gzip.open(path, "rb") as packed:
        raw = packed.read(UNPACKED_MOST + 1)
    if len(raw) > UNPACKED_MOST:
        raise ValueError(f"more than {UNPACKED_MOST // 1_000_000} MB")
    file = path.with_suffix("")
    if file.exists():
        file = path.with_name(f"unpacked-{file.name}")
    file.write_bytes(raw)
    return file


def _header_row(file: Path, encoding: str) -> tuple[int, str]:
    """The row that names the columns: the first of the fullest among the first rows; and what parts its cells."""
    if file.suffix == ".xlsx":
        filled = _xlsx_filled(file)
        return (filled.index(max(filled)) + 1 if filled else 1), ""
    raw = file.read_bytes()[:400_000]
    codec = "utf-8-sig" if encoding == "utf-8" else ENCODINGS.get(encoding, "utf-8")
    text = raw.decode(codec, errors="replace")
    best = (1, "", 0)
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for number, cells in zip(range(1, HEADER_WITHIN + 1), reader, strict=False):
                n = sum(1 for cell in cells if cell.strip())
                if n > best[2]:
                    best = (number, delimiter, n)
        except csv.Error:
            continue
    return best[0], best[1] if best[2] > 1 else ""


def _xlsx_filled(file: Path) -> list[int]:
    """How many cells the first rows of a workbook's first sheet fill; empty where it cannot be opened."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        return []
    try:
        rows = book.worksheets[0].iter_rows(values_only=True, max_row=HEADER_WITHIN)
        return [sum(1 for value in row if value is not None and str(value).strip()) for row in rows]
    finally:
        book.close()


def _json_read(file: Path, encoding: str) -> Reading:
    codec = "utf-8-sig" if encoding == "utf-8" else ENCODINGS.get(encoding, "utf-8")
    try:
        text = file.read_bytes().decode(codec)
    except UnicodeDecodeError as error:
        return Reading(
            (), (Fault(str(file), "", f"byte 0x{error.object[error.start]:02x} is not {encoding}", "UTF-8"),)
        )
    faults: list[Fault] = []
    rows = list(_records(str(file), text, file.suffix == ".jsonl", faults))
    columns: dict[str, None] = {}
    for cells, _ in rows:
        columns.update(dict.fromkeys(cells))
    if not rows and not faults:
        faults.append(Fault(str(file), "", "no rows", "a list of objects"))
    if len(rows) > ROWS_MOST:
        faults.append(Fault(str(file), "", f"{len(rows)} rows", f"at most {ROWS_MOST}"))
        rows = []
    body = tuple(Row(str(file), cells, {"": place}) for cells, place in rows)
    return Reading((Table(file.stem.lower(), str(file), "", tuple(columns), body),) if body else (), tuple(faults))


type Laid = tuple[dict[str, str], str]


def _records(source: str, text: str, by_line: bool, faults: list[Fault]) -> Iterator[Laid]:
    if not by_line:
        try:
            yield from _laid(json.loads(text), "", "", 0)
        except (json.JSONDecodeError, RecursionError) as error:
            place = str(getattr(error, "lineno", ""))
            faults.append(Fault(source, place, f"not JSON ({getattr(error, 'msg', 'too deep')})", "JSON"))
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                for cells, _ in _laid(json.loads(line), "", "", 0):
                    yield cells, str(number)
            except (json.JSONDecodeError, RecursionError) as error:
                faults.append(Fault(source, str(number), f"not JSON ({getattr(error, 'msg', 'too deep')})", "JSON"))


def _laid(value: Any, name: str, place: str, depth: int) -> Iterator[Laid]:
    """Rows below a value: the cells of an object, once for every object of the lists of objects in it."""
    if depth > DEPTH_MOST:
        return
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _laid(one, name, f"{place}/{index}", depth + 1)
        return
    if not isinstance(value, dict):
        return
    own: dict[str, str] = {}
    inner: list[tuple[str, list[Any], str]] = []
    for key, one in value.items():
        column = f"{name}.{key}".lower() if name else str(key).lower()
        inside = f"{place}/{str(key).replace('~', '~0').replace('/', '~1')}"
        _cell(own, inner, column, one, inside, depth)
    rows = [row for column, objects, inside in inner for row in _laid(objects, column, inside, depth + 1)]
    if not rows:
        if any(own.values()):
            yield own, place
        return
    for cells, at in rows:
        yield own | cells, at


def _cell(
    own: dict[str, str], inner: list[tuple[str, list[Any], str]], column: str, value: Any, place: str, depth: int
) -> None:
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        if all({"name", "amount"} <= one.keys() for one in value):
            for one in value:
                unit = f" ({one['unit']})" if one.get("unit") else ""
                own[f"{column}.{one['name']}{unit}".lower()] = _text(one["amount"])
        else:
            inner.append((column, value, place))
    elif isinstance(value, list):
        own[column] = "\n".join(_text(one) for one in value)
    elif isinstance(value, dict) and depth < DEPTH_MOST:
        for key, one in value.items():
            _cell(own, inner, f"{column}.{key}".lower(), one, f"{place}/{key}", depth + 1)
    else:
        own[column] = _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
