"""Limits of food temperatures by kind of point, and how long food may be hot or cooling."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "food_temperatures.toml"


@dataclass(frozen=True, slots=True)
class TemperatureLimit:
    """What a kind of point is held to, in degrees Celsius. A limit itself is within; None where there is none."""

    kind: str
    low: Decimal | None
    high: Decimal | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CourseLimit:
    """A limit of hot holding or cooling over time, by its code; the unit stands in the evidence."""

    code: str
    value: int
    evidence: Evidence


@cache
def temperature_limits() -> dict[str, TemperatureLimit]:
    """The limits of every kind of point."""
    rows = [
        TemperatureLimit(
            kind=row["kind"],
            low=Decimal(row["low"]) if "low" in row else None,
            high=Decimal(row["high"]) if "high" in row else None,
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/limit/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "limit"))
    ]
    return {row.kind: row for row in rows}


@cache
def course_limits() -> dict[str, CourseLimit]:
    """The limits over time."""
    rows = [
        CourseLimit(
            code=row["code"],
            value=int(row["value"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/course/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "course"))
    ]
    return {row.code: row for row in rows}
