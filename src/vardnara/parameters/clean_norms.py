"""Time norms of cleans by kind and room; the numbers stand in ``task_norms.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence
from vardnara.parameters.task_norms import task_norms

# (kind of clean, room): code of the norm
CODES = {
    ("discharge_clean", "shared"): "discharge_clean_shared",
    ("discharge_clean", "single"): "discharge_clean_single",
    ("contagion_clean", "any"): "contagion_clean",
    ("daily_clean", "any"): "daily_clean",
}


@dataclass(frozen=True, slots=True)
class CleanNorm:
    """Whole minutes of one clean: ``low`` and ``high`` bound what is ordinary, ``typical`` is used for planning."""

    task: str
    room: str
    low_minutes: int
    typical_minutes: int
    high_minutes: int
    evidence: Evidence


@cache
def clean_norms() -> tuple[CleanNorm, ...]:
    """Every shipped norm of a clean, for one bed place or patient."""
    found = []
    for (task, room), code in CODES.items():
        norm = task_norms()[code]
        low, typical, high = (round(minutes) for minutes in norm.minutes(1))
        found.append(CleanNorm(task, room, low, typical, high, norm.evidence))
    return tuple(found)


def clean_norm(task: str, *, single_room: bool) -> CleanNorm | None:
    """The norm of a kind of clean in a single or shared room, or None where no norm is shipped."""
    room = "single" if single_room else "shared"
    for norm in clean_norms():
        if norm.task == task and norm.room in (room, "any"):
            return norm
    return None
