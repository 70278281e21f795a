"""Indices as they were entered, and amounts of one year in another's kronor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vardnara.apps.economy.models import PriceIndex
from vardnara.engines.economy import IndexSeries, deflated, mixed
from vardnara.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class IndexRow:
    """A publication of an index. ``in_use`` is the newest of its name."""

    id: int
    name: str
    published_on: date
    source: str
    numbers: tuple[tuple[int, Decimal], ...]
    made_by: str
    in_use: bool

    def series(self) -> IndexSeries:
        return IndexSeries(self.name, self.published_on, self.source, dict(self.numbers))


def index_list(*, hospital_id: int) -> list[IndexRow]:
    """Every index by name, the newest publication first. The caller has checked who may ask."""
    rows = PriceIndex.objects.filter(hospital=hospital_id, withdrawn_at__isnull=True)
    found: list[IndexRow] = []
    for row in rows.select_related("made_by").prefetch_related("numbers").order_by("name", "-published_on"):
        found.append(
            IndexRow(
                id=row.pk,
                name=row.name,
                published_on=row.published_on,
                source=row.source,
                numbers=tuple(sorted((one.year, one.number) for one in row.numbers.all())),
                made_by=row.made_by.get_full_name() if row.made_by else "",
                in_use=all(one.name != row.name for one in found),
            )
        )
    return found


def index_in_use(*, hospital_id: int, name: str) -> IndexSeries:
    """The newest publication of an index; raises ``unknown_index``."""
    for row in index_list(hospital_id=hospital_id):
        if row.name == name:
            return row.series()
    raise RuleBroken("unknown_index", name)


def amount_moved(
    *,
    hospital_id: int,
    amount_sek: Decimal,
    from_year: int,
    to_year: int,
    name: str,
    prices_name: str = "",
    wage_share: Decimal | None = None,
) -> tuple[Decimal, IndexSeries]:
    """An amount of one price year in another's kronor, and the index it was moved by.

    With a second index the two are mixed by the share of pay (K-04). Raises ``unknown_index``, and ``InputError`` where
    a year is missing: nothing is extrapolated.
    """
    series = index_in_use(hospital_id=hospital_id, name=name)
    if prices_name and wage_share is not None:
        prices = index_in_use(hospital_id=hospital_id, name=prices_name)
        try:
            series = mixed(f"{name} + {prices_name}", series, prices, wage_share=wage_share)
        except ValueError as error:
            raise RuleBroken("no_common_year", str(error)) from error
    return deflated(amount_sek, series, price_year=from_year, to_year=to_year), series
