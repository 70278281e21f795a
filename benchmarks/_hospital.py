"""What the benchmarks share: a real ``vardnara up`` in a folder of its own, the machine's name, and percentiles."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg

from vardnara.config.folder import DataFolder

COMMAND = [sys.executable, "-P", "-m", "vardnara.config.command"]


def environment() -> dict[str, str]:
    """This process's environment without another hospital's address: the server is our own, and durable."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("DATABASE_", "VARDNARA_"))}


@contextmanager
def folder_temporary() -> Iterator[Path]:
    """A folder that the database's own user may pass, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="vardnara-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def vardnara(*words: str) -> None:
    """Run one command to its end; its last words are shown where it fails."""
    done = subprocess.run([*COMMAND, *words], env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"vardnara {words[0]} ended with {done.returncode}: {done.stderr[-1000:]}")


class Hospital:
    """``vardnara up`` with the demo hospital, from ``with`` until Ctrl-C at its end."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data = folder / "data"
        self._output = folder / "up.txt"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Hospital:
        words = ["up", "--data", str(self.data), "--port", "0", "--mllp-port", "0", *self._options]
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [*COMMAND, *words], env=environment(), stdout=output, stderr=output, start_new_session=True
            )
        ends = time.monotonic() + 300
        while not self.state.get("ready"):
            if self._process.poll() is not None or time.monotonic() > ends:
                raise SystemExit(self._output.read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)

    @property
    def state(self) -> dict[str, Any]:
        """What the supervisor says that it runs."""
        return (DataFolder(self.data).run_state() if self.data.exists() else None) or {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.state['port']}"


def wait_until_applied(url: str) -> list[str]:
    """Wait until no message waits to be applied; of each that is parked for a person, what it was parked for."""
    with psycopg.connect(url, autocommit=True) as database:
        while database.execute("SELECT count(*) FROM hospital_inboxmessage WHERE status = 'waiting'").fetchone()[0]:
            time.sleep(0.2)
        return [row[0] for row in database.execute("SELECT reason FROM hospital_inboxmessage WHERE status = 'parked'")]


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def machine() -> str:
    """What it ran on, without its name."""
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at the end"
    )
