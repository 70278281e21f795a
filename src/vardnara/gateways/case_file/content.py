"""What a case says as JSON, such as a database keeps it, and back.

The content is the case file's own structure (``gateways/case_file/schema.json``), with dates as ISO text and numbers as
text, so that both are exact in JSON. Consultations have a table of their own and join it on the way to the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from vardnara.engines.case import Case, Examination
from vardnara.gateways.case_file.read import CaseFile, case_read
from vardnara.gateways.toml_files import TomlFile

Content = dict[str, Any]
DAYS = frozenset(
    {
        "change_on", "closed_on", "dated_on", "exists_from", "from_on", "held_on", "meeting_on", "on", "read_on",
        "review_by", "to_on", "valid_from", "valid_through",
    }
)  # fmt: skip
NUMBERS = frozenset({"value", "low", "high"})
SOURCE = "case"


def content_pack(value: Any) -> Any:
    """Plain JSON of what a TOML file holds."""
    if isinstance(value, Mapping):
        return {key: content_pack(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [content_pack(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def content_unpack(value: Any, key: str = "") -> Any:
    """What a TOML file would hold, of its JSON."""
    if isinstance(value, Mapping):
        return {name: content_unpack(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [content_unpack(one, key) for one in value]
    if key in DAYS and isinstance(value, str):
        return date.fromisoformat(value)
    if key in NUMBERS and isinstance(value, str):
        return Decimal(value)
    return value


def case_of(content: Content, consultations: Iterable[Mapping[str, Any]] = ()) -> CaseFile:
    """The case that content says, with its consultations.

    Raises
    ------
    InputError
        Every fault, at a JSON pointer such as ``/figure/3/value``.
    """
    raw = content_unpack({key: value for key, value in content.items() if key != "consultation"})
    talks = [{key: value for key, value in row.items() if value not in (None, "")} for row in consultations]
    if talks:
        raw["consultation"] = talks
    return case_read(TomlFile(SOURCE, raw))


def content_check(content: Content) -> tuple[Case, Examination]:
    """Read and reckon content, consultations included where it has any; raises ``InputError`` with every fault."""
    found = case_read(TomlFile(SOURCE, content_unpack(content)))
    return found.case, found.examined()


def pointer_parts(place: str) -> tuple[str, int | None, str]:
    """Section, row and field of a fault's place: ``/figure/3/value`` is ``("figure", 3, "value")``."""
    parts = place.strip("/").split("/")
    if len(parts) >= 2 and parts[1].isdigit():
        return parts[0], int(parts[1]), parts[2] if len(parts) > 2 else ""
    return "", None, parts[0]
