"""Reading tables: what is taken, what is refused, and where a fault is said to be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from vardnara.gateways.tabular import Reading, tables_read


def csv_write(folder: Path, content: bytes, name: str = "beds.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def texts(reading: Reading) -> list[list[str]]:
    return [list(row.cells.values()) for table in reading.tables for row in table.rows]


@pytest.mark.parametrize(
    "content",
    [
        "code,name\nK31,Kök åäö\n".encode(),
        "code;name\nK31;Kök åäö\n".encode(),
        "code\tname\r\nK31\tKök åäö\r\n".encode(),
        b"\xef\xbb\xbf" + "code;name\r\nK31;Kök åäö".encode(),
        'code,name\n\n"K31","Kök åäö"\n,\n'.encode(),
    ],
)
def test_comma_semicolon_tab_and_byte_order_mark_are_all_read(tmp_path: Path, content: bytes) -> None:
    """A file is taken as a spreadsheet or a script saves it, without being asked about its kind."""
    reading = tables_read(csv_write(tmp_path, content))
    assert reading.faults == ()
    assert reading.tables[0].columns == ("code", "name")
    assert texts(reading) == [["K31", "Kök åäö"]]


def test_a_comma_in_a_semicolon_file_is_text(tmp_path: Path) -> None:
    """The separator comes from the header."""
    reading = tables_read(csv_write(tmp_path, b'code;name\nK31;"A, B; C"\n'))
    assert texts(reading) == [["K31", "A, B; C"]]


def test_latin_1_is_refused_with_its_line_and_read_when_declared(tmp_path: Path) -> None:
    """Letters are never guessed: å must not turn into another letter silently."""
    path = csv_write(tmp_path, "code,name\nK31,Kirurgi\nK32,Förlossning\n".encode("cp1252"))
    reading = tables_read(path)
    assert [str(fault).startswith(f"{path}:3: byte 0xf6 is not utf-8") for fault in reading.faults] == [True]
    assert texts(tables_read(path, encoding="cp1252"))[1] == ["K32", "Förlossning"]
    assert tables_read(path, encoding="ebcdic").faults


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("code\nK31\n".encode("utf-16"), "UTF-16"),
        (b"code\nK\x0031\n", "NUL"),
        (b'code,name\nK31,"open\n', "quotes"),
        (b"", "empty table"),
        (b"code,code\n1,2\n", "stands twice"),
        (b"code,,name\n1,2,3\n", "no name"),
        (b"code,name\n1\n", "1 cells"),
        (b"code,name\n1,2,3\n", "3 cells"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes, wrong: str) -> None:
    """Nothing is skipped silently."""
    assert wrong in str(tables_read(csv_write(tmp_path, content)).faults[0])


def test_every_fault_of_every_file_is_told(tmp_path: Path) -> None:
    """A person mends a file once, not once for each fault."""
    csv_write(tmp_path, b"code,name\n1\n1,2\n1,2,3\n", "beds.csv")
    csv_write(tmp_path, b"\xe5\n", "rooms.csv")
    reading = tables_read(tmp_path)
    assert [(Path(fault.source).name, fault.place) for fault in reading.faults] == [
        ("beds.csv", "2"),
        ("beds.csv", "4"),
        ("rooms.csv", "1"),
    ]


def test_a_record_over_several_lines_is_placed_where_it_begins(tmp_path: Path) -> None:
    """Line numbers are those an editor shows."""
    reading = tables_read(csv_write(tmp_path, b'code,name\n1,"two\nlines"\n2,x\n'))
    assert [row.places["code"] for row in reading.tables[0].rows] == ["2", "4"]


def test_missing_files_empty_folders_and_other_files_are_said(tmp_path: Path) -> None:
    """A path that holds no table is a fault with the path."""
    (tmp_path / "notes.txt").write_text("x")
    assert "no tables" in str(tables_read(tmp_path).faults[0])
    assert "not a table" in str(tables_read(tmp_path / "notes.txt").faults[0])
    assert "no such file" in str(tables_read(tmp_path / "none.csv").faults[0])
    assert "workbook" in str(tables_read(csv_write(tmp_path, b"no zip", "a.xlsx")).faults[0])


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_is_one_table_a_sheet_with_cells_as_places(tmp_path: Path) -> None:
    """Numbers become the codes they were meant as, and a fault names sheet and cell."""
    path = workbook(
        tmp_path / "place.xlsx",
        Wards=[["code", "floor", "open"], ["K31", 3, True], [12.0, 1.5, False], [None, None, None]],
        empty=[],
    )
    reading = tables_read(path)
    assert reading.faults == ()
    assert [table.name for table in reading.tables] == ["wards"]
    assert texts(reading) == [["K31", "3", "yes"], ["12", "1.5", "no"]]
    assert str(reading.tables[0].rows[1].fault("floor", "bad", "good")) == f"{path}:Wards!B3: floor: bad, expected good"


def test_a_code_that_the_spreadsheet_made_a_date_is_a_fault(tmp_path: Path) -> None:
    """Excel turns 3-1 into a day in March; the bed must not be called that."""
    path = workbook(tmp_path / "p.xlsx", beds=[["code"], [date(2026, 3, 1)], ["#REF!"]])
    assert [fault.place for fault in tables_read(path).faults] == ["beds!A2", "beds!A3"]
    assert "2026-03-01" in texts(tables_read(path, dates=True))[0][0]
