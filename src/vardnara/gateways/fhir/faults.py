"""What is wrong with a resource, in FHIR's own words: an OperationOutcome that names each element."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where (a FHIRPath such as ``NutritionOrder.status``), code of IssueType, what was expected."""

    place: str
    text: str
    code: str = "invalid"


class FhirError(Exception):
    """What was sent cannot be read; nothing of it was taken."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.text}" for fault in faults))
        self.faults = faults


def outcome(faults: Iterable[Fault] = (), *, severity: str = "error", told: str = "") -> dict[str, Any]:
    """An OperationOutcome; without faults one of information that says ``told``."""
    issues = [
        {"severity": severity, "code": one.code, "diagnostics": one.text, "expression": [one.place]} for one in faults
    ]
    return {
        "resourceType": "OperationOutcome",
        "issue": issues or [{"severity": "information", "code": "informational", "diagnostics": told}],
    }
