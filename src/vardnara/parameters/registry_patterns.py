"""Shipped forms of registry numbers, to begin an organisation's own pattern from (DOMAIN 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.kernel.faults import Fault
from vardnara.kernel.registry_number import template_read
from vardnara.parameters.loading import table_read

FILE = "registry_patterns.toml"


@dataclass(frozen=True, slots=True)
class ShippedPattern:
    """A form in use: whose it is, its template, and numbers that are in it."""

    label: str
    template: str
    examples: tuple[str, ...]
    evidence: Evidence


@cache
def registry_patterns() -> tuple[ShippedPattern, ...]:
    """Every shipped form.

    Raises
    ------
    InputError
        A template cannot be read, an example is not in its form, or evidence is missing.
    """
    rows = []
    for index, row in enumerate(table_read(FILE, "pattern")):
        read = template_read(row["template"])
        wrong = [example for example in row["examples"] if not read.matches(example)]
        if wrong or not row["examples"]:
            raise InputError([Fault(FILE, f"/pattern/{index}/examples", str(wrong), row["template"])])
        evidence = evidence_read(row.get("evidence"), file=FILE, place=f"/pattern/{index}/evidence")
        rows.append(ShippedPattern(row["label"], row["template"], tuple(row["examples"]), evidence))
    return tuple(rows)
