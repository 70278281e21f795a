"""Whether the tables are as this version wants them: asked cheaply, without Django, and put right with it."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import psycopg

APPS = Path(__file__).resolve().parent.parent / "apps"
BRING_TABLES = ("django", "procrastinate")  # packages whose own migrations run in our database
LOCK = 0x7661726446  # one machine at a time brings the tables up to date


def fingerprint(connection: psycopg.Connection) -> str | None:
    """Return a digest of what has been migrated and what there is to migrate; None where nothing has been yet.

    Equal to the one stored after the last migration means that nothing is pending.
    """
    try:
        done = connection.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    except psycopg.errors.UndefinedTable:
        return None
    ours = sorted(str(path.relative_to(APPS)) for path in APPS.glob("*/migrations/*.py"))
    theirs = [f"{name} {version(name)}" for name in BRING_TABLES]
    return hashlib.sha256(repr((done, ours, theirs)).encode()).hexdigest()


def hospital_kind(connection: psycopg.Connection) -> str:
    """Return ``empty``, ``invented`` or ``real``: which hospital the database holds."""
    found = connection.execute("SELECT bool_or(invented) FROM hospital_hospital").fetchone()
    if found is None or found[0] is None:
        return "empty"
    return "invented" if found[0] else "real"
