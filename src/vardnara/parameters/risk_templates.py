"""Scales of risk and consequence analyses (DOMAIN 2.3; CONTRACT 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "risk_templates.toml"
LEVELS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True)
class RiskTemplate:
    """A scale: how many steps each way, the words of each step, and the limits of colour.

    Up to ``green_to`` is green, up to ``yellow_to`` yellow, above it red; and red is whatever has at least
    ``red_severity``, however unlikely. ``overrides`` are cells (``2x5``) that have a colour of their own. From the
    score ``action_from`` a risk needs an action.
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
    likelihood_words_en: tuple[str, ...] = ()
    severity_words_en: tuple[str, ...] = ()
    action_from: int = 1
    overrides: Mapping[str, str] = field(default_factory=dict)

    def words(self, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Words of likelihood and severity in a language; Swedish where English is not given."""
        if language == "en":
            return self.likelihood_words_en or self.likelihood_words, self.severity_words_en or self.severity_words
        return self.likelihood_words, self.severity_words

    def needs_action(self, likelihood: int, severity: int) -> bool:
        """Whether a risk may not stay as it is: its score is at the limit or above, or it is red."""
        return likelihood * severity >= self.action_from or self.level(likelihood, severity) == "red"

    def level(self, likelihood: int, severity: int) -> str:
        """``green``, ``yellow`` or ``red``.

        Raises
        ------
        ValueError
            One of the two is not on the scale.
        """
        if not 1 <= likelihood <= self.n_likelihood or not 1 <= severity <= self.n_severity:
            raise ValueError(f"{likelihood} x {severity}, expected up to {self.n_likelihood} x {self.n_severity}")
        own = self.overrides.get(f"{likelihood}x{severity}")
        if own in LEVELS:
            return str(own)
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
            likelihood_words_en=tuple(row["likelihood_words_en"]),
            severity_words_en=tuple(row["severity_words_en"]),
            action_from=int(row["action_from"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/template/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "template"))
    ]
    return {row.code: row for row in rows}
