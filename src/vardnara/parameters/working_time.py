"""How much a full-time post works, and hours into posts (STANDARDS W-30..W-33, W-65..W-68; CONTRACT 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "working_time.toml"


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """A number of working time with where it comes from; ``evidence`` says its unit."""

    code: str
    number: float
    evidence: Evidence


@cache
def working_times() -> Mapping[str, WorkingTime]:
    """Every shipped number by code."""
    rows = [
        WorkingTime(
            code=row["code"],
            number=float(row["number"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/value/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "value"))
    ]
    return MappingProxyType({row.code: row for row in rows})


def working_time(code: str) -> float:
    """One number, such as ``net_hours_per_fte`` (1,645 productive hours a year).

    Raises
    ------
    KeyError
        No number has this code.
    """
    return working_times()[code].number


def gross_hours(weekly_minutes: float) -> float:
    """Hours of a post in a year before holiday and absence (W-65): weekly measure x 365 / 7."""
    return weekly_minutes / 60 * working_time("days_per_year") / 7


def net_hours(gross: float, *, vacation_days: float, sick_share: float, other_hours: float = 0) -> float:
    """Hours of a post in a year that are worked (W-66).

    Parameters
    ----------
    gross
        Hours before absence.
    vacation_days
        Days of holiday.
    sick_share
        Share of the rest that is lost to sick leave, 0 to 1.
    other_hours
        Other absence, in hours.
    """
    return (gross - vacation_days * working_time("day_hours_all_days")) * (1 - sick_share) - other_hours


def fte_of(hours_per_year: float, net_hours_per_fte: float | None = None) -> float:
    """Full-time posts that so many hours of work a year need; by default at 1,645 productive hours each."""
    return hours_per_year / (net_hours_per_fte or working_time("net_hours_per_fte"))


def relief_factor(daily_hours: float, days: float, net_hours_per_fte: float | None = None) -> float:
    """Posts behind one that is manned ``daily_hours`` on so many days of the year (W-68)."""
    return fte_of(daily_hours * days, net_hours_per_fte)
