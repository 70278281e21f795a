"""A discharge that was confirmed by a slip is taken back where it was confirmed."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.strategies.messages import adt, apply, bed, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Stay

pytestmark = pytest.mark.django_db


def test_taken_back_by_the_one_who_confirmed_it() -> None:
    """The page offers it only then; what a message confirmed a tap does not undo, and says so."""
    hospital = small_hospital()
    apply(adt("A01", 0, "1-1"))
    stay, address = Stay.objects.get(), f"/plats/{bed('1-1').token}/"
    nurse = Client()
    nurse.force_login(person(Role.WARD_STAFF, "n", hospital))
    assert "inte-sakert" not in nurse.get(address).content.decode()
    nurse.post(address + "bekrafta/", {"stay": stay.pk})
    page = nurse.get(address).content.decode()
    assert "inte-sakert" in page and "bekrafta" not in page
    nurse.post(address + "inte-sakert/", {"stay": stay.pk})
    stay.refresh_from_db()
    assert stay.discharge_confirmed_at is None
    apply(adt("A16", 60, "1-1"))
    stay.refresh_from_db()
    before = stay.discharge_ordered_at, stay.discharge_confirmed_at
    answer = nurse.post(address + "inte-sakert/", {"stay": stay.pk}, follow=True)
    stay.refresh_from_db()
    assert (stay.discharge_ordered_at, stay.discharge_confirmed_at) == before
    assert "Det finns inget att ångra." in answer.content.decode()
