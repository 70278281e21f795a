"""Time norms of service tasks: what drives the work, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Any

from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.kernel.faults import Fault
from vardnara.parameters.loading import table_read

FILE = "task_norms.toml"


class Driver(StrEnum):
    """What there is more work of when there is more of it; one unit a time for ``WARD`` and ``SHIFT``."""

    BED = "bed"  # staffed bed
    OCCUPIED_BED = "occupied_bed"
    PATIENT = "patient"
    WARD = "ward"
    MEAL = "meal"  # one patient's meal
    DISCHARGE = "discharge"  # without contagion
    CONTAGION_CASE = "contagion_case"  # discharge with contagion
    SQUARE_METRE = "square_metre"
    EVENT = "event"  # anything else that happens so many times a day
    SHIFT = "shift"


@dataclass(frozen=True, slots=True)
class MinuteRange:
    """Minutes: ``low`` and ``high`` bound what is ordinary, ``typical`` is used for planning.

    Raises
    ------
    InputError
        Below zero, not finite, or not in this order.
    """

    low: float
    typical: float
    high: float

    def __post_init__(self) -> None:
        if not (isfinite(self.high) and 0 <= self.low <= self.typical <= self.high):
            wrong = f"low {self.low:g}, typical {self.typical:g}, high {self.high:g}"
            raise InputError([Fault("norm", "", wrong, "0 <= low <= typical <= high")], "bad_range")


NO_MINUTES = MinuteRange(0, 0, 0)


@dataclass(frozen=True, slots=True)
class TaskNorm:
    """Minutes of one person's work each time: ``fixed`` + ``per_unit`` x units of ``driver``.

    Parameters
    ----------
    code
        Names the norm; tasks with the same norm share its error.
    driver
        What is counted.
    fixed
        Minutes each time, however many units there are.
    per_unit
        Minutes for each unit.
    evidence
        Where it comes from; a norm without does not exist.
    """

    code: str
    driver: Driver
    fixed: MinuteRange
    per_unit: MinuteRange
    evidence: Evidence

    def minutes(self, units: float) -> tuple[float, float, float]:
        """Low, typical and high minutes for so many units."""
        fixed, each = self.fixed, self.per_unit
        return (
            fixed.low + each.low * units,
            fixed.typical + each.typical * units,
            fixed.high + each.high * units,
        )


def task_norm_read(row: Mapping[str, Any], *, file: str, place: str) -> TaskNorm:
    """Read one norm.

    Parameters
    ----------
    row
        ``code``, ``driver``, ``fixed`` and ``per_unit`` (tables of low, typical, high; at least one of the two), and
        ``evidence``.
    file, place
        For faults.

    Raises
    ------
    InputError
        One fault for each part that is missing or wrong, the evidence above all.
    """
    faults: list[Fault] = []
    code, driver = row.get("code"), row.get("driver")
    if not isinstance(code, str) or not code.strip():
        faults.append(Fault(file, f"{place}/code", "missing or empty", "text"))
    if driver not in list(Driver):
        faults.append(Fault(file, f"{place}/driver", repr(driver), "one of " + ", ".join(Driver)))
    if "fixed" not in row and "per_unit" not in row:
        faults.append(Fault(file, place, "no minutes", "fixed or per_unit"))
    ranges: dict[str, MinuteRange] = {}
    for name in ("fixed", "per_unit"):
        values = row.get(name, {"low": 0, "typical": 0, "high": 0})
        try:
            ranges[name] = MinuteRange(*(_number(values[part]) for part in ("low", "typical", "high")))
        except (KeyError, TypeError, OverflowError):
            faults.append(Fault(file, f"{place}/{name}", repr(values), "numbers low, typical and high"))
        except InputError as error:
            faults += [Fault(file, f"{place}/{name}", fault.wrong, fault.expected) for fault in error.faults]
    evidence: Evidence | None = None
    try:
        evidence = evidence_read(row.get("evidence"), file=file, place=f"{place}/evidence")
    except InputError as error:
        faults += error.faults
    if faults or evidence is None:
        raise InputError(faults)
    return TaskNorm(str(code), Driver(str(driver)), ranges["fixed"], ranges["per_unit"], evidence)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


@cache
def task_norms() -> Mapping[str, TaskNorm]:
    """Every shipped norm by code: unverified templates until measured times replace them."""
    norms = [
        task_norm_read(row, file=FILE, place=f"/norm/{index}") for index, row in enumerate(table_read(FILE, "norm"))
    ]
    by_code = {norm.code: norm for norm in norms}
    if len(by_code) < len(norms):
        raise InputError([Fault(FILE, "/norm", "a code stands twice", "each code once")])
    return MappingProxyType(by_code)


def task_norm(code: str) -> TaskNorm | None:
    """The shipped norm with this code, or None."""
    return task_norms().get(code)
