"""Scales of risk and consequence analyses (DOMAIN 2.3; CONTRACT 4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "risk_templates.toml"


@dataclass(frozen=True, slots=True)
class RiskTemplate:
    """A scale: how many steps each way, the words of each step, and the limits of colour.

    Up to ``green_to`` is green, up to ``yellow_to`` yellow, above it red; and red is whatever has at least
    ``red_severity``, however unlikely.
    """

    code: str
    n_likelihood: int
    n_severity: int
    green_to: int
    yellow_to: int
    red_severity: int
    likelihood_words: tuple[str, ...]
    severity_words: tuple[str, ...]
    evidence: Evidence

    def level(self, likelihood: int, severity: int) -> str:
        """``green``, ``yellow`` or ``red``.

        Raises
        ------
        ValueError
            One of the two is not on the scale.
        """
        if not 1 <= likelihood <= self.n_likelihood or not 1 <= severity <= self.n_severity:
            raise ValueError(f"{likelihood} x {severity}, expected up to {self.n_likelihood} x {self.n_severity}")
        score = likelihood * severity
        if severity >= self.red_severity or score > self.yellow_to:
            return "red"
        return "green" if score <= self.green_to else "yellow"


@cache
def risk_templates() -> dict[str, RiskTemplate]:
    """Every shipped scale by code."""
    rows = [
        RiskTemplate(
            code=row["code"],
            n_likelihood=int(row["n_likelihood"]),
            n_severity=int(row["n_severity"]),
            green_to=int(row["green_to"]),
            yellow_to=int(row["yellow_to"]),
            red_severity=int(row["red_severity"]),
            likelihood_words=tuple(row["likelihood_words"]),
            severity_words=tuple(row["severity_words"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/template/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "template"))
    ]
    return {row.code: row for row in rows}
