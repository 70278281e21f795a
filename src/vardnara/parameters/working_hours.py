"""Limits of working time, and the bands and rates of inconvenient hours, each dated and sourced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

LIMITS, INCONVENIENT = "working_hours.toml", "inconvenient_hours.toml"
CATEGORIES = ("A", "A_night", "B", "B_night", "C", "D")


@dataclass(frozen=True, slots=True)
class HourLimit:
    """One limit by its code; its unit stands in the evidence."""

    code: str
    value: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Band:
    """What differs between years in the bands of inconvenient hours; holds from ``evidence.valid_from``."""

    friday_from: int
    whitsun_is_great: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Rates:
    """Kronor an hour by category, those that a source gives; hold from ``evidence.valid_from``."""

    sek: Mapping[str, Decimal]
    evidence: Evidence


@cache
def hour_limits() -> Mapping[str, HourLimit]:
    """Every limit by its code."""
    rows = [
        HourLimit(row["code"], int(row["value"]), _evidence(row, LIMITS, f"/limit/{index}"))
        for index, row in enumerate(table_read(LIMITS, "limit"))
    ]
    return MappingProxyType({row.code: row for row in rows})


def hour_limit(code: str) -> int:
    """The value of a limit; raises ``KeyError`` where none has this code."""
    return hour_limits()[code].value


@cache
def inconvenient_bands() -> tuple[Band, ...]:
    """The bands by the day from which they hold."""
    rows = [
        Band(int(row["friday_from"]), bool(row["whitsun_is_great"]), _evidence(row, INCONVENIENT, f"/band/{index}"))
        for index, row in enumerate(table_read(INCONVENIENT, "band"))
    ]
    return tuple(sorted(rows, key=lambda row: row.evidence.valid_from))


@cache
def inconvenient_rates() -> tuple[Rates, ...]:
    """The rates by the day from which they hold."""
    rows = [
        Rates(
            MappingProxyType({name: Decimal(row[name]) for name in CATEGORIES if name in row}),
            _evidence(row, INCONVENIENT, f"/rate/{index}"),
        )
        for index, row in enumerate(table_read(INCONVENIENT, "rate"))
    ]
    return tuple(sorted(rows, key=lambda row: row.evidence.valid_from))


def rates_on(day: date) -> Rates | None:
    """The rates that hold on a day, None before the first."""
    held = [row for row in inconvenient_rates() if row.evidence.valid_from <= day]
    return held[-1] if held else None


@cache
def month_rounding() -> int:
    """Minutes to which a month's sum of a category is rounded up (W-47)."""
    [row] = table_read(INCONVENIENT, "rounding")
    _evidence(row, INCONVENIENT, "/rounding/0")
    return int(row["minutes"])


def _evidence(row: Mapping[str, object], file: str, place: str) -> Evidence:
    return evidence_read(row.get("evidence"), file=file, place=f"{place}/evidence")
