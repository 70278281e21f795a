"""Takes values out of an object of a JSON file one by one, and remembers what was wrong with them."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from vardnara.gateways.json_files.read import JsonFile, Pointer
from vardnara.kernel.faults import Fault

LONGEST = 500  # characters of a text: a name, not a document


class Node:
    """One object. Every ``take`` returns a value that can be used; where there is none, the fault is remembered.

    Parameters
    ----------
    file
        The file that it is in.
    value, at
        What stands there, and where.
    faults
        List that faults are added to.
    known
        Keys that the object may have; others are faults.
    """

    def __init__(self, file: JsonFile, value: object, at: Pointer, faults: list[Fault], known: Collection[str]) -> None:
        self.file, self.at, self.faults = file, at, faults
        self.values: Mapping[str, Any] = value if isinstance(value, dict) else {}
        self.is_object = isinstance(value, dict)
        if not self.is_object:
            self.fault("", shown(value), "an object {...}")
        for key in self.values:
            if key not in known:
                self.fault(key, "unknown key", "one of " + ", ".join(known))

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def fault(self, key: str | tuple[str | int, ...], wrong: str, expected: str = "") -> None:
        """Remember a fault at a key or a path below the object; with an empty key, at the object."""
        below = key if isinstance(key, tuple) else (key,) if key else ()
        named = tuple(part if isinstance(part, int) or part.isprintable() else ascii(part)[1:-1] for part in below)
        self.faults.append(self.file.fault((*self.at, *named), wrong, expected))

    def required(self, key: str, expected: str) -> bool:
        """Whether a key is there; otherwise its absence is a fault, unless there is no object at all."""
        if key not in self.values and self.is_object:
            self.fault(key, "missing", expected)
        return key in self.values

    def text(self, key: str, *, required: bool = False) -> str:
        """Text that is not blank; empty where there is none."""
        expected = f"text of 1 to {LONGEST} characters on one line"
        if not (self.required(key, expected) if required else key in self.values):
            return ""
        value = self.values[key]
        if not is_text(value):
            self.fault(key, shown(value), expected)
            return ""
        return str(value)

    def nodes(self, key: str, known: Collection[str], *, required: bool = False) -> list[Node]:
        """The list of objects under a key."""
        expected = "a list of objects"
        if not (self.required(key, expected) if required else key in self.values):
            return []
        rows = self.values[key]
        if not isinstance(rows, list):
            self.fault(key, shown(rows), expected)
            return []
        return [Node(self.file, row, (*self.at, key, number), self.faults, known) for number, row in enumerate(rows)]

    def texts(self, key: str, among: Collection[str] = (), *, required: bool = False) -> frozenset[str] | None:
        """The texts of a list; None where the key is not there or its value cannot be used."""
        expected = "a list of " + (f"codes: {', '.join(among)}" if among else "texts")
        rows = self._rows(key, expected, required)
        if rows is None:
            return None
        for number, one in enumerate(rows):
            if not is_text(one) or (among and one not in among):
                what = "one of " + ", ".join(among) if among else f"text of 1 to {LONGEST} characters on one line"
                self.fault((key, number), shown(one), what)
        return frozenset(one for one in rows if is_text(one) and (not among or one in among))

    def wholes(self, key: str, among: range) -> frozenset[int]:
        """The whole numbers of a list within bounds."""
        expected = f"{among[0]} to {among[-1]}"
        rows = self._rows(key, f"a list of whole numbers {expected}", False) or []
        for number, one in enumerate(rows):
            if not is_whole(one, among):
                self.fault((key, number), shown(one), f"a whole number {expected}")
        return frozenset(one for one in rows if is_whole(one, among))

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.fault(key, shown(value), "true or false")
            return default
        return value

    def _rows(self, key: str, expected: str, required: bool) -> list[Any] | None:
        if not (self.required(key, expected) if required else key in self.values):
            return None
        rows = self.values[key]
        if not isinstance(rows, list):
            self.fault(key, shown(rows), expected)
            return None
        return rows


def is_text(value: object) -> bool:
    """Text that can be shown on one line; marks of direction and hard spaces may be in it."""
    if not isinstance(value, str) or len(value) > LONGEST or not value.strip():
        return False
    return not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value)


def is_whole(value: object, among: range) -> bool:
    """A whole number within bounds; true and 7.0 are none."""
    return type(value) is int and value in among


def shown(value: object) -> str:
    """A value as it stands in the file, on one line and not too long."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
