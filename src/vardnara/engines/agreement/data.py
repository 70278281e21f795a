"""What has been agreed, and what can arise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vardnara.kernel.calendar import DAY_CODES, EVE_NUMBER
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.recurrence import ALWAYS, Recurrence
from vardnara.kernel.time_window import TimeWindow

EVERY_DAY = frozenset(range(1, EVE_NUMBER + 1))
GROUPS = {
    "weekdays": frozenset(range(1, 6)),
    "weekend": frozenset({6, 7}),
    "every_day": EVERY_DAY,
}


def days_parse(words: Iterable[str]) -> frozenset[int]:
    """Read days: ``mon`` .. ``sun``, ``holiday``, ``eve``, ``weekdays``, ``weekend``, ``every_day``, ``mon-fri``.

    A holiday or an eve is a day of its own: ``weekdays`` does not mean the Thursday that is Ascension Day.

    Returns
    -------
    frozenset of int
        1 Monday to 7 Sunday, 8 holiday, 9 eve (``kernel.calendar``).

    Raises
    ------
    InputError
        A word is no day, or there is none.
    """
    expected = "days such as mon, mon-fri, weekend, holiday, eve, every_day"
    found: set[int] = set()
    faults = []
    for word in words:
        first, _, last = word.partition("-")
        if word in GROUPS:
            found |= GROUPS[word]
        elif first in DAY_CODES[:7] and last in DAY_CODES[:7] and DAY_CODES.index(first) <= DAY_CODES.index(last):
            found |= set(range(DAY_CODES.index(first) + 1, DAY_CODES.index(last) + 2))
        elif word in DAY_CODES:
            found.add(DAY_CODES.index(word) + 1)
        else:
            faults.append(Fault("days", "", repr(word), expected))
    if not faults and not found:
        faults.append(Fault("days", "", "no day", expected))
    if faults:
        raise InputError(faults, "bad_days")
    return frozenset(found)


def _days_check(days: frozenset[int]) -> None:
    if not days or not days <= EVERY_DAY:
        raise InputError([Fault("days", "", repr(sorted(days)), "numbers from 1 to 9, at least one")], "bad_days")


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of an agreement: this party does this task on this ward, on these days, at these hours.

    Parameters
    ----------
    task, ward, party
        Codes. The party is whatever the agreement calls it, such as ``service``, ``care`` or ``contractor``.
    days
        1 Monday to 7 Sunday, 8 holiday, 9 eve; a holiday is never also its weekday.
    window
        Hours of the local clock on those days; may run into the day after.
    frequency
        How often it is to be done, where that is agreed.
    valid_from, valid_to
        Dates ``[valid_from, valid_to)``; None: without beginning, without end. What is agreed until midnight of
        ``valid_to`` says nothing of the hours after it, also those of a night that has begun.
    """

    task: str
    ward: str
    days: frozenset[int]
    window: TimeWindow
    party: str
    frequency: Recurrence | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        _days_check(self.days)
        if self.valid_from is not None and self.valid_to is not None and self.valid_from >= self.valid_to:
            wrong = f"valid from {self.valid_from} to {self.valid_to}"
            raise InputError([Fault("rule", "", wrong, "an end after the beginning")], "bad_validity")


@dataclass(frozen=True, slots=True)
class Demand:
    """A task can arise on a ward on these days at these hours, so somebody must be there for it."""

    task: str
    ward: str
    days: frozenset[int] = EVERY_DAY
    window: TimeWindow = ALWAYS

    def __post_init__(self) -> None:
        _days_check(self.days)
