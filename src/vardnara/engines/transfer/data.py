"""What moves, and what is said to take care of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from vardnara.engines.workload import TaskType, WardFacts

ALL_WEEK = frozenset(range(1, 8))
ALL_HOURS = frozenset(range(24))


class HomeKind(StrEnum):
    """What takes care of hours. The first two receive them, the others release them: the work is no longer done so."""

    ADDED = "added"
    EXISTING = "existing"
    STOPS = "stops"
    AUTOMATED = "automated"
    LESS_OFTEN = "less_often"
    ELSEWHERE = "elsewhere"

    @property
    def receives(self) -> bool:
        return self in (HomeKind.ADDED, HomeKind.EXISTING)


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that moves, as one line of an agreement has it.

    Parameters
    ----------
    work
        Norm, how often, days and hours; None where nobody knows the minutes. Of work that events make (discharges,
        contagion cases, events) the window says which of the day's hours move; of planned work, within which it is
        done.
    """

    work: TaskType | None


@dataclass(frozen=True, slots=True)
class Item:
    """A kind of task on a ward that changes hands.

    Parameters
    ----------
    id
        Tells it from others.
    task, ward
        Codes; the ward must be among the case's.
    pieces
        Which of its work moves. With a piece whose minutes nobody knows the whole item is unknown.
    """

    id: int
    task: str
    ward: str
    pieces: tuple[Piece, ...]

    @property
    def is_known(self) -> bool:
        return all(piece.work is not None for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Home:
    """What is said to take care of an item's hours.

    Parameters
    ----------
    id, item
        Which, and of which item.
    kind
        How.
    minutes
        A week, at most; None: all that is left.
    weekdays, hours
        When: 1 Monday to 7 Sunday, and hours of the day from 0 to 23.
    """

    id: int
    item: int
    kind: HomeKind
    minutes: float | None = None
    weekdays: frozenset[int] = ALL_WEEK
    hours: frozenset[int] = ALL_HOURS

    def __post_init__(self) -> None:
        if self.minutes is not None and not (isfinite(self.minutes) and self.minutes >= 0):
            raise ValueError(f"minutes {self.minutes}, expected 0 or more, or None")
        if not self.weekdays <= ALL_WEEK or not self.hours <= ALL_HOURS:
            raise ValueError(f"{sorted(self.weekdays)} {sorted(self.hours)}, expected weekdays 1 to 7, hours 0 to 23")

    def covers(self, weekday: int, hour: int) -> bool:
        """Whether it is there; weekday 0 is Monday."""
        return weekday + 1 in self.weekdays and hour in self.hours


@dataclass(frozen=True, slots=True)
class TransferCase:
    """A plan, and what its hours are counted from.

    Parameters
    ----------
    items, homes
        What moves, and where to.
    wards
        What drives the work.
    year
        Whose real days are counted, as minutes of its average week.
    other_way
        Kinds of task that some other plan moves the other way.
    """

    items: tuple[Item, ...]
    homes: tuple[Home, ...]
    wards: tuple[WardFacts, ...]
    year: int
    other_way: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        _once("item", [item.id for item in self.items])
        _once("home", [home.id for home in self.homes])
        _once("ward", [ward.code for ward in self.wards])
        missing = {item.ward for item in self.items} - {ward.code for ward in self.wards}
        if missing:
            raise ValueError(f"wards {sorted(missing)} are not among the case's")
        strange = {home.item for home in self.homes} - {item.id for item in self.items}
        if strange:
            raise ValueError(f"homes of items {sorted(strange)} that do not exist")


def _once(name: str, found: Iterable[object]) -> None:
    listed = list(found)
    if len(set(listed)) < len(listed):
        raise ValueError(f"{name} twice among {listed}, expected each once")
