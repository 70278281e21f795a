"""Reads the shipped TOML tables once and hands out typed, immutable rows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault


def table_read(file: str, name: str) -> tuple[Mapping[str, Any], ...]:
    """The array of tables ``name`` in the shipped ``file``.

    Raises
    ------
    InputError
        The file is not TOML, or the array is missing or empty.
    """
    text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    try:
        rows = tomllib.loads(text).get(name)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Fault(file, "", str(error), "TOML")]) from error
    if not isinstance(rows, list) or not rows:
        raise InputError([Fault(file, f"/{name}", "missing or empty", "an array of tables")])
    return tuple(rows)
