"""The page of places: who named what, confirm, map for one system or for all, take back; without JavaScript."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.strategies.messages import adt, apply, bed, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedPlace, Hospital, LocationAlias, Occupancy, Sender, Stay, Ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital(settings) -> Hospital:
    """A bed and a ward that only messages know, each named by two systems."""
    settings.DEMO = True
    settings.LANGUAGE_CODE = "sv"
    hospital = small_hospital()
    apply(
        adt("A01", 0, "9-7", ward="X99"),
        adt("A01", 1, "9-7", ward="X99", visit="V2", patient="P2").replace(b"|EHR|", b"|LAB|"),
        adt("A01", 2, "", ward="NY", visit="V3", patient="P3"),
    )
    return hospital


def signed_in(hospital: Hospital, role: Role) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(person(role, str(role), hospital))
    return client


def test_a_reader_sees_who_named_a_place_and_changes_nothing(hospital: Hospital) -> None:
    """The coordinator sees that something is to be done, and by whose words; the page of mapping is not for that."""
    page = signed_in(hospital, Role.COORDINATOR).get("/platser/").content.decode()
    for words in ("X99 · 9 · 7", "EHR / FJ skriver", "LAB / FJ skriver", "X99^9^7", "NY", "1 patient utan plats"):
        assert words in page
    assert "/koppla/" not in page and "/bekrafta/" not in page


def test_a_place_is_mapped_for_the_system_that_was_chosen(hospital: Hospital) -> None:
    integrator = signed_in(hospital, Role.INTEGRATOR)
    where = f"/platser/{BedPlace.objects.get(confirmed=False).pk}/koppla/"
    form = integrator.get(where).content.decode()
    ehr, lab = Sender.objects.order_by("application")
    assert f'value="{ehr.pk}" checked' in form and f'value="{lab.pk}">' in form and 'value="all">' in form
    page = integrator.post(where, {"to": bed("1-2").pk, "who": ehr.pk}, follow=True).content.decode()
    assert "Namnet betyder nu den valda platsen" in page and "Ta bort kopplingen" in page
    assert LocationAlias.objects.get().sender == ehr
    assert Occupancy.objects.get(stay__visit_number="V1").bed == bed("1-2")
    page = integrator.post(where, {"to": bed("2-1").pk, "who": "all"}, follow=True).content.decode()
    assert "Alla system" in page and "X99 · 9 · 7" not in page
    alias = LocationAlias.objects.get(sender=ehr)
    page = integrator.post(f"/platser/namn/{alias.pk}/ta-bort/", follow=True).content.decode()
    assert "Kopplingen är borttagen" in page
    stay = Stay.objects.get(visit_number="V1")  # now by the name that holds for all, where the other one lies
    assert (stay.wanted_bed, stay.without_place) == (bed("2-1"), True)


def test_a_ward_is_confirmed_or_mapped(hospital: Hospital) -> None:
    integrator = signed_in(hospital, Role.INTEGRATOR)
    new = Ward.objects.get(code="NY")
    where = f"/platser/avdelning/{new.pk}"
    assert "Vilken avdelning är NY?" in integrator.get(f"{where}/koppla/").content.decode()
    page = integrator.post(f"{where}/koppla/", {"to": Ward.objects.get(code="M52").pk, "who": ""}, follow=True)
    assert "Namnet betyder nu den valda avdelningen" in page.content.decode()
    assert Stay.objects.get(visit_number="V3").ward.code == "M52"
    strange = Ward.objects.get(code="X99")
    page = integrator.post(f"/platser/avdelning/{strange.pk}/bekrafta/", follow=True).content.decode()
    assert "Avdelningen är bekräftad" in page
    assert Ward.objects.get(code="X99").confirmed


@pytest.mark.parametrize("data", [{}, {"to": "x"}, {"to": "1", "who": "somebody"}, {"to": "0", "who": "all"}])
def test_a_form_that_says_nothing_changes_nothing(data: dict[str, str], hospital: Hospital) -> None:
    integrator = signed_in(hospital, Role.INTEGRATOR)
    for where in (
        f"/platser/{BedPlace.objects.get(confirmed=False).pk}/koppla/",
        f"/platser/avdelning/{Ward.objects.get(code='NY').pk}/koppla/",
    ):
        assert "Försök igen" in integrator.post(where, data, follow=True).content.decode()
    assert not LocationAlias.objects.exists()


def test_what_was_dealt_with_by_somebody_else_is_said(hospital: Hospital) -> None:
    """Two integrators at one list: the second is told, and finds no page for a place that is no longer strange."""
    integrator = signed_in(hospital, Role.INTEGRATOR)
    strange = BedPlace.objects.get(confirmed=False)
    integrator.post(f"/platser/{strange.pk}/bekrafta/")
    where = f"/platser/{strange.pk}/koppla/"
    assert integrator.get(where).status_code == 404
    assert "redan bekräftad" in integrator.post(where, {"to": bed("1-2").pk}, follow=True).content.decode()
    assert "redan borttagen" in integrator.post("/platser/namn/1/ta-bort/", follow=True).content.decode()
