"""Frames, adjustments, forecasts that are kept, and years that are closed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.economy.models import (
    Account,
    Adjustment,
    Forecast,
    ForecastRow,
    Frame,
    LedgerImport,
    Unit,
    YearClosing,
)
from vardnara.apps.economy.queries.following import YearForecast
from vardnara.apps.economy.services.ledger_import import keeper_require
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def _unit(actor: User | None, unit_id: int) -> Unit:
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise RuleBroken("unknown_unit", str(unit_id))
    keeper_require(actor, unit.hospital_id)
    return unit


def _money(amount: Decimal) -> None:
    if not amount or not amount.is_finite() or amount != amount.quantize(Decimal("0.01")):
        raise RuleBroken("bad_amount", str(amount))


@transaction.atomic
def frame_step(
    *, unit_id: int, year: int, amount_sek: Decimal, decided_on: date, source: str, actor: User | None, at: datetime
) -> Frame:
    """Add a decided step to a unit's frame, or take away by a minus; what was decided stays. For a controller."""
    unit = _unit(actor, unit_id)
    _money(amount_sek)
    if not source.strip():
        raise RuleBroken("source_missing")
    return Frame.objects.create(
        unit=unit,
        year=year,
        amount_sek=amount_sek,
        decided_on=decided_on,
        source=source.strip()[:200],
        made_at=at,
        made_by_id=actor.pk if actor else None,
    )


@transaction.atomic
def adjustment_add(
    *, unit_id: int, account_id: int, year: int, amount_sek: Decimal, reason: str, actor: User | None, at: datetime
) -> Adjustment:
    """Adjust the forecast of a unit's account by kronor, with the reason. For a controller."""
    unit = _unit(actor, unit_id)
    _money(amount_sek)
    if not reason.strip():
        raise RuleBroken("reason_missing")
    if not Account.objects.filter(pk=account_id, hospital=unit.hospital_id).exists():
        raise RuleBroken("unknown_account", str(account_id))
    return Adjustment.objects.create(
        unit=unit,
        account_id=account_id,
        year=year,
        amount_sek=amount_sek,
        reason=reason.strip()[:300],
        made_at=at,
        made_by_id=actor.pk if actor else None,
    )


@transaction.atomic
def adjustment_withdraw(*, adjustment_id: int, actor: User | None, at: datetime) -> None:
    """Take an adjustment back; it stays in the forecasts that were stored with it. For a controller."""
    row = Adjustment.objects.select_related("unit").filter(pk=adjustment_id).first()
    if row is None:
        raise RuleBroken("unknown_adjustment", str(adjustment_id))
    keeper_require(actor, row.unit.hospital_id)
    changed = Adjustment.objects.filter(pk=row.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by_id=actor.pk if actor else None
    )
    if not changed:
        raise RuleBroken("already_withdrawn", str(adjustment_id))


@transaction.atomic
def forecast_store(*, shown: YearForecast, note: str, actor: User | None, at: datetime) -> Forecast:
    """Keep a forecast as it is shown, so that it can be held against the outcome. For a controller."""
    keeper_require(actor, shown.hospital_id)
    if not shown.found.lines:
        raise RuleBroken("nothing_to_forecast", str(shown.year))
    row = Forecast.objects.create(
        hospital_id=shown.hospital_id,
        year=shown.year,
        through_month=shown.found.through_month,
        method=shown.found.method,
        note=note.strip()[:300],
        made_at=at,
        made_by_id=actor.pk if actor else None,
    )
    ForecastRow.objects.bulk_create(
        [
            ForecastRow(
                forecast=row,
                unit_id=line.key[0],
                account_id=line.key[1],
                method=line.method,
                budget_sek=line.budget,
                actual_sek=line.actual,
                rest_sek=line.rest,
                adjusted_sek=line.adjusted,
            )
            for line in shown.found.lines
        ],
        batch_size=2000,
    )
    return row


@transaction.atomic
def year_close(*, hospital_id: int, year: int, actor: User | None, at: datetime) -> None:
    """Close a year: from then on an import of it says why it comes late. For a controller; never undone."""
    keeper_require(actor, hospital_id)
    if not LedgerImport.objects.filter(hospital=hospital_id, year=year, replaced_at__isnull=True).exists():
        raise RuleBroken("nothing_to_close", str(year))
    _, made = YearClosing.objects.get_or_create(
        hospital_id=hospital_id,
        year=year,
        defaults={"closed_at": at, "closed_by_id": actor.pk if actor else None},
    )
    if not made:
        raise RuleBroken("already_closed", str(year))
