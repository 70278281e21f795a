"""Ledgers come in whole or not at all, each month once; what is replaced, and why late, can be seen for ever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from tests.strategies.ledgers import sie_make
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.economy import services
from vardnara.apps.economy.models import Account, LedgerImport, LedgerLine, MonthSum, Unit
from vardnara.apps.economy.queries.ledger import import_one, months_booked, sums_follow_lines
from vardnara.kernel.errors import InputError, RuleBroken

TABLES = (Unit, Account, LedgerImport, LedgerLine, MonthSum)


@pytest.fixture
def stage(db: None) -> Stage:
    return stage_set()


@pytest.fixture
def hospital_id(stage: Stage) -> int:
    return stage.ward.division.hospital_id


def read(stage: Stage, path: Path, hours: int = 0, **options) -> tuple[services.Imported, ...]:
    return services.ledger_import(
        hospital_id=stage.ward.division.hospital_id,
        path=path,
        actor=stage.users["controller"],
        at=AT + timedelta(hours=hours),
        **options,
    )


def rows() -> list[int]:
    return [table.objects.count() for table in TABLES]


def test_a_sie_file_becomes_lines_sums_and_a_budget(stage: Stage, hospital_id: int, tmp_path: Path) -> None:
    """Costs and incomes are kept by unit, account and month; the bank's side is counted and left out."""
    actual, budget = read(stage, sie_make(tmp_path))
    assert (actual.n_lines, actual.n_left_out, actual.first_month, actual.last_month) == (36, 12, 1, 12)
    assert actual.total_sek == Decimal("78000") + 12 * Decimal("100.25") - 12 * 900
    assert (budget.kind, budget.n_lines, budget.total_sek) == ("budget", 12, Decimal(72_000))
    assert set(Unit.objects.values_list("code", "name")) == {("310", "Vårdnära service"), ("320", "Städ och hygien")}
    assert set(Account.objects.values_list("code", "kind")) == {("3010", "I"), ("4010", "K"), ("5010", "K")}
    march = MonthSum.objects.get(ledger=actual.id, account__code="5010", month=3)
    assert (march.amount_sek, march.n_lines) == (Decimal(3000), 1)
    assert months_booked(hospital_id=hospital_id, year=2025) == 12
    assert list(sums_follow_lines()) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"#TRANS 4010", b"#TRANS 4099", "unknown account 4099"),
        (b'{1 "320"} 100.25', b'{1 "399"} 100.25', "unknown object 399 of dimension 1"),
        (b'{1 "320"} 100.25', b"{} 100.25", "account 4010 without a unit"),
        (b"\x86", b"\xe5", "in Latin-1"),
        (b"100.25", b"100.24", "does not balance"),
        (b"}\r\n", b"", "is not closed"),
        (b"#RAR 0 20250101 20251231", b"#RAR 0 20240701 20251231", "expected a calendar year"),
    ],
)
def test_a_fault_anywhere_leaves_nothing(stage: Stage, tmp_path: Path, old: bytes, new: bytes, told: str) -> None:
    """The last of its kind in the file is wrong: named by line, and not a unit, an account or a line is stored."""
    path = sie_make(tmp_path)
    raw = path.read_bytes()
    place = raw.rindex(old)
    path.write_bytes(raw[:place] + new + raw[place + len(old) :])
    before = rows()
    with pytest.raises(InputError) as refused:
        read(stage, path)
    assert told in str(refused.value.faults[0]) and str(refused.value.faults[0]).startswith(f"{path}:")
    assert rows() == before == [0] * 5


def test_the_same_file_is_refused_and_a_newer_one_replaces_it_whole(stage: Stage, tmp_path: Path) -> None:
    """Twice the same bytes is no second ledger; the next file of the same months takes the place of the first."""
    (first, _) = read(stage, sie_make(tmp_path, through=3))
    with pytest.raises(RuleBroken, match=r"3-0\.se") as refused:
        read(stage, sie_make(tmp_path, through=3), 1)
    assert refused.value.code == "same_file"
    (second, _) = read(stage, sie_make(tmp_path, through=4, step=7), 2)
    assert second.replaced == (first.id,)
    assert set(LedgerLine.objects.values_list("ledger_id", flat=True)) == {second.id}
    assert MonthSum.objects.filter(ledger=first.id).exists()
    row, changes = import_one(actor=stage.users["controller"], import_id=second.id)
    assert row.id == second.id
    assert ("310 Vårdnära service", "5010 Löner", 2, Decimal(7)) in [
        (one.unit, one.account, one.month, one.change_sek) for one in changes
    ]
    assert len([one for one in changes if one.month < 4]) == 3
    with pytest.raises(RuleBroken) as refused:
        read(stage, sie_make(tmp_path, through=2, step=9), 3)
    assert refused.value.code == "months_overlap"


def test_a_closed_year_takes_a_late_correction_with_its_reason(stage: Stage, hospital_id: int, tmp_path: Path) -> None:
    """Without a reason the service refuses, and the database too; with one the correction is traced."""
    read(stage, sie_make(tmp_path))
    services.year_close(hospital_id=hospital_id, year=2025, actor=stage.users["controller"], at=AT)
    with pytest.raises(RuleBroken) as refused:
        read(stage, sie_make(tmp_path, step=5), 1)
    assert refused.value.code == "year_is_closed"
    with pytest.raises(DatabaseError, match="with a reason only"), transaction.atomic():
        old = LedgerImport.objects.filter(kind="actual").get()
        old.pk, old.sha256, old._state.adding = None, "x", True
        old.save()
    late, _ = read(stage, sie_make(tmp_path, step=5), 1, late_reason="Fakturan för december kom i februari.")
    row, changes = import_one(actor=stage.users["auditor"], import_id=late.id)
    assert row.late_reason.startswith("Fakturan") and len(changes) == 12


def test_the_database_keeps_what_was_read_in(stage: Stage, tmp_path: Path) -> None:
    """No code path can change a line, a sum or an import, nor throw away lines of a ledger in force."""
    read(stage, sie_make(tmp_path, through=2))
    for statement in (
        "UPDATE economy_ledgerline SET amount_sek = 0",
        "DELETE FROM economy_ledgerline",
        "UPDATE economy_monthsum SET amount_sek = 0",
        "DELETE FROM economy_monthsum",
        "UPDATE economy_ledgerimport SET total_sek = 0",
        "DELETE FROM economy_ledgerimport",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_verify_tells_a_sum_that_its_lines_do_not_give(stage: Stage, tmp_path: Path) -> None:
    """A line that came beside the import is found, not believed."""
    read(stage, sie_make(tmp_path, through=1))
    line = LedgerLine.objects.first()
    line.pk, line._state.adding = None, True
    line.save()
    (broken,) = sums_follow_lines()
    assert "not that of its lines" in broken.text


def test_a_table_comes_in_with_known_codes_only(stage: Stage, hospital_id: int, tmp_path: Path) -> None:
    """CSV as Swedish systems write it: aliases, semicolons, decimal commas; unknown codes and cut rows by line."""
    read(stage, sie_make(tmp_path, through=1))
    path = tmp_path / "mars.csv"
    path.write_text("Ansvar;Konto;Datum;Belopp;Text\n310;5010;2025-02-03;1 234,50;Övertid\n320;4010;2025-02-28;−10;\n")
    (found,) = read(stage, path, 1)
    assert (found.n_lines, found.total_sek, found.first_month) == (2, Decimal("1224.50"), 2)
    path.write_text(
        "Ansvar;Konto;Datum;Belopp;Text\n310;5010;2025-03-02;1;\n311;5010;2025-03-03;1;\n310;5011;2025-03-03;1;\n"
        "310;5010;2025-03-32;1;\n310;5010;2025-03-03;1,234.5;\n310;5010;2026-03-03;1;\n310;5010;2025-03-03;1"
    )
    with pytest.raises(InputError) as refused:
        read(stage, path, 2)
    assert [str(fault).removeprefix(f"{path}:").split(",")[0] for fault in refused.value.faults] == [
        "3: unknown unit 311",
        "4: unknown account 5011",
        "5: date 2025-03-32",
        "6: amount 1",
        "7: 2026-03-03 is not in 2025",
        "8: 4 cells",
    ]
    assert LedgerImport.objects.filter(kind="actual").count() == 2


def test_only_who_keeps_the_books_of_the_hospital_reads_in(stage: Stage, hospital_id: int, tmp_path: Path) -> None:
    """A head of ward service reads, a controller of another hospital does neither."""
    path = sie_make(tmp_path, through=1)
    for user, code in ((stage.users["service_head"], "wrong_role"), (stage.outsider, "wrong_role")):
        with pytest.raises(RuleBroken) as refused:
            services.ledger_import(hospital_id=hospital_id, path=path, actor=user, at=AT)
        assert refused.value.code == code
    stage.outsider.role = "controller"
    with pytest.raises(RuleBroken) as refused:
        services.ledger_import(hospital_id=hospital_id, path=path, actor=stage.outsider, at=AT)
    assert refused.value.code == "out_of_scope"
