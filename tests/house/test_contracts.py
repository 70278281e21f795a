"""The house's rules of import hold, and each kind of rule catches who breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

# contract, the module that breaks it, what is planted there
PLANTED = [
    ("storeys: imports only go down", "kernel/planted.py", "import vardnara.config.settings"),
    ("storeys: imports only go down", "gateways/planted.py", "import vardnara.apps.hospital.choices"),
    ("engines: who may use whom", "engines/feed/planted.py", "import vardnara.engines.adt"),
    ("apps: from the ground up", "apps/hospital/events.py", "import vardnara.apps.service.choices"),
    (
        "inside every app: pages, services, reads, tables",
        "apps/hospital/choices.py",
        "import vardnara.apps.hospital.queries.reach",
    ),
    ("gateways know no Django", "gateways/planted.py", "import django.db"),
    ("engines, parameters and kernel are pure", "engines/adt/planted.py", "import socket"),
    ("engines, parameters and kernel are pure", "kernel/planted.py", "import psycopg"),
    ("tables of accounts are private", "apps/hospital/queries/planted.py", "import vardnara.apps.accounts.models"),
    ("tables of hospital are private", "apps/service/services/planted.py", "import vardnara.apps.hospital.models"),
    ("tables of service are private", "apps/cleaning/planted/__init__.py", "import vardnara.apps.service.models"),
    ("tables of cleaning are private", "config/planted.py", "import vardnara.apps.cleaning.models"),
    ("tables of meals are private", "apps/cleaning/planted/__init__.py", "import vardnara.apps.meals.models"),
    ("tables of staffing are private", "config/planted.py", "import vardnara.apps.staffing.models"),
    ("tables of economy are private", "config/planted.py", "import vardnara.apps.economy.models"),
    ("tables of decisions are private", "config/planted.py", "import vardnara.apps.decisions.models"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Import-linter's verdict on the house in a folder."""
    program = (
        f"import sys; sys.path.insert(0, {str(folder / 'src')!r})\n"
        "from importlinter.cli import lint_imports_command\n"
        "lint_imports_command(['--no-cache'])"
    )
    line = [sys.executable, "-P", "-c", program]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source without pages and pictures, to plant in."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(
        ROOT / "src",
        folder / "src",
        ignore=lambda _, names: [name for name in names if name in {"static", "templates", "locale", "__pycache__"}],
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_the_contracts_hold() -> None:
    """Nobody reaches up, across or into another's tables."""
    verdict = lint(ROOT)
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize(("contract", "module", "line"), PLANTED, ids=[f"{at}: {line}" for _, at, line in PLANTED])
def test_a_planted_violation_is_caught(copy: Path, contract: str, module: str, line: str) -> None:
    """A rule that nothing can break would be no rule: the broken contract is named."""
    planted = copy / "src" / "vardnara" / module
    before = planted.read_text() if planted.exists() else None
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"{before or ''}\n{line}\n")
    try:
        verdict = lint(copy)
    finally:
        if before is None:
            planted.unlink()
        else:
            planted.write_text(before)
    assert verdict.returncode == 1, verdict.stdout + verdict.stderr
    assert f"{contract} BROKEN" in verdict.stdout


def test_every_contract_has_a_planted_violation() -> None:
    """Who adds a contract plants a violation of it here."""
    assert {contract["name"] for contract in CONTRACTS} == {name for name, _, _ in PLANTED}


def test_every_app_is_in_the_contracts() -> None:
    """A new app gets its inner order and its private tables from the first day."""
    apps = {path.parent.name for path in (ROOT / "src/vardnara/apps").glob("*/__init__.py")}
    by_name = {contract["name"]: contract for contract in CONTRACTS}
    inner = by_name["inside every app: pages, services, reads, tables"]["containers"]
    assert {container.rpartition(".")[2] for container in inner} == apps
    with_tables = {app for app in apps if any((ROOT / "src/vardnara/apps" / app).glob("models*"))}
    assert {f"tables of {app} are private" for app in with_tables} <= by_name.keys()
