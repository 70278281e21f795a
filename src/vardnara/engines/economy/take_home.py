"""Freed hours are booked once: cash-released, redistributed or evaporated (own-3, mech-29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.money import sek


class Destination(StrEnum):
    """What became of a freed hour."""

    CASH_RELEASED = "cash_released"  # a post removed, agency hours not bought
    REDISTRIBUTED = "redistributed"  # used for other work, which is named
    EVAPORATED = "evaporated"  # gone, and nobody can say where to


@dataclass(frozen=True, slots=True)
class Booking:
    """Some of the hours that a source freed.

    Parameters
    ----------
    source
        What freed them, such as a decision and a ward.
    destination
        What became of them.
    hours
        In a year, above 0.
    to
        What they were used for, or which post or agency hours went; required but for ``evaporated``.
    hourly_sek
        What an hour that was cash-released cost.
    """

    source: str
    destination: Destination
    hours: Decimal
    to: str = ""
    hourly_sek: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.hours.is_finite() or self.hours <= 0:
            raise ValueError(f"hours {self.hours}, expected more than 0")
        if not self.hourly_sek.is_finite() or self.hourly_sek < 0:
            raise ValueError(f"hourly_sek {self.hourly_sek}, expected 0 or more")
        if self.destination is not Destination.EVAPORATED and not self.to.strip():
            raise ValueError(f"{self.destination} without saying to what, expected a name")


@dataclass(frozen=True, slots=True)
class TakeHome:
    """Where a source's freed hours went; the four sum to ``freed_hours``. Only ``cash_sek`` is money."""

    source: str
    freed_hours: Decimal
    cash_released_hours: Decimal
    redistributed_hours: Decimal
    evaporated_hours: Decimal
    cash_sek: Decimal

    @property
    def unbooked_hours(self) -> Decimal:
        """What nobody has said anything about yet."""
        return self.freed_hours - self.cash_released_hours - self.redistributed_hours - self.evaporated_hours


def take_home(freed_hours: dict[str, Decimal], bookings: Iterable[Booking]) -> tuple[TakeHome, ...]:
    """The ledger of freed hours.

    Parameters
    ----------
    freed_hours
        Hours a year that each source freed, 0 or more.
    bookings
        What became of them, in any order.

    Raises
    ------
    RuleBroken
        ``hours_booked_twice``: more is booked of a source than it freed; ``source_unknown``: nothing was freed there.
    """
    found = list(bookings)
    strange = sorted({booking.source for booking in found} - freed_hours.keys())
    if strange:
        raise RuleBroken("source_unknown", f"bookings of {', '.join(strange)}, which freed nothing")
    rows = []
    for source, freed in freed_hours.items():
        own = [booking for booking in found if booking.source == source]
        hours = {kind: _hours(one for one in own if one.destination is kind) for kind in Destination}
        if sum(hours.values()) > freed:
            wrong = f"{source}: {sum(hours.values())} hours booked of {freed} freed"
            raise RuleBroken("hours_booked_twice", wrong)
        cash = sum(
            (Fraction(one.hours) * Fraction(one.hourly_sek))
            for one in own
            if one.destination is Destination.CASH_RELEASED
        )
        rows.append(
            TakeHome(
                source,
                freed,
                hours[Destination.CASH_RELEASED],
                hours[Destination.REDISTRIBUTED],
                hours[Destination.EVAPORATED],
                sek(Fraction(cash)),
            )
        )
    return tuple(rows)


def _hours(bookings: Iterable[Booking]) -> Decimal:
    return sum((booking.hours for booking in bookings), Decimal(0))
