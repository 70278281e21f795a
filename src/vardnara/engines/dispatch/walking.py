"""How far it is between places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import floor

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.parameters.dispatch import dispatch_value


@dataclass(frozen=True, slots=True)
class Walking:
    """Whole minutes from each place to each other, in rows; 0 on the diagonal. The way back may be longer.

    Raises
    ------
    InputError
        Not square, a negative number, a place twice.
    """

    places: tuple[str, ...]
    minutes: tuple[tuple[int, ...], ...]
    row_of: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "row_of", {place: number for number, place in enumerate(self.places)})
        number = len(self.places)
        square = len(self.minutes) == number and all(len(row) == number for row in self.minutes)
        if not square or len(self.row_of) != number:
            raise InputError(
                [Fault("walking", "", f"{len(self.minutes)} rows", f"{number} x {number}, each place once")]
            )
        for place, row in zip(self.places, self.minutes, strict=True):
            if min(row) < 0 or row[self.row_of[place]] != 0:
                raise InputError([Fault("walking", place, str(row), "0 to itself, no negative minutes")])

    def __contains__(self, place: str) -> bool:
        return place in self.row_of

    def index(self, place: str) -> int:
        """The row of a place; raises ``KeyError``."""
        return self.row_of[place]

    def between(self, start: str, end: str) -> int:
        """Minutes from one place to another."""
        return self.minutes[self.row_of[start]][self.row_of[end]]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is; empty where nobody has said it. A floor is a number, or ``K`` and the like below the ground."""

    building: str = ""
    floor: str = ""


def _level(text: str) -> int | None:
    digits = text.strip().upper().removeprefix("PLAN").strip()
    if digits in ("K", "KV", "KÄLLARE"):
        return -1
    if digits in ("B", "BV", "ENTRÉ"):
        return 0
    try:
        return int(digits)
    except ValueError:
        return None


def _way(one: Spot, other: Spot) -> int:
    here, there = _level(one.floor), _level(other.floor)
    if not one.building or not other.building or here is None or there is None:
        minutes = dispatch_value("walk_unknown")
    else:
        minutes = dispatch_value("walk_same_floor")
        if one.building != other.building:
            # down to the culvert or out, and up again
            minutes += dispatch_value("walk_buildings") + dispatch_value("walk_floor") * (abs(here) + abs(there))
            minutes += dispatch_value("walk_lift") * ((here != 0) + (there != 0))
        elif here != there:
            minutes += dispatch_value("walk_lift") + dispatch_value("walk_floor") * abs(here - there)
    return max(1, floor(minutes + 0.5))


def walking_derive(spots: Mapping[str, Spot]) -> Walking:
    """Walking times from building and floor, where a hospital has no matrix of its own.

    Parameters
    ----------
    spots
        Each place and where it is.

    Returns
    -------
    Walking
        Whole minutes, rounded half up, at least 1 between two places.

    Notes
    -----
    Assumed, not measured: ``parameters/dispatch.toml``. One floor costs the way on it; another the lift besides;
    another building the way between them and the lift at each end that is not on the ground.
    """
    places = tuple(spots)
    rows = tuple(tuple(0 if a == b else _way(spots[a], spots[b]) for b in places) for a in places)
    return Walking(places, rows)
