"""``vardnara restore``: a backup file brought back."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.config.command.session import database_open
from vardnara.config.folder import DataFolder
from vardnara.kernel.errors import RuleBroken


def register(subparsers: Any) -> None:
    """Declare ``restore FILE``."""
    parser = command_add(subparsers, "restore")
    parser.add_argument("file", metavar="FILE", help="a file that vardnara backup wrote")
    parser.add_argument("--replace", action="store_true", help="put it in the place of a database that holds data")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Restore whole or not at all, with the parts stopped."""
    from vardnara.config.safekeeping import backup_check, manifest_path, restore

    file = Path(args.file)
    if backup_check(file) is None:
        print(f"{manifest_path(file)} is missing: the backup's bytes and rows cannot be checked", file=sys.stderr)
    folder = DataFolder.named(args.data)
    if not os.environ.get("DATABASE_URL") and folder.in_use():
        raise RuleBroken("in_use", f"vardnara runs in {folder.path}; stop it first")
    with database_open(args, "restore", make=True) as url:
        kept = restore(url, file, replace=args.replace, at=datetime.now(UTC))
    for name in ("prepared.json", "demo_users.json"):  # they tell of the database that was there before
        folder.forget(name)
    if args.json:
        print(json.dumps({"file": args.file, "kept": kept}))
    else:
        print(f"{args.file} is restored; vardnara up brings its tables up to date")
        if kept:
            print(f"the database that was there is kept as {kept}")
    return 0
