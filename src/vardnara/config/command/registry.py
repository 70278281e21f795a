"""Which commands there are: name, the module that does it, one line of help.

``vardnara --help`` reads only this table; a command's module is imported when that command is asked for. Every module
has ``register(subparsers)``, which calls :func:`command_add` and declares its options, and ``run(args) -> int``, the
exit status.
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple


class Command(NamedTuple):
    module: str
    help: str


COMMANDS: dict[str, Command] = {
    "up": Command("up", "start everything on this machine and keep it running"),
    "web": Command("web", "run the pages alone"),
    "listen": Command("listen", "run the MLLP listener alone"),
    "worker": Command("worker", "run the job worker alone"),
    "send": Command("send", "send HL7 v2 messages over MLLP and count the answers"),
    "status": Command("status", "beds, stays, tasks, inbox and parts in numbers"),
    "import": Command("import_", "read a hospital from CSV or xlsx, or its ledger from SIE or CSV"),
    "export": Command("export", "write the hospital as CSV files or xlsx"),
    "feed": Command("feed", "make a plausible ADT feed for the hospital in the database"),
    "workload": Command("workload", "minutes and posts by ward, weekday and hour, and what an agreement leaves open"),
    "posts": Command("posts", "people and posts that hours of work ask for, and what each further post buys"),
    "diet": Command("diet", "which dishes of a menu are safe for a patient, and why not"),
    "waste": Command("waste", "portions thrown away by cause, ward, meal and week, and what was weighed"),
    "roster": Command("roster", "find a cheap lawful roster for a public instance, or judge one"),
    "plan": Command("plan", "who does what on a day, when and in which order, and what is left"),
    "decide": Command("decide", "reckon a decision case, warn by its data, and write its documents"),
    "user": Command("user", "make a user, or give one another role, reach and password"),
    "backup": Command("backup", "write the whole database to one file"),
    "restore": Command("restore", "bring a backup file back"),
    "verify": Command("verify", "prove on the data that messages, beds and tasks agree"),
    "bench": Command("bench", "measure this machine with the project's benchmarks"),
}

HIDDEN: dict[str, Command] = {
    "prepare": Command("prepare", "bring the tables up to date and load the demo hospital; used by up"),
}


def command_add(subparsers: Any, name: str) -> argparse.ArgumentParser:
    """Add the parser of one command with its line of help from the table."""
    line = (COMMANDS | HIDDEN)[name].help
    parser: argparse.ArgumentParser = subparsers.add_parser(name, help=line, description=line)
    return parser


def data_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--data DIR``, the folder that holds one hospital's files."""
    parser.add_argument("--data", metavar="DIR", help="data folder (default: VARDNARA_DATA, else the user's own)")


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``: one document on stdout, everything else on stderr."""
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of text")
