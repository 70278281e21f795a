"""What came of a portion: how much was wasted, where, why, how sure that is, and what says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vardnara.engines.waste.data import Cause

VERSION = "1"


class Extent(StrEnum):
    """How much of a portion was thrown away."""

    NONE = "none"
    PART = "part"
    WHOLE = "whole"


class Side(StrEnum):
    """Where the food was when it became waste."""

    KITCHEN = "kitchen"
    WARD = "ward"


class Sure(StrEnum):
    """Where the cause comes from: two records joined, somebody's word, or nowhere."""

    JOINED = "joined"
    SAID = "said"
    UNKNOWN = "unknown"


class Timing(StrEnum):
    """Whether the kitchen could have known, for causes that lie outside it."""

    IN_TIME = "in_time"  # known before the limit, and cooked all the same
    TOLD_LATE = "told_late"  # it had happened before the limit; the message came after
    AFTER_LIMIT = "after_limit"  # it happened after the limit: nobody could have known


@dataclass(frozen=True, slots=True)
class Evidence:
    """A record that the cause rests on: when it took effect, and when it was known."""

    ref: str
    what: str
    at: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer for one portion.

    ``cooked`` is whether the kitchen made it, ``quarters`` how much of it was wasted (0-4). ``cause``, ``side`` and
    ``sure`` are None exactly where nothing was. ``fact`` is what happened where the cause is that it was known in time
    (``late``). ``said`` is a person's cause whatever the records say, ``contradicted`` that the two differ, ``noted``
    whether anybody or any record says what became of the food at all: where not, nothing is counted as wasted.
    """

    extent: Extent
    quarters: int
    noted: bool
    cooked: bool = True
    cause: Cause | None = None
    side: Side | None = None
    sure: Sure | None = None
    timing: Timing | None = None
    fact: Cause | None = None
    said: Cause | None = None
    contradicted: bool = False
    untouched: bool = False
    evidence: tuple[Evidence, ...] = ()
    version: str = VERSION
