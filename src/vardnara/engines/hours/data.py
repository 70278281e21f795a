"""Work shifts as instants, and the rules that they are held against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

MINUTE = timedelta(minutes=1)
_NO_MINUTES: Mapping[date, float] = MappingProxyType({})


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
class Extra:
    """Minutes of a day beyond the contract: additional time up to full time, overtime beyond it."""

    additional: float = 0.0
    overtime: float = 0.0


@dataclass(frozen=True, slots=True)
class Evened:
    """A stretch over which ordinary time evens out: a roster's weeks, or a calendar week without one. Minutes.

    Parameters
    ----------
    due, full
        What the contracts come to over it, and what full time in their place does; days away are taken off.
    ordinary
        Of shifts as they were published, those that still stand.
    added
        By day, of shifts that were given later.
    beyond
        By day, worked beyond the roster.
    """

    due: float
    full: float
    ordinary: float = 0.0
    added: Mapping[date, float] = field(default_factory=lambda: _NO_MINUTES)
    beyond: Mapping[date, float] = field(default_factory=lambda: _NO_MINUTES)


@dataclass(frozen=True, slots=True)
class ExtraCap:
    """Minutes of a kind (``overtime``, ``additional``) over ``four_weeks``, a ``month`` or a ``year``, from a day."""

    kind: str
    over: str
    minutes: int
    since: date


@dataclass(frozen=True, slots=True)
class HourRules:
    """Limits of working time; minutes unless said.

    ``day_break`` is the minute of the local day at which the 24 hours of daily rest begin (W-21), ``week_break`` that
    of Monday at which the seven days of weekly rest do; ``weeks`` is over how many the 48 hours are averaged (W-02).
    ``extra_caps`` are the caps on time beyond the contract (W-08, W-09).
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
    extra_caps: tuple[ExtraCap, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is broken: its code, the local day on which it shows, what there is and what is asked for.

    ``rule`` is one of ``overlap daily_rest_gap daily_rest_day daily_work weekly_rest break week_average free_days
    night_average minor_night``, or of time beyond the contract ``overtime_`` or ``additional_`` with ``four_weeks``,
    ``month`` or ``year``; ``found`` and ``limit`` are minutes, or days for ``free_days``.
    """

    rule: str
    on: date
    found: float
    limit: float


def in_order(duties: Sequence[Duty]) -> list[Duty]:
    """The shifts by when they begin."""
    return sorted(duties, key=lambda one: (one.start, one.end))
