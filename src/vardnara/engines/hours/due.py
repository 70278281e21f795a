"""Minutes that a contract asks for over a period (W-30..W-33)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from vardnara.kernel.calendar import day_kind, days_between

WORKING_DAYS, DAYS = 5, 7


@dataclass(frozen=True, slots=True)
class Employment:
    """A share of a full-time measure, ``[first, to)``; ``weekly_minutes`` are those of full time.

    ``weekdays`` is the measure for Monday to Friday alone, whose weeks are shorter by holidays and eves (W-30, W-67).
    """

    share: float
    weekly_minutes: float
    weekdays: bool
    first: date
    to: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day and (self.to is None or day < self.to)

    def on(self, day: date) -> float:
        """Minutes of a day: a fifth of the week on a working day, or a seventh on every day."""
        if not self.holds(day):
            return 0.0
        if self.weekdays:
            return self.share * self.weekly_minutes / WORKING_DAYS if day_kind(day).is_working_day else 0.0
        return self.share * self.weekly_minutes / DAYS


def due_minutes(
    employments: Iterable[Employment], first: date, to: date, away: Callable[[date], bool] = lambda day: False
) -> int:
    """What the contracts come to from ``first`` to before ``to``, in whole minutes; days away are taken off.

    Notes
    -----
    A day away is worth a fifth of the week to who works weekdays, a seventh to who works all days: whole weeks of leave
    come out even, and single days do in the mean.
    """
    held = tuple(employments)
    return round(sum(one.on(day) for day in days_between(first, to) if not away(day) for one in held))


def full_minutes(
    employments: Iterable[Employment], first: date, to: date, away: Callable[[date], bool] = lambda day: False
) -> int:
    """What full time comes to in the place of the contracts, days away taken off; never less than they come to.

    Notes
    -----
    Of contracts with different measures the mean by share; nobody is due anything on days without a contract.
    """
    held = tuple(employments)
    total = 0.0
    for day in days_between(first, to):
        share = sum(one.share for one in held if one.holds(day))
        if share and not away(day):
            total += sum(one.on(day) for one in held) / min(share, 1.0)
    return round(total)
