"""The daily clean of an occupied bed: warned off by a discharge that is coming, closed with the reason (mech-7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.strategies.messages import adt, apply, at, small_hospital

from vardnara.apps.hospital.models import Hospital
from vardnara.apps.service import services
from vardnara.apps.service.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Hospital:
    small = small_hospital()
    services.catalogue_ship(at=at(0))
    return small


def daily_plan(hospital: Hospital) -> int:
    """The plan of the day on which the messages below are applied."""
    return services.day_plan_sync(hospital_id=hospital.pk, on=date(2026, 3, 9), at=at(9_900))


def test_pending_discharge_warns_and_departure_closes(hospital: Hospital) -> None:
    """Feat-A3, edge-10: the daily clean is warned off, then closed with the reason while the discharge clean starts."""
    apply(adt("A01", 0, "1-1"))
    assert daily_plan(hospital) == 1
    apply(adt("A16", 1500, "1-1"))
    assert Task.objects.get(kind="daily_clean").warning == "discharge_pending"
    apply(adt("A25", 1510, "1-1", effect=1500))
    assert Task.objects.get(kind="daily_clean").warning == ""
    apply(adt("A03", 1600, "1-1"))
    daily = Task.objects.get(kind="daily_clean")
    assert (daily.state, daily.reason) == ("withdrawn", "patient_left")
    assert Task.objects.get(kind="discharge_clean").state == "open"


def test_patient_on_leave_has_no_daily_clean(hospital: Hospital) -> None:
    """Nobody is in the room."""
    apply(adt("A01", 0, "1-1"), adt("A21", 5, "1-1"))
    assert daily_plan(hospital) == 0


def test_no_second_clean_while_the_first_is_going_on(hospital: Hospital) -> None:
    """The bed of yesterday's clean that is still being done gets the next one afterwards."""
    apply(adt("A01", 0, "1-1"))
    assert daily_plan(hospital) == 1
    Task.objects.update(planned_on=date(2026, 3, 9) - timedelta(days=1), plan_key="before")
    assert daily_plan(hospital) == 0
