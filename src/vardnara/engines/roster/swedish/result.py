"""What a repair came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vardnara.engines.roster.data import Assignment
from vardnara.engines.roster.swedish.candidates import ShiftCandidates
from vardnara.engines.roster.swedish.judge import Short


@dataclass(frozen=True, slots=True)
class Change:
    """What a person works on a day that is not what stood: shifts before and after, empty for a free day."""

    person: str
    on: date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired roster.

    Parameters
    ----------
    assignments
        The whole roster as it is now.
    lost
        Shifts that can no longer stand: of who is away, or may not work them any more.
    changes
        What is asked of others (and of the same people on other days), by day, then person.
    short
        Shifts that fewer work than are needed, and fewer than before.
    open
        For each shift that became short, who could take it at once, if nothing else were changed, and why the others
        cannot: as things stood before the changes.
    still_open
        The same for what is ``short``, as things stand after the changes.
    stuck
        People whose own standing shifts break a rule: nothing of theirs is changed.
    is_proved
        Whether no other roster from the day held on misses less, or changes less, in the weeks looked at.
    work
        Units of work used.
    """

    assignments: tuple[Assignment, ...]
    lost: tuple[Change, ...]
    changes: tuple[Change, ...]
    short: tuple[Short, ...]
    open: tuple[ShiftCandidates, ...]
    still_open: tuple[ShiftCandidates, ...]
    stuck: tuple[str, ...]
    is_proved: bool
    work: int
