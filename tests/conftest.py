"""What every test may use: one PostgreSQL for the run, the shared data, a browser, a running hospital.

The server is started once, by the process that people start (xdist's workers get its address by the environment), in a
temporary folder, without fsync, and it is stopped at the end, after Ctrl-C too; if the run itself is killed, the kernel
tells the server.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from vardnara.config.environment import database_from_url
from vardnara.config.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
RUN = pytest.StashKey[ExitStack]()


def folder_temporary() -> Path:
    """A folder below the machine's temporary one that the database's user may pass; the caller removes it."""
    folder = Path(tempfile.mkdtemp(prefix="vardnara-test-"))
    folder.chmod(0o755)
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Start the run's server before Django looks for a database."""
    for name in [name for name in os.environ if name.startswith("VARDNARA_") and name != "VARDNARA_SHARED_DATA"]:
        del os.environ[name]
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    run = config.stash[RUN] = ExitStack()
    folder = folder_temporary()
    run.callback(shutil.rmtree, folder, ignore_errors=True)
    cluster = Cluster.of(folder, durable=False, log=folder / "postgres.log")
    run.callback(cluster.stop)
    cluster.start()
    cluster.wait()
    cluster.database_make()
    os.environ["DATABASE_URL"] = cluster.url()
    from django.conf import settings  # loaded already, by the plugin, without an address

    settings.DATABASES["default"].update(database_from_url(cluster.url()))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's server; remove its folder."""
    if RUN in config.stash:
        config.stash[RUN].close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the project, read in place."""
    folder = Path(os.environ.get("VARDNARA_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here; VARDNARA_SHARED_DATA names it")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        program = shutil.which(name)
        if program:
            return program
    pytest.skip("no Chromium here; on Debian: apt-get install chromium")


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """A fresh folder that the database's user may pass; pytest's own are closed."""
    folder = folder_temporary()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
