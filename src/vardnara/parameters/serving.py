"""When a tray may be handed over, how long a night without food may be, and when eating too little is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "serving.toml"


@dataclass(frozen=True, slots=True)
class ServingLimit:
    """One limit by its code; its unit stands in the evidence."""

    code: str
    value: int
    evidence: Evidence


@cache
def serving_limits() -> dict[str, ServingLimit]:
    """Every limit by its code."""
    rows = [
        ServingLimit(
            code=row["code"],
            value=int(row["value"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/limit/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "limit"))
    ]
    return {row.code: row for row in rows}


def serving_minutes(code: str) -> timedelta:
    """A limit in minutes as a length of time."""
    return timedelta(minutes=serving_limits()[code].value)
