"""Reads a TOML file for people who will want to know which line was wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from vardnara.gateways.toml_files.lines import lines_of
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file that was read.

    Parameters
    ----------
    source
        Its name, for faults.
    data
        What it holds.
    lines
        Line of each table, key and item by path; None where there is no file: faults then say a JSON pointer.
    """

    source: str
    data: Mapping[str, Any]
    lines: Mapping[tuple[str | int, ...], int] | None = None

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of a path; where it does not stand in the file, that of what it would stand in."""
        lines = self.lines or {}
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)

    def fault(self, path: tuple[str | int, ...], wrong: str, expected: str = "") -> Fault:
        """A fault with its line; the last name of the path says which key is meant."""
        if self.lines is None:
            return Fault(self.source, "".join(f"/{part}" for part in path), wrong, expected)
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        return Fault(self.source, str(self.line(path)), f"{name}: {wrong}" if name else wrong, expected)

    def moved(self, fault: Fault, path: tuple[str | int, ...] = ()) -> Fault:
        """A fault of somebody who knew no lines, as one of this file.

        Its place is a JSON pointer within the file, or empty where ``path`` says it.
        """
        parts = [int(part) if part.isdigit() else part for part in fault.place.split("/")[1:]]
        return self.fault(tuple(parts) or path, fault.wrong, fault.expected)


def toml_read(path: Path, *, exact: bool = False) -> TomlFile:
    """Read a file.

    Parameters
    ----------
    path
        Where it is.
    exact
        Whether numbers with a point become ``Decimal`` instead of ``float``, as money must.

    Raises
    ------
    InputError
        There is no such file, it is not UTF-8, or not TOML; with the line.
    """
    source = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Fault(source, "", f"cannot be read ({error.strerror})", "a TOML file")]) from error
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError([Fault(source, str(line), "a byte that is not UTF-8", "text in UTF-8")]) from error
    try:
        return TomlFile(source, tomllib.loads(text, parse_float=Decimal if exact else float), lines_of(text))
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        where = re.search(r" \(at line (\d+), column (\d+)\)$", said)
        line_number = where[1] if where else str(text.count("\n") + 1)
        wrong = said[: where.start()] if where else said.removesuffix(" (at end of document)")
        raise InputError([Fault(source, line_number, wrong, "TOML")]) from error
    except RecursionError:
        wrong = "tables or lists within each other, too many"
        raise InputError([Fault(source, "1", wrong, "a flatter file")]) from None


def faults_in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by line, each once; those without a line as they were found."""
    return sorted(dict.fromkeys(faults), key=lambda fault: int(fault.place) if fault.place.isdigit() else 0)
