"""``vardnara import``: the hospital's places from tables, or its money from a file; all of it or nothing."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vardnara.config.command import ledger_files
from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.config.command.session import hospital_open
from vardnara.kernel.errors import InputError


def register(subparsers: Any) -> None:
    """Declare ``import PATH``."""
    parser = command_add(subparsers, "import")
    parser.add_argument("path", metavar="PATH", help="folder of .csv files, a .csv file, .xlsx workbook or SIE file")
    parser.add_argument(
        "--encoding",
        choices=("utf-8", "cp1252", "latin-1"),
        default="utf-8",
        help="how the CSV files were saved (default utf-8; never guessed)",
    )
    parser.add_argument(
        "--as",
        dest="kind",
        choices=("place", *ledger_files.KINDS),
        help="what the file holds (default: SIE is a ledger, ledger.csv one too, everything else the place)",
    )
    parser.add_argument("--hospital", default="", metavar="CODE", help="whose money it is (default: the only hospital)")
    parser.add_argument(
        "--late-reason", default="", metavar="TEXT", help="why a ledger comes after its year was closed"
    )
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Import and say what was created, changed and left; any fault changes nothing and exits 2."""
    money = ledger_files.kind_of(Path(args.path), args.kind)
    if money is not None:
        return ledger_files.run(args, money)
    from vardnara.gateways.tabular import tables_read

    reading = tables_read(place_folder(Path(args.path)), encoding=args.encoding)
    if reading.faults and not reading.tables:
        raise InputError(reading.faults)
    with hospital_open(args, "import", make=True):
        from vardnara.apps.hospital.services.place import place_import

        result = place_import(tables=reading.tables, faults=reading.faults, actor=None, at=datetime.now(UTC))
    if args.json:
        document = {
            "created": result.created,
            "changed": result.changed,
            "unchanged": result.unchanged,
            "not_mentioned": {name: list(keys) for name, keys in result.not_mentioned.items()},
        }
        print(json.dumps(document, ensure_ascii=False))
        return 0
    for name in result.created:
        print(
            f"{name:<10} {result.created[name]:>6} created {result.changed[name]:>6} changed "
            f"{result.unchanged[name]:>6} as before"
        )
    for name, keys in result.not_mentioned.items():
        for key in keys:
            print(f"not in the file and left as it is: {name} {key}", file=sys.stderr)
    return 0


def place_folder(path: Path) -> Path:
    """Where the tables of the place are: in the folder itself, or as ``vardnara export`` lays them out below it."""
    if path.is_dir() and not any(path.glob("*.csv")):
        for inner in (path / "place", path / "place.xlsx"):
            if inner.exists():
                return inner
    return path
