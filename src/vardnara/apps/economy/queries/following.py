"""The year by unit: frame, budget, ledger, forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

from vardnara.apps.economy.choices import Ledger
from vardnara.apps.economy.models import Adjustment as AdjustmentRow
from vardnara.apps.economy.models import Forecast as ForecastRow
from vardnara.apps.economy.models import Frame, MonthSum
from vardnara.apps.economy.queries.ledger import account_names, hospital_require, months_booked, unit_names
from vardnara.engines.followup import Adjustment, Forecast, ForecastLine, Line, Method, forecast

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ZERO = Decimal(0)
MONTHS = 12

type Names = dict[int, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class YearForecast:
    """A year's forecast and the names of what it speaks of. ``through_month`` 0: nothing is booked, ``found`` empty."""

    hospital_id: int
    year: int
    through_month: int
    found: Forecast
    units: Names
    accounts: Names
    frames: dict[int, Decimal]
    last_year_known: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines added up: SEK; ``deviation`` is budget less forecast, a minus is a deficit."""

    budget: Decimal
    budget_so_far: Decimal
    actual: Decimal
    rest: Decimal
    adjusted: Decimal

    @property
    def full_year(self) -> Decimal:
        return self.actual + self.rest + self.adjusted

    @property
    def deviation(self) -> Decimal:
        return self.budget - self.full_year


def year_lines(*, hospital_id: int, year: int) -> tuple[list[Line], bool]:
    """Every unit's account with budget, ledger and last year's ledger by month; and whether last year is whole."""
    last_known = months_booked(hospital_id=hospital_id, year=year - 1) == MONTHS
    years: dict[tuple[int, int], dict[str, list[Decimal]]] = defaultdict(
        lambda: {name: [ZERO] * MONTHS for name in ("budget", "actual", "last")}
    )
    rows = MonthSum.objects.filter(
        ledger__hospital=hospital_id, ledger__replaced_at__isnull=True, ledger__year__in=[year, year - 1]
    ).values_list("unit_id", "account_id", "month", "ledger__kind", "ledger__year", "amount_sek")
    for unit, account, month, kind, of_year, amount in rows.iterator(chunk_size=20_000):
        if of_year == year:
            years[unit, account][kind][month - 1] += amount
        elif kind == Ledger.ACTUAL and last_known:
            years[unit, account]["last"][month - 1] += amount
    return [
        Line(key, tuple(one["budget"]), tuple(one["actual"]), tuple(one["last"]) if last_known else None)
        for key, one in years.items()
    ], last_known


def year_forecast(
    *, actor: User | None, hospital_id: int, year: int, method: Method, through_month: int | None = None
) -> YearForecast:
    """The forecast of a hospital's year by one method, through the last booked month or an earlier one."""
    if actor is not None:
        hospital_require(actor, hospital_id)
    booked = months_booked(hospital_id=hospital_id, year=year)
    through = min(through_month or booked, booked)
    lines, last_known = year_lines(hospital_id=hospital_id, year=year)
    known = {line.key for line in lines}
    adjustments = [
        Adjustment((unit, account), amount, reason)
        for unit, account, amount, reason in AdjustmentRow.objects.filter(
            unit__hospital=hospital_id, year=year, withdrawn_at__isnull=True
        ).values_list("unit_id", "account_id", "amount_sek", "reason")
    ]
    empty = (ZERO,) * MONTHS
    lines += [Line(key, empty, empty) for key in {one.key for one in adjustments} - known]
    if through:
        found = forecast(lines, through_month=through, method=method, adjustments=adjustments)
    else:
        found = Forecast("", method, 0, ())
    steps = Frame.objects.filter(unit__hospital=hospital_id, year=year)
    frames = steps.values_list("unit_id").annotate(sum=Sum("amount_sek"))
    return YearForecast(
        hospital_id=hospital_id,
        year=year,
        through_month=through,
        found=found,
        units=unit_names(hospital_id=hospital_id),
        accounts=account_names(hospital_id=hospital_id),
        frames=dict(frames),
        last_year_known=last_known,
    )


def sums_of(lines: Iterable[ForecastLine], budget_so_far: dict[tuple[int, int], Decimal]) -> Sums:
    """Lines added up."""
    given = list(lines)
    return Sums(
        budget=sum((line.budget for line in given), ZERO),
        budget_so_far=sum((budget_so_far.get(line.key, ZERO) for line in given), ZERO),
        actual=sum((line.actual for line in given), ZERO),
        rest=sum((line.rest for line in given), ZERO),
        adjusted=sum((line.adjusted for line in given), ZERO),
    )


def budget_so_far(*, hospital_id: int, year: int, through_month: int) -> dict[tuple[int, int], Decimal]:
    """Budget of the booked months by unit and account."""
    rows = MonthSum.objects.filter(
        ledger__hospital=hospital_id,
        ledger__year=year,
        ledger__kind=Ledger.BUDGET,
        ledger__replaced_at__isnull=True,
        month__lte=through_month,
    ).values_list("unit_id", "account_id")
    return {(unit, account): amount for unit, account, amount in rows.annotate(sum=Sum("amount_sek"))}


@dataclass(frozen=True, slots=True)
class StoredForecast:
    """A forecast that was kept."""

    id: int
    year: int
    through_month: int
    method: str
    method_said: str
    note: str
    made_at: object
    made_by: str
    budget: Decimal
    full_year: Decimal


def stored_forecasts(*, actor: User, hospital_id: int, year: int) -> list[StoredForecast]:
    """Forecasts kept of a year, oldest first, with their sums."""
    hospital_require(actor, hospital_id)
    rows = (
        ForecastRow.objects.filter(hospital=hospital_id, year=year)
        .select_related("made_by")
        .annotate(
            budget=Sum("rows__budget_sek"),
            actual=Sum("rows__actual_sek"),
            rest=Sum("rows__rest_sek"),
            adjusted=Sum("rows__adjusted_sek"),
        )
        .order_by("made_at", "pk")
    )
    return [
        StoredForecast(
            id=row.pk,
            year=row.year,
            through_month=row.through_month,
            method=row.method,
            method_said=row.get_method_display(),
            note=row.note,
            made_at=row.made_at,
            made_by=(row.made_by.get_full_name() or row.made_by.username) if row.made_by else "",
            budget=row.budget or ZERO,
            full_year=(row.actual or ZERO) + (row.rest or ZERO) + (row.adjusted or ZERO),
        )
        for row in rows
    ]


def adjustment_list(*, hospital_id: int, year: int, unit_id: int) -> list[AdjustmentRow]:
    """Adjustments of a unit's year, those taken back too."""
    rows = AdjustmentRow.objects.filter(unit__hospital=hospital_id, unit=unit_id, year=year)
    return list(rows.select_related("account", "made_by").order_by("made_at"))


def frame_list(*, unit_id: int, year: int) -> list[Frame]:
    """Steps of a unit's frame, in the order in which they were decided."""
    return list(Frame.objects.filter(unit=unit_id, year=year).order_by("decided_on", "pk"))
