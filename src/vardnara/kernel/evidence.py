"""Where a number comes from. A norm, price or effect without this does not load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

CONFIDENCES = ("measured", "published", "agreed", "design", "unverified")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Unit, validity and source of a parameter.

    ``confidence`` is one of ``measured``, ``published``, ``agreed``, ``design`` or ``unverified``; an unverified value
    may never be shown as if it were measured.
    """

    unit: str
    valid_from: date
    source: str
    date: date
    confidence: str
    scope: str


def evidence_read(raw: object, *, file: str, place: str) -> Evidence:
    """Read the ``evidence`` table of a parameter.

    Raises
    ------
    InputError
        One fault for each field that is missing, empty or of the wrong kind.
    """
    if not isinstance(raw, Mapping):
        raise InputError([Fault(file, place, "no evidence", "a table with unit, valid_from, source, date, ...")])
    faults = [
        Fault(file, f"{place}/{name}", "missing or empty", "text")
        for name in ("unit", "source", "scope")
        if not isinstance(raw.get(name), str) or not raw[name].strip()
    ]
    faults += [
        Fault(file, f"{place}/{name}", "missing", "a date")
        for name in ("valid_from", "date")
        if not isinstance(raw.get(name), date) or isinstance(raw.get(name), datetime)
    ]
    if raw.get("confidence") not in CONFIDENCES:
        expected = "one of " + ", ".join(CONFIDENCES)
        faults.append(Fault(file, f"{place}/confidence", repr(raw.get("confidence")), expected))
    if faults:
        raise InputError(faults)
    return Evidence(
        unit=raw["unit"],
        valid_from=raw["valid_from"],
        source=raw["source"],
        date=raw["date"],
        confidence=raw["confidence"],
        scope=raw["scope"],
    )
