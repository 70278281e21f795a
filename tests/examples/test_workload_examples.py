"""The examples in the pages of docs are executed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vardnara.config.command import main
from vardnara.engines.workload import explain
from vardnara.gateways.workload_file import read
from vardnara.parameters.task_norms import Driver

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/workload.md").read_text()


def test_the_file_of_the_workload_page_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Copied from the page it gives an answer, and warns of what the page says is not measured."""
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "example.toml"
    path.write_text(block)
    assert main(["workload", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["minutes_per_week"]["typical"] > 0 and answer["holes"]
    (warning,) = answer["warnings"]
    assert warning["code"] == "UNVERIFIED_NORMS" and "spill" not in warning["text"]
    assert all(
        f"\n{key} = " in f"\n{block}" for key in (*read.WHEN, "people", "times", "valid_to", "net_hours_per_fte")
    )


def test_the_page_has_every_driver_and_every_warning() -> None:
    """Nobody looks up a word that is not there."""
    assert all(f"`{driver}`" in PAGE for driver in Driver)
    codes = {*explain.NOTICES, "NO_AGREEMENT", "TWO_PARTIES", "FREQUENCY_NEVER", "RULE_WITHOUT_DEMAND"}
    codes |= {"NOT_MEASURED", "MEASURED_DAYS", "NO_NORM"}  # what is said of the database alone
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)) == codes
