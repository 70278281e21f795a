"""``vardnara prepare``: migrate, and load the demo into an empty database. What ``up`` runs before the parts start."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

from vardnara.config.command.registry import command_add, data_option
from vardnara.config.command.session import django_ready
from vardnara.config.folder import DataFolder
from vardnara.kernel.errors import RuleBroken


def register(subparsers: Any) -> None:
    """Declare ``prepare``; the database is the one of ``DATABASE_URL``."""
    parser = command_add(subparsers, "prepare")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    data_option(parser)


def run(args: argparse.Namespace) -> int:
    """Prepare the database and note it in the data folder."""
    django_ready()
    prepare(DataFolder.named(args.data), demo=not args.no_demo)
    return 0


def prepare(folder: DataFolder, *, demo: bool) -> None:
    """Bring the tables up to date, load the demo if wanted and possible, remember both in the folder."""
    from django.core.management import call_command
    from django.db import connection

    from vardnara.apps.service.services import catalogue_ship
    from vardnara.config.demo import load
    from vardnara.config.migrating import migrated_quickly
    from vardnara.config.schema import LOCK, fingerprint, hospital_kind

    connection.ensure_connection()
    raw = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            with migrated_quickly():
                call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
            catalogue_ship(at=datetime.now(UTC))
            kind = hospital_kind(raw)
            if kind == "invented" and not demo:
                raise RuleBroken(
                    "demo_inside", "this database holds the invented hospital; --no-demo needs another one"
                )
            if kind != "real" and demo:
                folder.write_json("demo_users.json", {"users": load(datetime.now(UTC))})
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        folder.write_json("prepared.json", {"fingerprint": fingerprint(raw)})
