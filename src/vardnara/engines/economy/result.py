"""The effect of a change, per payer; every total is exactly the sum of its parts, to the öre."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

VERSION = "1"


@dataclass(frozen=True, slots=True)
class PayerRow:
    """One payer; kronor, positive where its cost falls.

    Parameters
    ----------
    gross_sek
        Savings less added cost, of what is in a frame, and frame received less frame given.
    transferred_sek, reinvested_sek, one_off_sek
        0 or negative.
    unfunded_sek
        Lower (or higher) cost of what no frame holds; in no budget, so not in ``net_sek``.
    """

    payer: str
    gross_sek: Decimal
    transferred_sek: Decimal
    reinvested_sek: Decimal
    one_off_sek: Decimal
    unfunded_sek: Decimal

    @property
    def net_sek(self) -> Decimal:
        """What is left in the payer's frame."""
        return self.gross_sek + self.transferred_sek + self.reinvested_sek + self.one_off_sek

    @property
    def cost_sek(self) -> Decimal:
        """What the payer's cost falls by, in a frame or not."""
        return self.net_sek + self.unfunded_sek


@dataclass(frozen=True, slots=True)
class YearEffect:
    """Rows of the payers, for a full year or for one calendar year; ``year`` is None for a full year."""

    year: int | None
    rows: tuple[PayerRow, ...]

    def row(self, payer: str) -> PayerRow:
        return next(row for row in self.rows if row.payer == payer)

    @property
    def gross_sek(self) -> Decimal:
        return sum((row.gross_sek for row in self.rows), Decimal(0))

    @property
    def net_sek(self) -> Decimal:
        return sum((row.net_sek for row in self.rows), Decimal(0))

    @property
    def unfunded_sek(self) -> Decimal:
        return sum((row.unfunded_sek for row in self.rows), Decimal(0))


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a change.

    Parameters
    ----------
    full_year
        Of a year in which everything that stays holds all the time; without what ends and what is paid once.
    budget_year
        Of the case's calendar year, by whole months; None where none was asked for.
    by_days_gross_sek, by_days_net_sek
        The same by exact days (K-01), for comparison.
    years
        Each calendar year from the first change until nothing changes any more.
    """

    full_year: YearEffect
    budget_year: YearEffect | None
    by_days_gross_sek: Decimal | None
    by_days_net_sek: Decimal | None
    years: tuple[YearEffect, ...]
    version: str = VERSION

    @property
    def carry_over_sek(self) -> Decimal | None:
        """What comes in later years on top of the budget year: full year less budget year, gross (K-01)."""
        return None if self.budget_year is None else self.full_year.gross_sek - self.budget_year.gross_sek
