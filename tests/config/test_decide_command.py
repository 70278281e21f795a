"""``vardnara decide`` writes the documents of a case, and the extract where its § is decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.strategies.cases import FOLDER, MEASURES, PROTOCOL

from vardnara.config.command import main

OWN = ["docx", "pdf", "xlsx", "pptx"]


@pytest.mark.parametrize(("name", "extract"), [(PROTOCOL, ["-extract.docx", "-extract.pdf"]), (MEASURES, [])])
def test_a_decided_paragraph_has_an_extract_beside_its_documents(
    name: str, extract: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answer names every file, and each is there; a memo that nobody has decided has no extract."""
    out = tmp_path / "out"
    assert main(["decide", str(FOLDER / f"{name}.toml"), "--out", str(out), "--json"]) == 0
    files = [Path(file) for file in json.loads(capsys.readouterr().out)["documents"]]
    wanted = [f"{name}.{suffix}" for suffix in OWN] + [f"{name}{end}" for end in extract] + [f"{name}.json"]
    assert [file.name for file in files] == wanted
    assert all(file.parent == out and file.stat().st_size > 1000 for file in files)
