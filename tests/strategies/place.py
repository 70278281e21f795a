"""Hospitals as tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

from hypothesis import strategies as st

from vardnara.gateways.tabular import OutTable, Row, Table

PLAIN = st.characters(exclude_categories=("C", "Z"))
CODES = st.builds(
    lambda start, rest: normalize("NFC", start + rest),
    st.sampled_from(["", "", "=", "-", "@", "'+", "0"]),  # what a spreadsheet would run or shorten
    st.text(PLAIN, min_size=1, max_size=8),
)
NAMES = CODES


def table(name: str, columns: Sequence[str], *rows: Sequence[object]) -> Table:
    """A table as the reader would give it, header on line 1."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    return Table(
        name,
        f"{name}.csv",
        "1",
        tuple(columns),
        tuple(
            Row(
                f"{name}.csv",
                dict(zip(columns, row, strict=True)),
                {"": str(line), **dict.fromkeys(columns, str(line))},
            )
            for line, row in enumerate(texts, start=2)
        ),
    )


def small_place() -> list[Table]:
    """A region with one hospital, two wards, two rooms and three places."""
    return [
        table("regions", ["code", "name"], ["R", "Regionen"]),
        table("hospitals", ["code", "region", "name"], ["H", "R", "Sjukhuset"]),
        table("divisions", ["hospital", "code", "name"], ["H", "KIR", "Kirurgi"], ["H", "MED", "Medicin"]),
        table(
            "wards",
            ["hospital", "division", "code", "name", "kind", "floor", "budgeted_beds", "staffed_beds"],
            ["H", "KIR", "K31", "Kirurgavdelning", "inpatient", "3", 2, 1],
            ["H", "MED", "DIA", "Dialys", "dialysis", "", None, None],
        ),
        table(
            "rooms",
            ["hospital", "division", "ward", "code", "name", "kind", "hygiene_class", "has_hygiene_room"],
            ["H", "KIR", "K31", "1", "Sal 1", "shared", 2, "no"],
            ["H", "MED", "DIA", "1", "", "bay", 2, "no"],
        ),
        table(
            "beds",
            ["hospital", "division", "ward", "room", "code", "capacity"],
            ["H", "KIR", "K31", "1", "1", 1],
            ["H", "KIR", "K31", "1", "2", 2],
            ["H", "MED", "DIA", "1", "1", 1],
        ),
    ]


def read_again(folder: Path, tables: Sequence[OutTable], *, xlsx: bool) -> list[Table]:
    """Write the tables and read them back."""
    from vardnara.gateways.tabular import tables_read, tables_write_csv, tables_write_xlsx

    if xlsx:
        path = tables_write_xlsx(folder / "place.xlsx", tables)
    else:
        tables_write_csv(folder / "place", tables)
        path = folder / "place"
    reading = tables_read(path)
    assert reading.faults == ()
    return list(reading.tables)
