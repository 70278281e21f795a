"""Orders, stays and diets as the engine of waste reads them; its findings as rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from vardnara.apps.hospital.queries.stay_history import StayStep
from vardnara.apps.meals.models import Intake, MealOrder, OrderEvent, Restriction
from vardnara.engines.waste import BedKind, BedStep, Cause, Fast, Finding, Meal, OrderStep, Said


def meal_of(
    order: MealOrder,
    *,
    events: Iterable[OrderEvent],
    stay: Iterable[StayStep],
    fasting: Iterable[Restriction],
    intake: Intake | None,
    act_until: datetime,
) -> Meal:
    """One ordered meal. ``act_until`` is when the kitchen could last act; no later than when it is served."""
    return Meal(
        id=order.pk,
        ward=order.ward_id,
        serves_at=order.serves_at,
        act_until=min(act_until, order.serves_at),
        state=order.state,
        steps=tuple(OrderStep(event.at, event.pk, event.kind, event.reason) for event in events),
        bed=tuple(
            BedStep(step.at, step.known_at, BedKind(step.kind), step.ref, step.ward_id, step.until) for step in stay
        ),
        fasts=tuple(_fast(row) for row in fasting),
        said=None if intake is None else _said(intake),
    )


def _fast(row: Restriction) -> Fast:
    ends = [end for end in (row.valid_until, row.ended_at) if end is not None]
    return Fast(row.valid_from, min(ends, default=None), row.set_at, f"restriction:{row.pk}")


def _said(row: Intake) -> Said:
    cause = Cause(row.cause) if row.cause else None
    return Said(row.at, f"intake:{row.pk}", row.quarters, row.untouched, cause)


def finding_values(finding: Finding) -> dict[str, Any]:
    """A finding as the columns of its row."""
    return {
        "extent": str(finding.extent),
        "quarters": finding.quarters,
        "cooked": finding.cooked,
        "noted": finding.noted,
        "untouched": finding.untouched,
        "cause": str(finding.cause or ""),
        "fact": str(finding.fact or ""),
        "said": str(finding.said or ""),
        "side": str(finding.side or ""),
        "sure": str(finding.sure or ""),
        "timing": str(finding.timing or ""),
        "contradicted": finding.contradicted,
        "evidence": [
            {"ref": one.ref, "what": one.what, "at": one.at.isoformat(), "known_at": one.known_at.isoformat()}
            for one in finding.evidence
        ],
        "engine_version": finding.version,
    }
