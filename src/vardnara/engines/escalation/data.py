"""A ladder, what it is about, and what has happened so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vardnara.engines.escalation.params import EscalationParams
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.time_window import TimeWindow


class Outcome(StrEnum):
    """What became of a message: still on its way, taken by the receiver, or given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the ladder.

    Parameters
    ----------
    targets
        Who is told, in words that only the caller reads. Empty: nobody can be reached here now.
    wait_minutes
        How long the level has for itself before the next one begins; 0: they begin together.
    retries, retry_minutes
        How many times more it is told, and how far apart, while nobody answers.
    hours
        Hours of the local day at which it may be told.
    """

    targets: tuple[str, ...]
    wait_minutes: int
    retries: int = 0
    retry_minutes: int = 5
    hours: TimeWindow = field(default_factory=TimeWindow)


@dataclass(frozen=True, slots=True)
class Past:
    """A message that was made: of which level, which time in turn (0 is the first), to whom, what became of it."""

    level: int
    turn: int
    target: str
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that stands still.

    Parameters
    ----------
    levels
        The ladder, lowest first.
    begins_at
        When the ladder begins: when the condition came, and the rule's minutes after that (aware).
    now
        The moment that is asked about (aware).
    past
        Every message so far, in any order.
    acknowledged_at, cleared_at
        When somebody answered for it, and when the condition was gone; None while neither.

    Raises
    ------
    InputError
        Numbers out of bounds, a time without zone.
    """

    levels: tuple[Level, ...]
    begins_at: datetime
    now: datetime
    past: tuple[Past, ...] = ()
    acknowledged_at: datetime | None = None
    cleared_at: datetime | None = None
    params: EscalationParams = field(default_factory=EscalationParams)

    def __post_init__(self) -> None:
        params, faults = self.params, []
        if len(self.levels) > params.levels_most:
            faults.append(Fault("ladder", "levels", str(len(self.levels)), f"at most {params.levels_most}"))
        for number, level in enumerate(self.levels, 1):
            if not 0 <= level.wait_minutes <= params.minutes_most:
                faults.append(Fault("ladder", f"{number}", f"wait {level.wait_minutes}", "0 to 1440 minutes"))
            if not 0 <= level.retries <= params.retries_most:
                faults.append(Fault("ladder", f"{number}", f"{level.retries} retries", f"0 to {params.retries_most}"))
            if not 1 <= level.retry_minutes <= params.minutes_most:
                faults.append(Fault("ladder", f"{number}", f"every {level.retry_minutes}", "1 to 1440 minutes"))
        if self.begins_at.tzinfo is None or self.now.tzinfo is None:
            faults.append(Fault("ladder", "times", "no zone", "aware times"))
        if faults:
            raise InputError(faults, "bad_ladder")
