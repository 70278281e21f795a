"""The day's list of daily cleans: once a local day, warned off by a discharge that is coming (mech-7, feat-A3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.strategies.messages import adt, apply, at, small_hospital

from vardnara.apps.cleaning.services import daily_sweep
from vardnara.apps.service.models import Task
from vardnara.kernel.local_time import STOCKHOLM, day_bounds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hospital() -> None:
    small_hospital()


def test_once_a_local_day_from_the_set_time() -> None:
    """Before six nothing, then every occupied bed once, and not again until the next local day."""
    apply(adt("A01", 0, "1-1"), adt("A01", 1, "1-2", patient="P2", visit="V2"))
    night = datetime(2026, 3, 3, 4, 59, tzinfo=UTC)  # 05:59 in Stockholm
    assert daily_sweep(at=night) == 0
    assert daily_sweep(at=night + timedelta(minutes=1)) == 2
    assert daily_sweep(at=night + timedelta(hours=5)) == 0
    assert Task.objects.filter(kind="daily_clean", state="open").count() == 2


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_clock_changes(day: date) -> None:
    """On days of 23 and 25 hours too there is one list, from six o'clock by the wall."""
    apply(adt("A01", 0, "1-1"))
    start, end = day_bounds(day)
    instants = [start + timedelta(minutes=30 * n) for n in range(round((end - start) / timedelta(minutes=30)))]
    made = [instant.astimezone(STOCKHOLM) for instant in instants if daily_sweep(at=instant)]
    assert [(instant.hour, instant.minute) for instant in made] == [(6, 0)]


def test_pending_discharge_warns_and_departure_closes() -> None:
    """Feat-A3, edge-10: the daily clean is warned off, then closed with the reason while the discharge clean starts."""
    apply(adt("A01", 0, "1-1"))
    daily_sweep(at=datetime(2026, 3, 3, 6, tzinfo=UTC))
    apply(adt("A16", 1500, "1-1"))
    assert Task.objects.get(kind="daily_clean").warning == "discharge_pending"
    apply(adt("A25", 1510, "1-1", effect=1500))
    assert Task.objects.get(kind="daily_clean").warning == ""
    apply(adt("A03", 1600, "1-1"))
    daily = Task.objects.get(kind="daily_clean")
    assert (daily.state, daily.reason) == ("withdrawn", "patient_left")
    assert Task.objects.get(kind="discharge_clean").state == "open"


def test_patient_on_leave_has_no_daily_clean() -> None:
    """Nobody is in the room."""
    apply(adt("A01", 0, "1-1"), adt("A21", 5, "1-1"))
    assert daily_sweep(at=at(24 * 60)) == 0
