"""What is committed names no machine: it must work elsewhere and tell nothing about where it was made."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {
    "a package registry": r"pypi\.org|pythonhosted|registry\.npmjs|files\.pypi|deb\.debian\.org|index-url|find-links",
    "a machine's folder": r"(?<![\w.])/(?:root|home|work|Users)/\w|[A-Z]:\\\\Users",
}
HERE = Path(__file__).relative_to(ROOT).as_posix()


def committed() -> list[str]:
    """The files of the repository, as git lists them."""
    try:
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [name for name in listing.stdout.split("\0") if name and name != HERE and (ROOT / name).is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_committed_file_names(what: str) -> None:
    """Checked in every text file, the lock file most of all."""
    pattern = re.compile(FORBIDDEN[what])
    found = []
    for name in committed():
        content = (ROOT / name).read_bytes()
        if b"\0" in content[:1000] or "/vendor/" in name:
            continue
        lines = content.decode(errors="replace").splitlines()
        found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    assert not found


def test_what_must_not_be_committed_is_not() -> None:
    """A pinned interpreter or a lock file with addresses would bind others to one machine."""
    names = {Path(name).name for name in committed()}
    assert not names & {".python-version", "uv.lock", "pip.conf", "uv.toml", ".env"}


def test_the_lock_file_pins_every_version_with_its_hashes() -> None:
    """What is installed is what was tested, byte for byte."""
    text = (ROOT / "requirements.lock").read_text()
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", text) if re.match(r"[a-z0-9]", entry)]
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+", entry) and "--hash=sha256:" in entry, entry[:80]


def test_every_dependency_says_why_it_is_here() -> None:
    """docs/dependencies.md names each package of pyproject.toml, and no other."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {match.group() for text in wanted if (match := re.match(r"[a-z0-9-]+", text))}
    rows = re.findall(r"^\| ([a-z0-9, -]+) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    assert {name.strip() for row in rows for name in row.split(",")} - {"package"} == names


def test_no_two_test_files_have_one_name() -> None:
    """pytest imports test files by their bare name: of two with the same, one would not run."""
    names = sorted(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert names == sorted(set(names))
