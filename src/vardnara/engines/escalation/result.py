"""What to send now, and when to look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

VERSION = "1"


class Standing(StrEnum):
    """``sounding``: somebody is or will be told. ``exhausted``: everybody has been told and nobody has answered."""

    SOUNDING = "sounding"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True, order=True)
class Send:
    """A message to make: level (0 is the lowest), turn (0 is the first), to whom."""

    level: int
    turn: int
    target: str


@dataclass(frozen=True, slots=True)
class Plan:
    """``starts`` is when each level begins as it looks now; ``next_look_at`` is None where nothing is left to do."""

    standing: Standing
    send: tuple[Send, ...]
    next_look_at: datetime | None
    starts: tuple[datetime, ...]
    version: str = VERSION
