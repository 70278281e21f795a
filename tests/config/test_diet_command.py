"""``vardnara diet check`` as a person at a keyboard, and a program, meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from vardnara.config.command import main

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples/diet"
MENU = """{"meal": "lunch", "dishes": [{"id": "cod", "name": "Torsk med äggsås",
 "contains": ["3", "4", "7"], "may_contain": ["10"], "unknown": ["9"],
 "textures": ["hel_delad"], "iddsi": [7], "diets": ["normal", "energy_protein"], "flags": ["fish"],
 "variants": [{"id": "no_sauce", "name": "utan sås", "removes": ["3", "7"],
  "removes_flags": [], "adds_diets": []}]}]}"""
PATIENT = """{"avoid": [{"allergen": "3", "traces_tolerated": false}], "texture": null, "iddsi": null,
 "diets": ["normal"], "exclude": ["pork"], "fasting": false}"""
OUT = """{"dishes": [{"id": "cod", "status": "after_change", "change": "no_sauce",
 "reasons": [{"code": "allergen", "detail": "3"}]}]}"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    menu, patient = tmp_path / "menu.json", tmp_path / "patient.json"
    menu.write_text(MENU)
    patient.write_text(PATIENT)
    return menu, patient


def test_the_contracts_example(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """CONTRACT 2: these files, this answer, one line."""
    assert main(["diet", "check", *map(str, files), "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == "" and told.out.count("\n") == 1
    assert json.loads(told.out) == json.loads(OUT)


def test_blocked_dishes_are_an_answer(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0; no change is null; dishes in the order of the menu; people get the same in words."""
    assert main(["diet", "check", str(EXAMPLES / "menu.json"), str(EXAMPLES / "before-surgery.json"), "--json"]) == 0
    dishes = json.loads(capsys.readouterr().out)["dishes"]
    menu = json.loads((EXAMPLES / "menu.json").read_text())["dishes"]
    assert [dish["id"] for dish in dishes] == [dish["id"] for dish in menu]
    assert [dish["status"] for dish in dishes] == ["blocked"] * 5 + ["allowed"]
    assert all(dish["change"] is None for dish in dishes)
    assert main(["diet", "check", str(EXAMPLES / "menu.json"), str(EXAMPLES / "egg-allergy.json")]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0] == "lunch" and table[2].split("  ", 1)[1].split() == [
        "after",
        "change",
        "utan",
        "sås;",
        "contains",
        "eggs",
    ]
    files[0].write_text('{"dishes": []}')
    assert main(["diet", "check", *map(str, files)]) == 0 and capsys.readouterr().out == "no dishes\n"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_bad_files_exit_2(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    """A line for each fault of both files, stdout empty."""
    menu, patient = files
    menu.write_text(MENU.replace('"3", "4"', '"3", "15"').replace("[7]", "[9]"))
    patient.write_text("{\n}{")
    assert main(["diet", "check", str(menu), str(patient), *options]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split(": ")[0] for line in told.err.splitlines()] == [
        f"{menu}:/dishes/0/contains/1", f"{menu}:/dishes/0/iddsi/0", f"{patient}:2",
    ]  # fmt: skip
    assert main(["diet", "check", str(menu.parent / "none.json"), str(patient), *options]) == 2


def test_it_needs_no_database_no_django_and_no_numpy(files: tuple[Path, Path]) -> None:
    """Run where nothing is set up, in a fresh process."""
    program = (
        "import sys; from vardnara.config.command import main; "
        f"status = main(['diet', 'check', {str(files[0])!r}, {str(files[1])!r}, '--json']); "
        "assert not {'django', 'psycopg', 'numpy'} & set(sys.modules), 'loaded'; sys.exit(status)"
    )
    alone = {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, env=alone, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(OUT)
