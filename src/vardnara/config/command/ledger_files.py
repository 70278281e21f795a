"""What ``vardnara import`` does with a file of money: a ledger or a budget, units or accounts."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from vardnara.config.command.session import hospital_open

LEDGERS = ("ledger", "budget")
TABLES = ("units", "accounts", "frames", "indices")
KINDS = (*LEDGERS, *TABLES)
SIE_ENDINGS = (".se", ".si", ".sie")
TELL_SECONDS = 0.2


def kind_of(path: Path, said: str | None) -> str | None:
    """What a file of money holds: said, by its ending, or by its name; None for everything else."""
    if said in KINDS:
        return said
    if path.suffix.lower() in SIE_ENDINGS:
        return "ledger"
    name = path.stem.lower()
    named = next((kind for kind in KINDS if name == kind or name.startswith((f"{kind}-", f"{kind}_"))), None)
    return named if said is None and path.suffix.lower() in (".csv", ".xlsx") else None


def run(args: argparse.Namespace, kind: str) -> int:
    """Read one file in and say what it did; any fault changes nothing and exits 2."""
    path = Path(args.path)
    began = time.monotonic()
    with hospital_open(args, "import", make=True):
        from vardnara.apps.hospital.queries.reach import hospital_by_code

        hospital_id = hospital_by_code(args.hospital)
        if kind in TABLES:
            return _table(args, kind, path, hospital_id)
        from vardnara.apps.economy.services import ledger_import

        with _progress(path) as progress:
            found = ledger_import(
                hospital_id=hospital_id,
                path=path,
                source=str(path),
                kind="budget" if kind == "budget" else "actual",
                actor=None,
                at=datetime.now(UTC),
                late_reason=args.late_reason,
                encoding=args.encoding,
                progress=progress,
            )
    if args.json:
        rows = [asdict(one) | {"total_sek": str(one.total_sek), "replaced": list(one.replaced)} for one in found]
        print(json.dumps({"imports": rows, "seconds": round(time.monotonic() - began, 2)}, ensure_ascii=False))
        return 0
    for one in found:
        left = f", {one.n_left_out} of assets and debts left out" if one.n_left_out else ""
        instead = f", instead of import {', '.join(map(str, one.replaced))}" if one.replaced else ""
        print(
            f"{one.kind:<7} {one.year}, months {one.first_month}-{one.last_month}: {one.n_lines} lines, "
            f"{one.total_sek:.2f} SEK{left}{instead}"
        )
    return 0


def _table(args: argparse.Namespace, kind: str, path: Path, hospital_id: int) -> int:
    from vardnara.apps.economy.services import tables_import

    n = tables_import(
        hospital_id=hospital_id,
        path=path,
        file_name=str(path),
        kind=kind,
        encoding=args.encoding,
        actor=None,
        at=datetime.now(UTC),
    )
    print(json.dumps({kind: n}) if args.json else f"{kind:<10} {n:>6} read in")
    return 0


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[float], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= TELL_SECONDS or share >= 1:
            told = time.monotonic()
            filled = round(30 * share)
            print(f"\r{path.name} [{'#' * filled}{'.' * (30 - filled)}] {share:4.0%}", end="", file=sys.stderr)

    try:
        yield tell
    finally:
        print(file=sys.stderr)
