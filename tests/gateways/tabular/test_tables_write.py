"""Writing tables: nothing that a spreadsheet would run, and back again unchanged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from strategies.place import read_again
from vardnara.gateways.tabular import (
    Kind,
    OutTable,
    tables_read,
    tables_write_csv,
    tables_write_parquet,
    tables_write_xlsx,
    write,
)
from vardnara.kernel.errors import GatewayError

DANGEROUS = ["=1+1", "+46", "-x", "@cmd", "\tx", "'=x", "''-1", "'quoted'"]


def test_no_cell_of_a_csv_file_begins_as_a_formula(tmp_path: Path) -> None:
    """A name from a message must not run in somebody's spreadsheet."""
    tables_write_csv(tmp_path, [OutTable("t", ["a"], [[text] for text in DANGEROUS])])
    lines = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert not any(line.lstrip('"')[:1] in "=+-@\t" for line in lines)


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    """Texts are stored as text."""
    path = tables_write_xlsx(tmp_path / "t.xlsx", [OutTable("t", ["a"], [[text] for text in DANGEROUS])])
    cells = [row[0] for row in load_workbook(path)["t"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == DANGEROUS
    assert {cell.data_type for cell in cells} == {"s"}


def test_numbers_times_and_answers_are_written_plainly(tmp_path: Path) -> None:
    """A negative number is a number, a time is in UTC."""
    row = [-5, Decimal("1.50"), True, None, datetime(2026, 3, 2, 12, tzinfo=UTC), date(2026, 3, 2)]
    tables_write_csv(tmp_path, [OutTable("t", list("abcdef"), [row])])
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "-5,1.50,yes,,2026-03-02T12:00:00Z,2026-03-02"


TEXTS = st.builds(
    lambda start, rest: f"{start}{rest}".strip(),
    st.sampled_from(["", "", "=", "+", "-", "@", "'=", "'", '"']),
    st.text(st.characters(exclude_categories=("C",)), max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS).filter(any), max_size=6), xlsx=st.booleans())
def test_what_is_written_is_read_again(rows: list[tuple[str, str]], xlsx: bool) -> None:
    """Both formats bring every text back, formulas, quotes and separators included."""
    with tempfile.TemporaryDirectory() as folder:
        (table,) = read_again(Path(folder), [OutTable("t", ["a", "b"], rows)], xlsx=xlsx)
    assert [(row.get("a"), row.get("b")) for row in table.rows] == rows


def test_a_write_that_breaks_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """Half a table never looks like a whole one."""
    tables_write_csv(tmp_path, [OutTable("t", ["a"], [["old"]])])

    def broken() -> Iterator[list[str]]:
        yield ["new"]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        tables_write_csv(tmp_path, [OutTable("t", ["a"], broken())])
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    assert tables_read(tmp_path).tables[0].rows[0].get("a") == "old"


def test_a_table_too_long_for_a_sheet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook never silently lacks its last rows."""
    monkeypatch.setattr("vardnara.gateways.tabular.write.SHEET_ROWS", 3)
    with pytest.raises(GatewayError, match="more rows"):
        tables_write_xlsx(tmp_path / "t.xlsx", [OutTable("t", ["a"], [["1"], ["2"], ["3"]])])
    assert list(tmp_path.iterdir()) == []


KINDS: dict[str, Kind] = {"n": "integer", "yes": "boolean", "at": "instant", "on": "date"}


@pytest.mark.parametrize("n_rows", [0, 1, 3, 6, 7])
def test_parquet_keeps_types_and_order_over_batches(
    n_rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers, answers and times need no guessing, with no rows as well; the hour that comes twice is two times."""
    monkeypatch.setattr(write, "BATCH_ROWS", 3)
    stockholm = ZoneInfo("Europe/Stockholm")
    rows = [
        (f"=r{n}", None if n % 2 else n, n % 2 == 0, datetime(2026, 10, 25, 2, 30, n, fold=n % 2, tzinfo=stockholm),
         date(2026, 3, n + 1) if n else None)
        for n in range(n_rows)
    ]  # fmt: skip
    (path,) = tables_write_parquet(tmp_path, [OutTable("t", ["text", "n", "yes", "at", "on"], iter(rows), KINDS)])
    frame = pl.read_parquet(path)
    assert frame.schema == {
        "text": pl.String, "n": pl.Int64, "yes": pl.Boolean, "at": pl.Datetime("us", "UTC"), "on": pl.Date,
    }  # fmt: skip
    assert frame.rows() == [(text, n, yes, at.astimezone(UTC), on) for text, n, yes, at, on in rows]
    assert [entry.name for entry in tmp_path.iterdir()] == ["t.parquet"]


def test_a_table_that_fails_on_its_way_leaves_no_parquet_file(tmp_path: Path) -> None:
    """Neither half a file nor what it was to be made of; a cell of another kind is a fault, not a guess."""

    def rows() -> Iterator[list[int]]:
        yield [1]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        tables_write_parquet(tmp_path, [OutTable("t", ["n"], rows(), KINDS)])
    with pytest.raises((TypeError, pl.exceptions.PolarsError)):
        tables_write_parquet(tmp_path, [OutTable("t", ["n"], [["one"]], KINDS)])
    assert list(tmp_path.iterdir()) == []
