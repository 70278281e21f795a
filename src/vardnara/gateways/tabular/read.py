"""Reads a folder of CSV files, one CSV file, or one xlsx workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from vardnara.gateways.tabular.data import Reading, Row, Table
from vardnara.kernel.faults import Fault

DELIMITERS = (";", ",", "\t")
ENCODINGS = {"utf-8": "utf-8", "cp1252": "cp1252", "latin-1": "latin-1"}
GUARDED = re.compile(r"'+[=+\-@\t\r\n]")

type RawRow = tuple[int, list[str], list[str]]  # number of the row, texts, place of each text


def tables_read(
    path: Path, *, encoding: str = "utf-8", dates: bool = False, delimiter: str = "", header_row: int = 1
) -> Reading:
    """Read every table below ``path``.

    Parameters
    ----------
    path
        Folder with ``*.csv``, one ``.csv`` file, or one ``.xlsx`` workbook (a sheet is a table).
    encoding
        How CSV bytes are read: ``utf-8`` (with or without byte order mark), or ``cp1252`` / ``latin-1`` where the
        caller declares it. It is never guessed: å, ä and ö would silently turn into other letters.
    dates
        Whether a workbook may hold dates; otherwise a date is a fault, because spreadsheets turn codes such as
        ``3-1`` into dates by themselves.
    delimiter
        Of CSV; empty for the one of ``; , tab`` that the header uses most.
    header_row
        Row of the file, from 1, that names the columns; rows before it are passed over.

    Returns
    -------
    Reading
        Tables and all faults.
    """
    faults: list[Fault] = []
    if encoding not in ENCODINGS:
        return Reading((), (Fault(str(path), "", f"encoding {encoding}", "one of " + ", ".join(ENCODINGS)),))
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv" and file.is_file())
        if not files:
            faults.append(Fault(str(path), "", "no tables in this folder", "files that end in .csv"))
        tables = [
            table for file in files if (table := _csv_read(file, encoding, faults, delimiter, header_row)) is not None
        ]
    elif path.suffix.lower() == ".csv" and path.is_file():
        table = _csv_read(path, encoding, faults, delimiter, header_row)
        tables = [] if table is None else [table]
    elif path.suffix.lower() == ".xlsx" and path.is_file():
        tables = _xlsx_read(path, dates, faults, header_row)
    else:
        wrong = "not a table" if path.exists() else "no such file or folder"
        faults.append(Fault(str(path), "", wrong, "a folder of .csv files or one .xlsx workbook"))
        tables = []
    return Reading(tuple(tables), tuple(faults))


def _csv_read(path: Path, encoding: str, faults: list[Fault], delimiter: str = "", header_row: int = 1) -> Table | None:
    text = _text(path, encoding, faults)
    if text is None:
        return None
    source = str(path)
    rows = islice(_csv_rows(source, text, faults, delimiter), header_row - 1, None)
    return _table(path.stem.lower(), source, rows, faults)


def _text(path: Path, encoding: str, faults: list[Fault]) -> str | None:
    raw = path.read_bytes()
    source = str(path)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        faults.append(Fault(source, "1", "text in UTF-16", "UTF-8"))
        return None
    codec = "utf-8-sig" if encoding == "utf-8" else ENCODINGS[encoding]
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{raw[error.start]:02x} is not {encoding}"
        expected = "UTF-8, or the file's encoding declared (cp1252 is common in older Windows files)"
        faults.append(Fault(source, str(line), wrong, expected))
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        faults.append(Fault(source, str(line), "a NUL character", "plain text"))
        return None
    return text


def _delimiter(text: str) -> str:
    """The separator that the header uses most, outside quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count) if any(mark in bare for mark in DELIMITERS) else ","


def _csv_rows(source: str, text: str, faults: list[Fault], delimiter: str = "") -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(source, str(line), f"the quotes of this row do not match ({error})", "CSV"))
            return
        yield line, [_unguarded(cell) for cell in cells], [str(line)] * len(cells)


def _unguarded(cell: str) -> str:
    """The text without the apostrophe that ``tables_write_csv`` sets before what a spreadsheet would calculate."""
    return cell[1:] if GUARDED.match(cell) else cell


def _xlsx_read(path: Path, dates: bool, faults: list[Fault], header_row: int = 1) -> list[Table]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import InvalidFileException

    source = str(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        faults.append(Fault(source, "", f"not a workbook that can be opened ({error})", "an .xlsx file"))
        return []
    tables = []
    try:
        for sheet in book.worksheets:
            rows: list[RawRow] = []
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                places = [f"{sheet.title}!{get_column_letter(index)}{number}" for index in range(1, len(values) + 1)]
                texts = [
                    _cell_text(source, place, value, dates, faults) for place, value in zip(places, values, strict=True)
                ]
                rows.append((number, texts, places))
            if any(any(texts) for _, texts, _ in rows):
                table = _table(sheet.title.strip().lower(), source, iter(rows[header_row - 1 :]), faults)
                if table is not None:
                    tables.append(table)
    finally:
        book.close()
    if not tables and not faults:
        faults.append(Fault(source, "", "no tables in this workbook", "a sheet with a header row"))
    return tables


def _cell_text(source: str, place: str, value: object, dates: bool, faults: list[Fault]) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (datetime, date, time, timedelta)):
        if not dates:
            faults.append(Fault(source, place, f"a date or time ({value})", "text: format the column as text"))
            return ""
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    text = str(value)
    if text.startswith("#") and text.rstrip("!?").isupper() and text.endswith(("!", "?", "A")):
        faults.append(Fault(source, place, f"the formula's answer is {text}", "a value"))
        return ""
    return text


def _table(name: str, source: str, rows: Iterator[RawRow], faults: list[Fault]) -> Table | None:
    header = next((row for row in rows if any(cell.strip() for cell in row[1])), None)
    if header is None:
        faults.append(Fault(source, "1", "an empty table", "a header row"))
        return None
    number, texts, header_places = header
    names = [text.strip().lower() for text in texts]
    while names and not names[-1]:
        names.pop()
    sound = True
    for index, column in enumerate(names):
        if not column:
            faults.append(Fault(source, header_places[index], f"column {index + 1} has no name", "a name"))
            sound = False
        elif column in names[:index]:
            faults.append(Fault(source, header_places[index], f"column {column} stands twice", "each column once"))
            sound = False
    if not sound:
        return None
    body = tuple(_row(source, names, row, faults) for row in rows if any(cell.strip() for cell in row[1]))
    place = header_places[0] if header_places else str(number)
    return Table(name, source, place, tuple(names), tuple(row for row in body if row is not None))


def _row(source: str, names: Sequence[str], raw: RawRow, faults: list[Fault]) -> Row | None:
    number, texts, places = raw
    extra = [index for index in range(len(names), len(texts)) if texts[index].strip()]
    if extra:
        faults.append(Fault(source, places[extra[0]], f"{len(texts)} cells", f"{len(names)} as in the header"))
        return None
    if len(texts) < len(names):
        faults.append(Fault(source, places[0], f"{len(texts)} cells", f"{len(names)} as in the header"))
        return None
    spots = dict(zip(names, places, strict=False))
    spots[""] = places[0] if places else str(number)
    return Row(source, {column: texts[index].strip() for index, column in enumerate(names)}, spots)
