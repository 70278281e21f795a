"""``vardnara roster``: solve and check as people and programs call them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vardnara.config.command import main

SMALL = """\
SECTION_HORIZON
14
SECTION_SHIFTS
D,480,
SECTION_STAFF
A,D=14,4320,3360,5,2,2,1
B,D=14,4320,3360,5,2,2,1
SECTION_COVER
0,D,1,100,1
9,D,2,100,1
"""


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "small.txt"
    path.write_text(SMALL)
    return path


def test_solve_then_check(instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What solve writes, check accepts at the same cost; the keys are those of the contract; work repeats."""
    out = tmp_path / "out.csv"
    solve = ["roster", "solve", str(instance), "--work", "5", "--out", str(out), "--json"]
    assert main(solve) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["cost", "bound", "status", "seconds", "work"]
    before = out.read_text()
    assert before.startswith("employee,day,shift\n")
    assert main(["roster", "check", str(instance), str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"cost": found["cost"], "feasible": True, "violations": []}
    assert main(solve) == 0 and out.read_text() == before
    assert main([*solve[:-1][:3], "--seconds", "1", "--out", str(out)]) == 0


def test_check_says_no(instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, every violation with rule, employee, day and words; for people too."""
    out = tmp_path / "bad.csv"
    out.write_text("employee,day,shift\nA,3,D\n")
    assert main(["roster", "check", str(instance), str(out), "--json"]) == 1
    judged = json.loads(capsys.readouterr().out)
    assert not judged["feasible"] and set(judged["violations"][0]) == {"rule", "employee", "day", "text"}
    assert {one["rule"] for one in judged["violations"]} == {"minutes", "min_consecutive_shifts"}
    assert main(["roster", "check", str(instance), str(out)]) == 1
    assert "hard rules broken" in capsys.readouterr().out


def test_bad_input_is_told_whole_and_nothing_is_written(
    instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, a line for each fault, nothing on stdout."""
    instance.write_text(SMALL.replace("14\nS", "many\nS"))
    out = tmp_path / "none" / "out.csv"
    assert main(["roster", "solve", str(instance), "--work", "0", "--out", str(out), "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 3 and not out.exists()
    assert f"{instance}:2: days 'many'" in said.err


def test_nobody_can_work_it(instance: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 with the rule that is the reason, and no file."""
    instance.write_text(SMALL.replace("A,D=14,4320,3360", "A,D=14,9999,9000"))
    out = tmp_path / "out.csv"
    assert main(["roster", "solve", str(instance), "--work", "5", "--out", str(out), "--json"]) == 1
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["status"] == "infeasible" and not out.exists()
    assert found["reasons"] == ["A has no lawful line of days: the sum minutes cannot be kept"]
    assert found["reasons"][0] in said.err


def test_ctrl_c_keeps_the_best(tmp_path: Path) -> None:
    """Asked to stop, the command writes what it has, soon, with exit 0."""
    instance, out = tmp_path / "i.txt", tmp_path / "out.csv"
    cover = "".join(f"{day},D,{2 + day % 2},100,1\n" for day in range(14))
    staff = "".join(f"P{n},D=14,{3360 + 480 * (n % 3)},{2400 + 480 * (n % 2)},5,2,2,1\n" for n in range(7))
    instance.write_text(SMALL.split("SECTION_STAFF")[0] + "SECTION_STAFF\n" + staff + "SECTION_COVER\n" + cover)
    command = [sys.executable, "-P", "-m", "vardnara.config.command", "roster", "solve", str(instance)]
    began = time.monotonic()
    running = subprocess.Popen(
        [*command, "--work", "100000000", "--out", str(out), "--json"], stdout=subprocess.PIPE, env=os.environ
    )
    time.sleep(2.5)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=30)
    assert time.monotonic() - began < 30
    if running.returncode == 0:  # a slow machine may not have had time for a first roster
        assert json.loads(said)["status"] in ("feasible", "optimal") and out.exists()
    else:
        assert running.returncode in (1, 130)
