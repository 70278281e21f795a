"""Backups: whole, checked, never overwritten, and equal when they come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vardnara.config import safekeeping
from vardnara.config.postgres import Cluster
from vardnara.config.safekeeping import _without_password
from vardnara.kernel.errors import RuleBroken


@pytest.fixture(scope="module")
def hospital(running_hospital: Callable[..., Any]) -> Iterator[Any]:
    """A stopped demo hospital, so that the tests may open its database by themselves."""
    hospital = running_hospital(demo=True, fresh=True, options=("--no-feed",))
    assert hospital.stop() == 0
    yield hospital


def content(data: Path) -> dict[str, str]:
    """A digest of every row of every table."""
    with Cluster.of(data, durable=False).running() as cluster, psycopg.connect(cluster.url()) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        digest = "SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t"
        return {name: connection.execute(digest.format(name)).fetchone()[0] for (name,) in tables}


def test_what_comes_back_is_what_was_kept(hospital: Any, reachable_folder: Path) -> None:
    """Round trip into a fresh folder: every row of every table is the same."""
    file = reachable_folder / "kept"
    assert hospital.command("backup", str(file)).returncode == 0
    copy = reachable_folder / "copy"
    restored = hospital.command("restore", str(file), "--data", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert content(copy) == content(hospital.data)
    assert sum(digest != "" for digest in content(copy).values()) > 10


def test_an_existing_file_is_never_overwritten(hospital: Any, reachable_folder: Path) -> None:
    """Exit 2, and the file is as it was."""
    file = reachable_folder / "kept"
    file.write_text("mine")
    told = hospital.command("backup", str(file))
    assert told.returncode == 2 and "is there already" in told.stderr
    assert file.read_text() == "mine"


def test_a_changed_or_foreign_file_is_refused(hospital: Any, reachable_folder: Path) -> None:
    """A backup with one byte turned, or any other file, changes nothing."""
    file = reachable_folder / "kept"
    hospital.command("backup", str(file))
    broken = bytearray(file.read_bytes())
    broken[len(broken) // 2] ^= 1
    file.write_bytes(broken)
    before = content(hospital.data)
    told = hospital.command("restore", str(file), "--replace")
    assert told.returncode == 2 and "has changed since it was written" in told.stderr
    (reachable_folder / "other").write_text("hello")
    assert hospital.command("restore", str(reachable_folder / "other"), "--replace").returncode == 2
    assert content(hospital.data) == before


def test_a_database_with_data_is_replaced_only_on_demand_and_kept(hospital: Any, reachable_folder: Path) -> None:
    """Without --replace refused; with it the old database stays under another name."""
    file = reachable_folder / "kept"
    hospital.command("backup", str(file))
    copy = reachable_folder / "copy"
    assert hospital.command("restore", str(file), "--data", str(copy)).returncode == 0
    refused = hospital.command("restore", str(file), "--data", str(copy))
    assert refused.returncode == 1 and "--replace" in refused.stderr
    replaced = hospital.command("restore", str(file), "--replace", "--data", str(copy))
    assert replaced.returncode == 0 and "is kept as vardnara_before_" in replaced.stdout
    assert content(copy) == content(hospital.data)


def test_a_restore_that_fails_leaves_what_was_there(hospital: Any, reachable_folder: Path) -> None:
    """A cut-off backup without its manifest is found out by PostgreSQL, in the new database, not in the old one."""
    file = reachable_folder / "kept"
    hospital.command("backup", str(file))
    file.write_bytes(file.read_bytes()[:-2000])
    (reachable_folder / "kept.json").unlink()
    before = content(hospital.data)
    told = hospital.command("restore", str(file), "--replace")
    assert told.returncode == 1 and "pg_restore" in told.stderr
    assert content(hospital.data) == before


def test_no_password_is_shown_on_a_command_line() -> None:
    """Others on the machine can read command lines: the password goes by the environment."""
    plain, environment = _without_password("postgresql://u:s%40crt@h:5433/d?sslmode=require")
    assert plain == "postgresql://u@h:5433/d?sslmode=require"
    assert environment["PGPASSWORD"] == "s@crt"


def test_who_is_leaving_is_waited_for_and_who_stays_is_told_of(hospital: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that has just ended may still have its session for a moment."""
    monkeypatch.setattr(safekeeping, "LEAVING_SECONDS", 2.0)
    with (
        Cluster.of(hospital.data, durable=False).running() as cluster,
        psycopg.connect(cluster.url(), autocommit=True) as server,
    ):
        server.execute("CREATE DATABASE leaving")
        with psycopg.connect(safekeeping.url_of(cluster.url(), "leaving")) as guest:
            with pytest.raises(RuleBroken):
                safekeeping._alone(server, "leaving")
            leaves = threading.Timer(0.5, guest.close)
            leaves.start()
            safekeeping._alone(server, "leaving")
            leaves.join()
        server.execute("DROP DATABASE leaving")
