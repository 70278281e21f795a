"""The ``vardnara`` command.

Exit status 0: done; 1: the answer is no; 2: the input cannot be used, with one line for each fault on stderr and
nothing on stdout. Modules of commands are imported when their command runs, and the Django apps only once the database
is known (settings are read at import): the two places where our own modules are imported inside functions.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from vardnara.config.command.registry import COMMANDS, HIDDEN, command_add
from vardnara.kernel.errors import InputError, VardnaraError


class VersionAction(argparse.Action):
    """Print the installed version; looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        parser.exit(0, f"vardnara {version('vardnara')}\n")


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage text before it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; {self.prog} --help shows what is possible\n")


def parser_build(wanted: str | None) -> argparse.ArgumentParser:
    """Return the parser with the options of the wanted command only; the others are there by name and help."""
    parser = OneLineParser(prog="vardnara", description="Runs, plans and proves a hospital's ward service.")
    parser.add_argument("--version", action=VersionAction, nargs=0, help="print the version")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        if name != wanted:
            command_add(subparsers, name)
    if wanted in COMMANDS or wanted in HIDDEN:
        module = import_module(f"vardnara.config.command.{(COMMANDS | HIDDEN)[wanted].module}")
        module.register(subparsers)
        parser.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; expected errors become one line each on stderr."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    wanted = next((word for word in arguments if not word.startswith("-")), None)
    args = parser_build(wanted).parse_args(arguments)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except InputError as error:
        for fault in error.faults:
            print(fault, file=sys.stderr)
        return 2
    except VardnaraError as error:
        print(f"vardnara {args.command}: {error.detail or error.code}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if type(error).__name__ != "OperationalError":  # psycopg's and Django's, without importing either
            raise
        reason = " / ".join(str(error).split("\n")[:2])
        print(f"vardnara {args.command}: the database does not answer as it should: {reason}", file=sys.stderr)
        return 1
    return status
