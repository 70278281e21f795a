"""Time norms of cleans, as shipped: unverified templates until measured times replace them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "clean_norms.toml"


@dataclass(frozen=True, slots=True)
class CleanNorm:
    """Minutes of work for one clean: ``low`` and ``high`` bound what is ordinary, ``typical`` is used for planning."""

    task: str
    room: str
    low_minutes: int
    typical_minutes: int
    high_minutes: int
    evidence: Evidence


@cache
def clean_norms() -> tuple[CleanNorm, ...]:
    """Every shipped norm."""
    return tuple(
        CleanNorm(
            task=row["task"],
            room=row["room"],
            low_minutes=int(row["low"]),
            typical_minutes=int(row["typical"]),
            high_minutes=int(row["high"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/norm/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "norm"))
    )


def clean_norm(task: str, *, single_room: bool) -> CleanNorm | None:
    """The norm of a kind of clean in a single or shared room, or None where no norm is shipped."""
    room = "single" if single_room else "shared"
    for norm in clean_norms():
        if norm.task == task and norm.room in (room, "any"):
            return norm
    return None
