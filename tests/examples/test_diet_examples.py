"""The files of the diet page and of ``examples/diet`` are read and answered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from vardnara.config.command import main
from vardnara.engines.diet import ALLERGENS, REASONS, TEXTURES, Status

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/diet.md").read_text()
PATIENTS = sorted(path.name for path in (ROOT / "examples/diet").glob("*.json") if path.name != "menu.json")


def test_the_files_of_the_page_give_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Copied from the page."""
    menu, patient, answer = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    for name, text in (("menu.json", menu), ("patient.json", patient)):
        (tmp_path / name).write_text(text)
    assert main(["diet", "check", str(tmp_path / "menu.json"), str(tmp_path / "patient.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(answer)


def test_the_page_has_every_code() -> None:
    """Nobody looks up a word that is not there."""
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == [*(one.value for one in Status), *REASONS]
    assert all(f"`{code}`" in PAGE for code in (*TEXTURES, *(code for code in ALLERGENS if "." in code)))


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_examples_are_answered(patient: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finds something to eat and something that is held back."""
    folder = ROOT / "examples/diet"
    assert main(["diet", "check", str(folder / "menu.json"), str(folder / patient), "--json"]) == 0
    statuses = {dish["status"] for dish in json.loads(capsys.readouterr().out)["dishes"]}
    assert "allowed" in statuses and "blocked" in statuses
