"""The data folder: one hospital's files, and how other commands find the system that runs in it.

::

    lock              held while something runs here
    run.json          what runs: process numbers, ports, address of the database (mode 600)
    secret_key        signs sessions (mode 600)
    demo_users.json   the demo users of an invented hospital (mode 600)
    prepared.json     what the tables looked like when they were last brought up to date
    postgres/         the database, unless DATABASE_URL names a server; or
    postgres.place    where the database is, if it could not be kept here
    logs/  backups/

Folders that were there before keep their mode and owner, always.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vardnara.kernel.errors import RuleBroken

ROOT_DEFAULT = Path("/var/lib/vardnara")
LOCK_PATIENCE_SECONDS = 1.0


def folder_default() -> Path:
    """Return the data folder of whoever asks: ``VARDNARA_DATA``, else root's or the user's own."""
    named = os.environ.get("VARDNARA_DATA")
    if named:
        return Path(named)
    if os.geteuid() == 0:
        return ROOT_DEFAULT
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "vardnara"


def folder_make(path: Path, mode: int = 0o755) -> None:
    """Make a folder and the parents that it lacks with the given mode; leave those that exist as they are."""
    missing = [place for place in (path, *path.parents) if not place.exists()]
    for place in reversed(missing):
        try:
            place.mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise RuleBroken("folder_refused", f"{place} cannot be made: {error.strerror}") from error
        place.chmod(mode)
    if not path.is_dir():
        raise RuleBroken("folder_refused", f"{path} is not a folder")


def file_write(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a file in one step, so that a reader sees the old or the new text and nothing between."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
    fresh.replace(path)


@dataclass(frozen=True)
class DataFolder:
    """One hospital's folder.

    Parameters
    ----------
    path
        Absolute path; made by :meth:`make`, not by merely naming it.
    """

    path: Path

    @classmethod
    def named(cls, name: str | os.PathLike[str] | None) -> DataFolder:
        """Return the folder that ``--data`` names, or the default one."""
        return cls((Path(name) if name else folder_default()).expanduser().absolute())

    def make(self) -> None:
        """Make the folder where it is missing. Root's lets others pass, because the database runs as another user."""
        folder_make(self.path, 0o755 if os.geteuid() == 0 else 0o700)
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise RuleBroken("folder_refused", f"{self.path} cannot be written to by this user")

    @property
    def instance(self) -> str:
        """A name for what runs here that stays the same over restarts and differs between folders and machines."""
        digest = hashlib.sha256(str(self.path).encode()).hexdigest()[:6]
        return f"{socket.gethostname()[:60]}:{digest}"

    def log_path(self, part: str) -> Path:
        """Return the log file of a part; its folder is made."""
        folder = self.path / "logs"
        folder_make(folder, 0o700)
        return folder / f"{part}.log"

    def secret_key(self) -> str:
        """Return the key that signs sessions, made once."""
        path = self.path / "secret_key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        key = secrets.token_urlsafe(50)
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(key)
        return key

    @contextmanager
    def lock(self, doing: str) -> Iterator[None]:
        """Hold the folder alone, or say who holds it. The system lets go of the lock when the holder dies."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        patience_ends = time.monotonic() + LOCK_PATIENCE_SECONDS
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() < patience_ends:
                        time.sleep(0.05)
                        continue
                    holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip() or "another process"
                    raise RuleBroken("folder_in_use", f"{self.path} is in use by {holder}") from None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"vardnara {doing} (process {os.getpid()})\n".encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def in_use(self) -> bool:
        """Whether something holds the folder now."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDONLY)
        except FileNotFoundError:
            return False
        except PermissionError:
            raise RuleBroken("folder_refused", f"{self.path} belongs to another user") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def run_state(self) -> dict[str, Any] | None:
        """Return what runs here, or None when nothing does; a state left by a killed process counts as nothing."""
        if not self.in_use():
            return None
        return self.read_json("run.json")

    def read_json(self, name: str) -> dict[str, Any] | None:
        """Return the content of one of the folder's JSON files, or None where there is none."""
        try:
            text = (self.path / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        content: dict[str, Any] = json.loads(text)
        return content

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Replace one of the folder's JSON files, readable by its owner only."""
        file_write(self.path / name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    def forget(self, name: str) -> None:
        """Remove one of the folder's files if it is there."""
        (self.path / name).unlink(missing_ok=True)
