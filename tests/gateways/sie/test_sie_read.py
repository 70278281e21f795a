"""Faults of SIE files are told by line, with what was expected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from vardnara.gateways.sie import SieReader, sie_read

GOOD = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#PROGRAM "Ekonomi" 7
#GEN 20260115
#FNAMN "Region Påhitt"
#RAR 0 20250101 20251231
#KONTO 1930 "Bank"
#KONTO 4010 "Städmaterial"
#KONTO 5010 "Lön, månad"
#KTYP 5010 K
#DIM 1 "Ansvar"
#UNDERDIM 21 "Arbetsställe" 1
#OBJEKT 1 "310" "Vårdnära service"
#OBJEKT 21 "K 31" "Kirurgen"
#PBUDGET 0 202503 5010 {1 "310"} 1000.50
#RES 0 4010 100.25
#RES 0 5010 900
#VER "A" 1 20250305 "Mars \\"tidigt\\""
{
   #TRANS 4010 {1 "310" 21 "K 31"} 100.25 20250306 "Såpa"
   #BTRANS 5010 {} 3
   #RTRANS 5010 {1 310} 900
   #TRANS 5010 {1 310} 900
   #TRANS 1930 {} -1000.25
}
"""


def read(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "f.se"
    path.write_bytes(text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode("cp437"))
    return [str(fault).removeprefix(f"{path}:") for fault in sie_read(path)[2]]


def test_a_sound_file_is_read_whole(tmp_path: Path) -> None:
    """Accounts, dimensions, objects, budget and lines come as they stand; struck lines are not counted."""
    assert read(tmp_path, GOOD) == []
    book, (one,), _ = sie_read(tmp_path / "f.se")
    assert book.company == "Region Påhitt" and book.years == {0: (date(2025, 1, 1), date(2025, 12, 31))}
    assert book.accounts["4010"].name == "Städmaterial" and book.parents == {21: 1}
    assert book.periods[0].amount == Decimal("1000.50") and book.periods[0].objects == ((1, "310"),)
    assert one.text == 'Mars "tidigt"'
    assert [(row.line, row.account, row.amount) for row in one.rows] == [
        (21, "4010", Decimal("100.25")),
        (24, "5010", Decimal(900)),
        (25, "1930", Decimal("-1000.25")),
    ]
    assert one.rows[0].booked_on == date(2025, 3, 6) and one.rows[0].text == "Såpa"
    assert one.rows[1].text == 'Mars "tidigt"'


def test_bytes_of_another_encoding_are_named(tmp_path: Path) -> None:
    """å as Latin-1 or UTF-8 in a file that says PC8 is told by line, never turned into another letter."""
    latin = read(tmp_path, GOOD.replace("\n", "\r\n").encode("latin-1"))
    assert latin[0] == "6: byte 0xe5, which is å in Latin-1 (Windows-1252), expected PC8 (code page 437)"
    assert [line.split(":")[0] for line in latin] == ["6", "9", "10", "13", "14", "21"]
    utf8 = read(tmp_path, GOOD.replace("\n", "\r\n").encode())
    assert utf8[0] == "6: UTF-8 (Påhitt), expected PC8 (code page 437)"
    assert read(tmp_path, GOOD.encode("utf-8-sig"))[0].startswith("1: the file begins with the mark of UTF-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{1 310} 900\n   #TRANS 1930", "{1 311} 900\n   #TRANS 1930", "24: unknown object 311 of dim"),
        ('{1 "310" 21', '{1 "310" 22', "21: unknown dimension 22, expected #DIM 22 before its use"),
        ("#TRANS 4010", "#TRANS 4011", "21: unknown account 4011, expected #KONTO 4011 before its use"),
        ("-1000.25\n", "-1000.24\n", "19: verification A 1 does not balance: 0.01 is left"),
        ("-1000.25\n", "-1000,25\n", "25: amount -1000,25, expected digits, a decimal point and at most two decimals"),
        ("20250306", "20260306", "21: date 20260306 is outside the year, expected 2025-01-01 to 2025-12-31, by #RAR 0"),
        ("20250306", "20250230", "21: date 20250230, expected YYYYMMDD"),
        ('"Såpa"', '"Såpa', '21: a quote is not closed'),
        ("#RES 0 5010 900", "#RES 0 5010 950", "18: #RES of account 5010 is 950.00, its verifications give 900.00"),
        ("#FORMAT PC8", "#FORMAT UTF-8", "2: #FORMAT UTF-8, expected PC8, the only encoding of SIE 4"),
        ("#FORMAT PC8\n", "", "15: the encoding is not declared before the figures, expected #FORMAT PC8"),
        ("#RTRANS 5010 {1 310} 900", "#RTRANS 5010 {1 310} 901", "24: #RTRANS without the same #TRANS after it"),
        ("#SIETYP 4", "#SIETYP 2", "3: SIE type 2, expected 4, the type with verifications"),
        ("#UNDERDIM 21 \"Arbetsställe\" 1", "#UNDERDIM 21 \"Arbetsställe\" 30", "13: dimension 30 above it"),
        ("   #TRANS 1930 {} -1000.25\n}\n", "", "19: verification A 1 is not closed: the file is cut, expected }"),
        ("-1000.25\n}\n", "-1000.25\n#VER A 2 20250306\n{\n}\n", "26: #VER before verification A 1 of line 19"),
        ("-1000.25\n}\n", "-1000.25\n}", "26: the last line is not ended: the file is cut"),
        ("#FLAGGA 0\n", "", "1: the file begins with #FORMAT, expected #FLAGGA 0: is it a SIE file?"),
    ],
)  # fmt: skip
def test_each_fault_names_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    """One thing wrong in a sound file: the first fault is that one, at its line."""
    assert old in GOOD
    faults = read(tmp_path, GOOD.replace(old, new, 1))
    assert faults and faults[0].startswith(told), faults


def test_every_fault_is_told_and_a_faulty_verification_gives_nothing(tmp_path: Path) -> None:
    """Two verifications are wrong, one is sound: both faults, and only the sound one's lines."""
    tail = GOOD[GOOD.index("#VER") :]
    text = (
        GOOD.replace("#RES 0 4010 100.25\n#RES 0 5010 900\n", "")
        + tail.replace("4010", "4099")
        + tail.replace("-1000", "-1")
    )
    (tmp_path / "f.se").write_bytes(text.encode("cp437"))
    reader = SieReader(tmp_path / "f.se")
    rows = list(reader.transactions())
    assert len(rows) == 3 and len(reader.faults) == 2
    assert [fault.place for fault in reader.faults] == ["27", "33"]


def test_a_verification_with_a_bad_date_is_one_fault(tmp_path: Path) -> None:
    """Its rows are read and not counted, and are no faults of their own."""
    assert read(tmp_path, GOOD.replace('1 20250305 "Mars', '1 20250335 "Mars')) == [
        "19: date 20250335, expected YYYYMMDD"
    ]
