"""Own cost of a square metre, a clean, a meal and a bed-day, beside the reference tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import quantiles
from typing import TYPE_CHECKING

from django.utils.translation import pgettext

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.economy.choices import READERS, Measure
from vardnara.apps.economy.models import Quantity, ReferenceRow, ReferenceTable
from vardnara.apps.economy.queries.ledger import hospital_require
from vardnara.apps.hospital.queries.occupancy import place_use
from vardnara.apps.service.queries.delivered import cleans_done
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import day_bounds

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ROWS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Own:
    """What one of a measure cost here in a year."""

    measure: str
    measure_said: str
    year: int
    cost_sek: Decimal
    quantity: Decimal
    value_sek: Decimal
    source: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference table: a quarter of its rows is below ``low``, half below ``median``, a quarter above ``high``."""

    id: int
    name: str
    source: str
    year: int
    currency: str
    measure: str
    measure_said: str
    cost_column: str
    quantity_column: str
    n: int
    n_left_out: int
    low: Decimal
    median: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Beside:
    """A measure: own years, newest first, and the reference tables."""

    measure: str
    said: str
    own: tuple[Own, ...]
    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of a measure the system itself has counted in a year, and what that rests on."""

    measure: str
    measure_said: str
    quantity: Decimal
    source: str


def counted(*, hospital_id: int, year: int, on: date) -> list[Counted]:
    """What can be counted here: bed-days from stays, cleans from finished tasks; nothing where there is none.

    Meals and square metres are not counted. Through ``on`` where the year is not over.
    """
    since, until = date(year, 1, 1), min(date(year + 1, 1, 1), on + timedelta(days=1))
    if until <= since:
        return []
    use = place_use(hospital_id=hospital_id, since=since, until=until)
    begin, end = day_bounds(since)[0], day_bounds(until)[0]
    words = {"since": use.since or since, "last": until - timedelta(days=1)}
    found = [
        (Measure.BED_DAY, use.bed_days, pgettext("benchmark", "counted from stays, %(since)s to %(last)s")),
        (
            Measure.CLEAN,
            Decimal(cleans_done(hospital_id=hospital_id, since=begin, until=end)),
            pgettext("benchmark", "counted from finished tasks, %(since)s to %(last)s"),
        ),
    ]
    return [
        Counted(measure.value, str(measure.label), amount.quantize(Decimal(1)), source % words)
        for measure, amount, source in found
        if amount >= 1
    ]


def benchmark(*, actor: User, hospital_id: int) -> list[Beside]:
    """Every measure with what is known of it."""
    hospital_require(actor, hospital_id)
    own: dict[tuple[str, int], Own] = {}
    for row in Quantity.objects.filter(hospital=hospital_id).order_by("-year", "pk"):
        own[row.measure, row.year] = Own(
            row.measure,
            str(row.get_measure_display()),
            row.year,
            row.cost_sek,
            row.quantity,
            (row.cost_sek / row.quantity).quantize(Decimal("0.01")),
            row.source,
            row.made_at,
        )
    tables = ReferenceTable.objects.filter(hospital=hospital_id).order_by("-year", "name")
    references = [_reference(table) for table in tables]
    return [
        Beside(
            str(measure),
            str(measure.label),
            tuple(one for one in own.values() if one.measure == measure),
            tuple(one for one in references if one.measure == measure),
        )
        for measure in Measure
    ]


def _reference(table: ReferenceTable) -> Reference:
    values = sorted(ReferenceRow.objects.filter(table=table).values_list("value", flat=True))
    low, median, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return Reference(
        table.pk, table.name, table.source, table.year, table.currency, table.measure,
        str(table.get_measure_display()), table.cost_column, table.quantity_column, len(values), len(table.left_out),
        low, median, high,
    )  # fmt: skip


def reference_one(*, actor: User, table_id: int) -> tuple[Reference, list[ReferenceRow], list[tuple[str, str, str]]]:
    """A reference table: its rows, dearest first, and those that were left out, each with its place."""
    role_require(actor, READERS)
    table = ReferenceTable.objects.filter(pk=table_id).first()
    if table is None:
        raise RuleBroken("unknown_reference", str(table_id))
    hospital_require(actor, table.hospital_id)
    rows = list(ReferenceRow.objects.filter(table=table).order_by("-value", "key")[:ROWS_SHOWN])
    return _reference(table), rows, [tuple(one) for one in table.left_out]
