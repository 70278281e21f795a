"""What is written as SIE is read back the same, and a file that is cut anywhere is never taken for a whole one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.books import books

from vardnara.gateways.sie import Book, Verification, sie_read, sie_write


def same(book: Book, found: tuple[Verification, ...]) -> tuple[Book, tuple[Verification, ...]]:
    """Without the lines on which things stand."""
    plain = tuple(replace(one, rows=tuple(row._replace(line=0) for row in one.rows)) for one in found)
    return replace(book, periods=[replace(one, line=0) for one in book.periods]), plain


@given(data=books())
def test_written_and_read_is_the_same(tmp_path_factory, data: tuple[Book, tuple[Verification, ...]]) -> None:
    """Every text, date, object and öre survives, whatever quotes and braces stand in the texts."""
    path = sie_write(tmp_path_factory.getbasetemp() / "same.se", *data)
    book, found, faults = sie_read(path)
    assert faults == ()
    assert same(book, found) == same(*data)


@given(data=books(), where=st.data())
def test_a_file_cut_inside_a_line_or_a_verification_is_refused(tmp_path_factory, data, where: st.DataObject) -> None:
    """Cut after any byte that ends no line, or inside a verification: a fault names a line of the file."""
    path: Path = sie_write(tmp_path_factory.getbasetemp() / "cut.se", *data)
    raw = path.read_bytes()
    cut = raw[: where.draw(st.integers(1, len(raw) - 1))]
    inside = cut.count(b"\n{\r\n") > cut.count(b"\n}\r\n")
    if cut.endswith(b"\n") and not inside:
        return  # ends between two lines: only sums can tell, and they are tested apart
    path.write_bytes(cut)
    faults = sie_read(path)[2]
    assert faults
    assert all(1 <= int(fault.place) <= cut.count(b"\n") + 1 for fault in faults)
