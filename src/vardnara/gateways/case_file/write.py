"""A case as a file that people can read, keep and send."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def case_file_text(raw: Mapping[str, Any]) -> str:
    """The TOML of a case; read again it says the same.

    Parameters
    ----------
    raw
        What a case file holds, dates as dates and numbers as whole numbers or ``Decimal``.
    """
    import tomli_w

    return tomli_w.dumps(_plain(raw), multiline_strings=False, indent=2)


def _plain(value: Any) -> Any:
    """Whole amounts without a point."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
