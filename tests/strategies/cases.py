"""Case files for tests: the five examples, and changed ones."""

from __future__ import annotations

from pathlib import Path

from vardnara.engines.case import Examination
from vardnara.gateways.case_file import case_file_read

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "decisions"
REVIEW, REALLOCATION = "rjh-2026-review-of-ward-service", "rjh-2023-budget-reallocation"
HALLAND, PROTOCOL = "halland-2018-continued-development", "protocol-2021-report-back"
MEASURES = "rjh-2026-short-term-measures"
ALL = (REVIEW, HALLAND, REALLOCATION, PROTOCOL, MEASURES)


def example(name: str) -> Examination:
    """An example, examined."""
    return case_file_read(FOLDER / f"{name}.toml").examined()


def changed(name: str, folder: Path, *changes: tuple[str, str]) -> Examination:
    """An example with words of its file replaced by others, each once, examined."""
    text = (FOLDER / f"{name}.toml").read_text()
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} stands {text.count(before)} times in {name}"
        text = text.replace(before, after)
    path = folder / f"{name}.toml"
    path.write_text(text)
    return case_file_read(path).examined()


def codes(examination: Examination) -> list[str]:
    """Codes of what is warned of, each once."""
    return list(dict.fromkeys(concern.code for concern in examination.concerns))
