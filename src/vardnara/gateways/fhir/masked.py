"""A resource as a person may read it without a logged look: codes of its state, nothing of whom or what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SAFE = frozenset(
    {
        "resourceType",
        "id",
        "meta",
        "status",
        "intent",
        "dateTime",
        "recordedDate",
        "category",
        "clinicalStatus",
        "verificationStatus",
    }
)
"""Elements that are shown to all who may read the inbox. What is not listed is hidden."""


def resource_lines(resource: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]], bool]]:
    """The elements of a resource: name, each value with its path below the element, and whether it is safe."""
    for name, value in resource.items():
        yield name, list(_values(value, "")), name in SAFE


def _values(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _values(below, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for n, below in enumerate(value):
            yield from _values(below, f"{path}[{n}]")
    else:
        yield path, "" if value is None else str(value)
