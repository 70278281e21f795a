"""Tables as a reader sees them, with widths that follow what stands in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

View = dict[str, object]
NUMBER_WIDTH = 1.1  # of a digit, in ordinary letters, bold in a sum
HEAD_WIDTH = 1.2  # of a bold letter, in ordinary ones
CELL_MARGINS = 2.0  # both, in letters
LONG_WORD = 20  # a longer one is hyphenated
WIDE_COLUMNS = 6  # a table with more is set smaller
SHORT_ROWS = 10  # such a table is kept on one page: it takes a third of one at most
SHORT_TEXT = 900


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, whether it holds numbers (right-aligned), and its share of the width if it is fixed."""

    text: str
    numeric: bool = False
    weight: float = 0.0


def table_view(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, total: bool = False) -> View:
    """A table.

    Parameters
    ----------
    caption
        What it shows; also its name for a screen reader.
    columns
        In order.
    rows
        As wide as the columns.
    total
        The last row is a sum.

    Returns
    -------
    View
        ``caption``, ``columns`` (``text``, ``numeric``, ``share`` of the width, summing to 1), ``rows``, ``total``,
        ``small``, and ``short`` where it is to be kept on one page.
    """
    weights = [column.weight or _weight(column, [row[at] for row in rows]) for at, column in enumerate(columns)]
    whole = sum(weights)
    return {
        "caption": caption,
        "columns": [
            {"text": column.text, "numeric": column.numeric, "share": weight / whole}
            for column, weight in zip(columns, weights, strict=True)
        ],
        "rows": [list(row) for row in rows],
        "total": total,
        "small": len(columns) > WIDE_COLUMNS,
        "short": len(rows) <= SHORT_ROWS and sum(len(cell) for row in rows for cell in row) <= SHORT_TEXT,
    }


def _weight(column: Column, cells: Sequence[str]) -> float:
    """Numbers need their full length; text gets the root of its length, word to sentence; each its margins."""
    heading = max(len(word) for word in column.text.replace("\u00ad", " ").split(" ")) * HEAD_WIDTH + 1
    longest = max((len(line) for cell in cells for line in cell.split("\n")), default=0)
    if column.numeric:
        return max(longest * NUMBER_WIDTH, heading) + CELL_MARGINS
    word = max((len(word) for cell in cells for word in cell.split()), default=0)
    return max(heading, float(min(word, LONG_WORD)), min(40.0, 4 + 2.2 * math.sqrt(longest))) + CELL_MARGINS
