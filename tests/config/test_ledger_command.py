"""What ``vardnara import`` takes a file for."""

from __future__ import annotations

from pathlib import Path

from vardnara.config.command.ledger_files import kind_of


def test_a_file_says_by_its_name_what_it_holds() -> None:
    """SIE is a ledger, ledger-2026.csv one too; beds.csv is the place, and what is said decides."""
    assert [kind_of(Path(name), None) for name in ("a.SE", "ledger-2026.csv", "budget.xlsx", "beds.csv", "units")] == [
        "ledger",
        "ledger",
        "budget",
        None,
        None,
    ]
    assert kind_of(Path("mars.csv"), "ledger") == "ledger" and kind_of(Path("units.csv"), "place") is None
