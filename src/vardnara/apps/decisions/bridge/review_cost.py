"""Requests and what was granted of them as the economy engine knows them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from vardnara.apps.decisions.choices import ReviewKind, ReviewMeasure
from vardnara.apps.decisions.models import ReviewRequest
from vardnara.engines.economy import Basis, CallOff
from vardnara.parameters.working_time import working_time


def days_of(from_on: date, through_on: date | None) -> int | None:
    """Days of a period, its last day included; None without an end."""
    return None if through_on is None else (through_on - from_on).days + 1


def call_off_of(
    request: ReviewRequest,
    *,
    quantity: Decimal | None = None,
    through_on: date | None = None,
    price_sek: Decimal | None = None,
) -> CallOff:
    """A request as it was asked, or narrowed to some limits."""
    if request.kind != ReviewKind.AGENCY:
        basis = Basis.HIRE
    else:
        basis = Basis.AGENCY_SHIFTS if request.measure == ReviewMeasure.SHIFTS else Basis.AGENCY_FTE
    return CallOff(
        basis=basis,
        quantity=request.quantity if quantity is None else quantity,
        n_days=days_of(request.from_on, request.through_on if through_on is None else through_on),
        unit_sek=request.price_sek if price_sek is None else price_sek,
        hours_per_shift=request.shift_hours or Decimal(0),
        weekly_hours=Decimal(str(working_time("weekly_minutes_all_days"))) / 60,
        quoted_sek=request.quoted_sek,
    )
