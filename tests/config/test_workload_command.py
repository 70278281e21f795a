"""``vardnara workload`` as a person at a keyboard meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from vardnara.config.command import main

KEYS = ["minutes_per_week", "by_ward", "by_weekday", "by_hour", "fte", "holes", "warnings"]
EVIDENCE = """
[norm.evidence]
unit = "minutes"
valid_from = 2026-01-01
source = "our own time study"
date = 2026-02-01
confidence = "measured"
scope = "ward K31"
"""
FILE = f"""
[[ward]]
code = "K31"
patients = 20

[[norm]]
code = "round"
driver = "patient"
per_unit = {{ low = 2, typical = 3, high = 5 }}
{EVIDENCE}
[[task]]
code = "round"
window = "22:00-02:00"
holidays = "none"

[[rule]]
task = "round"
days = ["mon-sat", "eve"]
window = "22:00-02:00"
party = "service"
valid_to = 2026-07-01

[[rule]]
task = "round"
days = ["mon"]
window = "22:00-23:00"
party = "care"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ward.toml"
    path.write_text(FILE)
    return path


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["workload", *words, "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == "" and told.out.count("\n") == 1
    return json.loads(told.out)


def test_the_document_is_as_agreed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """CONTRACT 3: these keys, these units, every sum the total."""
    found = answer(capsys, str(file))
    assert list(found) == KEYS
    assert found["minutes_per_week"] == {"low": 280, "typical": 420, "high": 700}
    assert found["by_ward"] == {"K31": 420}
    assert list(found["by_weekday"]) == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert len(found["by_hour"]) == 24 and sum(found["by_hour"]) == sum(found["by_weekday"].values()) == 420
    assert found["fte"]["typical"] == pytest.approx(365 / 1645, abs=1e-5)
    assert found["holes"][0].keys() - {"valid_from", "after"} == {"task", "ward", "weekday", "from", "to"}
    (always,) = [one for one in found["holes"] if not one.keys() & {"valid_from", "after"}]
    assert always == {"task": "round", "ward": "K31", "weekday": "sun", "from": "22:00", "to": "24:00"}
    assert [one["code"] for one in found["warnings"]] == ["NEEDS_YEAR", "TWO_PARTIES"]


def test_a_date_has_its_own_minutes_and_holes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Good Friday: the night of Maundy Thursday is left, and nobody begins another; the same keys."""
    found = answer(capsys, str(file), "--date", "2026-04-03")
    assert list(found) == KEYS
    assert found["minutes_per_week"]["typical"] == 30
    assert found["by_weekday"]["fri"] == 30 and found["by_hour"][0] == found["by_hour"][1] == 15
    assert found["holes"] == []
    july = answer(capsys, str(file), "--date", "2026-07-01")
    assert {(one["from"], one["to"]) for one in july["holes"]} == {("00:00", "02:00"), ("22:00", "24:00")}


def test_a_year_counts_its_own_days(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2026 has thirteen holidays, on which this is not done; holes are those of the year, with their dates."""
    file.write_text("year = 2026\n" + FILE)
    found = answer(capsys, str(file))
    assert found["minutes_per_week"]["typical"] == pytest.approx(420 * (365 - 13) / 365, abs=1e-5)
    assert {one["valid_from"] for one in found["holes"] if one["weekday"] == "tue"} == {"2026-07-01"}


def test_people_get_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Total with interval, posts, wards, the clock with 24 bars, holes and warnings in sentences."""
    assert main(["workload", str(file)]) == 0
    told = capsys.readouterr().out
    assert "work                 7.0 hours   (4.7 to 11.7)" in told
    assert "at 1,645 hours a year" in told
    clock = [line for line in told.splitlines() if line[:2].isdigit()]
    assert len(clock) == 24 and clock[23].endswith("#" * 40) and clock[12].split() == ["12", "0.0"]
    assert "- round, ward K31, Sunday 22:00-24:00: nobody" in told
    assert "- round, ward K31, Monday 22:00-23:00 until midnight before 2026-07-01: care and service" in told
    assert main(["workload", str(file), "--date", "2026-04-03"]) == 0
    assert "Friday 2026-04-03" in capsys.readouterr().out


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_bad_input_exits_2_with_a_line_for_each_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    """FILE:LINE, all of them, stdout empty."""
    path = tmp_path / "bad.toml"
    path.write_text('[[ward]]\npatients = -1\n[[task]]\ncode = "dance"\nwindow = "7"\n')
    assert main(["workload", str(path), *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split(": ")[0:2] for line in told.err.splitlines()] == [
        [f"{path}:1", "code"],
        [f"{path}:2", "patients"],
        [f"{path}:4", "code"],
        [f"{path}:5", "window"],
    ]
    path.write_text("ward = [\n")
    assert main(["workload", str(path), *options]) == 2
    assert capsys.readouterr().err.startswith(f"{path}:2: ")
    assert main(["workload", str(tmp_path / "none.toml"), *options]) == 2


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "1999-01-01", "9999-12-31"])
def test_what_is_no_date_is_refused(file: Path, capsys: pytest.CaptureFixture[str], day: str) -> None:
    assert main(["workload", str(file), "--date", day]) == 2
    told = capsys.readouterr()
    assert told.out == "" and f"--date {day}, expected a date" in told.err


def test_it_needs_no_database_and_no_django(file: Path) -> None:
    """Run where nothing is set up, in a fresh process."""
    program = (
        "import sys; from vardnara.config.command import main; "
        f"status = main(['workload', {str(file)!r}, '--json']); "
        "assert not {'django', 'psycopg'} & set(sys.modules), 'loaded'; sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, env={}, check=False)
    assert done.returncode == 0, done.stderr
    assert list(json.loads(done.stdout)) == KEYS


def test_help_does_not_load_the_engines() -> None:
    """The list of commands stays quick."""
    program = (
        "import sys\nfrom vardnara.config.command import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "sys.exit(any(name.startswith('vardnara.engines') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, env={}, check=False)
    assert done.returncode == 0 and "workload" in done.stdout, done.stderr


def test_without_a_database_there_is_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    """Neither file nor hospital: one line that says what is missing, and exit 2."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["workload", "--data", str(tmp_path), "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "vardnara up" in told.err


def test_the_database_answers_as_a_file_does(running_hospital) -> None:
    """The demo hospital with the shipped catalogue: the same keys, every sum the total, and what it rests on."""
    hospital = running_hospital(demo=True, options=("--no-feed",))
    told = hospital.command("workload", "--json")
    assert told.returncode == 0 and told.stderr == "", told.stderr
    found = json.loads(told.stdout)
    assert list(found) == KEYS
    total = found["minutes_per_week"]["typical"]
    assert total > 0 and sum(found["by_ward"].values()) == pytest.approx(total)
    assert sum(found["by_hour"]) == pytest.approx(total) == pytest.approx(sum(found["by_weekday"].values()))
    assert {"UNVERIFIED_NORMS", "NOT_MEASURED"} <= {one["code"] for one in found["warnings"]}
    day = hospital.command("workload", "--date", "2026-12-24")
    assert day.returncode == 0 and "Thursday 2026-12-24" in day.stdout
    nowhere = hospital.command("workload", "--hospital", "NOBODY", "--json")
    assert nowhere.returncode == 2 and "NOBODY" in nowhere.stderr and nowhere.stdout == ""
