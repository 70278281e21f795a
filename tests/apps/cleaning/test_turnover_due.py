"""A clean after a departure has a time to be ready, so that it shows when it is late."""

from __future__ import annotations

import pytest
from tests.strategies.messages import adt, apply, at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Hospital
from vardnara.apps.service import services
from vardnara.apps.service.models import Task, TaskType
from vardnara.apps.service.queries.next_task import worker_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Hospital:
    services.catalogue_ship(at=at(0))
    return small_hospital()


def test_ready_by_the_catalogues_time_and_the_norm(hospital: Hospital) -> None:
    """Begun within the hour that the catalogue expects and done in the 25 minutes of the norm: late after 85."""
    worker = person(Role.SERVICE_WORKER, "w", hospital)
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    assert Task.objects.get().due_at == at(60 + 60 + 25)
    offered = [worker_page(actor=worker, at=at(minutes)).suggestion for minutes in (144, 145)]
    assert [one and (one.why, one.task.late) for one in offered] == [("oldest", False), ("late", True)]


def test_no_time_where_nobody_has_said_one(hospital: Hospital) -> None:
    """A hospital that expects no time promises none, and a kind of task that is used no more says nothing."""
    TaskType.objects.filter(code="discharge_clean").update(response_minutes=None)
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    TaskType.objects.filter(code="discharge_clean").update(response_minutes=60, retired_at=at(70))
    apply(adt("A01", 80, "1-2", patient="P2", visit="V2"), adt("A03", 90, "1-2", patient="P2", visit="V2"))
    assert list(Task.objects.values_list("due_at", flat=True)) == [None, None]


def test_a_bed_that_was_just_left_comes_before_the_round(hospital: Hospital) -> None:
    """Planned work is due before the clean, and is offered after it, with a reason of its own."""
    worker = person(Role.SERVICE_WORKER, "w", hospital)
    apply(adt("A01", 0, "1-2", patient="P2", visit="V2"))
    services.day_plans_keep(at=at(1))
    planned = Task.objects.get(planned_on__isnull=False, bed__isnull=False)
    Task.objects.filter(pk=planned.pk).update(starts_at=at(0), due_at=at(100))
    apply(adt("A01", 2, "1-1"), adt("A03", 60, "1-1"))
    clean = Task.objects.get(kind="discharge_clean")
    assert clean.due_at is not None and clean.due_at > at(100)
    offered = [(one.task.id, one.why) for one in worker_page(actor=worker, at=at(61)).open]
    assert offered.index((clean.pk, "oldest")) < offered.index((planned.pk, "due_first"))
