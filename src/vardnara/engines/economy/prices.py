"""Amounts of one price year in another's kronor (K-03, K-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.money import sek


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """An index such as LPIK, as it stood at a publication.

    Parameters
    ----------
    name
        Which.
    published_on
        When: the same year has other values in the next publication.
    source
        Where it is from.
    by_year
        Index number of each year, above 0.
    """

    name: str
    published_on: date
    source: str
    by_year: Mapping[int, Decimal]

    def __post_init__(self) -> None:
        wrong = {year: number for year, number in self.by_year.items() if not number.is_finite() or number <= 0}
        if wrong or not self.by_year:
            raise ValueError(f"{self.name}: {wrong or 'no year'}, expected index numbers above 0")

    def at(self, year: int) -> Fraction:
        """The number of a year.

        Raises
        ------
        InputError
            The series does not have it; nothing is extrapolated.
        """
        if year not in self.by_year:
            known = f"{min(self.by_year)} to {max(self.by_year)}"
            raise InputError([Fault(self.name, str(year), "no index number for the year", f"a year from {known}")])
        return Fraction(self.by_year[year])


def deflated(amount_sek: Decimal, series: IndexSeries, *, price_year: int, to_year: int) -> Decimal:
    """An amount of one price year in another's kronor: amount x index of ``to_year`` / index of ``price_year``.

    Raises
    ------
    InputError
        The series lacks one of the years.
    """
    return sek(Fraction(amount_sek) * series.at(to_year) / series.at(price_year))


def mixed(name: str, wages: IndexSeries, prices: IndexSeries, *, wage_share: Decimal) -> IndexSeries:
    """An index of two, weighted by the share of pay in cost in the first year that both have (K-04).

    Raises
    ------
    ValueError
        The share is not from 0 to 1, or the two have no year in common.
    """
    years = sorted(set(wages.by_year) & set(prices.by_year))
    if not 0 <= wage_share <= 1 or not years:
        raise ValueError(f"wage_share {wage_share}, years {years}, expected 0 to 1 and a year that both have")
    base, share = years[0], Fraction(wage_share)

    def of(year: int) -> Decimal:
        number = share * wages.at(year) / wages.at(base) + (1 - share) * prices.at(year) / prices.at(base)
        return Decimal(number.numerator * 100) / Decimal(number.denominator)

    return IndexSeries(
        name=name,
        published_on=min(wages.published_on, prices.published_on),
        source=f"{wages.source}; {prices.source}",
        by_year={year: of(year) for year in years},
    )
