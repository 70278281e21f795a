"""A workbook that goes on calculating: figures as numbers, sums and products as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

type SheetCell = str | int | Decimal | date | Formula | None
MONEY, COUNT = "#,##0.00", "#,##0"
NAME_LENGTH = 31  # of the xlsx format
FIRST_ROW = 4  # as people count, below title, subtitle and header


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, in which ``{row}`` is its own row, and its value now, for readers that do not calculate."""

    text: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a title.

    Parameters
    ----------
    name
        Of the sheet.
    title, subtitle
        Above the table.
    columns
        Headers.
    rows
        Texts are stored as text, so none becomes a formula.
    totals
        Columns, counted from 0, that are summed by a formula under the table.
    total_word
        What the row of sums is called.
    """

    name: str
    title: str
    subtitle: str
    columns: Sequence[str]
    rows: Sequence[Sequence[SheetCell]]
    totals: Sequence[int] = ()
    total_word: str = ""


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as one xlsx workbook; the same sheets are the same bytes.

    Parameters
    ----------
    sheets
        With names that differ.

    Returns
    -------
    bytes
        The file.
    """
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": date(2020, 1, 1), "author": "Vardnara"})
        bold = book.add_format({"bold": True})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "text": book.add_format({"num_format": "@"}),
            "money": book.add_format({"num_format": MONEY}),
            "count": book.add_format({"num_format": COUNT}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "sum": book.add_format({"num_format": MONEY, "bold": True, "top": 1}),
        }
        for one in sheets:
            page = book.add_worksheet(one.name[:NAME_LENGTH])
            page.set_paper(9)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.repeat_rows(FIRST_ROW - 2)
            page.freeze_panes(FIRST_ROW - 1, 1)
            page.set_column(0, 0, 38)
            page.set_column(1, max(len(one.columns) - 1, 1), 16)
            page.write_string(0, 0, one.title, bold)
            page.write_string(1, 0, one.subtitle)
            for column, head in enumerate(one.columns):
                page.write_string(FIRST_ROW - 2, column, head, formats["head"])
            for number, row in enumerate(one.rows, start=FIRST_ROW - 1):
                for column, cell in enumerate(row):
                    _write(page, number, column, cell, formats)
            last = FIRST_ROW - 1 + len(one.rows)
            if one.totals and one.rows:
                page.write_string(last, 0, one.total_word, bold)
            for column in one.totals if one.rows else ():
                letter = chr(ord("A") + column)
                value = sum((_value(row[column]) for row in one.rows), Decimal(0))
                page.write_formula(
                    last, column, f"=SUM({letter}{FIRST_ROW}:{letter}{last})", formats["sum"], float(value)
                )
    return stream.getvalue()


def _value(cell: SheetCell) -> Decimal:
    if isinstance(cell, Formula):
        return cell.value
    return Decimal(cell) if isinstance(cell, (int, Decimal)) else Decimal(0)


def _write(page: Any, row: int, column: int, cell: SheetCell, formats: dict[str, Any]) -> None:
    if isinstance(cell, Formula):
        page.write_formula(row, column, cell.text.format(row=row + 1), formats["money"], float(cell.value))
    elif isinstance(cell, Decimal):
        page.write_number(row, column, cell, formats["money"])
    elif isinstance(cell, int):
        page.write_number(row, column, cell, formats["count"])
    elif isinstance(cell, date):
        page.write_datetime(row, column, cell, formats["date"])
    elif cell:
        page.write_string(row, column, cell, formats["text"])
