"""The command: quick, plain about what is wrong, and clean on stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vardnara.config import command
from vardnara.config.command.registry import COMMANDS, HIDDEN
from vardnara.kernel.errors import GatewayError, InputError, RuleBroken
from vardnara.kernel.faults import Fault

HEAVY = ("django", "psycopg", "openpyxl", "uvicorn", "procrastinate", "asyncio", "numpy")


def vardnara(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it, on no database of ours."""
    kept = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    line = [sys.executable, "-P", "-m", "vardnara.config.command", *words]
    return subprocess.run(line, env=kept | environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("words", [["--help"], ["up", "--help"], ["status", "--help"], ["backup", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    """Help answers in a fraction of a second because nothing big is imported for it."""
    program = (
        "import sys\nfrom vardnara.config.command import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr.strip() == "[]"
    assert "usage: vardnara" in done.stdout


def test_help_names_every_command() -> None:
    """The table is what is shown, and hidden commands stay hidden."""
    shown = vardnara("--help").stdout
    assert all(f"\n    {name} " in shown for name in COMMANDS)
    assert not any(name in shown for name in HIDDEN)


@pytest.mark.parametrize("name", [*COMMANDS, *HIDDEN])
def test_every_command_has_its_module_and_help(name: str) -> None:
    """No command is only a promise."""
    assert vardnara(name, "--help").returncode == 0


def test_status_with_nothing_running_says_so(tmp_path: Path) -> None:
    """Exit 1, a sentence for people on stderr, one document on stdout for programs, and no folder made."""
    folder = tmp_path / "none"
    told = vardnara("status", "--data", str(folder), "--json")
    assert told.returncode == 1
    assert told.stderr == f"nothing is running in {folder}\n"
    assert json.loads(told.stdout) == {"running": False, "data": str(folder)}
    assert not folder.exists()


def test_the_environment_names_the_folder(tmp_path: Path) -> None:
    """VARDNARA_DATA is the default of --data, --data wins."""
    assert str(tmp_path / "a") in vardnara("status", VARDNARA_DATA=str(tmp_path / "a")).stderr
    told = vardnara("status", "--data", str(tmp_path / "b"), VARDNARA_DATA=str(tmp_path / "a")).stderr
    assert str(tmp_path / "b") in told


def test_bad_words_are_one_line_and_exit_2() -> None:
    """A wrong option is a fault like any other."""
    told = vardnara("status", "--nonsense")
    assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("words", [["verify"], ["export", "out"], ["backup", "file"], ["web"], ["worker"], ["listen"]])
def test_without_a_database_commands_say_how_to_get_one(words: list[str], tmp_path: Path) -> None:
    """Exit 1 and one line, no traceback, whoever is asked."""
    told = vardnara(*words, "--data", str(tmp_path / "none"))
    assert told.returncode == 1, told.stderr
    assert "vardnara up" in told.stderr and len(told.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    """A wrong DATABASE_URL is said without a traceback."""
    told = vardnara("verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert told.returncode == 1
    assert "Traceback" not in told.stderr and "does not answer" in told.stderr


@pytest.mark.parametrize(
    ("error", "status", "lines"),
    [
        (InputError([Fault("a.csv", "3", "no ward X", "a known ward"), Fault("b.csv", "", "is empty")]), 2, 2),
        (RuleBroken("folder_in_use", "the folder is in use"), 1, 1),
        (GatewayError("server_failed", "no answer"), 1, 1),
    ],
)
def test_expected_errors_become_lines_and_a_status(
    error: Exception, status: int, lines: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line a fault with its place; 2 for bad input, 1 for no; nothing on stdout."""
    from vardnara.config.command import verify

    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(verify, "run", fail)
    assert command.main(["verify"]) == status
    told = capsys.readouterr()
    assert told.out == "" and len(told.err.splitlines()) == lines
    if status == 2:
        assert told.err.splitlines() == ["a.csv:3: no ward X, expected a known ward", "b.csv: is empty"]
