"""``vardnara export``: the place as it is imported, and the record of the hospital without identity."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.config.command.session import hospital_open
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault


def register(subparsers: Any) -> None:
    """Declare ``export DIR``."""
    parser = command_add(subparsers, "export")
    parser.add_argument("folder", metavar="DIR", help="new or empty folder; gets place/ and records/")
    parser.add_argument("--xlsx", action="store_true", help="the place as one workbook, place.xlsx")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv", help="of the records (default: csv)")
    parser.add_argument("--semicolon", action="store_true", help="semicolons between the cells, as Swedish Excel wants")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Write the tables of one moment; an existing export is never mixed with a new one."""
    folder = Path(args.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError([Fault(args.folder, "", "is there already", "a new or empty folder")])
    with hospital_open(args, "export"):
        delimiter = ";" if args.semicolon else ","
        files = _write(folder, xlsx=args.xlsx, parquet=args.format == "parquet", delimiter=delimiter)
    if args.json:
        print(json.dumps({"files": [str(path) for path in files]}, ensure_ascii=False))
    else:
        for path in files:
            print(path)
    return 0


def _write(folder: Path, *, xlsx: bool, parquet: bool, delimiter: str) -> list[Path]:
    """Write beside the folder and put it in its place at the end: a half export never looks like a whole one."""
    import shutil

    draft = folder.absolute().with_name(f".{folder.absolute().name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        files = _tables(draft, xlsx=xlsx, parquet=parquet, delimiter=delimiter)
        draft.replace(folder)
    except OSError as error:
        expected = "a folder to write to"
        raise InputError([Fault(str(folder), "", f"cannot be written ({error.strerror})", expected)]) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return [folder / path.relative_to(draft) for path in files]


def _tables(folder: Path, *, xlsx: bool, parquet: bool, delimiter: str) -> list[Path]:
    """Everything as it was at one moment."""
    from django.db import connection, transaction

    from vardnara.apps.economy.queries import export as economy
    from vardnara.apps.hospital.queries import export as hospital
    from vardnara.apps.service.queries import export as service
    from vardnara.gateways.tabular import tables_write_csv, tables_write_parquet, tables_write_xlsx

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        place = hospital.place_tables(actor=None)
        if xlsx:
            files = [tables_write_xlsx(folder / "place.xlsx", place)]
        else:
            files = list(tables_write_csv(folder / "place", place, delimiter=delimiter))
        for source in (hospital, service, economy):
            if parquet:
                files += tables_write_parquet(folder / "records", source.record_tables())
            else:
                files += tables_write_csv(folder / "records", source.record_tables(), delimiter=delimiter)
    return files
