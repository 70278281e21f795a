"""The demo has colleagues on shift to hand work to, and none of them is a way in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from vardnara.apps.accounts.models import User
from vardnara.apps.accounts.queries import demo_user, demo_user_list
from vardnara.apps.accounts.services import DEMO_COLLEAGUES, demo_user_of_role, user_authenticate
from vardnara.apps.service import services
from vardnara.apps.service.models import Absence, Note, Shift
from vardnara.apps.service.queries.hand_out import hand_out_page
from vardnara.config.demo import invented_hospital_id, load
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_they_are_there_with_their_wards_and_stay_so(settings: Any) -> None:
    """Six on shift and one absent, once; after sixteen hours the next shift begins, and who was absent is back."""
    settings.DEMO = True
    load(AT)
    load(AT)
    coordinator = demo_user(hospital_id=invented_hospital_id(), role="coordinator")
    assert coordinator is not None
    page = hand_out_page(actor=coordinator, at=AT)
    assert [(row.name, row.zones) for row in page.people][:2] == [("Ewa Kowalska", "some"), ("Fatima Rahimi", "some")]
    assert {row.name for row in page.people if row.ward_ids == frozenset()} == {"Mattias Holm"}
    assert (len(page.people), Absence.objects.count(), Note.objects.count()) == (6, 1, 1)
    assert services.demo_colleagues_keep(at=AT + timedelta(hours=2)) == 0
    assert services.demo_colleagues_keep(at=AT + timedelta(hours=17)) == len(DEMO_COLLEAGUES)
    settings.DEMO = False
    assert services.demo_colleagues_keep(at=AT + timedelta(hours=40)) == 0
    assert Shift.objects.filter(signed_off_at__isnull=True).count() == len(DEMO_COLLEAGUES)


def test_nobody_signs_in_as_one_of_them(settings: Any) -> None:
    """One service worker is offered, the one whom one tap signs in; a colleague's name and any password are refused."""
    settings.DEMO = True
    load(AT)
    assert [who.name for who in demo_user_list() if who.role == "service_worker"] == ["Amina Berg"]
    User.objects.filter(username="service").update(is_active=False)
    with pytest.raises(RuleBroken, match="no_demo"):
        demo_user_of_role(role="service_worker")
    for password in ("", "!", User.objects.get(username="demo-ewa").password):
        with pytest.raises(RuleBroken, match="sign-in refused"):
            user_authenticate(request=RequestFactory().post("/"), username="demo-ewa", password=password)
