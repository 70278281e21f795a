"""``vardnara bench``: the project's benchmarks, from the checkout's ``benchmarks/`` folder."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from vardnara.config.command.registry import command_add
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

BENCHMARKS = Path(__file__).resolve().parents[4] / "benchmarks"


def register(subparsers: Any) -> None:
    """Declare ``bench [NAME]``; what stands after the name is handed to the benchmark."""
    parser = command_add(subparsers, "bench")
    parser.add_argument("name", nargs="?", metavar="NAME", help="one benchmark (default: all)")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and do nothing")
    parser.add_argument("--json", action="store_true", help="handed to the benchmark: one JSON document")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Run one benchmark or all; exit 1 when one does not reach its number."""
    if not BENCHMARKS.is_dir():
        raise RuleBroken("no_benchmarks", "the benchmarks are part of the source, not of an installed package")
    there = {path.stem: path for path in sorted(BENCHMARKS.glob("[a-z]*.py"))}
    if args.list:
        print("\n".join(there))
        return 0
    if args.name is not None and args.name not in there:
        raise InputError(
            [Fault("vardnara bench", "", f"no benchmark {args.name}", f"one of {', '.join(there) or 'none'}")]
        )
    worst = 0
    for name, path in there.items():
        if args.name in (None, name):
            print(f"# {name}", file=sys.stderr, flush=True)
            command = [sys.executable, str(path), *(["--json"] if args.json else []), *args.rest]
            worst = max(worst, abs(subprocess.run(command, env=os.environ, check=False).returncode))
    return min(worst, 1)
