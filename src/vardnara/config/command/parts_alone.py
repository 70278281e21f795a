"""What a part needs when it runs alone: the database's address and the key that signs sessions."""

from __future__ import annotations

import argparse
import os

from vardnara.config.command.session import django_ready
from vardnara.config.folder import DataFolder
from vardnara.kernel.errors import RuleBroken


def part_ready(args: argparse.Namespace, *, signs: bool = False) -> None:
    """Set Django up for a part, on ``DATABASE_URL`` or on the database that ``vardnara up`` runs in the data folder.

    With ``signs`` the folder's key is used unless ``VARDNARA_SECRET_KEY`` is set, so that a restart ends no session.
    """
    folder = DataFolder.named(args.data)
    if not os.environ.get("DATABASE_URL"):
        running = folder.run_state()
        if running is None:
            raise RuleBroken(
                "no_database",
                f"a part alone needs a database: set DATABASE_URL, or start one with vardnara up --data {folder.path}",
            )
        os.environ["DATABASE_URL"] = running["database_url"]
        os.environ.setdefault("VARDNARA_DEMO", "1" if running["demo"] else "0")
    if signs and not os.environ.get("VARDNARA_SECRET_KEY"):
        folder.make()
        os.environ["VARDNARA_SECRET_KEY"] = folder.secret_key()
    django_ready()
