"""``vardnara verify``: proves on the data that messages, beds and tasks agree."""

from __future__ import annotations

import argparse
import json
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.config.command.session import hospital_open


def register(subparsers: Any) -> None:
    """Declare ``verify``."""
    parser = command_add(subparsers, "verify")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Name every row that breaks an invariant; exit 1 if there is one."""
    with hospital_open(args, "verify"):
        from vardnara.apps.hospital.services.verify import broken_invariants

        broken = [str(row) for row in broken_invariants()]
    if args.json:
        print(json.dumps({"broken": broken}, ensure_ascii=False))
    else:
        for line in broken:
            print(line)
        print(f"{len(broken)} broken" if broken else "every invariant holds")
    return 1 if broken else 0
