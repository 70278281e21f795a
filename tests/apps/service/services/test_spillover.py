"""What care staff did themselves is counted, with why, and for nobody in person (own-5)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.strategies.agreed import ALL_DAYS, agreement_make, line_make, version_make, version_sign
from tests.strategies.messages import adt, apply, bed, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Hospital, Ward
from vardnara.apps.service import services
from vardnara.apps.service.models import Spillover, Task, TaskType
from vardnara.apps.service.queries.numbers import tasks_follow_histories
from vardnara.apps.service.queries.ward_day import ward_day
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
NIGHT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.fixture
def hospital() -> Hospital:
    small = small_hospital()
    services.catalogue_ship(at=NIGHT)
    ward = Ward.objects.get(code="K31")
    version = version_make(agreement_make(ward), valid_from=MONDAY)
    line_make(version, TaskType.objects.get(code="lunch"), ward, "11-13")
    line_make(version, TaskType.objects.get(code="textiles"), ward, "8-16", party="care")
    line_make(version, TaskType.objects.get(code="discharge_clean"), ward, "7-16")
    line_make(version, TaskType.objects.get(code="contagion_clean"), ward, "0-24", days=ALL_DAYS, party="care")
    version_sign(version, person(Role.SERVICE_HEAD, "head", small), person(Role.DECISION_MAKER, "care", small))
    services.day_plans_keep(at=NIGHT)
    return small


@pytest.fixture
def nurse(hospital: Hospital) -> Any:
    return person(Role.WARD_STAFF, "nurse", hospital, Ward.objects.get(code="K31"))


def lunch() -> Task:
    return Task.objects.get(task_type__code="lunch", planned_on=MONDAY)


def test_two_taps_and_it_is_counted(nurse: Any) -> None:
    """The task is done, by the ward; its norm's minutes count, and its history says who it was not."""
    services.task_done_by_care(task_id=lunch().pk, actor=nurse, at=NOON, reason="too_long")
    assert (lunch().state, lunch().reason) == ("done", "done_by_care")
    (row,) = Spillover.objects.all()
    assert (row.minutes, row.minutes_from_norm, row.reason) == (Decimal(25), True, "too_long")
    assert not list(tasks_follow_histories())
    page = ward_day(actor=nurse, ward_id=lunch().ward_id, at=NOON)
    assert page.counts[1:3] == (0, 1)
    assert page.spill_minutes == 25


def test_stated_minutes_go_before_the_norm(nurse: Any) -> None:
    """Who was there knows better than the template."""
    services.task_done_by_care(task_id=lunch().pk, actor=nurse, at=NOON, reason="nobody", minutes=Decimal("41.5"))
    (row,) = Spillover.objects.all()
    assert (row.minutes, row.minutes_from_norm) == (Decimal("41.5"), False)


def test_the_same_command_counts_once(nurse: Any) -> None:
    """A tap sent again after a lost answer is the same tap."""
    sent = {"task_id": lunch().pk, "actor": nurse, "at": NOON, "reason": "nobody", "device": "d", "device_seq": 4}
    services.task_done_by_care(**sent)
    assert services.task_done_by_care(**sent) is None
    row = Spillover.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Spillover.objects.create(
            ward_id=row.ward_id, reason="nobody", minutes_from_norm=False, at=NOON, device="d", device_seq=4
        )


def test_what_somebody_is_at_is_theirs(nurse: Any, hospital: Hospital) -> None:
    """Work that a service worker has begun is not done by the ward at the same time."""
    services.task_start(task_id=lunch().pk, actor=person(Role.SERVICE_WORKER, "w", hospital), at=NOON)
    with pytest.raises(RuleBroken) as no:
        services.task_done_by_care(task_id=lunch().pk, actor=nurse, at=NOON, reason="nobody")
    assert no.value.code == "wrong_state"
    assert not Spillover.objects.exists()


def test_undone_is_not_counted(nurse: Any) -> None:
    """A slip can be taken back; the row stays for whoever wonders."""
    row = services.task_done_by_care(task_id=lunch().pk, actor=nurse, at=NOON, reason="nobody")
    services.spillover_undo(spillover_id=row.pk, actor=nurse, at=NOON)
    assert ward_day(actor=nurse, ward_id=lunch().ward_id, at=NOON).spills == ()
    assert Spillover.objects.count() == 1


def test_a_service_worker_does_not_speak_for_the_ward(nurse: Any, hospital: Hospital) -> None:
    """Nor does a ward speak for another."""
    with pytest.raises(RuleBroken) as no:
        services.task_done_by_care(
            task_id=lunch().pk, actor=person(Role.SERVICE_WORKER, "w", hospital), at=NOON, reason="nobody"
        )
    assert no.value.code == "wrong_role"
    other = person(Role.WARD_STAFF, "other", hospital, Ward.objects.get(code="M52"))
    with pytest.raises(RuleBroken) as no:
        services.task_done_by_care(task_id=lunch().pk, actor=other, at=NOON, reason="nobody")
    assert no.value.code == "out_of_scope"


def test_whose_a_clean_is_follows_the_hour(hospital: Hospital) -> None:
    """Agreed for weekdays until four: at three it is the service's, at seven in the evening nobody's, and red."""
    apply(adt("A01", 0, "1-1"), adt("A01", 1, "1-2", patient="P2", visit="V2"))
    apply(adt("A03", 6 * 60, "1-1"), adt("A03", 10 * 60, "1-2", patient="P2", visit="V2"))
    whose = {task.bed_id: task.party for task in Task.objects.filter(kind="discharge_clean")}
    assert whose == {bed("1-1").pk: "service", bed("1-2").pk: ""}


def test_cares_own_work_is_not_spillover(nurse: Any) -> None:
    """What the agreement gives to care staff is theirs to do, and theirs to say done."""
    apply(adt("A01", 0, "1-1", precaution="C"), adt("A03", 60, "1-1"))
    task = Task.objects.get(kind="contagion_clean")
    assert task.party == "care"
    assert services.task_done_by_care(task_id=task.pk, actor=nurse, at=NOON, reason="easier") is None
    task.refresh_from_db()
    assert task.state == "done"
    assert not Spillover.objects.exists()


def test_what_care_does_makes_no_tasks_for_the_service(hospital: Hospital) -> None:
    """Textiles are care's: nobody is asked to report them twice."""
    assert not Task.objects.filter(task_type__code="textiles").exists()


def test_the_page_takes_two_taps(nurse: Any, client: Client) -> None:
    """The page of the day has the button and the reasons, and says that there is no plan where there is none."""
    client.force_login(nurse)
    ward_id = Ward.objects.get(code="K31").pk
    page = client.get(f"/avdelning/{ward_id}/dagen/").content.decode()
    assert "Det finns ingen plan" in page  # today's date has none
    answer = client.post(f"/avdelning/{ward_id}/dagen/sjalva/", {"task": lunch().pk, "reason": "urgent"})
    assert answer.status_code == 302
    assert Spillover.objects.get().reason == "urgent"
