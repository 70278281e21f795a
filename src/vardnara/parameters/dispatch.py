"""Walking, washing and the order of hygiene of the day plan, where a hospital has not said it itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "dispatch.toml"


@dataclass(frozen=True, slots=True)
class DispatchValue:
    """A number of the day plan with where it comes from; ``evidence`` says its unit."""

    code: str
    number: float
    evidence: Evidence


@cache
def dispatch_values() -> Mapping[str, DispatchValue]:
    """Every shipped number by code."""
    rows = [
        DispatchValue(
            code=row["code"],
            number=float(row["number"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/value/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "value"))
    ]
    return MappingProxyType({row.code: row for row in rows})


def dispatch_value(code: str) -> float:
    """One number, such as ``walk_same_floor`` (minutes).

    Raises
    ------
    KeyError
        No number has this code.
    """
    return dispatch_values()[code].number
