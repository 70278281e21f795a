"""What a forecast and an explanation say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from vardnara.engines.followup.data import ZERO, Adjustment, Key, Method, Year

VERSION = "1"


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """A unit's account.

    Parameters
    ----------
    months
        Twelve months in SEK: the ledger's through the last closed one, then the forecast's. Adjustments stand apart.
    method
        The method that was used: another than asked for where ``instead`` says why.
    instead
        Why the method asked for could not be used: ``no_last_year`` or ``shares_do_not_fit``; empty where it was.
    """

    key: Key
    budget: Decimal
    actual: Decimal
    rest: Decimal
    adjusted: Decimal
    months: Year
    method: Method
    instead: str
    adjustments: tuple[Adjustment, ...]

    @property
    def full_year(self) -> Decimal:
        """What the year will be: ledger so far, forecast of the rest, adjustments."""
        return self.actual + self.rest + self.adjusted

    @property
    def deviation(self) -> Decimal:
        """Budget less forecast: minus is a deficit."""
        return self.budget - self.full_year


@dataclass(frozen=True, slots=True)
class Forecast:
    """The lines in the order of the keys."""

    version: str
    method: Method
    through_month: int
    lines: tuple[ForecastLine, ...]

    @property
    def full_year(self) -> Decimal:
        """SEK of the whole year."""
        return sum((line.full_year for line in self.lines), ZERO)


@dataclass(frozen=True, slots=True)
class Explained:
    """One part: SEK of its volume (more or less than agreed) or its scope (agreed nowhere), at the agreed price."""

    name: str
    agreed: Decimal
    done: Decimal
    in_scope: bool
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Deviation:
    """``total`` = ``volume`` + ``scope`` + ``price``, exactly; None is what cannot be derived, ``missing`` says why.

    ``missing`` holds ``cost``, ``compensation``, ``quantities``, ``agreed_quantity`` or ``done_quantity``.
    """

    version: str
    total: Decimal | None
    volume: Decimal | None
    scope: Decimal | None
    price: Decimal | None
    agreed_price: Decimal | None
    actual_price: Decimal | None
    parts: tuple[Explained, ...]
    missing: tuple[str, ...]
