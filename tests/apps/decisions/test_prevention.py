"""A preventive measure on its page: both seasons, by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.strategies.stage import stage_set

ASKED = {
    "born": 1000, "coverage": 80, "dose_sek": 2000, "giving_sek": 100, "efficacy": 75, "risk_mild": 1, "risk_severe": 2,
    "ward_days": 5, "ward_day_sek": 1000, "intensive_share": 10, "intensive_sek": 1000000,
}  # fmt: skip


@pytest.fixture
def client(db: None, settings: Any) -> Client:
    settings.DEMO = True
    client = Client()
    client.force_login(stage_set().users["decision_maker"])
    return client


def said(client: Client, **more: Any) -> str:
    answer = client.get("/atgarder/forebyggande/", ASKED | more)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def test_both_seasons_by_hand(client: Client) -> None:
    """800 x 2,100; 800 x 1 % x 75 % = 6 admissions of 105,000 averted in a mild season, 12 in a severe one."""
    page = said(client)
    for figure in ("1 680 000", "6,0", "12,0", "630 000", "1 260 000", "1 050 000", "420 000", "133"):
        assert figure in page, figure
    assert "levnadsår" in page  # asked for, and not answered
    assert "Kronor för ett" not in page


def test_kronor_for_a_year_of_health_where_it_is_said(client: Client) -> None:
    """1,050,000 for 6 x 0.5 years; worth 3 x 500,000 less that."""
    page = said(client, qaly="0,5", threshold_sek=500000)
    assert "350 000" in page and "450 000" in page


def test_a_severe_season_is_not_milder(client: Client) -> None:
    """Nothing is reckoned from numbers that cannot be meant."""
    assert client.get("/atgarder/forebyggande/", ASKED | {"risk_severe": "0,5"}).status_code == 422
    assert client.get("/atgarder/forebyggande/", ASKED | {"coverage": 120}).status_code == 422
