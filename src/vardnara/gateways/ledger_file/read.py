"""Streams a ledger or a budget from CSV or xlsx: one pass, little memory, every fault by its line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from vardnara.gateways.ledger_file.data import ALIASES, COLUMNS, NEEDED, Entry
from vardnara.gateways.tabular.read import DELIMITERS, ENCODINGS
from vardnara.kernel.faults import Fault

AMOUNT = re.compile(r"-?\d{1,13}(?:[.,]\d{1,2})?")
BLANKS = str.maketrans({" ": None, "\u00a0": None, "\u202f": None, "\u2212": "-"})
MOST_FAULTS = 10_000
type Raw = tuple[int, Sequence[str]]


class LedgerReader:
    """A file while it is read; ``faults`` grows. Only a file walked to its end without a fault may be used.

    The header names ``unit``, ``account``, ``amount`` and ``booked_on`` (a day) or ``month``, in any order, in English
    or by the names in ``ALIASES``; ``voucher`` and ``text`` may be there. Every row has as many cells as the header.

    Parameters
    ----------
    path
        A ``.csv`` file, or an ``.xlsx`` workbook whose first sheet, or sheet named ``sheet``, is read.
    encoding
        Of CSV, declared and never guessed.
    sheet
        Name of the sheet, lower case.
    """

    def __init__(self, path: Path, *, encoding: str = "utf-8", sheet: str = "") -> None:
        self.path, self.source, self.encoding, self.sheet = path, str(path), encoding, sheet
        self.faults: list[Fault] = []
        self.line = 0
        self.n_entries = 0
        self.n_bytes_read = 0
        self._sheet_name = ""
        self._cut_would_not_show = False
        self._days: dict[str, date | None] = {}

    def entries(self) -> Iterator[Entry]:
        """Give every sound row in the order of the file."""
        rows = self._workbook() if self.path.suffix.lower() == ".xlsx" else self._csv()
        places = self._header(rows)
        if places is None:
            return
        unit, account, amount, when, voucher, text, width = places
        self._cut_would_not_show = width - 1 in (unit, account, amount, when)  # 12 may have been 1234,50
        for number, cells in rows:
            self.line = number
            if not any(cells):
                continue
            if len(cells) != width:
                self._fault(number, f"{len(cells)} cells", f"{width} as in the header; a cut line has fewer")
                continue
            entry = self._entry(number, cells, (unit, account, amount, when, voucher, text))
            if entry is not None:
                self.n_entries += 1
                yield entry

    def _entry(self, number: int, cells: Sequence[str], at: Sequence[int]) -> Entry | None:
        unit, account = cells[at[0]].strip(), cells[at[1]].strip()
        amount, day = self._amount(cells[at[2]]), self._day(cells[at[3]])
        if not unit or not account:
            self._fault(number, f"no {'account' if unit else 'unit'}", "its code")
        elif amount is None:
            expected = "kronor such as 1234,50: no thousands but blanks, at most two decimals"
            self._fault(number, f"amount {cells[at[2]] or 'missing'}", expected)
        elif day is None:
            self._fault(number, f"date {cells[at[3]] or 'missing'}", "YYYY-MM-DD, or YYYY-MM for a month")
        else:
            voucher = cells[at[4]].strip() if at[4] >= 0 else ""
            text = cells[at[5]].strip() if at[5] >= 0 else ""
            if voucher.isprintable() and text.isprintable():
                return Entry(number, voucher, day, unit, account, amount, text)
            self._fault(number, "a control character or line break in a text", "plain text")
        return None

    def _amount(self, text: str) -> Decimal | None:
        plain = text if AMOUNT.fullmatch(text) else text.translate(BLANKS)
        return Decimal(plain.replace(",", ".")) if AMOUNT.fullmatch(plain) else None

    def _day(self, text: str) -> date | None:
        if text not in self._days:
            plain = text.strip()
            full = f"{plain}-01" if re.fullmatch(r"\d{4}-\d{2}", plain) else plain
            try:
                self._days[text] = date.fromisoformat(full) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", full) else None
            except ValueError:
                self._days[text] = None
        return self._days[text]

    def place(self, line: int) -> str:
        """Where a row is, as faults say it."""
        return f"{self._sheet_name}!A{line}" if self._sheet_name else str(line)

    def _fault(self, line: int, wrong: str, expected: str = "") -> None:
        place = self.place(line)
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self.source, place, wrong, expected))
        elif len(self.faults) == MOST_FAULTS:
            self.faults.append(Fault(self.source, place, "more faults follow and are not listed"))

    def _header(self, rows: Iterator[Raw]) -> tuple[int, int, int, int, int, int, int] | None:
        """Where each column stands, and how many there are; None where the header is not one."""
        number, cells = next(rows, (1, []))
        names = [ALIASES.get(name, name) for name in (cell.strip().lower() for cell in cells)]
        twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
        missing = [name for name in NEEDED if name not in names]
        if "booked_on" not in names and "month" not in names:
            missing.append("booked_on or month")
        for name in twice:
            self._fault(number, f"column {name} stands twice", "each column once")
        if missing and not self.faults:
            self._fault(number, f"no column {', '.join(missing)}", "a header with unit, account, booked_on, amount")
        if twice or missing:
            return None
        unit, account, amount = (names.index(name) for name in NEEDED)
        when = names.index("booked_on" if "booked_on" in names else "month")
        voucher, text = (names.index(name) if name in names else -1 for name in ("voucher", "text"))
        return unit, account, amount, when, voucher, text, len(names)

    def _lines(self) -> Iterator[str]:
        """Lines as text; a byte that is not of the encoding is a fault at its line and ends the reading."""
        codec = "utf-8" if self.encoding == "utf-8" else ENCODINGS[self.encoding]
        with self.path.open("rb") as stream:
            for number, raw in enumerate(stream, start=1):
                self.n_bytes_read += len(raw)
                if self._cut_would_not_show and not raw.endswith(b"\n"):
                    self._fault(number, "the last line is not ended: is the file cut?", "a line break after every row")
                if number == 1:
                    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
                        self._fault(1, "text in UTF-16", "UTF-8")
                        return
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                try:
                    text = raw.decode(codec)
                except UnicodeDecodeError as error:
                    wrong = f"byte 0x{raw[error.start]:02x} is not {self.encoding}"
                    self._fault(number, wrong, "the file's encoding declared (cp1252 is common in Windows files)")
                    yield "\n"  # so that the lines after it keep their numbers
                    continue
                if "\0" in text:
                    self._fault(number, "a NUL character", "plain text")
                    yield "\n"
                    continue
                yield text

    def _csv(self) -> Iterator[Raw]:
        if self.encoding not in ENCODINGS:
            self._fault(1, f"encoding {self.encoding}", "one of " + ", ".join(ENCODINGS))
            return
        lines = self._lines()
        first = next(lines, "")
        delimiter = max(DELIMITERS, key=re.sub(r'"[^"]*"', "", first).count)

        def again() -> Iterator[str]:
            yield first
            yield from lines

        reader = csv.reader(again(), delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._fault(line, f"the quotes of this row do not match ({error})", "CSV")
                return

    def _workbook(self) -> Iterator[Raw]:
        from zipfile import BadZipFile

        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            book = load_workbook(self.path, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
            self._fault(1, f"not a workbook that can be opened ({error})", "an .xlsx file")
            return
        try:
            named = [sheet for sheet in book.worksheets if sheet.title.strip().lower() == self.sheet]
            sheet = named[0] if named else book.worksheets[0]
            self._sheet_name = sheet.title
            width = 0
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                texts = [_cell(value) for value in values]
                width = width or len(texts)
                yield number, texts + [""] * (width - len(texts))
        finally:
            book.close()


def _cell(value: object) -> str:
    """A workbook's cell as text; money that a workbook keeps as a float is taken to the öre."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:.2f}" if round(value, 2) == round(value, 6) else repr(value)
    return str(value)
