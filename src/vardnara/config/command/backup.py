"""``vardnara backup``: the whole database in one file."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.config.command.session import database_open


def register(subparsers: Any) -> None:
    """Declare ``backup FILE``."""
    parser = command_add(subparsers, "backup")
    parser.add_argument("file", metavar="FILE", help="where to; FILE.json beside it tells checksum and rows")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Write the backup; an existing file is never overwritten. The parts may run meanwhile."""
    from vardnara.config.safekeeping import backup

    with database_open(args, "backup") as url:
        manifest = backup(url, Path(args.file), at=datetime.now(UTC))
    if args.json:
        print(json.dumps({"file": args.file, **asdict(manifest)}))
    else:
        n_rows = sum(manifest.rows.values())
        print(f"{args.file}: {manifest.n_bytes:,} bytes, {n_rows:,} rows, sha256 {manifest.sha256}")
    return 0
