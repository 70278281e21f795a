"""The money goes out with the rest of the record, to the öre and without the texts in which people are named."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.strategies.ledgers import sie_make
from tests.strategies.stage import AT, stage_set

from vardnara.apps.economy.queries.export import record_tables
from vardnara.apps.economy.services import ledger_import
from vardnara.gateways.tabular import tables_write_csv, tables_write_parquet


@pytest.mark.django_db
def test_lines_and_sums_go_out_as_csv_and_parquet(tmp_path: Path) -> None:
    """Both forms say the same; a voucher's text is in neither."""
    stage = stage_set()
    hospital_id = stage.ward.division.hospital_id
    ledger_import(hospital_id=hospital_id, path=sie_make(tmp_path, through=2), actor=None, at=AT)
    files = {path.stem: path for path in tables_write_csv(tmp_path / "csv", record_tables())}
    tables_write_parquet(tmp_path / "parquet", record_tables())
    lines = pl.read_csv(files["ledger_lines"], infer_schema=False)
    assert lines.rows()[0][1:6] == ("310", "5010", "1", "2025-01-15", "1000.00")
    assert "text" not in lines.columns and "Månad" not in files["ledger_lines"].read_text()
    whole = pl.read_parquet(tmp_path / "parquet" / "ledger_sums.parquet")
    assert whole["amount_sek"].cast(pl.Decimal(18, 2)).sum() == 2 * (100_25 / 100 - 900) + 3000 + 12 * 6000
