"""Finds the line of every key and array item in a TOML text that ``tomllib`` has accepted.

``tomllib`` keeps no places. This walks the same text once more, for places only, and may trust that it is TOML.
"""

from __future__ import annotations

import re
from collections import defaultdict

type Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]+")


class _Walker:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.sizes: dict[Path, int] = defaultdict(int)  # how many tables an array of tables has so far
        self._counted, self._line = 0, 1

    def line(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def peek(self, width: int = 1) -> str:
        return self.text[self.at : self.at + width]

    def blank(self, *, newlines: bool) -> None:
        """Pass over blanks, and over line ends and comments where those may stand."""
        while self.at < len(self.text):
            here = self.text[self.at]
            if here in " \t" or (newlines and here in "\r\n"):
                self.at += 1
            elif here == "#" and newlines:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def string(self) -> str:
        """Pass over a string; its content as written, which is enough for keys."""
        quote = self.peek()
        long = self.peek(3) == quote * 3
        close = quote * 3 if long else quote
        self.at += len(close)
        start = self.at
        while self.peek(len(close)) != close:
            self.at += 2 if self.peek() == "\\" and quote == '"' else 1
        content = self.text[start : self.at]
        self.at += len(close)
        while long and self.peek() == quote:  # a quote or two may stand before the closing three
            self.at += 1
        return content

    def key(self) -> Path:
        """A key, dotted or not."""
        parts: list[str] = []
        while True:
            self.blank(newlines=False)
            if self.peek() in ("'", '"'):
                parts.append(self.string())
            else:
                found = _BARE.match(self.text, self.at)
                assert found is not None
                parts.append(found[0])
                self.at = found.end()
            self.blank(newlines=False)
            if self.peek() != ".":
                return tuple(parts)
            self.at += 1

    def value(self, path: Path) -> None:
        """Pass over a value and note the places within it."""
        self.lines[path] = self.line()
        here = self.peek()
        if here in ("'", '"'):
            self.string()
        elif here == "[":
            self._items(path)
        elif here == "{":
            self._inline(path)
        else:
            found = _SCALAR.match(self.text, self.at)
            assert found is not None
            self.at = found.end()

    def _items(self, path: Path) -> None:
        self.at += 1
        number = 0
        while True:
            self.blank(newlines=True)
            if self.peek() == "]":
                self.at += 1
                return
            if self.peek() == ",":
                self.at += 1
                continue
            self.value((*path, number))
            number += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while True:
            self.blank(newlines=True)
            if self.peek() == "}":
                self.at += 1
                return
            if self.peek() == ",":
                self.at += 1
                continue
            self._pair(path)

    def _pair(self, table: Path) -> None:
        line, path = self.line(), table
        for part in self.key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self.at += 1  # the equals sign
        self.blank(newlines=False)
        self.value(path)

    def _standing(self, keys: Path) -> Path:
        """The path of a table by its header: in an array of tables the last one is meant."""
        line = self.line()
        path: Path = ()
        for part in keys:
            path = (*path, part)
            self.lines.setdefault(path, line)
            if path in self.sizes:
                path = (*path, self.sizes[path] - 1)
        return path

    def walk(self) -> dict[Path, int]:
        table: Path = ()
        while True:
            self.blank(newlines=True)
            if self.at >= len(self.text):
                return self.lines
            line = self.line()
            if self.peek(2) == "[[":
                self.at += 2
                *before, last = self.key()
                array = (*self._standing(tuple(before)), last)
                self.lines.setdefault(array, line)
                self.sizes[array] += 1
                table = (*array, self.sizes[array] - 1)
                self.at += 2
                self.lines[table] = line
            elif self.peek() == "[":
                self.at += 1
                table = self._standing(self.key())
                self.at += 1
                self.lines[table] = line
            else:
                self._pair(table)


def lines_of(text: str) -> dict[Path, int]:
    """Line numbers from 1 by path, such as ``("ward", 0, "code")``.

    Parameters
    ----------
    text
        TOML that can be parsed.

    Returns
    -------
    dict
        Every table, key and item of an array. Keys with escapes stand as written.
    """
    return _Walker(text).walk()
