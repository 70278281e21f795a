"""Backup and restore by PostgreSQL's own tools: streamed, checksummed, whole or not at all.

A backup is one file in PostgreSQL's custom format and, beside it, ``FILE.json``: its checksum and the number of rows of
every table, both from the same moment as the backup. A restore checks both.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import subprocess
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from vardnara.config.folder import file_write
from vardnara.config.postgres import binaries_find
from vardnara.kernel.errors import GatewayError, InputError, RuleBroken
from vardnara.kernel.faults import Fault

CHUNK_BYTES = 1 << 20
EMPTY_OF = ("hospital_hospital", "hospital_inboxmessage", "accounts_user")  # no row in any: nothing to lose
LEAVING_SECONDS = 5.0  # that a session may take to be gone after its program has ended


@dataclass(frozen=True)
class Manifest:
    """What a backup file holds.

    Parameters
    ----------
    made_at
        ISO time in UTC.
    server
        Version of the PostgreSQL that was backed up.
    sha256
        Of the backup file.
    n_bytes
        Its size.
    rows
        Number of rows by table.
    """

    made_at: str
    server: str
    sha256: str
    n_bytes: int
    rows: Mapping[str, int]


def manifest_path(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def backup(url: str, file: Path, *, at: datetime) -> Manifest:
    """Write the database to a file that is not there yet; it appears under its name only when it is whole."""
    for path in (file, manifest_path(file)):
        if path.exists():
            raise InputError(
                [Fault(str(path), "", "is there already", "a name that is free; no backup is overwritten")]
            )
    if not file.parent.is_dir():
        raise InputError([Fault(str(file.parent), "", "is not a folder", "an existing folder")])
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
            rows = _rows(connection)
            digest, n_bytes = _dump(url, partial, str(snapshot[0]) if snapshot else "")
            server = str(connection.info.server_version)
        manifest = Manifest(at.isoformat(timespec="seconds"), server, digest, n_bytes, rows)
        os.link(partial, file)  # unlike a rename this never replaces a file that came meanwhile
    except psycopg.OperationalError as error:
        raise GatewayError("database_unreachable", f"the database does not answer: {_line(str(error))}") from error
    except OSError as error:
        raise InputError([Fault(str(file), "", f"cannot be written: {error.strerror}")]) from error
    finally:
        partial.unlink(missing_ok=True)
    file_write(manifest_path(file), json.dumps(asdict(manifest), indent=1) + "\n")
    return manifest


def _dump(url: str, target: Path, snapshot: str) -> tuple[str, int]:
    plain, environment = _without_password(url)
    command = [binaries_find().program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges"]
    command += [f"--snapshot={snapshot}", f"--dbname={plain}"]
    digest, n_bytes = hashlib.sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as handle,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
    ):
        assert process.stdout is not None and process.stderr is not None
        while chunk := process.stdout.read(CHUNK_BYTES):
            handle.write(chunk)
            digest.update(chunk)
            n_bytes += len(chunk)
        words = process.stderr.read().decode(errors="replace")
        if process.wait():
            raise GatewayError("dump_failed", f"pg_dump: {_line(words)}")
        handle.flush()
        os.fsync(handle.fileno())
    return digest.hexdigest(), n_bytes


def backup_check(file: Path) -> Manifest | None:
    """Return the manifest of a backup whose bytes are as they were written; None where the manifest is missing."""
    try:
        text = manifest_path(file).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    try:
        with file.open("rb") as handle:
            if handle.read(5) != b"PGDMP":
                raise InputError([Fault(str(file), "", "is not a backup", "a file that vardnara backup wrote")])
            handle.seek(0)
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise InputError([Fault(str(file), "", f"cannot be read: {error.strerror}")]) from error
    if not text:
        return None
    manifest = Manifest(**json.loads(text))
    if digest != manifest.sha256:
        raise InputError([Fault(str(file), "", "has changed since it was written", f"sha256 {manifest.sha256}")])
    return manifest


def restore(url: str, file: Path, *, replace: bool, at: datetime) -> str | None:
    """Bring a backup back.

    Into a database without tables directly; else into a new database, which takes the old one's name when it is whole.

    Returns
    -------
    str or None
        The name under which a replaced database with content is kept.

    Raises
    ------
    RuleBroken
        ``not_empty`` without ``replace`` when there is something to lose; ``in_use`` while others are connected.
    GatewayError
        ``restore_failed`` when PostgreSQL could not, or brought back other numbers of rows; the old database stays.
    """
    manifest = backup_check(file)
    name = unquote(urlsplit(url).path.lstrip("/"))
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        state = _state(connection)
    if state == "content" and not replace:
        raise RuleBroken("not_empty", f"database {name} holds data; --replace puts the backup in its place")
    if state == "bare":
        _load(url, file, manifest)
        return None
    fresh = f"{name}_restore_{secrets.token_hex(4)}"
    kept = f"{name}_before_{at:%Y%m%d_%H%M%S}"
    with psycopg.connect(url_of(url, "postgres"), connect_timeout=10, autocommit=True) as server:
        _alone(server, name)
        _run(server, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", fresh)
        try:
            _load(url_of(url, fresh), file, manifest)
            _alone(server, name)
            _run(server, "ALTER DATABASE {} RENAME TO {}", name, kept)
            _run(server, "ALTER DATABASE {} RENAME TO {}", fresh, name)
        except BaseException:
            _run(server, "DROP DATABASE IF EXISTS {}", fresh)
            raise
        if state == "content":
            return kept
        _run(server, "DROP DATABASE {}", kept)
        return None


def _state(connection: psycopg.Connection) -> str:
    """``bare`` without tables, ``empty`` with tables and nothing to lose, else ``content``."""
    tables = _tables(connection)
    if not tables:
        return "bare"
    for table in EMPTY_OF:
        if table in tables:
            query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table))
            found = connection.execute(query).fetchone()
            if found and found[0]:
                return "content"
    return "empty"


def _load(url: str, file: Path, manifest: Manifest | None) -> None:
    plain, environment = _without_password(url)
    command = [binaries_find().program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error"]
    command += ["--single-transaction", f"--dbname={plain}", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise GatewayError("restore_failed", f"pg_restore: {_line(done.stderr)}")
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        connection.execute("ANALYZE")
        if manifest is not None and (rows := _rows(connection)) != dict(manifest.rows):
            different = sorted(set(rows.items()) ^ set(manifest.rows.items()))
            raise GatewayError("restore_failed", f"other numbers of rows than were backed up: {different[:6]}")


def _tables(connection: psycopg.Connection) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    return [row[0] for row in connection.execute(query).fetchall()]


def _rows(connection: psycopg.Connection) -> dict[str, int]:
    counts = {}
    for table in _tables(connection):
        found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = int(found[0]) if found else 0
    return counts


def _alone(server: psycopg.Connection, name: str) -> None:
    """Raise while somebody uses the database; who has just left it may take a moment to be gone."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
    ends = time.monotonic() + LEAVING_SECONDS
    while (found := server.execute(query, [name]).fetchone()) and found[0]:
        if time.monotonic() > ends:
            raise RuleBroken("in_use", f"{found[0]} connections use database {name}; stop the parts first")
        time.sleep(0.1)


def _run(server: psycopg.Connection, text: str, *names: str) -> None:
    server.execute(sql.SQL(text).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]


def url_of(url: str, database: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(database, safe='')}"))


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    """Return the address fit for a command line that others can see, and the surroundings with the password."""
    parts = urlsplit(url)
    environment = dict(os.environ)
    if parts.password is None:
        return url, environment
    user, _, place = parts.netloc.rpartition("@")
    environment["PGPASSWORD"] = unquote(parts.password)
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{place}")), environment


def _line(words: str) -> str:
    return " / ".join(line.strip() for line in words.strip().splitlines()[:3]) or "ended without a word"
