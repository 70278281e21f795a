"""Caps on time beyond the contract, each dated and sourced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "extra_time.toml"


@dataclass(frozen=True, slots=True)
class ExtraLimit:
    """Minutes of a kind (``overtime`` or ``additional``) over a stretch (``four_weeks``, ``month`` or ``year``)."""

    kind: str
    over: str
    minutes: int
    evidence: Evidence


@cache
def extra_limits() -> tuple[ExtraLimit, ...]:
    """Every cap, by the day from which it holds."""
    rows = [
        ExtraLimit(
            row["kind"],
            row["over"],
            int(row["minutes"]),
            evidence_read(row.get("evidence"), file=FILE, place=f"/cap/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "cap"))
    ]
    return tuple(sorted(rows, key=lambda row: row.evidence.valid_from))
