"""What an agreement leaves open, and where it says two things."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vardnara.engines.agreement.data import Rule

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Hole:
    """A time at which a task can arise and nobody is responsible.

    Parameters
    ----------
    task, ward
        Codes.
    day
        1 Monday to 7 Sunday, 8 holiday, 9 eve.
    start_minutes, end_minutes
        Minutes after local midnight, half-open, as long as can be.
    valid_from, valid_to
        Dates ``[valid_from, valid_to)`` of the hole; None: as far back, or on, as was looked.
    after
        Days that the hole comes after, where a window over midnight makes that matter; empty: after any.
    """

    task: str
    ward: str
    day: int
    start_minutes: int
    end_minutes: int
    valid_from: date | None = None
    valid_to: date | None = None
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Overlap:
    """A time at which more than one party is responsible; fields as of :class:`Hole`, and the parties by name."""

    task: str
    ward: str
    day: int
    start_minutes: int
    end_minutes: int
    parties: tuple[str, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one rule. Codes: ``frequency_never``, ``rule_without_demand``."""

    code: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Coverage:
    """All of it, in order of task, ward, day, hour and date.

    Parameters
    ----------
    since, until
        Dates ``[since, until)`` that were looked at; None: without beginning, without end.
    """

    holes: tuple[Hole, ...]
    overlaps: tuple[Overlap, ...]
    remarks: tuple[Remark, ...]
    since: date | None = None
    until: date | None = None
    version: str = VERSION
