"""Hours that leave with posts, what takes care of them, and what the rest costs those who get it (K-17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from vardnara.engines.economy.data import PostChange, PostGroup
from vardnara.kernel.money import sek


@dataclass(frozen=True, slots=True)
class HourHome:
    """Something that is said to take care of hours.

    Parameters
    ----------
    label
        What, in a reader's words.
    hours
        A year, 0 or more.
    receives
        Whether somebody does the work in that time; else the work is no longer there to be done.
    """

    label: str
    hours: Decimal
    receives: bool

    def __post_init__(self) -> None:
        if not self.hours.is_finite() or self.hours < 0:
            raise ValueError(f"hours {self.hours}, expected 0 or more")


@dataclass(frozen=True, slots=True)
class HourBalance:
    """Hours of a year; ``leaving = received + released + without_home``.

    Parameters
    ----------
    excess
        Hours that homes are said to have room for beyond what leaves; counted nowhere.
    without_home_sek
        What the hours without a home cost at the receiver's price an hour, whether anybody is hired or not; None
        where no price was given.
    """

    leaving: Decimal
    received: Decimal
    released: Decimal
    without_home: Decimal
    excess: Decimal
    without_home_sek: Decimal | None


def hours_balance(
    posts: Iterable[PostGroup], homes: Iterable[HourHome], *, receiver_hourly_sek: Decimal | None = None
) -> HourBalance:
    """The balance of a wind-down.

    Parameters
    ----------
    posts
        Those that are removed count with their productive hours; others do not.
    homes
        What takes care of the hours. What no longer is to be done is taken off first.
    receiver_hourly_sek
        Cost of an hour of those who get the work.
    """
    leaving = sum((group.hours for group in posts if group.change is PostChange.REMOVED), Decimal(0))
    listed = list(homes)
    said_released = sum((home.hours for home in listed if not home.receives), Decimal(0))
    said_received = sum((home.hours for home in listed if home.receives), Decimal(0))
    released = min(leaving, said_released)
    received = min(leaving - released, said_received)
    homeless = leaving - released - received
    return HourBalance(
        leaving=leaving,
        received=received,
        released=released,
        without_home=homeless,
        excess=said_released + said_received - released - received,
        without_home_sek=None
        if receiver_hourly_sek is None
        else sek(Fraction(homeless) * Fraction(receiver_hourly_sek)),
    )
