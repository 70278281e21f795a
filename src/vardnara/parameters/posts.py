"""What lies between hours of work and people on a ward: service level, walking, pauses, weekends, and days of work."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "posts.toml"


@dataclass(frozen=True, slots=True)
class PostNumber:
    """A planning number with where it comes from; ``evidence`` says its unit."""

    code: str
    number: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ShapeRow:
    """A day of work as shipped: from, to, and the breaks within it, as the clock shows them."""

    code: str
    sv: str
    en: str
    window: str
    breaks: tuple[str, ...]


@cache
def post_numbers() -> Mapping[str, PostNumber]:
    """Every shipped number by code."""
    rows = [
        PostNumber(
            row["code"],
            float(row["number"]),
            evidence_read(row.get("evidence"), file=FILE, place=f"/value/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "value"))
    ]
    return MappingProxyType({row.code: row for row in rows})


def post_number(code: str) -> float:
    """One number, such as ``service_level``.

    Raises
    ------
    KeyError
        No number has this code.
    """
    return post_numbers()[code].number


@cache
def shape_rows() -> tuple[ShapeRow, ...]:
    """The shipped days of work; ``shapes_evidence`` says where they come from."""
    return tuple(
        ShapeRow(row["code"], row["sv"], row["en"], row["window"], tuple(row["breaks"]))
        for row in table_read(FILE, "shape")
    )


@cache
def shapes_evidence() -> Evidence:
    """Where the shipped days of work come from."""
    text = resources.files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return evidence_read(tomllib.loads(text).get("evidence"), file=FILE, place="/evidence")
