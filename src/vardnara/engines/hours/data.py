"""Work shifts as instants, and the rules that they are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, ``[start, end)``, aware instants.

    Raises
    ------
    ValueError
        An instant without zone, or an end that is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an instant without zone")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError(f"{self.start} to {self.end}: expected an end after the start")

    @property
    def minutes(self) -> float:
        """Its length in minutes."""
        return (self.end - self.start) / MINUTE


@dataclass(frozen=True, slots=True)
class Duty:
    """A work shift (arbetspass) of a person, with the breaks (rast) in it, which are not working time (W-06).

    ``worked`` are the stretches between the breaks, ``minutes`` their length: working time.

    Raises
    ------
    ValueError
        Breaks that overlap, are out of order or not inside the shift.
    """

    span: Span
    breaks: tuple[Span, ...] = ()
    worked: tuple[Span, ...] = field(init=False, repr=False, compare=False)
    minutes: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        at = self.span.start
        for one in self.breaks:
            if one.start < at or one.end > self.span.end:
                raise ValueError(f"break {one.start} to {one.end}: expected in order, inside the shift")
            at = one.end
        edges = [self.start, *(at for one in self.breaks for at in (one.start, one.end)), self.end]
        worked = tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)
        object.__setattr__(self, "worked", worked)
        object.__setattr__(self, "minutes", sum(one.minutes for one in worked))

    @property
    def start(self) -> datetime:
        return self.span.start

    @property
    def end(self) -> datetime:
        return self.span.end


@dataclass(frozen=True, slots=True)
class HourRules:
    """Limits of working time; minutes unless said.

    ``day_break`` is the minute of the local day at which the 24 hours of daily rest begin (W-21), ``week_break`` that
    of Monday at which the seven days of weekly rest do; ``weeks`` is over how many the 48 hours are averaged (W-02).
    """

    daily_rest: int
    daily_work_most: int
    weekly_rest: int
    break_after: int
    week_average_most: int
    weeks: int
    free_days: int
    free_days_weeks: int
    night_from: int
    night_to: int
    night_shift_least: int
    night_average_most: int
    day_break: int
    week_break: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken: its code, the local day on which it shows, what there is and what is asked for.

    ``rule`` is one of ``overlap daily_rest_gap daily_rest_day daily_work weekly_rest break week_average free_days
    night_average minor_night``; ``found`` and ``limit`` are minutes, or days for ``free_days``.
    """

    rule: str
    on: date
    found: float
    limit: float


def in_order(duties: Sequence[Duty]) -> list[Duty]:
    """The shifts by when they begin."""
    return sorted(duties, key=lambda one: (one.start, one.end))
