"""What every test may use: one PostgreSQL for the run, the shared data, a browser, a running hospital.

The server is started once, by the process that people start (xdist's workers get its address by the environment), in a
temporary folder, without fsync, and it is stopped at the end, after Ctrl-C too; if the run itself is killed, the kernel
tells the server.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from vardnara.config.environment import database_from_url
from vardnara.config.folder import DataFolder
from vardnara.config.migrating import migrated_quickly
from vardnara.config.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
RUN = pytest.StashKey[ExitStack]()
LONG = ("tests/journeys/", "tests/config/test_supervisor.py", "tests/browser/")  # begun first, in this order
LONG_DONE = pytest.StashKey[bool]()
PREPARED = "PREPARED_HOSPITALS"  # names the folder of data folders that the processes of a run share


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
    os.environ[PREPARED] = str(folder_temporary())
    run.callback(shutil.rmtree, os.environ[PREPARED], ignore_errors=True)
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
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: begun last, one of them would keep one core waiting for the other.

    Those that drive parts and a real browser depend on how busy the machine is: what fails there is tried once more,
    and the end of the run names it ("RERUN"): it is to be looked into all the same.
    """
    for item in items:
        if item.nodeid.startswith(LONG[1:]):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: next((n for n, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The first short test ends what the long ones used: a demo lives on, and takes a tenth of a core.

    And a browser that is open leaves its event loop behind: whatever else runs in the process would be refused.
    """
    if not item.nodeid.startswith(LONG) and LONG_DONE not in item.config.stash:
        item.config.stash[LONG_DONE] = True
        long_ones_end()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Where no short test came after them, the long ones' hospitals and browser end here."""
    long_ones_end()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the run's server; remove its folder."""
    if RUN in config.stash:
        config.stash[RUN].close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[ExitStack]:
    """What comes before the test database: its tables are made as a first start makes them."""
    with ExitStack() as until_made:
        until_made.enter_context(migrated_quickly())
        yield until_made


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: ExitStack, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database, and at the end no session but the one that drops it.

    An event loop that a test ended leaves its connections to the collector, and one that is not yet collected would
    keep the database from being dropped.
    """
    django_db_modify_db_settings.close()
    yield
    gc.collect()
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def menu_as_it_is(settings: Any) -> None:
    """Tests take their changes back, which nobody else ever does: no menu of one test is remembered in the next."""
    settings.MENU_REMEMBERED_SECONDS = 0


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


class RunningHospital:
    """A real ``vardnara up`` in a folder of its own, on free ports.

    ``url`` is the page's address, ``mllp_port`` the listener's, ``database_url`` the server's, ``data`` the folder.
    """

    def __init__(
        self,
        folder: Path,
        *,
        demo: bool = False,
        durable: bool = False,
        prepared: bool = True,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.data = folder / "data"
        self.prepared = prepared
        self.demo = demo
        kept = {name: text for name, text in os.environ.items() if not name.startswith(("DATABASE_", "VARDNARA_"))}
        own = {"VARDNARA_FSYNC": "1" if durable else "0", "VARDNARA_WEB_PROCESSES": "1", "VARDNARA_DAY_PLANS": "0"}
        self.environment = kept | own | (environment or {})
        self.output = folder / "up.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def command_line(self, *words: str) -> list[str]:
        return [sys.executable, "-P", "-m", "vardnara.config.command", *words]

    def command(self, *words: str, data: bool = True, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run another command, on this hospital's folder unless it takes none, and return how it ended."""
        place = ["--data", str(self.data)] if data and "--data" not in words else []
        line = self.command_line(*words, *place)
        return subprocess.run(line, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False)

    def start(self, *options: str, patience_seconds: float = 300) -> RunningHospital:
        """Start it and wait until it says that it runs."""
        words = ["up", "--data", str(self.data), "--port", "0", "--mllp-port", "0", *options]
        if not self.demo:
            words.append("--no-demo")
        if self.prepared and not self.data.exists() and "DATABASE_URL" not in self.environment:
            self.copy_prepared()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command_line(*words), env=self.environment, stdout=output, stderr=output, start_new_session=True
            )
        ends = time.monotonic() + patience_seconds
        while not self.state().get("ready") or not self.answers():  # on a slow machine it is ready before its pages
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < ends, self.told()
            time.sleep(0.05)
        return self

    def answers(self, patience_seconds: float = 5) -> bool:
        """Whether a page comes; a refusal is a page, a broken server is none."""
        try:
            with urllib.request.urlopen(self.url, timeout=patience_seconds) as page:
                return bool(page.status < 500)
        except urllib.error.HTTPError as error:
            with error:
                return error.code < 500
        except OSError:
            return False

    def copy_prepared(self) -> None:
        """Begin with a data folder whose tables are made, and whose demo is loaded; the first of a kind makes it."""
        kind = Path(os.environ[PREPARED]) / ("demo" if self.demo else "empty")
        with kind.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kind.exists():
                first = RunningHospital(kind.with_suffix(".making"), demo=self.demo, prepared=False)
                first.data.parent.mkdir()
                first.start("--no-feed")
                first.stop()
                first.data.parent.rename(kind)
        # with owners, modes and times: PostgreSQL looks at them
        subprocess.run(["cp", "-a", str(kind / "data"), str(self.data)], check=True)

    def state(self) -> dict[str, Any]:
        """What the supervisor says that it runs; empty when nothing runs."""
        return DataFolder(self.data).run_state() or {} if self.data.exists() else {}

    def told(self) -> str:
        """Everything that the supervisor printed."""
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def pid(self, part: str) -> int | None:
        """The process number of ``web``, ``listener``, ``worker``, ``feed`` or ``postgres``."""
        state = self.state()
        found = state.get("postgres") if part == "postgres" else state.get("parts", {}).get(part, {}).get("pid")
        return found if isinstance(found, int) else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.state()['port']}"

    @property
    def mllp_port(self) -> int:
        return int(self.state()["mllp_port"])

    @property
    def database_url(self) -> str:
        return str(self.state()["database_url"])

    def users(self) -> dict[str, tuple[str, str]]:
        """Name and password of the demo user of every role."""
        users = json.loads((self.data / "demo_users.json").read_text())["users"]
        return {user["role"]: (user["username"], user["password"]) for user in users}

    def stop(self, number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C does and return the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


SHARED: dict[object, RunningHospital] = {}  # hospitals that the tests of this process share
STARTED = ExitStack()  # what ends them, and the browser


def long_ones_end() -> None:
    """Stop every hospital that this process has started, remove their folders, and close the browser."""
    SHARED.clear()
    STARTED.close()


@pytest.fixture(scope="session")
def running_hospital() -> Callable[..., RunningHospital]:
    """A factory of running hospitals: ``running_hospital(demo=False, durable=False, fresh=False, options=())``.

    One of a kind is shared by a worker's tests unless ``fresh`` asks for one of its own; all are stopped at the end.
    With ``prepared=False`` it begins with no folder, as on a new machine, else with a copy of one that was made before.
    """

    def run(
        *,
        demo: bool = False,
        durable: bool = False,
        fresh: bool = False,
        prepared: bool = True,
        options: tuple[str, ...] = (),
        environment: dict[str, str] | None = None,
    ) -> RunningHospital:
        kind = (demo, durable, options, tuple(sorted((environment or {}).items())))
        if not fresh and kind in SHARED:
            return SHARED[kind]
        folder = folder_temporary()
        STARTED.callback(shutil.rmtree, folder, ignore_errors=True)
        hospital = RunningHospital(folder, demo=demo, durable=durable, prepared=prepared, environment=environment)
        STARTED.callback(lambda: hospital.process and hospital.stop())
        hospital.start(*options)
        if not fresh:
            SHARED[kind] = hospital
        return hospital

    return run


@pytest.fixture(scope="session")
def until_long_ones_end() -> ExitStack:
    """What is entered here ends with the hospitals.

    A fixture of a wide scope that is made in a test's second try is never ended: the plugin that tries again puts back
    what the first try had to end.
    """
    return STARTED
