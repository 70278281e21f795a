"""Contagion classes: what the cleaner must do, never why (C-17, C-18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "contagion.toml"


@dataclass(frozen=True, slots=True)
class Instruction:
    """How to clean for one contagion class. Texts are English message keys that pages translate.

    ``contact_minutes`` is how long the agent must stay wet; ``strictness`` orders the classes.
    """

    code: str
    strictness: int
    title: str
    agent: str
    contact_minutes: int
    protection: tuple[str, ...]
    steps: tuple[str, ...]
    evidence: Evidence


@cache
def instructions() -> dict[str, Instruction]:
    """All classes by code, mildest first."""
    rows = [
        Instruction(
            code=row["code"],
            strictness=int(row["strictness"]),
            title=row["title"],
            agent=row["agent"],
            contact_minutes=int(row["contact_minutes"]),
            protection=tuple(row["protection"]),
            steps=tuple(row["steps"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/class/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "class"))
    ]
    return {row.code: row for row in sorted(rows, key=lambda row: row.strictness)}


def instruction(code: str) -> Instruction:
    """The instruction of a class; a code that nobody has described is treated as class not known."""
    table = instructions()
    return table.get(code, table["U"])


def strictest(codes: Iterable[str]) -> str:
    """The strictest of some class codes; no codes is no contagion."""
    return max(codes, key=lambda code: instruction(code).strictness, default="")
