"""The demo hospital has money to look at, marked as invented, the same every time."""

from __future__ import annotations

import pytest
from tests.strategies.stage import AT, stage_set

from vardnara.apps.economy.models import Frame, LedgerImport, LedgerLine, Unit
from vardnara.apps.economy.queries.following import year_forecast, year_lines
from vardnara.apps.economy.services.demo import demo_ledger_load
from vardnara.engines.followup import Method
from vardnara.engines.followup.check import forecast_check


@pytest.mark.django_db
def test_the_demo_has_last_year_this_year_and_a_budget_once() -> None:
    """In March: 2025 whole, January and February of 2026, its budget and frames; a second load does nothing."""
    stage = stage_set()
    hospital_id = stage.ward.division.hospital_id
    assert demo_ledger_load(hospital_id=hospital_id, at=AT)
    assert not demo_ledger_load(hospital_id=hospital_id, at=AT)
    assert sorted(LedgerImport.objects.values_list("kind", "year", "last_month")) == [
        ("actual", 2025, 12),
        ("actual", 2026, 2),
        ("budget", 2026, 12),
    ]
    assert all("påhittad" in name for name in Unit.objects.values_list("name", flat=True))
    assert all("Påhittad" in text for text in LedgerLine.objects.values_list("text", flat=True).distinct())
    assert Frame.objects.count() == 2
    shown = year_forecast(actor=None, hospital_id=hospital_id, year=2026, method=Method.SEASONAL)
    lines, whole = year_lines(hospital_id=hospital_id, year=2026)
    assert whole and shown.through_month == 2 and forecast_check(lines, shown.found) == []
