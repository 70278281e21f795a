"""B waits for A, then appears by itself (feat-A27, mech-9)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.strategies.agreed import norm_make, task_type_make
from tests.strategies.messages import adt, apply, at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.service import services
from vardnara.apps.service.models import Task, TaskType

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Any:
    hospital = small_hospital()
    services.catalogue_ship(at=at(0))
    TaskType.objects.filter(code="bed_making").update(follows=TaskType.objects.get(code="discharge_clean"))
    return person(Role.SERVICE_WORKER, "w", hospital)


def finish(task: Task, worker: Any) -> None:
    services.task_start(task_id=task.pk, actor=worker, at=at(100))
    services.task_finish(task_id=task.pk, actor=worker, at=at(130))


def test_the_bed_is_made_when_the_place_is_clean(worker: Any) -> None:
    """Nothing before, one task at the same place afterwards, with the norm's minutes."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    clean = Task.objects.get()
    finish(clean, worker)
    follower = Task.objects.exclude(pk=clean.pk).get()
    assert (follower.task_type.code, follower.bed_id, follower.state) == ("bed_making", clean.bed_id, "open")
    assert (follower.norm_minutes, follower.created_at) == (10, at(130))


def test_what_is_not_approved_and_done_again_is_followed_again(worker: Any) -> None:
    """A clean that failed makes a new clean; when that is done the bed is made again, and each once."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    first = Task.objects.get()
    finish(first, worker)
    nurse = person(Role.WARD_STAFF, "n", first.ward.division.hospital)
    services.task_inspect(task_id=first.pk, actor=nurse, at=at(140), approved=False)
    finish(Task.objects.get(kind="discharge_clean", state="open"), worker)
    assert Task.objects.filter(task_type__code="bed_making").count() == 2


def test_a_chain(worker: Any) -> None:
    """What follows may be followed."""
    last = task_type_make("tray", driver="event", follows=TaskType.objects.get(code="bed_making"))
    norm_make(last, fixed_typical=3, fixed_high=5)
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    finish(Task.objects.get(), worker)
    finish(Task.objects.get(task_type__code="bed_making"), worker)
    assert Task.objects.get(task_type__code="tray").norm_minutes == 3
