"""The demo's agreement is loaded like any other, and shows a newcomer what the checker is for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import translation

from vardnara.apps.accounts.models import User
from vardnara.apps.service.models import Agreement, TaskType
from vardnara.apps.service.queries.agreement_lines import agreement_lines_valid
from vardnara.apps.service.services import catalogue_ship, demo_agreement_load, version_check
from vardnara.config.demo import invented_hospital_id, load

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_has_an_agreement_with_halland_s_holes() -> None:
    """Weekend cleans after 16, contagion at night, one ward's weekend: found, told in Swedish, signed with a reason."""
    catalogue_ship(at=AT)
    load(AT)
    agreement = Agreement.objects.get()
    signed, draft = agreement.versions.order_by("number")
    assert (signed.state, draft.state) == ("signed", "draft") and signed.holes_reason
    with translation.override("sv"):
        texts = [hole.text for hole in version_check(signed).holes]
    assert "Hemgångsstäd, avd. K31, lördag, söndag, helgdag, afton 16:00–24:00: ingen" in texts
    assert "Smittstäd, avd. K31, alla dagar 22:00–24:00: ingen" in texts
    assert "Daglig patientnära städning, avd. K42, lördag, söndag, helgdag, afton 08:00–15:00: ingen" in texts
    assert len(texts) == len(signed.holes_accepted) and version_check(signed).overlaps == ()
    assert len(agreement_lines_valid(hospital_id=invented_hospital_id(), on=AT.date())) == signed.lines.count() > 300
    assert demo_agreement_load(hospital_id=invented_hospital_id(), at=AT) is None  # once


@pytest.mark.django_db
def test_without_the_catalogue_the_demo_starts_all_the_same() -> None:
    load(AT)
    assert not Agreement.objects.exists() and not TaskType.objects.exists()
    assert User.objects.filter(demo=True, role="unit_manager").count() == 1
