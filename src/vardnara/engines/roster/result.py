"""What a search came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vardnara.engines.roster.data import Assignment

VERSION = "2"


class Status(StrEnum):
    """OPTIMAL: proved that none costs less. FEASIBLE: lawful, the best so far. SHORT: everyone's own rules are kept,
    but somewhere fewer work than the hard least. INFEASIBLE: proved that somebody has no lawful line. UNKNOWN: stopped
    before everyone had a line."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    SHORT = "short"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RosterResult:
    """The best roster found.

    Parameters
    ----------
    assignments
        Its lines; empty where there is none.
    cost
        As the judge reckons it; None without a roster.
    bound
        No lawful roster costs less.
    status
        What is proved.
    reasons
        Why there is none, a sentence each.
    work
        Units of work used: the same number again gives this roster again.
    seed, version, params_digest
        What else it came from.
    """

    assignments: tuple[Assignment, ...]
    cost: int | None
    bound: int
    status: Status
    reasons: tuple[str, ...]
    work: int
    seed: int
    version: str
    params_digest: str
