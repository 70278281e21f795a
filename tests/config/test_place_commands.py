"""``vardnara import``, ``export`` and ``feed`` as a person at a keyboard meets them."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import psycopg
import pytest
from tests.strategies.ledgers import sie_make

from vardnara.apps.hospital.services.demo import DEMO_FOLDER
from vardnara.gateways.mllp.framing import messages_in_file


@pytest.fixture(scope="module")
def demo(running_hospital: Callable[..., Any]) -> Any:
    """A hospital with the invented places in it and no feed of its own."""
    hospital = running_hospital(fresh=True)
    done = hospital.command("import", str(DEMO_FOLDER), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["unchanged"].keys() == json.loads(done.stdout)["created"].keys()
    return hospital


def counts(hospital: Any) -> tuple[int, ...]:
    with psycopg.connect(hospital.database_url) as connection:
        names = ("region", "hospital", "division", "ward", "room", "bedplace")
        return tuple(connection.execute(f"SELECT count(*) FROM hospital_{name}").fetchone()[0] for name in names)


def test_bad_files_exit_2_with_a_line_for_each_fault_and_change_nothing(demo: Any, tmp_path: Path) -> None:
    """stdout stays empty, nothing is changed, every fault has file and line."""
    before = counts(demo)
    (tmp_path / "wards.csv").write_text("division;code;name;kind\nKIR;K31;Kirurgi;hospice\nNIX;K98;Ny;inpatient\n")
    (tmp_path / "beds.csv").write_bytes("ward,room,code\nK31,1,å\n".encode("latin-1"))
    done = demo.command("import", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(" ")[0] for line in done.stderr.splitlines()] == [
        f"{tmp_path / 'beds.csv'}:2:",
        f"{tmp_path / 'wards.csv'}:2:",
        f"{tmp_path / 'wards.csv'}:3:",
    ]
    assert counts(demo) == before


@pytest.mark.parametrize("options", [(), ("--xlsx",), ("--semicolon",)])
def test_an_export_imports_back_unchanged(demo: Any, tmp_path: Path, options: tuple[str, ...]) -> None:
    """What went out can come in again, from the folder as it was written."""
    folder = tmp_path / "out"
    assert demo.command("export", str(folder), *options).returncode == 0
    done = demo.command("import", str(folder), "--json")
    result = json.loads(done.stdout)
    assert sum(result["created"].values()) == sum(result["changed"].values()) == 0
    assert result["unchanged"]["beds"] == counts(demo)[-1]
    assert (folder / "records" / "stays.csv").exists()
    again = demo.command("export", str(folder), *options)
    assert (again.returncode, again.stdout) == (2, "")


def test_records_go_out_as_parquet_and_the_place_as_it_is_imported(demo: Any, tmp_path: Path) -> None:
    """``--format`` is of the records; the place must stay what a person can edit."""
    folder = tmp_path / "out"
    done = demo.command("export", str(folder), "--format", "parquet", "--json")
    assert done.returncode == 0, done.stderr
    assert {Path(name).suffix for name in json.loads(done.stdout)["files"]} == {".csv", ".parquet"}
    assert {path.suffix for path in (folder / "records").iterdir()} == {".parquet"}
    assert len(pl.read_parquet(folder / "records" / "bed_states.parquet")) == counts(demo)[-1]
    assert demo.command("import", str(folder)).returncode == 0


def test_the_same_seed_writes_the_same_bytes(demo: Any, tmp_path: Path) -> None:
    """A feed can be made again from its seed, to a file or to a pipe."""
    first, second = tmp_path / "a.hl7", tmp_path / "b.hl7"
    for path in (first, second):
        done = demo.command("feed", "--days", "2", "--seed", "4", "--out", str(path))
        assert done.returncode == 0, done.stderr
    assert first.read_bytes() == second.read_bytes()
    line = demo.command_line("feed", "--days", "2", "--seed", "4", "--data", str(demo.data))
    piped = subprocess.run(line, env=demo.environment, capture_output=True, timeout=60, check=True)
    assert piped.stdout == first.read_bytes()
    other = demo.command("feed", "--days", "2", "--seed", "5", "--out", str(second))
    assert other.returncode == 0
    assert second.read_bytes() != first.read_bytes()
    messages = list(messages_in_file(first.read_bytes()))
    assert len(messages) > 600
    assert all(message.startswith(b"MSH|") and message.endswith(b"\r") for message in messages)


@pytest.mark.parametrize(
    "options",
    [("--days", "-1"), (), ("--days", "1", "--start", "igår"), ("--live", "--out", "x"), ("--live", "--speed", "0")],
)
def test_a_feed_that_cannot_be_made_exits_2(demo: Any, options: tuple[str, ...]) -> None:
    """Nothing is half made."""
    done = demo.command("feed", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def stored(hospital: Any, what: str) -> int:
    with psycopg.connect(hospital.database_url) as connection:
        return connection.execute(f"SELECT {what} FROM hospital_inboxmessage").fetchone()[0]


def test_a_live_feed_goes_on_after_a_restart_without_using_a_number_twice(demo: Any) -> None:
    """Stopped and started again, the feed continues from who lies in the hospital."""
    line = demo.command_line(
        "feed", "--live", "--speed", "5000", "--port", str(demo.mllp_port), "--data", str(demo.data)
    )
    told = []
    for _ in range(2):
        wanted = stored(demo, "count(*)") + 100
        feed = subprocess.Popen(line, env=demo.environment, stderr=subprocess.PIPE, text=True)
        ends = time.monotonic() + 60
        while stored(demo, "count(*)") < wanted and feed.poll() is None and time.monotonic() < ends:
            time.sleep(0.2)
        feed.terminate()
        told.append(feed.communicate(timeout=120)[1])
        assert feed.returncode == 0, told[-1]
        assert stored(demo, "count(*)") >= wanted, told[-1]
    assert " 0 patients" in told[0]
    assert " 0 patients" not in told[1]
    assert "next message 1\n" not in told[1]
    assert stored(demo, "count(*) FILTER (WHERE control_id_reused)") == 0
    assert stored(demo, "count(*) FILTER (WHERE status = 'refused')") == 0


def test_a_ledger_comes_in_by_command_and_its_faults_go_out_by_line(demo: Any, tmp_path: Path) -> None:
    """SIE and a table by its name; a fault exits 2 with its line, empty stdout and nothing stored."""
    sie = sie_make(tmp_path, through=2)
    broken = tmp_path / "broken.se"
    broken.write_bytes(sie.read_bytes().replace(b"100.25", b"100.26", 1))
    done = demo.command("import", str(broken))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{broken}:") and "does not balance: 0.01 is left" in done.stderr
    done = demo.command("import", str(sie), "--json")
    assert done.returncode == 0, done.stderr
    actual, budget = json.loads(done.stdout)["imports"]
    assert (actual["n_lines"], actual["last_month"], budget["kind"]) == (6, 2, "budget")
    (tmp_path / "ledger.csv").write_text("ansvar;konto;månad;belopp\n310;5010;2025-03;12,50\n")
    done = demo.command("import", str(tmp_path / "ledger.csv"))
    assert "actual  2025, months 3-3: 1 lines, 12.50 SEK" in done.stdout, done.stderr
