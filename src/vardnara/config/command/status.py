"""``vardnara status``: the hospital in numbers, and whether its parts work."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

from vardnara.config.command.registry import command_add, data_option, json_option
from vardnara.config.command.session import hospital_open
from vardnara.config.folder import DataFolder

RECENT_SECONDS = 60  # a part that has shown no sign for longer does not run


def register(subparsers: Any) -> None:
    """Declare ``status``."""
    parser = command_add(subparsers, "status")
    data_option(parser)
    json_option(parser)


def run(args: argparse.Namespace) -> int:
    """Print the numbers; exit 1 and say so when nothing runs."""
    folder = DataFolder.named(args.data)
    if not os.environ.get("DATABASE_URL"):
        running = folder.run_state()
        if running is None:
            doing = "something is starting or stopping" if folder.in_use() else "nothing is running"
            print(f"{doing} in {folder.path}", file=sys.stderr)
            if args.json:
                print(json.dumps({"running": False, "data": str(folder.path)}))
            return 1
    with hospital_open(args, "status"):
        from vardnara.apps.hospital.queries.status import status_numbers

        numbers = status_numbers(datetime.now(UTC))
    if args.json:
        print(json.dumps(numbers, ensure_ascii=False, default=str))
    else:
        print(text(numbers))
    if not any(_works(age) for part, age in numbers["parts"].items() if part != "database"):
        print("the database answers, but no part is running", file=sys.stderr)
        return 1
    return 0


def _works(age: object) -> bool:
    return isinstance(age, (int, float)) and age < RECENT_SECONDS


def text(numbers: dict[str, Any]) -> str:
    """Return the numbers as aligned lines for people."""
    lines = []
    for heading, group in numbers.items():
        if not isinstance(group, dict):
            lines.append(f"{heading:<10} {group}")
            continue
        unit = " s ago" if heading == "parts" else ""
        for name, value in group.items():
            shown = (
                "not seen" if value is None else f"{value:,}{unit}" if isinstance(value, (int, float)) else str(value)
            )
            lines.append(f"{heading:<10} {name:<16} {shown:>14}")
    return "\n".join(lines)
