"""One fault in what somebody gave us: where it is, what is wrong, what was expected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault with its place.

    Parameters
    ----------
    source
        File, sheet or message that was read.
    place
        Line number, ``/json/pointer``, ``SHEET!CELL`` or field, as the source is addressed.
    wrong
        What is wrong.
    expected
        What would have been right; may be empty where ``wrong`` says it all.
    """

    source: str
    place: str
    wrong: str
    expected: str = ""

    def __str__(self) -> str:
        where = f"{self.source}:{self.place}" if self.place else self.source
        return f"{where}: {self.wrong}" + (f", expected {self.expected}" if self.expected else "")
