"""Reads a JSON file more strictly than the standard library: no key twice, no NaN, no half characters.

References
----------
RFC 8259 (JSON), RFC 6901 (JSON pointer).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

type Pointer = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A file that was read.

    Parameters
    ----------
    source
        Its name, for faults.
    data
        What it holds.
    broken
        What is wrong whatever it is meant to say: keys that stand twice, numbers that are none, half characters.
    """

    source: str
    data: Any
    broken: tuple[Fault, ...] = ()

    def fault(self, pointer: Pointer, wrong: str, expected: str = "") -> Fault:
        """A fault with its place."""
        return Fault(self.source, pointer_text(pointer), wrong, expected)

    def refuse(self, faults: Iterable[Fault]) -> None:
        """Raise ``InputError`` if the file is broken or has faults; what is broken is not told of twice."""
        places = {fault.place for fault in self.broken}
        found = [*self.broken, *(fault for fault in faults if fault.place not in places)]
        if found:
            raise InputError(found)


class _Object(dict[str, Any]):
    """An object with the keys that stand in it more than once."""

    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """Something in the place of a number that is none: NaN, Infinity, or one too long or too large to be read."""

    text: str


def pointer_text(pointer: Pointer) -> str:
    """A JSON pointer (RFC 6901); ``/`` for the whole document, so that a place is always named."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer) or "/"


def json_read(path: Path) -> JsonFile:
    """Read a file.

    Parameters
    ----------
    path
        Where it is.

    Raises
    ------
    InputError
        There is no such file; it is not UTF-8, begins with a byte order mark or is not JSON (with the line). What else
        is broken is in the answer, so that it can be told together with all else that is wrong.
    """
    source = str(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Fault(source, "", f"cannot be read ({error.strerror})", "a JSON file")]) from error
    if content.startswith(b"\xef\xbb\xbf"):
        raise InputError([Fault(source, "1", "begins with a byte order mark", "UTF-8 without one")])
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError([Fault(source, str(line), "a byte that is not UTF-8", "text in UTF-8")]) from error
    try:
        data = json.loads(
            text, object_pairs_hook=_object, parse_constant=_NoNumber, parse_int=_whole, parse_float=_number
        )
        return JsonFile(source, data, tuple(_faults(JsonFile(source, data), data, ())))
    except json.JSONDecodeError as error:
        wrong = error.msg[:1].lower() + error.msg[1:]
        raise InputError([Fault(source, str(error.lineno), f"{wrong}, column {error.colno}", "JSON")]) from error
    except RecursionError:
        wrong = "objects or lists within each other, too many"
        raise InputError([Fault(source, "1", wrong, "a flatter file")]) from None


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    found = _Object(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        found.twice = tuple(key for key in found if keys.count(key) > 1)
    return found


def _whole(text: str) -> int | _NoNumber:
    return int(text) if len(text) <= 18 else _NoNumber(text)


def _number(text: str) -> float | _NoNumber:
    value = float(text)
    return value if abs(value) < float("inf") else _NoNumber(text)


def _faults(file: JsonFile, value: object, at: Pointer) -> Iterator[Fault]:
    if isinstance(value, _NoNumber):
        shown = value.text if len(value.text) <= 40 else value.text[:37] + "..."
        yield file.fault(at, f"{shown} is no number", "a number")
    elif isinstance(value, str) and not _whole_characters(value):
        yield file.fault(at, "half a character (a lone surrogate)", "text")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _faults(file, one, (*at, number))
    elif isinstance(value, _Object):
        for key in value.twice:
            yield file.fault((*at, _shown(key)), "stands twice", "each key once")
        for key, one in value.items():
            if not _whole_characters(key):
                yield file.fault((*at, _shown(key)), "half a character in a key (a lone surrogate)", "text")
            yield from _faults(file, one, (*at, _shown(key)))


def _whole_characters(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _shown(key: str) -> str:
    """A key that can be printed on one line."""
    return key.encode("utf-8", "backslashreplace").decode() if key.isprintable() else ascii(key)[1:-1]
