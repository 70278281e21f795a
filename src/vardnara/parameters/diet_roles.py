"""Who may order a part of a patient's diet, and who may take it away again (F-15)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "diet_roles.toml"
ANYBODY = ""


@dataclass(frozen=True, slots=True)
class DietRole:
    """Professions by code; ``ANYBODY`` among them lets all who work on the ward."""

    part: str
    add: frozenset[str]
    end: frozenset[str]
    evidence: Evidence

    def may_add(self, profession: str) -> bool:
        """Whether one of this profession may order the part."""
        return ANYBODY in self.add or profession in self.add

    def may_end(self, profession: str) -> bool:
        """Whether one of this profession may take the part away."""
        return ANYBODY in self.end or profession in self.end


@cache
def diet_roles() -> dict[str, DietRole]:
    """The rule of every part of a diet."""
    rows = [
        DietRole(
            part=row["part"],
            add=frozenset(row["add"]),
            end=frozenset(row["end"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/part/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "part"))
    ]
    return {row.part: row for row in rows}
