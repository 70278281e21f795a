"""What a set of tables is, whichever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from vardnara.kernel.faults import Fault

type Kind = Literal["text", "integer", "boolean", "instant", "date"]
type Cell = str | int | float | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table as text.

    Parameters
    ----------
    source
        File that the row stands in.
    cells
        Text by column name, outer blanks removed.
    places
        Where a cell is: ``LINE`` for CSV, ``SHEET!CELL`` for a workbook. The empty name is the row itself.
    """

    source: str
    cells: Mapping[str, str]
    places: Mapping[str, str]

    def get(self, column: str) -> str:
        """Text of a cell; empty where the table has no such column."""
        return self.cells.get(column, "")

    def fault(self, column: str, wrong: str, expected: str = "") -> Fault:
        """A fault at the cell of ``column``, or at the row where the table has no such column."""
        place = self.places.get(column) or self.places[""]
        return Fault(self.source, place, f"{column}: {wrong}" if column else wrong, expected)


@dataclass(frozen=True, slots=True)
class Table:
    """A named table that was read.

    Parameters
    ----------
    name
        File name without its ending, or the sheet's name; lower case.
    source
        File it was read from.
    header_place
        Where its header stands.
    columns
        Names as in the header, lower case.
    rows
        Rows that hold anything.
    """

    name: str
    source: str
    header_place: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Tables that could be read and every fault met on the way. With faults the tables may lack rows."""

    tables: tuple[Table, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class OutTable:
    """A table to write; ``rows`` may be a generator that is walked once.

    ``kinds`` says what a column holds, where a format keeps types; a column that it leaves out is text.
    """

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
