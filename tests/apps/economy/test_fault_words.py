"""Whoever reads a file in at a Swedish page is told in Swedish what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils.translation import override
from tests.gateways.sie.test_sie_read import GOOD, test_each_fault_names_its_line

from vardnara.apps.economy.bridge.fault_words import fault_words, words_of
from vardnara.gateways.ledger_file import LedgerReader
from vardnara.gateways.sie import sie_read
from vardnara.kernel.faults import Fault

BROKEN = next(mark.args[1] for mark in test_each_fault_names_its_line.pytestmark if mark.name == "parametrize")


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new, _ in BROKEN])
def test_every_fault_of_a_sie_file_has_its_words(tmp_path: Path, old: str, new: str) -> None:
    """Each way in which the reader's own tests break a file is said in Swedish, and unchanged in English."""
    path = tmp_path / "f.se"
    path.write_bytes(GOOD.replace(old, new, 1).replace("\n", "\r\n").encode("cp437"))
    for fault in sie_read(path)[2]:
        for text in (fault.wrong, fault.expected):
            only_a_label = text in ("", "}") or (text[0] == "#" and not text.removeprefix("#FORMAT ").count(" ") > 1)
            with override("sv"):
                assert only_a_label or words_of(text) != text
        with override("en"):
            assert (words_of(fault.wrong), words_of(fault.expected)) == (fault.wrong, fault.expected)


def test_faults_of_tables_have_theirs(tmp_path: Path) -> None:
    """Header, cells, amounts and dates of a CSV; a fault of a column keeps the column's name."""
    path = tmp_path / "t.csv"
    path.write_text("ansvar;konto;datum;belopp\n1;2;2026-13-01;1\n1;2;2026-01-01;x\n1;2;2026-01-01\n1;2;2026-01-01;1")
    reader = LedgerReader(path)
    list(reader.entries())
    with override("sv"):
        said = [fault_words(fault).removeprefix(f"{path}:") for fault in reader.faults]
        assert said[0] == "2: datum 2026-13-01; förväntat: ÅÅÅÅ-MM-DD, eller ÅÅÅÅ-MM för en månad"
        assert said[1].startswith("3: belopp x; förväntat: kronor som 1234,50")
        assert said[2].startswith("4: 3 celler") and said[3].startswith("5: den sista raden är inte avslutad")
        assert fault_words(Fault("e.csv", "9", "kr: n/a", "a number")) == "e.csv:9: kr: n/a; förväntat: ett tal"
