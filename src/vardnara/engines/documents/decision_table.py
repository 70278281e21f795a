"""Tables as a reader sees them, with widths that follow what stands in them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

View = dict[str, object]
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
        ``caption``, ``columns`` (``text``, ``numeric``, ``share`` of the width, summing to 1), ``rows``, ``total``, and
        ``short`` where it is to be kept on one page.
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
        "short": len(rows) <= SHORT_ROWS and sum(len(cell) for row in rows for cell in row) <= SHORT_TEXT,
    }


def _weight(column: Column, cells: Sequence[str]) -> float:
    """Numbers need their full length; text is given the square root of its length, between a word and a sentence."""
    longest = max((len(cell) for cell in cells), default=0)
    word = max(len(word) for text in (column.text.replace("\u00ad", " "), *cells) for word in (text.split(" ") or [""]))
    if column.numeric:
        return float(max(longest, min(word, 12), 5))
    return max(float(min(word, 18)), min(40.0, 6 + 2.2 * math.sqrt(longest)))
